"""nixpkgs' labels are spelled exactly, and every number has one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.labels import branch, buckets, labels


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, ("0",)),
        (1, ("1", "1-10")),
        (10, ("1-10",)),
        (11, ("11-100",)),
        (101, ("101-500",)),
        (500, ("101-500",)),
        (501, ("501-1000", "501+")),
        (1000, ("501-1000", "501+")),
        (1001, ("501+", "1001-2500")),
        (2501, ("501+", "2501-5000")),
        (5001, ("501+", "5001+")),
    ],
)
def test_the_buckets_are_those_of_nixpkgs(number, expected):
    assert buckets(number) == expected


def test_labels_name_the_kernel():
    assert labels([("darwin", 0), ("linux", 42)]) == ("10.rebuild-darwin: 0", "10.rebuild-linux: 11-100")


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_the_branch_follows_from_the_kernel_with_the_most(one, other):
    found = branch([("darwin", one), ("linux", other)])
    assert found == branch([("linux", max(one, other))])
    assert (found.name == "master") == (max(one, other) <= 500)
    assert found.reason
    assert 1 <= len(buckets(one)) <= 2
