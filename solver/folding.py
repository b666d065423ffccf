"""How do the costs of a problem become numbers? Levels are folded into one integer, and tables into a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

from solver.compile import Problem
from solver.edges import Node
from solver.levels import LEVELS, Costs, Fold, LevelName, make_fold
from solver.network import Costs as Numbers
from solver.network import Network, Row


@dataclass(slots=True)
class Folding:
    """The numbers for a problem's costs.

    They serve as well for a problem made from it that costs no more anywhere: what the two share is not folded again.

    Args:
        problem: whose rows and costs these are; it keeps them, so that their ids are not another's.
        greatest: for each level a sum that no choice can exceed.
        unary: the numbers of each node's values.
        rows: those of rows of tables, by the row's id.
    """

    problem: Problem
    fold: Fold
    greatest: Sequence[int]
    unary: dict[Node, Numbers]
    rows: dict[int, Row]

    def network(self, problem: Problem) -> Network[Node]:
        """Return a problem as a network, ready to be reduced."""
        network: Network[Node] = Network()
        fold, unary, rows = self.fold.fold, self.unary, self.rows
        mine = self.problem
        for node, costs in problem.unary.items():
            known = costs is mine.unary.get(node)
            network.add_variable(node, unary[node] if known else [fold(cost) for cost in costs])
        for (node, other), table in problem.tables.items():
            if table is mine.tables.get((node, other)):
                numbers = [rows[id(row)] for row in table]
            else:
                numbers = [tuple(map(fold, row)) for row in table]
            network.add_costs(node, other, numbers)
        return network


def make_folding(problem: Problem, order: tuple[LevelName, ...]) -> Folding:
    """Return the numbers for a problem's costs, where levels count in this order."""
    greatest, rows = _greatest(problem)
    fold = make_fold(order, greatest)
    folded: dict[Costs, int] = {}  # cells repeat all the time
    for row in rows.values():
        for cost in row:
            if cost not in folded:
                folded[cost] = fold.fold(cost)
    return Folding(
        problem=problem,
        fold=fold,
        greatest=greatest,
        unary={node: list(map(fold.fold, costs)) for node, costs in problem.unary.items()},
        rows={at: tuple([folded[cost] for cost in row]) for at, row in rows.items()},
    )


def _greatest(problem: Problem) -> tuple[list[int], dict[int, tuple[Costs, ...]]]:
    """Return for each level a sum that no choice can exceed, and the distinct rows of all tables by their ids."""
    greatest = [0] * len(LEVELS)
    for costs in problem.unary.values():
        greatest = list(map(add, greatest, map(max, zip(*costs, strict=True))))
    every: dict[int, tuple[Costs, ...]] = {}
    highest: dict[int, tuple[int, ...]] = {}
    for table in problem.tables.values():
        rows = {id(row): row for row in table}
        for at, row in rows.items():
            if at not in highest:
                every[at] = row
                highest[at] = tuple(map(max, zip(*set(row), strict=True)))
        greatest = list(map(add, greatest, map(max, zip(*[highest[at] for at in rows], strict=True))))
    return greatest, every
