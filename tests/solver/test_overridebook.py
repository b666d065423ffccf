"""Overrides found by dependency and depender, against looking through all of them."""

from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from solver.overridebook import OverrideBook
from solver.policy import EdgeOverride, Policy

names = st.sampled_from(("a", "b", "c"))
overrides = st.builds(
    EdgeOverride,
    depender=st.none() | names,
    versions=st.sampled_from(("", ">=2", "==1.0")).map(SpecifierSet),
    dependency=names,
    action=st.sampled_from(("force", "forbid", "drop")),
    reason=st.sampled_from(("one", "two")),
)


@given(st.lists(overrides, max_size=6), names, st.sampled_from(("1.0", "2.0")), names)
def test_the_same_override_is_found(several, depender, version, dependency):
    policy = Policy(edges=tuple(several))
    book = OverrideBook(policy)
    known = version if book.by_version(depender) else None
    assert book.find(depender, known, dependency) is policy.for_edge(depender, version, dependency)
