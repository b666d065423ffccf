"""What is to be decided, and what does each choice cost? Releases, current set and policy become a problem."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dataset.currentset import Attribute
from normalize.projects import ProjectName
from solver.candidates import Kind, Value
from solver.edges import BUILD, NO_EXTRA, EdgeRows, Line, Lines, Node
from solver.ledger import Ledger, Table
from solver.levels import FREE, Costs
from solver.newestfirst import newest_first
from solver.question import Question
from solver.tables import Pair, costs_nothing, extra_table, priced_table, tie_table

_Needed = dict[Node, Sequence[tuple[Line, ...]]]
"""The nodes that a node's values require, sorted, each with the distinct groups of lines that require its project."""

ASKED: Node = (ProjectName(""), NO_EXTRA)
"""The node that stands for the user: its one value requires what was asked for."""


@dataclass(slots=True, kw_only=True)
class Problem:
    """A binary weighted constraint problem: nodes with values, costs of values and of pairs of values.

    Attributes:
        question: what the problem was compiled from, and ``ledger`` what was worked out on the way.
        values: the values of each node, oldest first; nodes in sorted order.
        unary: the cost of each value.
        tables: the costs of pairs, for (depender, dependency) nodes; pairs that never cost anything are left out.
        lines: what each value of each node requires, by dependency project; values that require the same share it.
        edges: the same, each line with the release that it is of.
    """

    question: Question
    ledger: Ledger
    values: dict[Node, tuple[Value, ...]] = field(default_factory=dict)
    unary: dict[Node, list[Costs]] = field(default_factory=dict)
    tables: dict[tuple[Node, Node], Table] = field(default_factory=dict)
    lines: dict[Node, list[Lines]] = field(default_factory=dict)
    edges: dict[Node, EdgeRows] = field(default_factory=dict)


def compile_problem(question: Question, ledger: Ledger | None = None) -> Problem:
    """Compile the question: discover the projects that can be needed, then price every choice.

    Args:
        question: what is asked.
        ledger: that of another question, where it differs only in the attributes that its current set holds, or where
            the ledger serves this one.
    """
    problem = Problem(question=question, ledger=ledger or Ledger(question))
    needed = _discover(problem)
    problem.values = {node: problem.values[node] for node in sorted(problem.values)}
    dependents = _dependents(needed)
    for node, values in problem.values.items():
        problem.unary[node] = unary_costs(node, values, node[0] in question.members, len(dependents.get(node[0], ())))
        for dependency, groups in needed[node].items():
            if dependency[1]:
                _add(problem, node, dependency, extra_table)
            elif not costs_nothing(problem.ledger, node, groups, dependency, problem.values[dependency]):
                _add(problem, node, dependency, priced_table)
        if node[1]:
            _add(problem, node, (node[0], NO_EXTRA), tie_table)
    if question.ad_hoc:
        asked = {one.project for one in question.asked}
        problem.unary = newest_first(problem.unary, problem.values, asked, problem.ledger.last_resort)
    return problem


def _discover(problem: Problem) -> dict[Node, _Needed]:
    """Find every node that some choice can need, with its values and their edges; return what each node requires."""
    question, ledger = problem.question, problem.ledger
    needed: dict[Node, _Needed] = {}
    queue: list[Node] = [(project, NO_EXTRA) for project in sorted(question.members)]
    if question.asked:
        problem.values[ASKED] = (Value(kind=Kind.EXPRESSION, current=True),)
        everywhere = (1 << len(question.targets)) - 1
        asked = [Line(extra=NO_EXTRA, requirement=one, bounds=one.bounds, targets=everywhere) for one in question.asked]
        problem.lines[ASKED] = [by_dependency_of(asked)]
        problem.edges[ASKED] = EdgeRows([None], problem.lines[ASKED])
        needed[ASKED] = _dependencies(problem, ASKED)
        queue += needed[ASKED]
    while queue:
        node = queue.pop()
        if node in problem.values:
            continue
        project, extra = node
        attribute = question.members.get(project)
        if extra:
            values = ledger.extra_values(project, extra, attribute)
            queue.append((project, NO_EXTRA))
        else:
            values = ledger.domain(project, attribute).values
        problem.values[node] = values
        problem.lines[node] = ledger.rows(values, node, attribute)
        if question.build_requirements and not extra:
            problem.lines[node] = with_builds(ledger, values, problem.lines[node], attribute)
        problem.edges[node] = EdgeRows([value.release for value in values], problem.lines[node])
        needed[node] = _dependencies(problem, node)
        queue += needed[node]
    return needed


