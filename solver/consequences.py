"""What does a proposal mean for those around it? Why each project moves, and what is mended, stale or broken then."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from normalize.implied import implied
from normalize.projects import ExtraName, ProjectName
from normalize.specifiers import Part
from solver.candidates import Kind, Value
from solver.compile import ASKED
from solver.decide import Decision
from solver.describe import wording
from solver.edges import BUILD, NO_EXTRA, Edge, EdgeRows, Node, edge_of
from solver.holds import incoming, outgoing
from solver.levels import LEVELS
from solver.neighbourhood import wanted
from solver.plan import StaleRelaxation
from solver.planwords import RiskClass, told_kind
from solver.policyword import would_meet
from solver.prices import position
from solver.stale import stale_relaxations
from solver.statusquo import StatusQuo

_BROKEN, _UPDATE_FIRST = LEVELS.index("broken"), LEVELS.index("update_first")
_UNALIGNED = LEVELS.index("unaligned")

Unmet = frozenset[tuple[ProjectName, str | None, ProjectName]]
"""Depender, its extra and dependency of requirements that are violated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """A requirement that a version would violate.

    Attributes:
        project, version: the release that requires.
        requires: the requirement, as METADATA spells it, and whether it is there to build.
        dependency: the project that it names.
        chosen: the version of it that the proposal has; None where that is the project in question.
        risk: the class that relaxing would have; ``update-first`` for a lower part, ``missing`` for a project that
            would not be there, ``together`` for one that is released together with the other.
    """

    project: ProjectName
    version: str
    requires: str
    dependency: ProjectName
    chosen: str | None
    risk: RiskClass | Literal["update-first", "missing", "together"]


@dataclass(frozen=True, slots=True)
class Told:
    """A decision about a few projects, with those around them as they are now.

    Attributes:
        quo: the current set.
        decision: with every project that one of its releases requires, and everyone who requires one that moves.
        looked_at: the nodes that were decided; all others are as they are now.
    """

    quo: StatusQuo
    decision: Decision
    looked_at: frozenset[Node]

    def moves(self) -> Iterator[tuple[Node, Value]]:
        """Yield the projects that do not stay as they are, in order."""
        for node in self.decision.choice:
            value = self.decision.value(node)
            if node in self.looked_at and node != ASKED and not node[1] and value is not self.quo.value(node):
                yield node, value

    def mended(self, unmet: Unmet, moved: set[ProjectName]) -> tuple[str, ...]:
        """Return the requirements that are violated today and are not any more, as sentences."""
        now = {
            (node[0], edge.extra or None, edge.requirement.project)
            for node, edge, met in self.decision.edges()
            if met.version is not None and edge.bounds.violated(met.version) - edge.forced
        }
        found = set()
        for project, extra, dependency in unmet - now:
            if project in moved or dependency in moved:
                node = (project, NO_EXTRA if extra in (None, BUILD) else ExtraName(extra))
                met = self.quo.value((dependency, NO_EXTRA))
                for line in self.quo.lines_of(node)[dependency]:
                    if met.version is None or line.extra != (extra or NO_EXTRA):
                        continue
                    if not line.relaxed and line.bounds.violated(met.version):
                        edge = edge_of(line, self.quo.value((project, NO_EXTRA)).release)
                        found.add(f"{edge}, which {dependency} {met.text} violates today")
        return tuple(sorted(found))

    def stale(self, moved: set[ProjectName]) -> tuple[StaleRelaxation, ...]:
        """Return the relaxations of nixpkgs that projects which move do not need any more."""
        return stale_relaxations(self.decision, moved)


def told_of(quo: StatusQuo, decision: Decision) -> Told:
    """Return the decision with everyone around it."""
    problem = decision.problem
    choice = _asked_for(quo, decision)
    values, unary = dict(problem.values), dict(problem.unary)
    lines, edges = dict(problem.lines), dict(problem.edges)
    around = {
        (other[0], NO_EXTRA) for node in problem.values for one in problem.lines[node] for other in wanted(node, one)
    }
    around.update(depender for node in problem.values for depender in quo.dependers.get(node[0], ()))
    around.update(other for node in set(around) for other in [(node[0], NO_EXTRA)])
    for node in sorted(around - problem.values.keys()):
        value = quo.value(node)
        values[node], choice[node] = (value,), 0
        unary[node] = [(0, 0, 0, 0, 0, 0, 0, 0, 0)]
        lines[node] = [quo.lines_of(node)]
        edges[node] = EdgeRows([value.release], lines[node])
    whole = replace(problem, values=values, unary=unary, lines=lines, edges=edges)
    near = frozenset(node[0] for node in problem.values)
    told = replace(decision, problem=whole, choice={node: choice[node] for node in sorted(choice)}, near=near)
    return Told(quo, told, frozenset(problem.values))


