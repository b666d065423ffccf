"""What can be decided without search? Exact reductions of a weighted constraint network.

Four rules run to a fixpoint in a fixed order; each keeps the optimum and at least one best solution:

* normalisation (soft arc consistency): a cost that a value pays whatever its neighbour does moves to the value, and one
  that every value pays moves to the offset (Cooper & Schiex, "Arc consistency for soft constraints", 2004);
* dominance (Goldstein 1994, "Efficient rotamer elimination"): a value goes when another one costs no more whatever the
  neighbours do; of two that cost the same the later one stays;
* elimination: a variable with one value, or with at most two neighbours, is optimised away into costs of the neighbours
  (Larrosa 2000, "Boosting search with variable elimination");
* what is left falls into connected components (:meth:`solver.network.Network.components`).
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from solver.network import Matrix, Network, Row

Key = TypeVar("Key", bound=Hashable)

_MOST_NEIGHBOURS = 2
"""Eliminating a variable with more neighbours would need costs of three variables at once."""


@dataclass(frozen=True, slots=True)
class Elimination(Generic[Key]):
    """How to choose an eliminated variable once its neighbours are chosen.

    Attributes:
        values, unary: its values and their costs at that moment.
        neighbours: ``(neighbour, the neighbour's values, costs by own and neighbour's position)``.
    """

    key: Key
    values: list[int]
    unary: Row
    neighbours: tuple[tuple[Key, list[int], Matrix], ...]


def reduce_network(network: Network[Key]) -> list[Elimination[Key]]:
    """Reduce the network in place; return what was eliminated, in order."""
    eliminated: list[Elimination[Key]] = []
    queue = deque(network.values)
    waiting = set(queue)

    def touch(*keys: Key) -> None:
        for key in keys:
            if key not in waiting:
                queue.append(key)
                waiting.add(key)

    while queue:
        key = queue.popleft()
        waiting.discard(key)
        if key not in network.values:
            continue
        touch(*_normalise(network, key))
        neighbours = tuple(network.pairs[key])
        if _dominate(network, key):
            touch(*neighbours)
            touch(*_normalise(network, key))
        neighbours = tuple(network.pairs[key])
        if len(neighbours) <= _MOST_NEIGHBOURS or len(network.values[key]) == 1:
            eliminated.append(_eliminate(network, key))
            touch(*neighbours)
    return eliminated


def restore(eliminated: list[Elimination[Key]], chosen: dict[Key, int]) -> dict[Key, int]:
    """Extend a choice of original value indexes for the variables left to all variables."""
    complete = dict(chosen)
    for one in reversed(eliminated):
        costs = list(one.unary)
        for other, values, matrix in one.neighbours:
            j = values.index(complete[other])
            costs = [cost + row[j] for cost, row in zip(costs, matrix, strict=True)]
        best = min(costs)
        complete[one.key] = max(value for value, cost in zip(one.values, costs, strict=True) if cost == best)
    return complete


def _normalise(network: Network[Key], key: Key) -> list[Key]:
    """Move what is paid anyway from pairs to values and from values to the offset; return the neighbours it changed."""
    changed: list[Key] = []
    unary = network.unary[key]
    for other in list(network.pairs[key]):
        costs = network.pairs[key][other]
        touched = False
        for i, row in enumerate(costs):
            least = min(row)
            if least:
                if not touched:
                    costs, touched = list(costs), True  # a copied network may hold the same matrix
                unary[i] += least
                costs[i] = [cost - least for cost in row]
        least_columns = [min(column) for column in zip(*costs, strict=True)]
        if any(least_columns):
            costs = [[cost - least for cost, least in zip(row, least_columns, strict=True)] for row in costs]
            network.unary[other] = [u + least for u, least in zip(network.unary[other], least_columns, strict=True)]
            changed.append(other)
            touched = True
        if not any(map(any, costs)):
            network.drop_pair(key, other)
            if other not in changed:
                changed.append(other)
        elif touched:
            network.set_costs(key, other, costs)
    least = min(unary)
    if least:
        network.offset += least
        network.unary[key] = [cost - least for cost in unary]
    return changed


def _dominate(network: Network[Key], key: Key) -> bool:
    """Drop the values that another value dominates; return whether any went. The variable must be normalised.

    Every row of a normalised matrix holds a zero, so a pair can only ever make the other value look worse: a value that
    is cheaper by itself is never dominated, and a comparison ends as soon as it is lost.
    """
    unary = network.unary[key]
    count = len(unary)
    if count == 1:
        return False
    margins = [_margins(matrix) for matrix in network.pairs[key].values()]
    cheapest = sorted(range(count), key=lambda i: (unary[i], -i))
    gone: set[int] = set()
    for i in range(count):
        for j in cheapest:
            if unary[j] > unary[i]:
                break
            if i == j or j in gone:
                continue
            # The least that i can cost more than j, over all choices of the neighbours.
            margin = unary[i] - unary[j]
            for least in margins:
                margin += least(i, j)
                if margin < 0:
                    break
            if margin > 0 or (margin == 0 and j > i):
                gone.add(i)
                break
    if gone:
        network.keep_values(key, [i for i in range(count) if i not in gone])
    return bool(gone)


def _margins(matrix: Matrix) -> Callable[[int, int], int]:
    """Return the function that says how much more row i costs than row j at least.

    Releases of one project mostly require the same, so of many rows few differ, and each two are compared once.
    """
    kinds: dict[tuple[int, ...], int] = {}
    kind = [kinds.setdefault(tuple(row), len(kinds)) for row in matrix]
    rows = list(kinds)
    known: dict[tuple[int, int], int] = {}

    def least(i: int, j: int) -> int:
        pair = (kind[i], kind[j])
        if pair not in known:
            known[pair] = min(map(int.__sub__, rows[pair[0]], rows[pair[1]]))
        return known[pair]

    return least


def _eliminate(network: Network[Key], key: Key) -> Elimination[Key]:
    unary = network.unary[key]
    neighbours = tuple((other, list(network.values[other]), matrix) for other, matrix in network.pairs[key].items())
    record = Elimination(key, list(network.values[key]), list(unary), neighbours)
    if len(unary) == 1:
        network.offset += unary[0]
        for other, _, matrix in neighbours:
            network.unary[other] = [u + cost for u, cost in zip(network.unary[other], matrix[0], strict=True)]
    elif not neighbours:
        network.offset += min(unary)
    elif len(neighbours) == 1:
        other, _, matrix = neighbours[0]
        best = [min(map(int.__add__, unary, column)) for column in zip(*matrix, strict=True)]
        network.unary[other] = [u + cost for u, cost in zip(network.unary[other], best, strict=True)]
    else:
        (a, _, left), (b, _, right) = neighbours
        columns = [list(column) for column in zip(*right, strict=True)]
        joined: Matrix = []
        for column in zip(*left, strict=True):
            base = list(map(int.__add__, unary, column))
            joined.append([min(map(int.__add__, base, other)) for other in columns])
        network.remove(key)
        network.add_costs(a, b, joined)
        return record
    network.remove(key)
    return record
