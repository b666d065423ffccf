"""What does a resolver prefer? No last resort, then the newest of what is asked for, then the newest of the rest."""

from collections.abc import Callable, Collection, Mapping

from normalize.projects import ProjectName
from solver.candidates import Value
from solver.edges import NO_EXTRA, Node
from solver.levels import LEVELS, Costs

_STALE = LEVELS.index("staleness")


def newest_first(
    unary: Mapping[Node, list[Costs]],
    values: Mapping[Node, tuple[Value, ...]],
    asked: Collection[ProjectName],
    last_resort: Callable[[ProjectName, Value], bool],
) -> dict[Node, list[Costs]]:
    """Return the costs of values as an ad hoc list has them, where releases are there for those who ask alone.

    A release that is only a last resort (a pre-release, a yanked one) counts on the level ``unaligned``, which follows
    ``risky`` and which nothing else uses ad hoc: so one is chosen only where nothing else satisfies. What is asked for
    counts more in ``staleness`` than all other projects together, so none of it is older to keep something else new.

    Args:
        unary: what each value costs in nixpkgs' set.
        values: of each node.
        asked: the projects that are asked for.
        last_resort: whether a release is one.
    """
    rest = sum(max(cost[_STALE] for cost in costs) for node, costs in unary.items() if node[0] not in asked)
    found: dict[Node, list[Costs]] = {}
    for node, costs in unary.items():
        weight = 1 + rest if node[0] in asked else 1
        found[node] = [
            _cost(cost, weight, last=_is_last(node, value, last_resort))
            for cost, value in zip(costs, values[node], strict=True)
        ]
    return found


def _is_last(node: Node, value: Value, last_resort: Callable[[ProjectName, Value], bool]) -> bool:
    return bool(node[0]) and node[1] == NO_EXTRA and last_resort(node[0], value)


def _cost(cost: Costs, weight: int, *, last: bool) -> Costs:
    if weight == 1 and not last:
        return cost
    broken, update_first, risky, stale, cheap, changed, rank, name, unaligned = cost
    return (broken, update_first, risky, stale * weight, cheap, changed, rank, name, unaligned + last)
