"""By how much does a choice get dearer, per level, when some projects move and all else stays?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solver.candidates import Kind, Value
from solver.decide import Decision
from solver.edges import NO_EXTRA, Node
from solver.levels import LEVELS
from solver.plan import Change


@dataclass(slots=True)
class PriceBook:
    """Compares a decision with choices near it; each comparison looks at the neighbours of what moves alone."""

    decision: Decision
    _neighbours: dict[Node, list[tuple[Node, Node]]] = field(init=False)

    def __post_init__(self) -> None:
        """Note which tables each node is part of."""
        found: dict[Node, list[tuple[Node, Node]]] = defaultdict(list)
        for pair in self.decision.problem.tables:
            for node in pair:
                found[node].append(pair)
        self._neighbours = found

    def changes(self, node: Node, index: int) -> tuple[Change, ...]:
        """Return what changes when one project alone takes another value, most important level first.

        Its extras move along, and extras of others that it then asks for come into the plan where their projects are
        in it. A project that the plan does not hold stays out, and counts as a violation that no plan may have.
        """
        return changes_of(self.decision, self._difference(self._along(node, index)))

    def _along(self, node: Node, index: int) -> dict[Node, int]:
        problem, choice = self.decision.problem, self.decision.choice
        moved = {node: index}
        queue = [node]
        value = problem.values[node][index]
        for other in sorted({other for pair in self._neighbours[node] for other in pair}):
            if other[0] == node[0] and other != node and self.decision.value(other).kind is not Kind.ABSENT:
                moved[other] = _there(problem.values[other], value)
                queue.append(other)
        while queue:
            at = queue.pop()
            for project, edges in problem.edges[at][moved[at]].items():
                met = problem.values[project, NO_EXTRA][moved.get((project, NO_EXTRA), choice[project, NO_EXTRA])]
                for extra in sorted({extra for edge in edges for extra in edge.requirement.extras}):
                    other = (project, extra)
                    now = problem.values[other][choice[other]]
                    if met.kind is not Kind.ABSENT and now.kind is Kind.ABSENT and other not in moved:
                        moved[other] = _there(problem.values[other], met)
                        queue.append(other)
        return moved

    def _difference(self, moved: Mapping[Node, int]) -> list[int]:
        problem, choice = self.decision.problem, self.decision.choice
        total = [0] * len(LEVELS)
        for node, index in moved.items():
            _add(total, problem.unary[node][index], problem.unary[node][choice[node]])
        for pair in {pair: None for node in moved for pair in self._neighbours[node]}:
            node, other = pair
            table = problem.tables[pair]
            after = table[moved.get(node, choice[node])][moved.get(other, choice[other])]
            _add(total, after, table[choice[node]][choice[other]])
        return total


def position(values: Sequence[Value], value: Value) -> int | None:
    """Return where a value is; a project and its extras share their values, so the same one is looked for."""
    return next((i for i, one in enumerate(values) if one is value), None)


def _there(values: Sequence[Value], value: Value) -> int:
    found = position(values, value)
    assert found is not None, "an extra has every version of its project"
    return found


def _add(total: list[int], after: Sequence[int], before: Sequence[int]) -> None:
    if after is not before:
        for level, (new, old) in enumerate(zip(after, before, strict=True)):
            total[level] += new - old


def changes_of(decision: Decision, difference: Sequence[int]) -> tuple[Change, ...]:
    """Return a difference by the levels that plans show, in the order of the decision's mode."""
    by_level: dict[str, int] = dict(zip(LEVELS, difference, strict=True))
    order = ("broken", *(level.name for level in decision.levels))
    return tuple(Change(level=name, by=by) for name in order if (by := by_level[name]))
