"""Which projects of a plan are released together, and is each family in step?"""

from collections.abc import Iterable

from normalize.projects import ProjectName
from solver.candidates import Kind
from solver.decide import Decision
from solver.edges import NO_EXTRA
from solver.families import wanted
from solver.planlayers import Family, FamilyTie


def families(decision: Decision) -> tuple[Family, ...]:
    """Return the families of which the plan holds at least two projects, sorted by their first project."""
    ties = []
    for (depender, dependency), tie in decision.problem.ledger.ties().items():
        node, other = (depender, NO_EXTRA), (dependency, NO_EXTRA)
        if node not in decision.choice or other not in decision.choice:
            continue
        chosen, met = decision.value(node), decision.value(other)
        lines = decision.problem.edges[node][decision.choice[node]].get(dependency, ())
        edges = [edge for edge in lines if edge.kind == "run"]
        if not edges or Kind.ABSENT in (chosen.kind, met.kind):
            continue
        named = wanted(edges)
        ties.append(
            FamilyTie(
                project=depender,
                version=chosen.text or "",
                dependency=dependency,
                names=None if named is None else str(named),
                chosen=met.text,
                aligned=named is None or met.version is None or met.version == named,
                evidence=tie.evidence,
            )
        )
    return tuple(
        Family(projects=projects, aligned=all(tie.aligned for tie in mine), ties=mine)
        for projects in _groups(ties)
        if (mine := tuple(tie for tie in ties if tie.project in projects))
    )


def _groups(ties: Iterable[FamilyTie]) -> list[tuple[ProjectName, ...]]:
    group: dict[ProjectName, frozenset[ProjectName]] = {}
    for tie in ties:
        joined = group.get(tie.project, frozenset({tie.project})) | group.get(
            tie.dependency, frozenset({tie.dependency})
        )
        group |= dict.fromkeys(joined, joined)
    return sorted({tuple(sorted(projects)) for projects in group.values()})
