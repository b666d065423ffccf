"""Who depends on whom, in circles or exclusively? The only place that uses networkx for the solver."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

Name = TypeVar("Name", bound=str)


def cycles(dependencies: Mapping[Name, Sequence[Name]]) -> tuple[tuple[Name, ...], ...]:
    """Return the groups of two or more names that depend on each other, sorted."""
    try:
        TopologicalSorter(dependencies).prepare()
    except CycleError:
        import networkx as nx  # noqa: PLC0415 -- takes longer to import than a solve does, and few plans have a cycle

        graph: nx.DiGraph[Name] = nx.DiGraph(
            [(name, other) for name, others in dependencies.items() for other in others]
        )
        groups = nx.strongly_connected_components(graph)
        return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))
    return ()


def reachable(dependencies: Mapping[Name, Sequence[Name]], starts: Iterable[Name]) -> frozenset[Name]:
    """Return the starts and the names that they depend on, directly or not."""
    found: set[Name] = set()
    queue = list(starts)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += dependencies.get(name, ())
    return frozenset(found)


def exclusive(
    dependencies: Mapping[Name, Sequence[Name]], roots: Mapping[Name, Sequence[Name]]
) -> Mapping[Name, tuple[Name, ...]]:
    """Return for each root the names that only it uses: those that it dominates in the graph from all roots.

    Nothing depends on a root, so a root dominates exactly what it reaches and no other root reaches.

    Args:
        dependencies: the names that each name depends on.
        roots: the names that each root uses; a root's name must not be a name of the graph.
    """
    used = {root: reachable(dependencies, uses) for root, uses in roots.items()}
    users = Counter(name for names in used.values() for name in names)
    return {root: tuple(sorted(name for name in names if users[name] == 1)) for root, names in used.items()}
