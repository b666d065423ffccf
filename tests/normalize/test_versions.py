"""Are versions understood as what they are, in PEP 440 and in nixpkgs?"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from normalize.versions import parse_nix_version, parse_version, same_version


@pytest.mark.parametrize(
    ("text", "release", "snapshot"),
    [
        ("1.1", "1.1", None),
        ("2026.04.22", "2026.4.22", None),
        ("3.00", "3.0", None),
        ("1.1-unstable-2024-02-21", "1.1", dt.date(2024, 2, 21)),
        ("0.7.0dev0-2024-06-18", "0.7.0.dev0", dt.date(2024, 6, 18)),
        ("0-unstable-2026-07-08", None, dt.date(2026, 7, 8)),
        ("unstable-2021-01-01", None, dt.date(2021, 1, 1)),
        ("1.1-unstable-2024-13-41", None, None),
        ("unresolved", None, None),
        ("", None, None),
    ],
)
def test_nix_versions(text, release, snapshot):
    found = parse_nix_version(text)
    assert found.text == text
    assert found.release == (None if release is None else Version(release))
    assert found.snapshot == snapshot


@given(st.lists(st.integers(0, 30), min_size=1, max_size=3).map(lambda one: ".".join(map(str, one))), st.dates())
def test_a_snapshot_names_the_release_that_it_follows_and_its_day(release, day):
    found = parse_nix_version(f"{release}-unstable-{day.isoformat()}")
    assert found.release == (None if release == "0" else Version(release))
    assert found.snapshot == day


@given(st.text(max_size=20))
def test_any_text_is_read(text):
    found = parse_nix_version(text)
    assert found.text == text
    if parse_version(text) is not None:
        assert found.release == Version(text)
        assert found.snapshot is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.0", "1.0.0", True),
        ("2026.04.22", "2026.4.22", True),
        ("unresolved", "unresolved", True),
        ("unresolved", "unknown", False),
        ("1.0", "1.1", False),
        ("1.0", None, False),
        (None, None, False),
    ],
)
def test_versions_are_the_same_however_they_are_spelled(one, other, same):
    assert same_version(one, other) is same
    assert same_version(other, one) is same
