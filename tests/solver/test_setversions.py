"""The release that a set's version is, however either is spelled."""

import pytest
from toys import release

from solver.setversions import release_of

RELEASES = [release("lib 1.0"), release("lib 1.0.0"), release("lib 2.0"), release("lib nightly")]


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("1.0", "1.0"),
        ("1.0.0", "1.0.0"),
        ("1", "1.0"),
        ("2.0.0", "2.0"),
        ("nightly", "nightly"),
        ("3", None),
        (None, None),
    ],
)
def test_the_release_of_a_version_is_the_one_that_is_spelled_so_or_else_the_same(version, found):
    one = release_of(iter(RELEASES), version)
    assert (one and one.version) == found
