"""Each project has one index, whoever says which, and what says it wrongly gets one sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.indexes import Indexes, chosen_by_file, chosen_by_options, index_address
from normalize.errors import UsageError
from normalize.projects import project_name

A, B, C = "https://a.example/simple/", "https://b.example/simple/", "https://c.example/simple/"

TEXT = """
[[index]]
url = "https://b.example/simple"
projects = ["acme-*", "Zope.Interface"]

[[index]]
url = "https://c.example/simple/"
projects = ["*_private"]
"""


@pytest.mark.parametrize(
    ("project", "expected"),
    [("acme-tools", B), ("zope-interface", B), ("acme", A), ("my-private", C), ("acme-private", B), ("h5py", A)],
)
def test_the_first_match_wins(project, expected):
    assert Indexes(A, chosen_by_file(TEXT, "indexes.toml")).of(project_name(project)) == expected


def test_options_say_the_same():
    options = ["acme-*=https://b.example/simple", f"Zope.Interface={B}", f"*_private={C}"]
    assert chosen_by_options(options) == chosen_by_file(TEXT, "indexes.toml")


patterns = st.sampled_from(["a*", "*b", "a-?", "a", "ab", "[ab]*", "*-*", "b?", "?"])
projects = st.sampled_from(["a", "b", "ab", "ba", "a-b", "b-a", "a-b-a", "bb"]).map(project_name)


@settings(max_examples=60)
@given(st.lists(st.tuples(patterns, st.sampled_from([A, B, C])), max_size=6, unique_by=lambda one: one[0]), projects)
def test_each_project_has_one_index(pairs, project):
    indexes = Indexes(A, chosen_by_options(f"{pattern}={url}" for pattern, url in pairs))
    assert indexes.of(project) in indexes.addresses()
    later = Indexes(A, (*indexes.chosen, ("*", C)))
    if later.of(project) != indexes.of(project):  # what is added at the end takes nothing from the others
        assert (indexes.of(project), later.of(project)) == (A, C)


def test_addresses_are_named_once():
    assert Indexes(A, (("x", B), ("y", A), ("z", B))).addresses() == (A, B)


def test_passwords_are_not_shown_and_can_be_taken_off():
    indexes = Indexes("https://me:pw@a.example/", (("x", "https://me:pw@b.example/"),))
    assert "pw" not in repr(indexes)
    assert indexes.without_users() == Indexes("https://a.example/", (("x", "https://b.example/"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example", "https://a.example/"),
        (" https://a.example/simple// ", "https://a.example/simple/"),
        ("http://me:pw@127.0.0.1:80/x", "http://me:pw@127.0.0.1:80/x/"),
        ("file:///mirror/web/simple", "file:///mirror/web/simple/"),
        ("file://host/mirror", None),
        ("ftp://a.example/", None),
        ("a.example/simple", None),
        ("https://", None),
        ("https://[", None),
        ("https://a.example/\x1b[0m", None),
        ("https://a.example/?x=1", None),
        ("https://a.example/#x", None),
        ("", None),
    ],
)
def test_addresses(text, expected):
    assert index_address(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x", "is not TOML"),
        ("", "no table [[index]]"),
        ("index = []", "no table [[index]]"),
        ("index = [1]", "index[0]: is not a table"),
        ("other = 1\n" + TEXT, "unknown key 'other'"),
        ('[[index]]\nurl = "https://b.example/"\nprojects = ["a"]\nproject = "b"', "index[0].project: unknown key"),
        ('[[index]]\nprojects = ["a"]', "index[0].url: is not a text"),
        ('[[index]]\nurl = "b.example"\nprojects = ["a"]', "index[0].url: is not an http, https or file address"),
        ('[[index]]\nurl = "https://b.example/"', "index[0].projects: is not a list of patterns"),
        ('[[index]]\nurl = "https://b.example/"\nprojects = []', "index[0].projects: is not a list of patterns"),
        ('[[index]]\nurl = "https://b.example/"\nprojects = "a"', "index[0].projects: is not a list of patterns"),
        ('[[index]]\nurl = "https://b.example/"\nprojects = ["a", 1]', "index[0].projects[1]: is not a pattern"),
        ('[[index]]\nurl = "https://b.example/"\nprojects = ["a/b"]', "index[0].projects[0]: is not a pattern"),
        (
            TEXT + '[[index]]\nurl = "https://d.example/"\nprojects = ["x", "ACME--*"]',
            "index[2].projects[1]: the pattern 'acme-*' is given twice",
        ),
        (
            TEXT + '[[index]]\nurl = "https://b.example/simple"\nprojects = ["x"]',
            "index[2].url: is that of index[0] again",
        ),
    ],
)
def test_files_that_are_refused(text, problem):
    with pytest.raises(UsageError) as caught:
        chosen_by_file(text, "indexes.toml")
    assert problem in caught.value.sentence
    assert "'indexes.toml'" in caught.value.sentence


def test_all_problems_are_told_together():
    with pytest.raises(UsageError) as caught:
        chosen_by_file('[[index]]\nurl = 1\n[[index]]\nurl = "https://a.example/"\nprojects = [1, "/"]', "x.toml")
    for word in ("index[0].url", "index[1].projects[0]", "index[1].projects[1]"):
        assert word in caught.value.sentence


@pytest.mark.parametrize("text", ["acme", "acme=", "=https://a.example/", "acme=a.example", "a b=https://a.example/"])
def test_options_that_are_refused(text):
    with pytest.raises(UsageError) as caught:
        chosen_by_options([text])
    assert "PATTERN=URL" in caught.value.hint
    with pytest.raises(UsageError, match="twice"):
        chosen_by_options([f"a.b={A}", f"a-b={B}"])


def test_errors_tell_no_password():
    with pytest.raises(UsageError) as caught:
        chosen_by_options(["acme=me:s3cr3t@a.example", "b c=https://me:s3cr3t@a.example/"])
    assert "s3cr3t" not in caught.value.sentence