def by_dependency_of(lines: Iterable[Line]) -> Lines:
    """Return the lines by the project that they require, sorted."""
    found: dict[ProjectName, list[Line]] = {}
    for line in lines:
        found.setdefault(line.requirement.project, []).append(line)
    return {project: tuple(found[project]) for project in sorted(found)}


def with_builds(
    ledger: Ledger, values: Sequence[Value], lines: Sequence[Lines], attribute: Attribute | None
) -> list[Lines]:
    """Return the lines of each value together with what building it requires."""
    found: list[Lines] = []
    joined: dict[tuple[int, int], Lines] = {}
    for value, mine in zip(values, lines, strict=True):
        builds = ledger.lines(value.release, BUILD, attribute)
        key = (id(mine), id(builds))
        if key not in joined:
            joined[key] = by_dependency_of(
                line for several in (mine, builds) for one in several.values() for line in one
            )
        found.append(joined[key])
    return found


def _dependencies(problem: Problem, node: Node) -> _Needed:
    """Return the nodes that the node's values require: projects, and the extras of projects that are asked for."""
    groups: dict[ProjectName, dict[int, tuple[Line, ...]]] = {}
    for by_dependency in {id(one): one for one in problem.lines[node]}.values():
        for project, lines in by_dependency.items():
            if project in groups:
                groups[project][id(lines)] = lines
            else:
                groups[project] = {id(lines): lines}
    found = {(project, NO_EXTRA) for project in groups}
    found.discard((node[0], NO_EXTRA))
    for project, several in groups.items():
        for lines in several.values():
            for line in lines:
                if line.requirement.extras:
                    found.update((project, extra) for extra in line.requirement.extras)
    found.discard(node)
    return {one: tuple(groups[one[0]].values()) for one in sorted(found)}


def _dependents(needed: Mapping[Node, Iterable[Node]]) -> Mapping[ProjectName, set[ProjectName]]:
    found: dict[ProjectName, set[ProjectName]] = {}
    for node, dependencies in needed.items():
        for project, _ in dependencies:
            if project != node[0]:
                found.setdefault(project, set()).add(node[0])
    return found


def unary_costs(node: Node, values: tuple[Value, ...], member: bool, dependents: int) -> list[Costs]:  # noqa: FBT001
    """Return what each value of a node costs by itself."""
    project, extra = node
    if extra:  # the extra's version is its project's; only its presence is decided here
        return [FREE if value.kind is Kind.ABSENT else (0, 0, 0, 0, 0, 0, 1, 0, 0) for value in values]
    if node == ASKED:
        return [FREE]
    newest = len(values) - 1
    digits = int(hashlib.sha256(project.encode()).hexdigest()[:8], 16)
    costs: list[Costs] = []
    first = [i for i, value in enumerate(values) if value.current or value.kind is Kind.ABSENT]
    first.sort(key=lambda i: (not values[i].current, values[i].kind is not Kind.ABSENT, -i))
    later = len(first)
    for i in range(newest, -1, -1):
        value = values[i]
        if i in first:
            rank = first.index(i)
        else:
            rank, later = later, later + 1
        present = value.kind is not Kind.ABSENT
        staleness = (newest - i) * (1 + dependents) if present else 0
        changed = int(not value.current if member else present)
        costs.append((0, 0, 0, staleness, 0, changed, rank, rank * digits, 0))
    costs.reverse()
    return costs


def _add(problem: Problem, node: Node, other: Node, make: Callable[[Pair], Table | None]) -> None:
    members, tables = problem.question.members, problem.ledger.tables
    key = (make, node, other, node[0] in members, other[0] in members)
    if node != ASKED and key in tables:
        _put(problem, node, other, tables[key])
        return
    pair = Pair(
        question=problem.question,
        ledger=problem.ledger,
        depender=node,
        rows=problem.values[node],
        lines=problem.lines[node],
        dependency=other,
        columns=problem.values[other],
    )
    table = make(pair)
    if node != ASKED:
        tables[key] = table
    _put(problem, node, other, table)


def _put(problem: Problem, node: Node, other: Node, table: Table | None) -> None:
    if table is not None:
        problem.tables[node, other] = table
