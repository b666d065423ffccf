"""Which choice costs least, where cores do not show it soon enough? Branch and bound on the exact reductions.

Each node of the tree is a network that the reductions have made smaller; its offset is a lower bound. The variable with
the most neighbours is tried value by value, cheapest first, which takes a hub out of the network and lets the
reductions go on. It closes small dense networks on which core-guided search stays between its bounds.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from solver.effort import Effort
from solver.network import Network
from solver.reduce import reduce_network, restore

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Branching(Generic[Key]):
    """The search of one component.

    Attributes:
        best: the cheapest choice found below ``cost``: the index of a value for each variable; None for none so far.
        cost: of the best choice known, also where it was not found here.
        left: nodes that may still be looked at.
    """

    effort: Effort
    cost: int
    left: int
    best: dict[Key, int] | None = None

    def closed(self, network: Network[Key]) -> bool:
        """Look for choices cheaper than ``cost``; return whether all were looked at. The network is consumed."""
        done = reduce_network(network)
        if network.offset >= self.cost:
            return True
        if not network.values:
            self.best, self.cost = restore(done, {}), network.offset
            return True
        key = max(network.values, key=lambda one: len(network.pairs[one]))
        least = [
            unary + sum(min(network.matrix(key, other)[i]) for other in network.pairs[key])
            for i, unary in enumerate(network.unary[key])
        ]
        for i in sorted(range(len(least)), key=lambda one: (least[one], -one)):
            if network.offset + least[i] >= self.cost:
                break
            if not self.left or self.effort.stop():
                return False
            self.left -= 1
            below = _copy(network)
            below.keep_values(key, [i])
            found = self.best
            closed = self.closed(below)
            if self.best is not found and self.best is not None:  # also where it is the best before the end came
                self.best = restore(done, self.best)
            if not closed:
                return False
        return True


def _copy(network: Network[Key]) -> Network[Key]:
    """Return a network that can be reduced without touching this one; matrices are replaced, never written to."""
    return Network(
        values={key: list(values) for key, values in network.values.items()},
        unary={key: list(costs) for key, costs in network.unary.items()},
        pairs={key: dict(pairs) for key, pairs in network.pairs.items()},
        unsettled={key: set(others) for key, others in network.unsettled.items()},
        offset=network.offset,
    )


def part(network: Network[Key], component: Sequence[Key]) -> Network[Key]:
    """Return one component as a network of its own, without the offset."""
    return Network(
        values={key: list(network.values[key]) for key in component},
        unary={key: list(network.unary[key]) for key in component},
        pairs={key: dict(network.pairs[key]) for key in component},
        unsettled={key: set(network.unsettled[key]) for key in component},
    )
