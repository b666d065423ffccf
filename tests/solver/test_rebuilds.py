"""What is built again: transitive dependents, once per interpreter and kernel, applications once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from toys import DARWIN, LINUX, application, current

from dataset.currentset import Recipe
from normalize.targets import Target
from solver.rebuilds import dependents, rebuilds

OTHER = Target("3.14", "x86_64-linux")
ARM = Target("3.13", "aarch64-linux")
SET = current(
    *("base 1", "middle 1", "leaf 1", "alone 1", "builder 1", "name 1", "extra 1"),
    middle={"dependencies": ("base",)},
    leaf={"dependencies": ("middle",), "recipe": Recipe(build_system=("builder",))},
    name={"points_to": "base"},
    extra={"optional_dependencies": (("all", ("base",)),)},
    applications=(application("reader", "leaf"), application("base-app", "base", attribute="base")),
)


def test_dependents_of_dependents_and_other_names_are_built_again():
    found = rebuilds(SET, ["base"], [LINUX])
    assert found.changed == ("base",)
    assert found.dependents == ("leaf", "middle", "name")
    assert found.applications == ("reader",)
    assert found.kernels == (("linux", 5),)
    assert (found.attributes, found.extract) == (4, False)


def test_a_build_system_counts_and_an_optional_dependency_does_not():
    assert rebuilds(SET, ["builder"], [LINUX]).dependents == ("leaf",)
    assert rebuilds(SET, ["extra"], [LINUX]).dependents == ()


def test_each_interpreter_counts_once_per_kernel():
    found = rebuilds(SET, ["base"], [LINUX, ARM, OTHER, DARWIN])
    assert found.kernels == (("darwin", 5), ("linux", 9))


def test_added_attributes_count_and_nothing_costs_nothing():
    assert rebuilds(SET, ["new", "new"], [LINUX]).kernels == (("linux", 1),)
    assert rebuilds(SET, [], [LINUX, DARWIN]).kernels == (("darwin", 0), ("linux", 0))


def test_an_extract_says_so():
    assert rebuilds(replace(SET, elsewhere=frozenset({"far"})), ["base"], [LINUX]).extract


@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefg"))),
    st.sets(st.sampled_from("abcdefg")),
)
def test_more_changes_never_rebuild_less(edges, changed):
    some = current(
        *(f"{name} 1" for name in "abcdefg"), **{a: {"dependencies": tuple(sorted(b))} for a, b in edges.items()}
    )
    known = dependents(some)
    whole = rebuilds(some, changed, [LINUX], known)
    assert whole == rebuilds(some, changed, [LINUX])
    union = set()
    for one in changed:
        alone = rebuilds(some, [one], [LINUX], known)
        union |= {*alone.changed, *alone.dependents}
    assert union == {*whole.changed, *whole.dependents}
    assert set(whole.changed).isdisjoint(whole.dependents)
