"""Who depends on whom, in circles or exclusively? The only place that uses networkx for the solver."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import networkx as nx

Name = TypeVar("Name", bound=str)


def cycles(dependencies: Mapping[Name, Sequence[Name]]) -> tuple[tuple[Name, ...], ...]:
    """Return the groups of two or more names that depend on each other, sorted."""
    groups = nx.strongly_connected_components(_graph(dependencies))
    return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))


def reachable(dependencies: Mapping[Name, Sequence[Name]], start: Name) -> tuple[Name, ...]:
    """Return the names that the start depends on, directly or not, without itself, sorted."""
    return tuple(sorted(nx.descendants(_graph(dependencies), start)))


def exclusive(
    dependencies: Mapping[Name, Sequence[Name]], roots: Mapping[Name, Sequence[Name]]
) -> Mapping[Name, tuple[Name, ...]]:
    """Return for each root the names that only it uses: those that it dominates in the graph from all roots.

    Dominators by Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm" (2001). A name that no root reaches
    is exclusive to none.

    Args:
        dependencies: the names that each name depends on.
        roots: the names that each root uses; a root's name must not be a name of the graph.
    """
    graph = _graph(dependencies)
    everything = object()  # above all roots; no name can equal it
    graph.add_node(everything)
    for root, uses in roots.items():
        graph.add_edge(everything, ("root", root))
        graph.add_edges_from((("root", root), name) for name in uses)
    above = nx.immediate_dominators(graph, everything)
    found: dict[Name, list[Name]] = {root: [] for root in roots}
    for name in dependencies:
        at = above.get(name)
        while at is not None and at is not everything:
            if isinstance(at, tuple):
                found[at[1]].append(name)
                break
            at = above[at]
    return {root: tuple(sorted(names)) for root, names in found.items()}


def _graph(dependencies: Mapping[Name, Sequence[Name]]) -> "nx.DiGraph[Any]":
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(dependencies)
    graph.add_edges_from((name, other) for name, others in dependencies.items() for other in others)
    return graph
