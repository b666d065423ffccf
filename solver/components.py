"""Which choice costs least for a component that the reductions leave? Cores first, then branch and bound."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

from solver.branch import Branching, part
from solver.effort import Effort
from solver.formula import encode
from solver.network import Network
from solver.search import minimise

Key = TypeVar("Key", bound=Hashable)


def cheapest(network: Network[Key], component: Sequence[Key], effort: Effort) -> tuple[dict[Key, int], int, int]:
    """Return the best choice found (the index of a value for each variable), its cost and the proven bound."""
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
    return choice, cost, bound
