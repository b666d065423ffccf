"""Bisection over sorted versions, against asking about each one."""

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from normalize.specifiers import parse_bounds, violated_parts
from normalize.versionladder import Ladder

VERSIONS = (
    *("0", "0.9", "1", "1.0.1", "1.1", "1.2.0", "1.2.3", "1.10", "2", "2.0.1", "2.5", "3", "1!0.5", "1!1.2"),
    *("1.0a1", "1.2rc1", "2.0.dev1", "2.0.post1", "1.1+local", "3.post2", "1.2.3.dev4"),
)
CLAUSES = (
    *(f"{operator}{version}" for operator in (">=", ">", "<", "<=", "==", "!=") for version in VERSIONS[:14]),
    *(f"{operator}{version}" for operator in (">=", ">", "<", "<=") for version in ("1.2rc1", "2.0.post1", "2.0.dev1")),
    *(f"{operator}{version}.*" for operator in ("==", "!=") for version in ("1", "1.2", "1.2.0", "0", "1!1")),
    *(f"~={version}" for version in ("1.0", "1.2.0", "1.2.3", "0.9", "1!0.5", "1.2rc1", "2.0.post1")),
    *("===1.1", "===whatever", "==1.1+local", "!=1.1+local", "==1.0a1", "!=2.0.post1"),
)

versions = st.lists(st.sampled_from((None, *map(Version, VERSIONS))), max_size=8)
specifiers = st.lists(st.sampled_from(CLAUSES), max_size=3).map(",".join)


@settings(max_examples=200)
@given(versions, specifiers)
def test_bisection_says_what_asking_about_each_version_says(several, specifier):
    bounds = parse_bounds(specifier)
    single = [frozenset() if one is None else violated_parts(bounds.specifiers, one) for one in several]
    assert (Ladder(several).violated(bounds) or tuple(frozenset() for _ in several)) == tuple(single)


def test_bounds_that_every_version_satisfies_cost_nothing_to_keep():
    assert Ladder([None, Version("1.2"), Version("2")]).violated(parse_bounds(">=1,!=1.5,<3")) is None
