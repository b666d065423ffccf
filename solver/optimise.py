"""Which choice costs least? Reductions first, then search on each component that they leave."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from solver.effort import USUAL, Effort
from solver.network import Network
from solver.reduce import Reduction, reduce_network, restore

Key = TypeVar("Key", bound=Hashable)


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


def optimise(network: Network[Key], effort: Effort = USUAL, *, reduce: bool = True) -> Solution[Key]:
    """Return the cheapest choice; the network is consumed.

    ``cost == bound`` where optimality is proven, which fails only where the effort is spent.
    """
    done = reduce_network(network) if reduce else Reduction([], [])
    chosen: dict[Key, int] = {}
    cost = bound = network.offset
    searched = len(network.values)
    components = network.components()
    if components:
        from solver.components import cheapest  # noqa: PLC0415 -- most sets leave nothing to search, and need no engine
    for component in components:
        settled = cost
        told = replace(effort, tell=lambda a, b, c=settled, d=bound: effort.tell(c + a, d + b))  # type: ignore[misc]
        choice, dearer, proven = cheapest(network, component, told)
        cost, bound = settled + dearer, bound + proven
        chosen |= choice
    return Solution(restore(done, chosen), cost, bound, searched)
