"""What is to be decided, and what does each choice cost? Releases, current set and policy become a problem."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from normalize.projects import ProjectName
from normalize.specifiers import Part
from solver.candidates import Kind, Value
from solver.edges import BUILD, NO_EXTRA, Edge, Node
from solver.families import out_of_step
from solver.ledger import Ledger, Table
from solver.levels import FREE, UNALIGNED, Costs
from solver.plan import CHEAP
from solver.question import Question

BROKEN: Costs = (1, *FREE[1:])
"""A requirement that no plan may violate is violated."""

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
        edges: the requirements of each value of each node, by dependency project.
    """

    question: Question
    ledger: Ledger
    values: dict[Node, tuple[Value, ...]] = field(default_factory=dict)
    unary: dict[Node, list[Costs]] = field(default_factory=dict)
    tables: dict[tuple[Node, Node], Table] = field(default_factory=dict)
    edges: dict[Node, list[Mapping[ProjectName, tuple[Edge, ...]]]] = field(default_factory=dict)


def compile_problem(question: Question, ledger: Ledger | None = None) -> Problem:
    """Compile the question: discover the projects that can be needed, then price every choice.

    Args:
        question: what is asked.
        ledger: that of another question which differs only in the attributes that its current set holds.
    """
    problem = Problem(question=question, ledger=ledger or Ledger(question))
    _discover(problem)
    problem.values = {node: problem.values[node] for node in sorted(problem.values)}
    needed = {node: _dependencies(problem, node) for node in problem.values}
    dependents = _dependents(needed)
    for node, values in problem.values.items():
        problem.unary[node] = _unary(node, values, node[0] in question.members, len(dependents.get(node[0], ())))
        for dependency in sorted(needed[node]):
            _add(problem, node, dependency, _extra_table if dependency[1] else _edge_table)
        if node[1]:
            _add(problem, node, (node[0], NO_EXTRA), _tie_table)
    return problem


def _pair_costs(problem: Problem, edges: Sequence[Edge], parts: Sequence[frozenset[Part]], value: Value) -> Costs:
    """Return what the edges of one depender release on one dependency cost when that dependency has the value.

    One pair of projects is relaxed once, however many of its requirement lines are violated (``pythonRelaxDeps`` names
    the dependency, not the line), so a pair costs what its dearest line costs.

    Args:
        problem: for the weights and the risk classes.
        edges: the requirement lines of the pair.
        parts: what the value violates of each line's specifier.
        value: the dependency's value.
    """
    if value.kind is Kind.ABSENT:
        return BROKEN
    if value.version is None or not any(parts):
        return FREE
    weights = problem.question.policy.weights
    broken = update_first = risky = cheap = 0
    for edge, every in zip(edges, parts, strict=True):
        violated = every - edge.forced
        if not violated:
            continue
        if Part.LOWER in violated:
            update_first = 1
            broken = int(broken or edge.depender is None or problem.question.ad_hoc)
        if violated & edge.forbidden:
            broken = 1
        if violated <= {Part.LOWER}:
            continue
        if Part.EXCLUSION in violated or edge.depender is None:
            broken = 1
        elif not edge.relaxed:
            if problem.question.strict:
                broken = 1
            risk = problem.ledger.risks.classify(edge, value.version).name
            if risk in CHEAP:
                cheap = max(cheap, getattr(weights, risk))
            else:
                risky = max(risky, getattr(weights, risk))
    if problem.question.strict and update_first:
        broken = 1
    return (broken, update_first, risky, 0, 0 if risky else cheap, 0, 0, 0, 0)


def _costs(problem: Problem, edges: Sequence[Edge], parts: Sequence[frozenset[Part]], value: Value) -> Costs:
    """Return what all edges of the pair cost: those to run and those to build are relaxed by different means."""
    costs = [
        _pair_costs(problem, [edges[i] for i in mine], [parts[i] for i in mine], value)
        for kind in ("run", "build")
        if (mine := [i for i, edge in enumerate(edges) if edge.kind == kind])
    ]
    return costs[0] if len(costs) == 1 or value.kind is Kind.ABSENT else _sum(*costs)


_LOWER_ONLY = frozenset({Part.LOWER})


def _discover(problem: Problem) -> None:
    """Find every node that some choice can need, with its values and their edges."""
    question, ledger = problem.question, problem.ledger
    queue: list[Node] = [(project, NO_EXTRA) for project in sorted(question.members)]
    if question.asked:
        problem.values[ASKED] = (Value(kind=Kind.EXPRESSION, current=True),)
        everywhere = (1 << len(question.targets)) - 1
        asked = tuple(
            Edge(depender=None, extra=NO_EXTRA, requirement=one, bounds=one.bounds, targets=everywhere)
            for one in question.asked
        )
        problem.edges[ASKED] = [_by_dependency(asked)]
        queue += sorted(_dependencies(problem, ASKED))
    while queue:
        node = queue.pop()
        if node in problem.values:
            continue
        project, extra = node
        attribute = question.members.get(project)
        if extra:
            values = ledger.extra_values(project, attribute)
            queue.append((project, NO_EXTRA))
        else:
            values = ledger.domain(project, attribute).values
        problem.values[node] = values
        kinds = (NO_EXTRA, BUILD) if question.build_requirements and not extra else (extra,)
        problem.edges[node] = [
            _by_dependency([edge for kind in kinds for edge in ledger.edges(value.release, kind, attribute)])
            for value in values
        ]
        queue += sorted(_dependencies(problem, node))


