"""What is it to take an entry out of the policy? What is left of the policy, and what the plan then does."""

from collections.abc import Container
from dataclasses import replace

from packaging.specifiers import SpecifierSet

from normalize.specifiers import Part
from solver.compile import ASKED
from solver.decide import Decision
from solver.edges import NO_EXTRA, edge_of
from solver.planconflict import Remedy
from solver.planwords import RiskClass
from solver.policy import EdgeOverride, Policy, ProjectOverride
from solver.reasons import Suspect
from solver.sentences import first_few

PRICES: dict[str, int] = {
    "override": 5,
    "lifted": 10,
    "precautionary": 20,
    "deliberate": 40,
    "pin": 50,
    "exclusion": 60,
}
"""In which order classes are told."""

Entry = EdgeOverride | ProjectOverride


def entry_of(suspect: Suspect) -> Entry | None:
    """Return the entry of the policy that a sentence rests on, if any."""
    return suspect.entry or (None if suspect.word is None else suspect.word.entry)


def without_entries(policy: Policy, entries: Container[Entry]) -> Policy:
    """Return the policy without some of its entries."""
    return replace(
        policy,
        edges=tuple(one for one in policy.edges if one not in entries),
        projects=tuple(one for one in policy.projects if one not in entries),
    )


def dearest(risks: list[RiskClass]) -> RiskClass | None:
    """Return the class that is told last, or None of none."""
    return max(risks, key=lambda one: (PRICES.get(one, 0), one), default=None)


def entry_remedy(decision: Decision, reason: str, entry: Entry) -> Remedy:
    """Return what taking an entry out is, where the decision is the best without it.

    Whoever the entry was about and now violates a bound is told, with the class of the dearest of these relaxations.
    """
    said = f"take the policy's {entry.action} of {_scope(entry)} out"
    if isinstance(entry, ProjectOverride):
        return Remedy(kind="policy", reason=reason, sentence=said)
    who, risks, below = _violators(decision, entry)
    if who:
        met = decision.value((entry.dependency, NO_EXTRA)).text
        said += f" and let {first_few(who)} meet {entry.dependency} {met}" + ", below what is required" * below
    return Remedy(kind="policy", reason=reason, sentence=said, risk=dearest(risks))


def _scope(entry: Entry) -> str:
    if isinstance(entry, EdgeOverride):
        return entry.scope
    return f"{entry.project}{entry.versions if len(entry.versions) else SpecifierSet()}"


def _violators(decision: Decision, entry: EdgeOverride) -> tuple[list[str], list[RiskClass], bool]:
    """Return the releases that the entry was about and that now violate a bound, by class, and whether a lower one."""
    problem = decision.problem
    other = (entry.dependency, NO_EXTRA)
    met = decision.value(other) if other in decision.choice else None
    who: list[str] = []
    risks: list[RiskClass] = []
    below = False
    if met is None or met.version is None:
        return who, risks, below
    for node, i in decision.choice.items():
        value = problem.values[node][i]
        if node == ASKED or not entry.covers(node[0], value.text or "0", entry.dependency):
            continue
        for line in problem.lines[node][i].get(entry.dependency, ()):
            parts = line.bounds.violated(met.version) - line.forced
            if parts and value.release is not None:
                name = f"{node[0]}[{node[1]}]" if node[1] else str(node[0])
                who.append(f"{name} {value.text}")
                below = below or Part.LOWER in parts
                if parts - {Part.LOWER}:
                    risks.append(problem.ledger.risks.classify(edge_of(line, value.release), met.version).name)
    return list(dict.fromkeys(who)), risks, below
