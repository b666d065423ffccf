"""Import names: what can be imported, and which names stand for a list of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.importnames import is_beside, is_import_name, roots
from normalize.namespelling import parents

NAMES = st.lists(st.from_regex(r"_?[ab](\._?[ab]){0,2}", fullmatch=True))


@pytest.mark.parametrize("text", ["a", "_x", "google.protobuf", "PyQt6.QtCore", "jaraco.text"])
def test_dotted_identifiers_can_be_imported(text):
    assert is_import_name(text)


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", "2to3", "a-b", "a b", "a\n", "os; x", "foo.class", "ѕix"]
)
def test_nothing_else_can(text):
    assert not is_import_name(text)


def test_parents_start_inside():
    assert list(parents("a.b.c")) == ["a.b", "a"]
    assert list(parents("a")) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["lxml", "lxml.etree"], ("lxml",)),
        (["google._upb._message", "google.protobuf", "google.protobuf.util"], ("google.protobuf",)),
        (["cffi", "_cffi_backend"], ("cffi",)),
        (["_only"], ("_only",)),
        (["xml", "xmlsec"], ("xml", "xmlsec")),
        ([], ()),
    ],
)
def test_roots_stand_for_the_rest(names, expected):
    assert roots(names) == expected


@settings(max_examples=settings.default.max_examples // 2)
@given(NAMES)
def test_roots_are_a_subset_that_is_its_own_root(names):
    found = roots(names)
    assert set(found) <= set(names)
    assert roots(found) == found
    assert bool(found) == bool(names)


def test_what_lies_beside_a_package():
    assert [name for name in ("tests", "Docs", "_speedups", "numpy", "testtools") if is_beside(name)] == [
        "tests",
        "Docs",
        "_speedups",
    ]
