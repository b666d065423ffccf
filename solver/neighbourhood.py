"""Which projects does an update concern? A problem that grows from what is asked for, and no further than needed.

What is violated today is no news: what a project requires of another counts only by as much as it gets worse, whichever
release requires it. So the current set as a whole costs nothing, every project that moves costs something, and so does
every requirement that becomes violated. That gives an exact local method:

1. solve the problem of the projects looked at so far, as if no other had any requirement: no set costs less;
2. put its answer into the current set. Where nothing is violated between what moved and what was not looked at, the
   answer costs there what it costs here, so it is the best of all sets;
3. else look at the projects on the other side of these requirements as well, and start again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from normalize.projects import ProjectName
from normalize.requirements import Requirement
from solver.candidates import ABSENT, Domain, Kind, Value, meets
from solver.compile import ASKED, Problem, by_dependency_of, unary_costs, with_builds
from solver.decide import Decision, decide
from solver.edges import NO_EXTRA, EdgeRows, Line, Lines, Node
from solver.effort import USUAL, Effort
from solver.ledger import Table
from solver.levels import FREE, Costs
from solver.question import Question
from solver.scope import ANYWHERE, Scope
from solver.statusquo import StatusQuo
from solver.tables import Pair, edge_table, extra_table, tie_table

MODE = "stable"
"""Violations first, then as few changes as can be, then the newest."""

Edit = Callable[[Problem], Problem]


@dataclass(slots=True)
class Neighbourhood:
    """The projects that are looked at, each with the versions that it may take.

    Args:
        quo: the current set.
        asked: what the proposal must meet.
        scope: how far other projects may move.
        free: whether what is asked for may be given up, at the price of a requirement that no plan may violate; else
            that is so only where no version meets all that is asked of a project.
    """

    quo: StatusQuo
    asked: tuple[Requirement, ...]
    scope: Scope = ANYWHERE
    free: bool = False
    values: dict[Node, tuple[Value, ...]] = field(init=False, default_factory=dict)
    _question: Question = field(init=False)
    _lines: dict[Node, list[Lines]] = field(init=False, default_factory=dict)
    _edges: dict[Node, EdgeRows] = field(init=False, default_factory=dict)
    _tables: dict[tuple[Node, Node], Table] = field(init=False, default_factory=dict)
    _wanted: dict[Node, frozenset[Node]] = field(init=False, default_factory=dict)
    _singles: dict[Node, tuple[Value, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Start with what is asked for."""
        self._question = replace(self.quo.question, asked=self.asked)
        everywhere = (1 << len(self._question.targets)) - 1
        lines = [Line(extra=NO_EXTRA, requirement=one, bounds=one.bounds, targets=everywhere) for one in self.asked]
        self._put(ASKED, (Value(kind=Kind.EXPRESSION, current=True),), [by_dependency_of(lines)])
        for requirement in self.asked:
            for extra in (NO_EXTRA, *requirement.extras):
                self.look_at((requirement.project, extra))

    def settle(self, effort: Effort = USUAL, edit: Edit = lambda problem: problem) -> Decision:
        """Return the best choice; the projects that are not among its nodes stay as they are.

        Args:
            effort: how hard to try.
            edit: what is to be changed in the problem.
        """
        while True:
            decision = decide(edit(self.problem()), MODE, effort)
            beyond = self._beyond(decision)
            if not beyond:
                return decision
            for node in beyond:
                self.look_at(node)

    def problem(self) -> Problem:
        """Return the problem of what is looked at."""
        nodes = sorted(self.values)
        return Problem(
            question=self._question,
            ledger=self.quo.ledger,
            values={node: self.values[node] for node in nodes},
            unary={node: self._unary(node) for node in nodes},
            tables=dict(self._tables),
            lines={node: self._lines[node] for node in nodes},
            edges={node: self._edges[node] for node in nodes},
        )

    def look_at(self, node: Node) -> None:
        """Let a node move; a project's extras that the set asks for come along, and an extra's project does."""
        project, extra = node
        if node in self.values:
            return
        if extra:
            self.look_at((project, NO_EXTRA))
            if node in self.values:
                return
            values = (ABSENT, *(one for one in self.values[project, NO_EXTRA] if one.kind is not Kind.ABSENT))
        else:
            values = self._values(project)
        attribute = self._question.members.get(project)
        lines = self.quo.ledger.rows(values, node, attribute)
        if self._question.build_requirements and not extra:
            lines = with_builds(self.quo.ledger, values, lines, attribute)
        self._put(node, values, lines)
        if not extra:
            for one in self.quo.extras.get(project, ()):
                self.look_at((project, one))

    def _values(self, project: ProjectName) -> tuple[Value, ...]:
        domain = self.domain(project)
        asked = [one for one in self.asked if one.project == project]
        if not asked:
            return self.scope.within(domain)
        fit = tuple(value for value in domain.values if all(meets(value, one) for one in asked))
        return domain.values if self.free or not fit else fit

    def domain(self, project: ProjectName) -> Domain:
        """Return all values of a project, whatever the scope."""
        return self.quo.ledger.domain(project, self._question.members.get(project))

    def _put(self, node: Node, values: tuple[Value, ...], lines: list[Lines]) -> None:
        self.values[node], self._lines[node] = values, lines
        self._edges[node] = EdgeRows([value.release for value in values], lines)
        self._wanted[node] = frozenset(one for by_dependency in lines for one in wanted(node, by_dependency))
        for other in list(self.values):
            self._link(node, other)
            if other != node:
                self._link(other, node)

    def _link(self, node: Node, other: Node) -> None:
        """Price the pair of two nodes that are looked at, as far as it is worse than today."""
        table = self._priced(node, other, self.values[node], self._lines[node], self.values[other])
        if table is None:
            return
        before = self._today(node, other)
        if before is not FREE:
            table = [tuple(_worse(cost, before) for cost in row) for row in table]
        if any(cost is not FREE and cost != FREE for row in table for cost in row):
            self._tables[node, other] = table

    def _today(self, node: Node, other: Node) -> Costs:
        """Return what a pair costs as it is now."""
        if node == ASKED:
            return FREE
        now, met = self.quo.value(node), self._single(other)
        table = self._priced(node, other, (now,), [self.quo.lines_of(node)], met)
        return FREE if table is None else table[0][0]

    def _priced(
        self, node: Node, other: Node, rows: tuple[Value, ...], lines: Sequence[Lines], columns: tuple[Value, ...]
    ) -> Table | None:
        if node == other:
            return None
        tie = node[0] == other[0] and node[1] and not other[1]
        if not tie and other not in self._wanted.get(node, ()) and not any(other in wanted(node, one) for one in lines):
            return None
        make = tie_table if tie else extra_table if other[1] else edge_table
        return make(
            Pair(
                question=self._question,
                ledger=self.quo.ledger,
                depender=node,
                rows=rows,
                lines=lines,
                dependency=other,
                columns=columns,
            )
        )

    def _single(self, node: Node) -> tuple[Value, ...]:
        """Return what a node is now as its only value, always the same tuple."""
        found = self._singles.get(node)
        if found is None:
            found = self._singles[node] = (self.quo.value(node),)
        return found

    def _unary(self, node: Node) -> list[Costs]:
        values = self.values[node]
        if node[1]:
            return [FREE] * len(values)
        member = node[0] in self._question.members
        every = self.domain(node[0]).values if self._is_asked(node[0]) else values
        costs = unary_costs(node, every, member, self.quo.dependents(node[0]))
        return [cost for cost, value in zip(costs, every, strict=True) if any(value is one for one in values)]

    def _is_asked(self, project: ProjectName) -> bool:
        return any(one.project == project for one in self.asked)

    def _beyond(self, decision: Decision) -> list[Node]:
        """Return the nodes not looked at whose requirements, or those on them, the decision breaks, sorted."""
        found: set[Node] = set()
        for node, i in decision.choice.items():
            value = decision.problem.values[node][i]
            if node == ASKED or value is self.quo.value(node):
                continue
            for other in wanted(node, self._lines[node][i]):
                if other not in self.values and other not in found:
                    table = self._priced(node, other, (value,), [self._lines[node][i]], self._single(other))
                    if table is not None and _worse(table[0][0], self._today(node, other)) != FREE:
                        found.add(other)
            for depender in self.quo.dependers.get(node[0], ()):
                if depender not in self.values and depender not in found:
                    now, lines = self.quo.value(depender), [self.quo.lines_of(depender)]
                    table = self._priced(depender, node, (now,), lines, (value,))
                    if table is not None and _worse(table[0][0], self._today(depender, node)) != FREE:
                        found.add(depender)
        return sorted(found)


def wanted(node: Node, by_dependency: Lines) -> frozenset[Node]:
    """Return the nodes that lines require: projects, and the extras that are asked for."""
    found = {(project, NO_EXTRA) for project in by_dependency if project != node[0]}
    found.update(
        (line.requirement.project, extra)
        for lines in by_dependency.values()
        for line in lines
        for extra in line.requirement.extras
    )
    found.discard(node)
    return frozenset(found)


def _worse(cost: Costs, before: Costs) -> Costs:
    if cost is FREE or before is FREE:
        return cost
    less = tuple(max(0, now - then) for now, then in zip(cost, before, strict=True))
    return less if any(less) else FREE  # type: ignore[return-value]  # as long as it was
