"""Which relaxations that nixpkgs makes today are not needed any more?"""

from collections.abc import Container, Iterator

from dataset.records import Release
from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.requirements import parse_requirement
from solver.candidates import Kind, Value
from solver.decide import Decision
from solver.edges import EVERYTHING, NO_EXTRA, Edge
from solver.plan import StaleRelaxation


def stale_relaxations(decision: Decision, among: Container[ProjectName] | None = None) -> tuple[StaleRelaxation, ...]:
    """Return the names in ``pythonRelaxDeps`` that the chosen releases do not need.

    A relaxation of a requirement that only an extra brings is judged where the plan holds the dependency, and left
    alone where it does not: nobody can say then.

    Args:
        decision: what was chosen.
        among: the projects whose relaxations are looked at; None for all.
    """
    found = []
    for project, attribute in decision.problem.question.members.items():
        if among is not None and project not in among:
            continue
        node = (project, NO_EXTRA)
        release = decision.value(node).release
        if not attribute.relaxed or release is None or release.requires is None:
            continue
        edges = [
            (edge, other)
            for extra in (NO_EXTRA, *sorted({extra_name(extra) for extra in release.extras}))
            for edge, other in _edges_through(decision, release, extra)
        ]
        for name in attribute.relaxed:
            mine = [
                (edge, met)
                for edge, met in edges
                if name == EVERYTHING or str(edge.requirement.project) == extra_name(name)
            ]
            if any(met is None or _violates(edge, met) for edge, met in mine) or _is_address(release, name):
                continue
            if not mine:
                reason = f"METADATA of {release.version} does not require it"
            elif name == EVERYTHING:
                reason = f"the plan meets every requirement of {release.version}"
            else:
                met = mine[0][1]
                reason = f"the plan's {met.text if met else ''} meets {mine[0][0].requirement.text}"
            found.append(StaleRelaxation(attribute=attribute.name, name=name, reason=reason))
    return tuple(sorted(found, key=lambda one: (one.attribute, one.name)))


def _is_address(release: Release, name: str) -> bool:
    """Return whether the release requires a direct URL, which nixpkgs takes away by relaxing it."""
    parsed = [parse_requirement(text) for text in release.requires or () if "@" in text]
    return any(one.url and name in (EVERYTHING, one.name, one.project) for one in parsed if one is not None)


def _edges_through(decision: Decision, release: Release, extra: ExtraName) -> Iterator[tuple[Edge, Value | None]]:
    """Yield a chosen release's edges that an extra brings, with the version that the plan has, or None."""
    member = decision.problem.question.members.get(release.project)
    for edge in decision.problem.ledger.edges(release, extra, member):
        other = (edge.requirement.project, NO_EXTRA)
        value = decision.value(other) if other in decision.choice else None
        yield edge, None if value is None or value.kind is Kind.ABSENT else value


def _violates(edge: Edge, met: Value) -> bool:
    return met.version is not None and bool(edge.bounds.violated(met.version))
