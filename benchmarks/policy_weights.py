"""What are the weights of data/policy.toml measured on? Caps that later releases took back, and plans by other weights.

``.venv/bin/python benchmarks/policy_weights.py`` prints both for the embedded dataset. A cap counts once for each
release that has it, where it forbids a candidate of the dependency and a later release of the depender still requires
that. It was taken back where one of those accepts the candidate without a higher floor: the cap was never needed. The
class is what the upload times alone say.
"""

import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from packaging.version import Version

from coset.inputs import Places, read_inputs
from normalize.specifiers import Part
from normalize.versions import parse_version
from solver.curate import curate
from solver.edges import NO_EXTRA, Edge
from solver.ledger import Ledger
from solver.policy import Policy, Weights
from solver.question import Question
from solver.risk import RiskBook


def taken_back(question: Question) -> dict[str, tuple[int, int]]:
    """Return for each class how many caps later releases took back, and of how many."""
    ledger = Ledger(question)
    by_date = RiskBook(question.releases, lambda _project, _extra: ())
    back: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for project, releases in sorted(question.releases.items()):
        member = question.members.get(project)
        dated = [(version, one) for one in releases if one.requires and (version := parse_version(one.version))]
        finals = [one for version, one in sorted(dated, key=lambda pair: pair[0]) if not version.is_prerelease]
        lines = []
        for release in finals:
            found: dict[str, list[Edge]] = {}
            for edge in ledger.edges(release, NO_EXTRA, member):
                found.setdefault(edge.requirement.project, []).append(edge)
            lines.append(found)
        for i, found in enumerate(lines):
            for dependency, edges in found.items():
                later = [other[dependency] for other in lines[i + 1 :] if dependency in other]
                forbidden = _first_forbidden(ledger, edges[0])
                if len(edges) > 1 or not later or forbidden is None:
                    continue
                risk = by_date.classify(edges[0], forbidden).name
                floor = edges[0].bounds.floor
                every[risk] += 1
                back[risk] += any(
                    all(
                        not one.bounds.violated(forbidden)
                        and (one.bounds.floor is None or (floor is not None and one.bounds.floor <= floor))
                        for one in several
                    )
                    for several in later
                )
    return {risk: (back[risk], every[risk]) for risk in sorted(every)}


def _first_forbidden(ledger: Ledger, edge: Edge) -> Version | None:
    member = ledger.question.members.get(edge.requirement.project)
    values = ledger.domain(edge.requirement.project, member).values
    versions = [value.version for value in values if value.release is not None and value.version is not None]
    return next((one for one in versions if Part.UPPER in edge.bounds.violated(one)), None)


def plans_by_weights(question: Question) -> Counter[tuple[tuple[str, str | None], ...]]:
    """Return how often each plan is the best, over orders of the weights."""
    found: Counter[tuple[tuple[str, str | None], ...]] = Counter()
    for lifted, precautionary, deliberate, pin in product((1, 3), repeat=4):
        weights = Weights(lifted=lifted, precautionary=precautionary, deliberate=deliberate, pin=pin)
        policy = Policy(weights=weights, edges=question.policy.edges, projects=question.policy.projects)
        current = replace(question.current, applications=())  # without vendoring, which takes further solves
        plan = curate(replace(question, policy=policy, current=current), mode="fresh")
        found[tuple((one.project, one.version) for one in plan.packages)] += 1
    return found


def main() -> None:
    """Print both measures."""
    inputs = read_inputs(Places())
    question = Question(releases=inputs.releases, current=inputs.current, policy=inputs.policy, targets=inputs.targets)
    for risk, (back, every) in taken_back(question).items():
        print(f"{risk}: {back} of {every} caps were taken back ({100 * back / every:.0f} %)")
    counts = plans_by_weights(question)
    print(f"{sum(counts.values())} sets of weights give {len(counts)} plans")


if __name__ == "__main__":
    main()
