"""What if a choice were the only one, or a requirement not there? The same problem with other costs.

Nothing is compiled again: what a change forbids costs more violations than a choice can have, so the optimum avoids it
wherever the problem allows that at all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from packaging.version import Version

from normalize.projects import ExtraName, ProjectName
from normalize.specifiers import Part
from solver.candidates import Kind, Value
from solver.compile import Problem
from solver.edges import NO_EXTRA, Edge, EdgeRows, Line, Node
from solver.levels import FREE, LEVELS, Costs

_BROKEN = LEVELS.index("broken")
_UPDATE_FIRST = LEVELS.index("update_first")


def only(problem: Problem, node: Node, index: int) -> Problem:
    """Return the problem in which a node has one value alone."""
    tables = dict(problem.tables)
    for pair, table in problem.tables.items():
        if node in pair:
            tables[pair] = [table[index]] if pair[0] == node else [(row[index],) for row in table]
    return replace(
        problem,
        values={**problem.values, node: (problem.values[node][index],)},
        unary={**problem.unary, node: [problem.unary[node][index]]},
        tables=tables,
        lines={**problem.lines, node: [problem.lines[node][index]]},
        edges={**problem.edges, node: EdgeRows([problem.values[node][index].release], [problem.lines[node][index]])},
    )


def never_relaxed(problem: Problem, project: ProjectName, dependency: ProjectName) -> Problem:
    """Return the problem in which no release of the project has its upper part on the dependency violated."""
    dear = _beyond(problem)
    tables = dict(problem.tables)
    other = (dependency, NO_EXTRA)
    values = problem.values[other]
    for node in problem.values:
        if node[0] == project:
            table = tables.get((node, other)) or [(FREE,) * len(values)] * len(problem.values[node])
            tables[node, other] = [
                tuple(
                    _with(cost, _BROKEN, dear) if value.version is not None and _relaxes(edges, value.version) else cost
                    for cost, value in zip(row, values, strict=True)
                )
                for row, edges in zip(table, _edges(problem, node, dependency), strict=True)
            ]
    return replace(problem, tables=tables)


@dataclass(frozen=True, slots=True)
class Rows:
    """The requirements of some releases of a node on a project.

    Attributes:
        texts: the versions of these releases.
        lines: the requirements, as METADATA spells them.
    """

    node: Node
    dependency: ProjectName
    texts: frozenset[str]
    lines: tuple[str, ...]


def without(problem: Problem, rows: Rows) -> Problem:
    """Return the problem in which these requirements are not there."""
    return _edited(problem, rows, lambda _cost, _met: FREE)


def relaxed(problem: Problem, rows: Rows) -> Problem:
    """Return the problem in which these requirements may be relaxed at the price of their class; lower parts hold."""

    def edit(cost: Costs, met: Value) -> Costs:
        holds = cost[_UPDATE_FIRST] or met.kind is Kind.ABSENT
        return cost if holds else _with(cost, _BROKEN, -cost[_BROKEN])

    return _edited(problem, rows, edit)


def _edited(problem: Problem, rows: Rows, edit: Callable[[Costs, Value], Costs]) -> Problem:
    tables = dict(problem.tables)
    for (node, other), table in problem.tables.items():
        if node == rows.node and other[0] == rows.dependency and other[0] != node[0]:
            tables[node, other] = [
                tuple(edit(cost, met) for cost, met in zip(row, problem.values[other], strict=True))
                if value.text in rows.texts and _rests(problem, node, other, i, rows.lines)
                else row
                for i, (row, value) in enumerate(zip(table, problem.values[node], strict=True))
            ]
    return replace(problem, tables=tables)


def _rests(problem: Problem, node: Node, other: Node, i: int, lines: Iterable[str]) -> bool:
    """Return whether a row is there for these lines alone, all of which the value has."""
    behind = set(lines_of(problem, node, other, i))
    return bool(behind) and behind <= set(lines) <= set(lines_of(problem, node, (other[0], NO_EXTRA), i))


def lines_of(problem: Problem, node: Node, other: Node, i: int) -> tuple[str, ...]:
    """Return the requirement texts behind a row; none for the tie between a project and its extra."""
    return texts_of(problem.lines[node][i].get(other[0], ()), other)


def texts_of(lines: Iterable[Line], other: Node) -> tuple[str, ...]:
    """Return the texts of those lines on a node's project that are about the node."""
    if other[1]:
        lines = [line for line in lines if other[1] in line.requirement.extras]
    return tuple(sorted({line.requirement.text for line in lines}))


def sharing(lines: Sequence[Line], extra: ExtraName) -> tuple[Line, ...]:
    """Return the lines that ask for an extra, with those that ask for extras of one of these."""
    extras = {extra}
    while True:
        found = tuple(line for line in lines if extras.intersection(line.requirement.extras))
        more = {one for line in found for one in line.requirement.extras}
        if more <= extras:
            return found
        extras |= more


def _edges(problem: Problem, node: Node, dependency: ProjectName) -> Iterable[tuple[Edge, ...]]:
    return [by_dependency.get(dependency, ()) for by_dependency in problem.edges[node]]


def _relaxes(edges: Iterable[Edge], version: Version) -> bool:
    return any(edge.bounds.violated(version) - {Part.LOWER} for edge in edges)


def _beyond(problem: Problem) -> int:
    """Return more violations than any choice can have."""
    return 2 * (len(problem.tables) + len(problem.values)) + 1


def _with(cost: Costs, level: int, more: int) -> Costs:
    changed = list(cost)
    changed[level] += more
    return tuple(changed)  # type: ignore[return-value]  # as long as it was