def _by_dependency(edges: Sequence[Edge]) -> Mapping[ProjectName, tuple[Edge, ...]]:
    found: dict[ProjectName, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.requirement.project, []).append(edge)
    return {project: tuple(found[project]) for project in sorted(found)}


def _dependencies(problem: Problem, node: Node) -> set[Node]:
    """Return the nodes that the node's values require: projects, and the extras of projects that are asked for."""
    found: set[Node] = set()
    for by_dependency in problem.edges[node]:
        for project, edges in by_dependency.items():
            if project != node[0]:
                found.add((project, NO_EXTRA))
            found.update((project, extra) for edge in edges for extra in edge.requirement.extras)
    found.discard(node)
    return found


def _dependents(needed: Mapping[Node, set[Node]]) -> Mapping[ProjectName, set[ProjectName]]:
    found: dict[ProjectName, set[ProjectName]] = {}
    for node, dependencies in needed.items():
        for project, _ in dependencies:
            if project != node[0]:
                found.setdefault(project, set()).add(node[0])
    return found


def _unary(node: Node, values: tuple[Value, ...], member: bool, dependents: int) -> list[Costs]:  # noqa: FBT001
    project, extra = node
    if extra:  # the extra's version is its project's; only its presence is decided here
        return [FREE if value.kind is Kind.ABSENT else (0, 0, 0, 0, 0, 0, 1, 0, 0) for value in values]
    if node == ASKED:
        return [FREE]
    newest = len(values) - 1
    digits = int(hashlib.sha256(project.encode()).hexdigest()[:8], 16)
    costs: list[Costs] = []
    preferred = sorted(range(len(values)), key=lambda i: (not values[i].current, values[i].kind is not Kind.ABSENT, -i))
    for i, value in enumerate(values):
        present = value.kind is not Kind.ABSENT
        staleness = (newest - i) * (1 + dependents) if present else 0
        changed = int(not value.current if member else present)
        rank = preferred.index(i)
        costs.append((0, 0, 0, staleness, 0, changed, rank, rank * digits, 0))
    return costs


def _edge_table(problem: Problem, node: Node, dependency: Node) -> Table | None:
    """Return the costs of the requirements between two nodes, or None where there are none."""
    columns = problem.values[dependency]
    free = [FREE] * len(columns)
    tied = not node[1] and problem.ledger.tied(node[0], dependency[0])
    rows: dict[tuple[object, ...], list[Costs]] = {}  # of edges that cost the same whichever release has them
    table: Table = []
    for by_dependency in problem.edges[node]:
        edges = by_dependency.get(dependency[0], ())
        key = tuple((edge.bounds, edge.relaxed, edge.override, edge.extra) for edge in edges)
        row = rows.get(key, free if not edges else None)
        if row is None:
            lines = [problem.ledger.parts(columns, edge.bounds) for edge in edges]
            row = [
                _costs(problem, edges, parts, value) if value.kind is Kind.ABSENT or any(parts) else FREE
                for value, *parts in zip(columns, *lines, strict=True)
            ]
            if tied:
                row = [
                    _sum(cost, UNALIGNED) if out else cost
                    for cost, out in zip(row, out_of_step(edges, columns), strict=True)
                ]
            if all(parts <= _LOWER_ONLY for line in lines for parts in line):  # no risk class, which depends on a date
                rows[key] = row
        table.append(row)
    return table if any(cost is not FREE for row in table for cost in row) else None


def _extra_table(problem: Problem, node: Node, dependency: Node) -> Table | None:
    """Return the costs that make an extra present where the node's value asks for it."""
    columns = problem.values[dependency]
    wanted = [BROKEN if value.kind is Kind.ABSENT else FREE for value in columns]
    return [
        wanted
        if any(dependency[1] in edge.requirement.extras for edge in by_dependency.get(dependency[0], ()))
        else [FREE] * len(columns)
        for by_dependency in problem.edges[node]
    ]


def _tie_table(problem: Problem, node: Node, project: Node) -> Table | None:
    """Return the costs that keep ``project[extra]`` at the version of its project."""
    columns = problem.values[project]
    return [
        [FREE if row.kind is Kind.ABSENT or row is column else BROKEN for column in columns]
        for row in problem.values[node]
    ]


def _add(problem: Problem, node: Node, other: Node, make: Callable[[Problem, Node, Node], Table | None]) -> None:
    members = problem.question.members
    key = (make, node, other, node[0] in members, other[0] in members)
    if node == ASKED:
        table = make(problem, node, other)
    else:
        if key not in problem.ledger.tables:
            problem.ledger.tables[key] = make(problem, node, other)
        table = problem.ledger.tables[key]
    if table is None:
        return
    if (node, other) in problem.tables:  # an extra that requires its own project: both costs count
        old = problem.tables[node, other]
        table = [[_sum(a, b) for a, b in zip(r, s, strict=True)] for r, s in zip(old, table, strict=True)]
    problem.tables[node, other] = table


def _sum(a: Costs, b: Costs) -> Costs:
    return (
        *(a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]),
        *(a[6] + b[6], a[7] + b[7], a[8] + b[8]),
    )
