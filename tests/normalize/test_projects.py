"""Are projects spelled as PEP 503 and ``packaging`` spell them?"""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name, is_normalized_name

from normalize.errors import UsageError
from normalize.namespelling import LONGEST_NAME
from normalize.projects import extra_name, project_name

inside = st.text(string.ascii_letters + string.digits + "-_.", max_size=12)
edge = st.sampled_from(string.ascii_letters + string.digits)
names = st.builds(lambda first, middle, last: first + middle + last, edge, inside, edge) | edge


@given(names)
def test_names_are_normalised_once_and_for_all(name):
    normalised = project_name(name)
    assert normalised == canonicalize_name(name)
    assert is_normalized_name(normalised)
    assert project_name(normalised) == normalised


@given(names)
def test_pep_503_says_how(name):
    """PEP 503: "lowercased with all runs of the characters ., -, or _ replaced with a single - character"."""
    assert project_name(name) == re.sub(r"[-_.]+", "-", name).lower()


@given(st.text(max_size=8))
def test_what_is_no_name_is_refused(text):
    valid = re.fullmatch(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", text, re.IGNORECASE | re.ASCII)
    if valid:
        assert project_name(text)
    else:
        with pytest.raises(UsageError, match="cannot be a project name"):
            project_name(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a b", "a\n", "ü", "../a", "a/b", "a;b", "\u212a", "\u017fix"])
def test_hostile_names_are_refused(text):
    with pytest.raises(UsageError):
        project_name(text)


def test_endless_names_are_refused_without_repeating_them():
    with pytest.raises(UsageError) as caught:
        project_name("a" * (LONGEST_NAME + 1))
    assert len(caught.value.sentence) < 150
    assert project_name("a" * LONGEST_NAME)


@given(st.text(max_size=8))
def test_extras_of_any_spelling_are_normalised_once_and_for_all(text):
    assert extra_name(extra_name(text)) == extra_name(text) == canonicalize_name(text)
