"""Which choice costs least? Reductions first, then search on each component that they leave."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from solver.formula import encode
from solver.network import Network
from solver.reduce import reduce_network, restore
from solver.search import minimise

Key = TypeVar("Key", bound=Hashable)

BUDGET = 2_000
"""Cores found by search per component. Measured: components of real data need none, see benchmarks."""


@dataclass(frozen=True, slots=True)
class Solution(Generic[Key]):
    """A full choice (the index of a value for each variable), its cost and the proven bound.

    Attributes:
        searched: how many variables the reductions left to search.
    """

    choice: dict[Key, int]
    cost: int
    bound: int
    searched: int


def optimise(network: Network[Key], *, reduce: bool = True, budget: int = BUDGET) -> Solution[Key]:
    """Return the cheapest choice; the network is consumed.

    ``cost == bound`` where optimality is proven, which fails only when the budget runs out.
    """
    eliminated = reduce_network(network) if reduce else []
    chosen: dict[Key, int] = {}
    cost = bound = network.offset
    for component in network.components():
        encoding = encode(network, component)
        found = minimise(encoding.formula, budget=budget)
        picked = encoding.decode(found.model)
        cost += network.cost(picked, component)  # a model that is not proven best may pay for more than it picks
        bound += found.bound
        chosen |= {key: network.values[key][position] for key, position in picked.items()}
    return Solution(restore(eliminated, chosen), cost, bound, len(network.values))
