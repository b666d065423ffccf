"""Names that are spelled nearly alike: the same as the standard library finds."""

import difflib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.namenear import close_names, near, one_edit_away

words = st.text("abcde-1é", max_size=12)


@given(word=words, names=st.lists(words, max_size=30, unique=True))
def test_close_names_are_those_of_difflib(word, names):
    assert close_names(word, names) == difflib.get_close_matches(word, names, n=3, cutoff=0.7)


@given(word=words.filter(len), data=st.data())
def test_a_name_with_one_letter_changed_is_close_as_difflib_says(word, data):
    names = data.draw(st.lists(st.sampled_from(sorted(set(one_edit_away(word)))), max_size=20, unique=True))
    assert close_names(word, names) == difflib.get_close_matches(word, names, n=3, cutoff=0.7)


def test_all_hints_at_near_names_are_of_one_kind():
    root = Path(__file__).parents[2]
    folders = ("coset", "report", "nixpkgs", "solver", "crawler", "dataset", "normalize")
    asking = [
        file.name
        for folder in folders
        for file in (root / folder).glob("*.py")
        if re.search(r"^\s*(import difflib|from difflib .*get_close)", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert asking == []


def test_a_line_end_is_in_no_close_name():
    assert close_names("numpy", ["num\npy", "numpi"]) == ["numpi"]
    assert close_names("num\npy", ["numpy", "other"]) == ["numpy"]
    assert close_names("numpy", []) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Numpi", ("numpy", "numpo")),
        ("Qjango", ("Django", "jango")),
        ("nothing-alike", ()),
    ],
)
def test_what_more_is_known_of_comes_first(name, found):
    spelled = {"numpy": "numpy", "django": "Django", "numba-py": "numba-py"}
    assert near(name, spelled, frozenset({"numpy", "numpo", "jango", "other"})) == found
