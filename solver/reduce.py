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
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import add, sub
from typing import Generic, TypeVar

from solver.network import Costs, Matrix, Network, Row, transposed

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
    unary: Costs
    neighbours: tuple[tuple[Key, list[int], Matrix], ...]


@dataclass(slots=True)
class Reduction(Generic[Key]):
    """What was done to a network, in order.

    Attributes:
        eliminated: the variables that were optimised away.
        dominated: ``(variable, value, witness)``: the value went because the witness, another value of the variable
            that was still there, costs no more whatever the variables still there do.
    """

    eliminated: list[Elimination[Key]]
    dominated: list[tuple[Key, int, int]]


def reduce_network(network: Network[Key]) -> Reduction[Key]:
    """Reduce the network in place; return what was done to it.

    Variables with few neighbours come first: most are eliminated at once, and hubs are looked at when little is left.
    """
    done: Reduction[Key] = Reduction([], [])
    queue = deque(sorted(network.values, key=lambda key: len(network.pairs[key])))
    waiting = set(queue)

    def touch(keys: Iterable[Key]) -> None:
        for key in keys:
            if key not in waiting:
                queue.append(key)
                waiting.add(key)

    while queue:
        key = queue.popleft()
        waiting.discard(key)
        if key not in network.values:
            continue
        touch(_normalise(network, key))
        dominated = _dominate(network, key)
        if dominated:
            done.dominated += dominated
            touch(network.pairs[key])
            touch(_normalise(network, key))
        if len(network.pairs[key]) <= _MOST_NEIGHBOURS or len(network.values[key]) == 1:
            neighbours = list(network.pairs[key])
            done.eliminated.append(_eliminate(network, key))
            touch(neighbours)
    return done


def restore(done: Reduction[Key], chosen: dict[Key, int]) -> dict[Key, int]:
    """Extend a choice of original value indexes for the variables left to all variables."""
    complete = dict(chosen)
    for one in reversed(done.eliminated):
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
    unsettled = network.unsettled[key]
    for other in [one for one in network.pairs[key] if one in unsettled] if unsettled else ():
        old = costs = network.matrix(key, other)
        rows = {id(row): row for row in costs}
        least = {at: min(row) for at, row in rows.items()}
        if any(least.values()):
            unary = network.unary[key] = [u + least[id(row)] for u, row in zip(unary, costs, strict=True)]
            less = {at: tuple([cost - least[at] for cost in row]) if least[at] else row for at, row in rows.items()}
            costs = [less[id(row)] for row in costs]
            rows = {id(row): row for row in less.values()}
        paid = tuple(map(min, zip(*rows.values(), strict=True)))
        if any(paid):
            less = {at: tuple(map(sub, row, paid)) for at, row in rows.items()}
            costs = [less[id(row)] for row in costs]
            rows = less
            network.unary[other] = list(map(add, network.unary[other], paid))
            changed.append(other)
        if not any(map(any, rows.values())):
            network.drop_pair(key, other)
            if other not in changed:
                changed.append(other)
            continue
        if costs is not old:
            network.set_costs(key, other, costs)
        network.settle(key, other)
    lowest = min(unary)
    if lowest:
        network.offset += lowest
        network.unary[key] = [cost - lowest for cost in unary]
    return changed


def _dominate(network: Network[Key], key: Key) -> list[tuple[Key, int, int]]:
    """Drop the values that another value dominates; return them with it. The variable must be normalised.

    Every row of a normalised matrix holds a zero, so a pair can only ever make the other value look worse: a value that
    is cheaper by itself is never dominated, and a comparison ends as soon as it is lost.
    """
    unary = network.unary[key]
    count = len(unary)
    if count == 1:
        return []
    matrices = [network.matrix(key, other) for other in network.pairs[key]]
    gone: dict[int, int] = {}
    cheapest = sorted(range(count), key=lambda i: (unary[i], -i))
    alike: dict[tuple[int, ...], int] = {}
    rows = list(zip(*matrices, strict=True)) if matrices else [()] * count
    for i in cheapest:  # of values that have the same rows the cheapest stays
        witness = alike.setdefault(tuple(map(id, rows[i])), i)
        if witness != i:
            gone[i] = witness
    if len(alike) > 1:
        _compare(unary, rows, [i for i in cheapest if i not in gone], gone)
    if gone:
        values = network.values[key]
        found = [(key, values[i], values[witness]) for i, witness in gone.items()]
        network.keep_values(key, [i for i in range(count) if i not in gone])
        return found
    return []


def _compare(unary: Costs, rows: Sequence[tuple[Row, ...]], cheapest: Sequence[int], gone: dict[int, int]) -> None:
    """Note the values that another one of these dominates; they come cheapest first, of equal ones the later first.

    One column decides against j where i costs less there by more than j saves by itself: no other pair makes up for it.
    The one that decided last is looked at before whole rows are. Where projects are released in step, it decides again.
    """
    for i in sorted(cheapest):
        mine, own = rows[i], unary[i]
        which, at = 0, 0
        here = mine[which][at]
        for j in cheapest:
            margin = own - unary[j]  # the least that i can cost more than j, over all choices of the neighbours
            if margin < 0:
                break
            if margin + here < rows[j][which][at] or i == j or j in gone:
                continue
            for pair, (row, other) in enumerate(zip(mine, rows[j], strict=True)):
                if row is not other:
                    least = min(map(sub, row, other))
                    margin += least
                    if margin < 0:
                        which, at = pair, list(map(sub, row, other)).index(least)
                        here = row[at]
                        break
            if margin > 0 or (margin == 0 and j > i):
                gone[i] = j
                break


def _eliminate(network: Network[Key], key: Key) -> Elimination[Key]:
    unary = network.unary[key]
    neighbours = tuple((other, list(network.values[other]), network.matrix(key, other)) for other in network.pairs[key])
    record = Elimination(key, list(network.values[key]), list(unary), neighbours)
    if len(unary) == 1:
        network.offset += unary[0]
        for other, _, matrix in neighbours:
            network.unary[other] = list(map(add, network.unary[other], matrix[0]))
    elif not neighbours:
        network.offset += min(unary)
    elif len(neighbours) == 1:
        other = neighbours[0][0]
        best = [min(map(add, unary, column)) for column in network.matrix(other, key)]
        network.unary[other] = list(map(add, network.unary[other], best))
    else:
        (a, _, _), (b, _, right) = neighbours
        columns = transposed(right)
        joined: dict[int, Row] = {}
        for column in network.matrix(a, key):
            if id(column) not in joined:
                base = tuple(map(add, unary, column))
                joined[id(column)] = tuple([min(map(add, base, other)) for other in columns])
        costs = [joined[id(column)] for column in network.matrix(a, key)]
        network.remove(key)
        network.add_costs(a, b, costs)
        return record
    network.remove(key)
    return record
