"""What is left to decide? A binary weighted constraint network over small integers, changed in place by reductions."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Costs = list[int]
Row = tuple[int, ...]
Matrix = list[Row]


def transposed(matrix: Matrix) -> Matrix:
    """Return the columns as rows; neighbours that are equal are one object, as requirements accept runs of versions."""
    found: Matrix = []
    before: Row = ()
    for column in zip(*matrix, strict=True):
        if column != before:
            before = column
        found.append(before)
    return found


@dataclass(slots=True)
class Network(Generic[Key]):
    """Variables with costs per value, and matrices of costs for pairs of variables.

    Args:
        values: for each variable the indexes of the values that are left, ascending; later means preferred where a
            reduction may choose between values of equal cost.
        unary: for each variable the cost of each value that is left.
        pairs: for each variable its neighbours, each with a matrix of costs: rows are the variable's values, columns
            the neighbour's. Of the two directions one may be None: :meth:`matrix` fills it in. Matrices are replaced,
            never written to; rows that are equal are often one object.
        unsettled: the pairs, in either order, that changed since they were last normalised.
        offset: a cost that every solution pays.
    """

    values: dict[Key, list[int]] = field(default_factory=dict)
    unary: dict[Key, Costs] = field(default_factory=dict)
    pairs: dict[Key, dict[Key, Matrix | None]] = field(default_factory=dict)
    unsettled: dict[Key, set[Key]] = field(default_factory=dict)
    offset: int = 0

    def add_variable(self, key: Key, costs: Sequence[int]) -> None:
        """Add a variable with one value per cost."""
        self.values[key] = list(range(len(costs)))
        self.unary[key] = list(costs)
        self.pairs[key] = {}
        self.unsettled[key] = set()

    def add_costs(self, a: Key, b: Key, costs: Matrix) -> None:
        """Add costs to the pair of ``a`` (rows) and ``b`` (columns)."""
        if b in self.pairs[a]:
            old = self.matrix(a, b)
            costs = [tuple(map(add, row, more)) if any(more) else row for row, more in zip(old, costs, strict=True)]
        self.set_costs(a, b, costs)

    def set_costs(self, a: Key, b: Key, costs: Matrix) -> None:
        """Replace the costs of a pair."""
        self.pairs[a][b] = costs
        self.pairs[b][a] = None
        self.unsettle(a, b)

    def unsettle(self, a: Key, b: Key) -> None:
        """Note that what the pair costs at least may have changed."""
        self.unsettled[a].add(b)
        self.unsettled[b].add(a)

    def settle(self, a: Key, b: Key) -> None:
        """Note that the pair is normalised."""
        self.unsettled[a].discard(b)
        self.unsettled[b].discard(a)

    def matrix(self, a: Key, b: Key) -> Matrix:
        """Return the costs of a pair, with the values of ``a`` as rows."""
        found = self.pairs[a][b]
        if found is None:
            other = self.pairs[b][a]
            assert other is not None
            found = self.pairs[a][b] = transposed(other)
        return found

    def drop_pair(self, a: Key, b: Key) -> None:
        """Forget a pair that costs nothing any more."""
        del self.pairs[a][b], self.pairs[b][a]
        self.settle(a, b)

    def keep_values(self, key: Key, positions: Sequence[int]) -> None:
        """Keep only the values at these positions of what is left."""
        self.values[key] = [self.values[key][i] for i in positions]
        self.unary[key] = [self.unary[key][i] for i in positions]
        for other in self.pairs[key]:
            costs = self.matrix(key, other)
            self.set_costs(key, other, [costs[i] for i in positions])

    def remove(self, key: Key) -> None:
        """Take the variable out, with all its pairs."""
        for other in list(self.pairs[key]):
            self.drop_pair(key, other)
        del self.values[key], self.unary[key], self.pairs[key], self.unsettled[key]

    def components(self) -> list[list[Key]]:
        """Return the connected components; order follows the order in which variables were added."""
        seen: set[Key] = set()
        found: list[list[Key]] = []
        position = {key: i for i, key in enumerate(self.values)}
        for start in self.values:
            if start in seen:
                continue
            seen.add(start)
            stack, component = [start], []
            while stack:
                key = stack.pop()
                component.append(key)
                for other in self.pairs[key]:
                    if other not in seen:
                        seen.add(other)
                        stack.append(other)
            found.append(sorted(component, key=position.__getitem__))
        return found

    def cost(self, choice: Mapping[Key, int], among: Sequence[Key] | None = None) -> int:
        """Return what a choice (a position among the values left, per variable) costs.

        Args:
            choice: a position for each variable.
            among: count only these variables and the pairs between them; None counts all, and the offset.
        """
        keys = list(self.values) if among is None else among
        total = self.offset if among is None else 0
        position = {key: i for i, key in enumerate(keys)}
        for key, i in position.items():
            total += self.unary[key][choice[key]]
            for other in self.pairs[key]:
                if position.get(other, -1) > i:
                    total += self.matrix(key, other)[choice[key]][choice[other]]
        return total
