"""Dominators and cycles, against their definitions."""

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


@given(graphs)
def test_cycles_are_groups_that_reach_each_other(graph):
    expected = set()
    for name in graph:
        group = {other for other in reached(graph, [name]) if name in reached(graph, [other])}
        if len(group) > 1:
            expected.add(tuple(sorted(group)))
    assert cycles(graph) == tuple(sorted(expected))


@given(graphs, st.sampled_from(NAMES))
def test_reachable_leaves_the_start_out(graph, start):
    assert set(reachable(graph, start)) == reached(graph, [start]) - {start}