def _asked_for(quo: StatusQuo, decision: Decision) -> dict[Node, int]:
    """Return the choice without the extras that nobody asks for any more; they cost nothing, so they may be there."""
    problem, choice = decision.problem, dict(decision.choice)
    while True:
        asked = {
            other
            for node, i in choice.items()
            if problem.values[node][i].kind is not Kind.ABSENT
            for other in wanted(node, problem.lines[node][i])
        }
        idle = [
            node
            for node, i in choice.items()
            if node[1]
            and node not in asked
            and problem.values[node][i].kind is not Kind.ABSENT
            and not any(
                node in wanted(one, quo.lines_of(one)) for one in quo.dependers.get(node[0], ()) if one not in choice
            )
        ]
        if not idle:
            return choice
        choice |= dict.fromkeys(idle, 0)


def unmet_today(quo: StatusQuo, told: Told) -> Unmet:
    """Return the requirements from or on the projects looked at that the current set violates."""
    near = {node[0] for node in told.looked_at}
    found: set[tuple[ProjectName, str | None, ProjectName]] = set()
    for node in {one for project in near for one in quo.dependers.get(project, ())} | told.looked_at:
        for project, lines in quo.lines_of(node).items():
            met = quo.value((project, NO_EXTRA))
            if (project in near or node[0] in near) and met.version is not None and project != node[0]:
                found.update(
                    (node[0], line.extra or None, project)
                    for line in lines
                    if line.bounds.violated(met.version) - line.forced
                )
    return frozenset(found)


def forced_by(told: Told, node: Node, value: Value) -> tuple[Because, ...]:
    """Return the requirements that a value of a node would violate, all else as chosen."""
    decision = told.decision
    chosen = decision.value(node)
    edges = [
        edge
        for depender, i in decision.choice.items()
        if depender[0] != node[0] and decision.problem.values[depender][i].kind is not Kind.ABSENT
        for edge in decision.problem.edges[depender][i].get(node[0], ())
    ]
    if value.kind is Kind.ABSENT:
        missing = (_missing(edge, node[0]) for edge in edges if edge.depender is not None)
        return _distinct(set(missing))
    if chosen.kind is Kind.ABSENT:
        return ()
    nodes = [
        one
        for one in decision.choice
        if one[0] == node[0]
        and decision.value(one).kind is not Kind.ABSENT
        and position(decision.problem.values[one], value) is not None
    ]
    found = [
        Because(
            project=one.project,
            version=one.version,
            requires=told_kind(one.requires, one.kind),
            dependency=one.dependency,
            chosen=None if one.dependency == node[0] else one.chosen,
            risk=one.risk,
        )
        for one in (*incoming(decision, edges, value, chosen), *outgoing(decision, nodes, value))
    ]
    return _distinct({*found, *_together(told, node, value)})


def _distinct(found: Iterable[Because]) -> tuple[Because, ...]:
    """Return the requirements in order, without those that another one of the same release contains."""
    several = defaultdict[tuple[ProjectName, str], list[str]](list)
    for one in found:
        several[one.project, one.version].append(one.requires)
    left_out = {release: implied(texts) for release, texts in several.items()}
    kept = (one for one in found if one.requires not in left_out[one.project, one.version])
    return tuple(sorted(kept, key=_order))


def _missing(edge: Edge, project: ProjectName) -> Because:
    assert edge.depender is not None
    return Because(
        project=edge.depender.project,
        version=edge.depender.version,
        requires=wording(edge),
        dependency=project,
        chosen=None,
        risk="missing",
    )


def _together(told: Told, node: Node, value: Value) -> Iterator[Because]:
    """Yield the requirements between releases that are cut together with which a value would be out of step."""
    decision = told.decision
    problem = decision.problem
    at = position(problem.values[node], value)
    for (depender, dependency), table in problem.tables.items():
        if at is None or node not in (depender, dependency) or depender == ASKED:
            continue
        i, j = decision.choice[depender], decision.choice[dependency]
        other = table[at][j] if depender == node else table[i][at]
        if other[_UNALIGNED] > table[i][j][_UNALIGNED]:
            row = at if depender == node else i
            met = None if dependency == node else decision.value(dependency).text
            for edge in problem.edges[depender][row].get(dependency[0], ()):
                if edge.depender is not None:
                    yield Because(
                        project=edge.depender.project,
                        version=edge.depender.version,
                        requires=edge.requirement.text,
                        dependency=dependency[0],
                        chosen=met,
                        risk="together",
                    )


def breaks(told: Told) -> tuple[str, ...]:
    """Return the requirements that the nearest set violates though no proposal may, as sentences."""
    decision = told.decision
    problem = decision.problem
    found: set[str] = set()
    for (node, other), table in problem.tables.items():
        i, j = decision.choice[node], decision.choice[other]
        cost = table[i][j]
        if cost[_BROKEN] or cost[_UPDATE_FIRST]:
            met = problem.values[other][j]
            name = f"{other[0]} {met.text}" if met.kind is not Kind.ABSENT else f"no release of {other[0]}"
            bad = []
            for edge in problem.edges[node][i].get(other[0], ()):
                parts = frozenset({Part.LOWER}) if met.version is None else edge.bounds.violated(met.version)
                if parts - edge.forced:
                    bad.append(edge)
            contained = implied([edge.requirement.text for edge in bad])
            found.update(would_meet(edge, met.version, name) for edge in bad if edge.requirement.text not in contained)
    return tuple(sorted(found))


def _order(one: Because) -> tuple[bool, str, str, str]:
    return one.risk == "missing", one.project, one.version, one.requires
