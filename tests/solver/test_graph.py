"""Exclusive use and cycles, against their definitions and against networkx's dominators."""

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from solver.graph import cycles, exclusive, reachable

NAMES = "abcdefg"
graphs = st.fixed_dictionaries({name: st.lists(st.sampled_from(NAMES), max_size=3) for name in NAMES})


def reached(graph, starts):
    seen, stack = set(), list(starts)
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += graph[name]
    return seen


@given(graphs, st.dictionaries(st.sampled_from(("calibre", "ceph", "tensorflow")), st.lists(st.sampled_from(NAMES))))
def test_exclusive_is_what_nobody_reaches_without_the_root(graph, roots):
    found = exclusive(graph, roots)
    for root, uses in roots.items():
        others = reached(graph, [name for other, names in roots.items() if other != root for name in names])
        assert set(found[root]) == reached(graph, uses) - others


@given(graphs, st.dictionaries(st.sampled_from(("calibre", "ceph", "tensorflow")), st.lists(st.sampled_from(NAMES))))
def test_exclusive_is_what_the_root_dominates(graph, roots):
    whole = nx.DiGraph([(name, other) for name, others in graph.items() for other in others])
    whole.add_edges_from(("everything", root) for root in roots)
    whole.add_edges_from((root, name) for root, names in roots.items() for name in names)
    whole.add_node("everything")
    above = nx.immediate_dominators(whole, "everything")

    def dominators(name):
        while name in above and name != "everything" and above[name] != name:
            name = above[name]
            yield name

    dominated = {root: tuple(name for name in NAMES if root in dominators(name)) for root in roots}
    assert exclusive(graph, roots) == dominated


@given(graphs)
def test_cycles_are_groups_that_reach_each_other(graph):
    expected = set()
    for name in graph:
        group = {other for other in reached(graph, [name]) if name in reached(graph, [other])}
        if len(group) > 1:
            expected.add(tuple(sorted(group)))
    assert cycles(graph) == tuple(sorted(expected))


@given(graphs, st.lists(st.sampled_from(NAMES)))
def test_reachable_holds_the_starts_and_all_below(graph, starts):
    assert reachable(graph, starts) == reached(graph, starts)
