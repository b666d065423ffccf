"""Which plan is best? A compiled problem is folded into one network, solved, and unfolded into levels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from normalize.projects import ProjectName
from solver.answervalues import Level
from solver.candidates import Kind, Value
from solver.compile import Problem
from solver.edges import NO_EXTRA, Edge, Node
from solver.effort import USUAL, Effort
from solver.levels import LEVELS, Costs, Fold, LevelName, make_fold, order_of
from solver.network import Network, Row
from solver.optimise import optimise

_SHOWN: tuple[LevelName, ...] = ("update_first", "risky", "unaligned", "staleness", "cheap", "changed")
"""The levels that a plan reports; ``broken`` above 0 is a conflict, and the last two only break ties. ``unaligned`` is
reported where projects of the problem are released together."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The best choice found for a problem.

    Attributes:
        choice: the index of the chosen value of each node.
        levels: value and bound per level, in the order of the mode.
        broken: how many requirements that no plan may violate it violates; above 0, no set exists.
        proven: whether no better choice exists.
        searched: how many nodes the reductions left to search.
        near: the projects whose edges, in either direction, are looked at; None for all.
    """

    problem: Problem
    choice: dict[Node, int]
    levels: tuple[Level, ...]
    broken: int
    proven: bool
    searched: int
    near: frozenset[ProjectName] | None = None

    def value(self, node: Node) -> Value:
        """Return the chosen value of a node."""
        return self.problem.values[node][self.choice[node]]

    def present(self) -> Iterator[tuple[Node, Value]]:
        """Yield the projects (not their extras, not the user) that are in the plan, in order."""
        for node in self.choice:
            value = self.value(node)
            if node[0] and not node[1] and value.kind is not Kind.ABSENT:
                yield node, value

    def edges(self) -> Iterator[tuple[Node, Edge, Value]]:
        """Yield each edge of each chosen release with the chosen value of its dependency, in sorted order."""
        near = self.near
        for node, i in self.choice.items():
            whole = near is None or node[0] in near
            if not whole and near is not None and near.isdisjoint(self.problem.lines[node][i]):
                continue
            for dependency, edges in self.problem.edges[node][i].items():
                if dependency == node[0] or not (whole or (near is not None and dependency in near)):
                    continue
                chosen = self.value((dependency, NO_EXTRA))
                for edge in edges:
                    yield node, edge, chosen


def decide(
    problem: Problem, mode: str, effort: Effort = USUAL, show: Callable[[str], None] = lambda _: None
) -> Decision:
    """Return the best choice by the levels of the mode.

    Args:
        problem: what is to be decided.
        mode: the order of the levels.
        effort: how hard to try.
        show: told how far the search is, in words.

    Raises:
        UsageError: there is no such mode.
    """
    order = order_of(mode)
    greatest = _greatest(problem)
    fold = make_fold(order, greatest)

    def tell(cost: int, bound: int) -> None:
        effort.tell(cost, bound)
        show(_gap(fold, cost, bound))

    solution = optimise(_network(problem, fold), replace(effort, tell=tell))
    values, bounds = fold.unfold(solution.cost), fold.unfold(solution.bound)
    levels = []
    proven_so_far = True
    for name in order:
        # A later level's bound holds only among the plans that are best on all earlier levels.
        bound = bounds[name] if proven_so_far else 0
        proven_so_far = proven_so_far and bound == values[name]
        if name in _SHOWN and (name != "unaligned" or greatest[LEVELS.index(name)]):
            levels.append(Level(name=name, value=values[name], bound=bound))
    return Decision(
        problem=problem,
        choice={node: solution.choice[node] for node in problem.values},
        levels=tuple(levels),
        broken=values["broken"],
        proven=solution.cost == solution.bound,
        searched=solution.searched,
    )


def _gap(fold: Fold, cost: int, bound: int) -> str:
    """Say the first level on which a better choice may still be found."""
    values, bounds = fold.unfold(cost), fold.unfold(bound)
    level = next((one for one in fold.order if values[one] != bounds[one]), None)
    if level is None:
        return "solving: proven"
    return f"solving: {level.replace('_', ' ')} {values[level]}, at least {bounds[level]}"


def _greatest(problem: Problem) -> list[int]:
    """Return for each level a sum that no choice can exceed."""
    greatest = [0] * len(LEVELS)
    for costs in problem.unary.values():
        greatest = [total + max(column) for total, column in zip(greatest, zip(*costs, strict=True), strict=True)]
    highest: dict[int, tuple[int, ...]] = {}
    for table in problem.tables.values():
        rows = {id(row): row for row in table}
        for at, row in rows.items():
            if at not in highest:
                highest[at] = tuple(map(max, zip(*set(row), strict=True)))
        most = map(max, zip(*[highest[at] for at in rows], strict=True))
        greatest = [total + one for total, one in zip(greatest, most, strict=True)]
    return greatest


def _network(problem: Problem, fold: Fold) -> Network[Node]:
    network: Network[Node] = Network()
    folded: dict[Costs, int] = {}
    rows: dict[int, Row] = {}  # tables share equal rows, which live as long as the problem

    def number(costs: Costs) -> int:
        if costs not in folded:
            folded[costs] = fold.fold(costs)
        return folded[costs]

    def numbers(row: tuple[Costs, ...]) -> Row:
        found = rows.get(id(row))
        if found is None:
            found = rows[id(row)] = tuple(map(number, row))
        return found

    for node, costs in problem.unary.items():
        network.add_variable(node, [fold.fold(cost) for cost in costs])
    for (node, other), table in problem.tables.items():
        network.add_costs(node, other, [numbers(row) for row in table])
    return network
