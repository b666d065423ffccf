"""Which choice costs least? Reductions first, then search on each component that they leave."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from solver.branch import Branching, part
from solver.effort import USUAL, Effort
from solver.formula import encode
from solver.network import Network
from solver.reduce import Reduction, reduce_network, restore
from solver.search import minimise

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
    for component in network.components():
        settled = cost
        told = replace(effort, tell=lambda a, b, c=settled, d=bound: effort.tell(c + a, d + b))  # type: ignore[misc]
        found = _component(network, component, told)
        cost, bound = settled + found.cost, bound + found.bound
        chosen |= found.choice
    return Solution(restore(done, chosen), cost, bound, searched)


def _component(network: Network[Key], component: Sequence[Key], effort: Effort) -> Solution[Key]:
    encoding = encode(network, component)
    found = minimise(encoding.formula, effort)
    picked = encoding.decode(found.model)
    cost = network.cost(picked, component)  # a model that is not proven best may pay for more than it picks
    choice = {key: network.values[key][position] for key, position in picked.items()}
    bound = found.bound
    if bound < cost and effort.nodes and not effort.stop():
        branching: Branching[Key] = Branching(effort, cost, effort.nodes)
        closed = branching.closed(part(network, component))
        choice, cost = branching.best or choice, branching.cost
        bound = cost if closed else bound
    return Solution(choice, cost, bound, len(component))
