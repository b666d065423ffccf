"""METADATA text: what is read, what is kept verbatim, and where two parsers disagree."""

import pytest
from fakeindex import metadata
from hypothesis import given
from hypothesis import strategies as st

from crawler.metadata import parse_metadata


def codes(found):
    return [code for code, _ in found.doubts]


def test_fields():
    found = parse_metadata(
        metadata(
            "A.b",
            "1.0",
            ["x>1", "y; extra == 'Test'", "x>1"],
            extra=["Provides-Extra: Test", "Requires-Python: >=3.9", "Import-Name: a.b", "Import-Name: _c ; private"],
            metadata_version="2.5",
        )
    )
    assert (found.name, found.version, found.requires_python) == ("A.b", "1.0", ">=3.9")
    assert found.requires == ("x>1", "y; extra == 'Test'")
    assert (found.extras, found.imports, found.metadata_version) == (("Test",), ("_c", "a.b"), (2, 5))
    assert found.doubts == ()
    assert found.belongs_to("a-b", "1.0.0")
    assert not found.belongs_to("a-b", "1.1")
    assert not found.belongs_to("b", "1.0")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + metadata("a", "1", ["good"]),
        metadata("a", "1", ["good"]).decode().encode("utf-16"),
        metadata("a", "1", ["good"]).replace(b"\n", b"\r\n"),
        metadata("a", "1", ["good"]).replace(b"\n", b"\r"),
        metadata("a", "1", ["good"], metadata_version="1.0"),
        metadata("a", "1", ["good"], metadata_version="3.0"),
        metadata("a", "1", ["good"], metadata_version="two"),
        metadata("a", "1", ["good"]).replace(b"Metadata-Version: 2.1\n", b""),
    ],
)
def test_odd_but_readable(text):
    found = parse_metadata(text)
    assert found.requires == ("good",)
    assert found.belongs_to("a", "1")


def test_latin_1_keeps_every_requirement():
    found = parse_metadata(metadata("a", "1", ["good", "x"], extra=["Author: J\u00fcrgen"]).decode().encode("latin-1"))
    assert found.requires == ("good", "x")
    assert codes(found) == ["not-utf8"]


def test_body_is_not_read():
    assert parse_metadata(metadata("a", "1")).requires == ()


@pytest.mark.parametrize(
    "line",
    [
        "x>=7.2.0<8.0.0",
        "x!=~5.0",
        "x>dev",
        "x; " + "(" * 2000 + "os_name=='a'" + ")" * 2000,
        "x==" + "9" * 5000,
        "x" * 100_000,
        "x; unknown_variable == '1'",
        "",
    ],
)
def test_lines_that_are_not_requirements_are_kept(line):
    found = parse_metadata(metadata("a", "1", ["good", line]))
    assert found.requires == ("good",)
    assert found.unusable == ((line,) if line else ())


def test_two_names():
    found = parse_metadata(metadata("a", "1", extra=["Name: b"]))
    assert not found.belongs_to("a", "1")


def test_version_of_five_thousand_digits_belongs_to_nothing():
    assert not parse_metadata(metadata("a", "1" * 5000)).belongs_to("a", "1")


def test_many_requirements():
    lines = [f"p{i}>{i}" for i in range(2_000)]
    assert len(parse_metadata(metadata("a", "1", lines)).requires) == 2_000


@given(st.binary(max_size=300))
def test_law_noise_never_crashes_and_loses_no_requirement(noise):
    found = parse_metadata(b"Metadata-Version: 2.1\nName: a\nRequires-Dist: good\nSummary: " + noise)
    assert "good" in found.requires
    assert parse_metadata(noise).belongs_to("a", "1") is False


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30), max_size=8))
def test_law_every_line_is_usable_or_not(lines):
    found = parse_metadata(metadata("a", "1", lines))
    assert set(found.requires) | set(found.unusable) == set(lines)
    assert not set(found.requires) & set(found.unusable)
