"""The name map: what leads where, with which evidence, and that nothing is answered silently."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from namemaps import name_map

from normalize.errors import UsageError
from normalize.names import Link
from normalize.projects import ProjectName
from normalize.queries import name_in


def link(project, kind, name, strength="certain", **told):
    told = {"source": "nixpkgs", "because": "a fact"} | told
    return Link(project=ProjectName(project), kind=kind, name=name, strength=strength, **told)


LINKS = [
    link("scikit-learn", "attribute", "scikit-learn", because="fetchPypi"),
    link("scikit-learn", "import", "sklearn", because="an import check"),
    link("scikit-learn", "former-attribute", "scikitlearn", source="names table", because="renamed"),
    link("pycryptodome", "attribute", "pycryptodome"),
    link("pycryptodome", "import", "Crypto"),
    link("clang", "attribute", "clang", "guess"),
    link("clang", "import", "clang"),
    link("libclang", "attribute", "clang", "guess"),
    link("libclang", "import", "clang"),
    link("cython", "attribute", "cython_0", "likely"),
    link("protobuf", "attribute", "protobuf"),
    link("protobuf", "import", "google.protobuf"),
    link("google-auth", "import", "google.auth"),
    link("google-auth", "import", "google.oauth2"),
    link("googleapis-common-protos", "top-level", "google", source="index"),
    link("numpy", "top-level", "numpy", source="index"),
    link("repoze-lru", "import", "repoze.lru"),
    link("repoze-lru", "top-level", "repoze", source="index"),
    link("unused", "import", "_unused"),
]
NAMES = name_map(LINKS)


def projects(query):
    return [match.project for match in NAMES.lookup(query).matches]


@pytest.mark.parametrize(
    ("query", "project"),
    [
        ("sklearn", "scikit-learn"),
        ("scikit-learn", "scikit-learn"),
        ("Scikit_Learn", "scikit-learn"),
        ("scikit.learn", "scikit-learn"),
        ("scikitlearn", "scikit-learn"),
        ("sklearn.svm", "scikit-learn"),
        ("sklearn.svm._base", "scikit-learn"),
        ("python3Packages.scikit-learn", "scikit-learn"),
        ("pkgs.python313Packages.scikit-learn", "scikit-learn"),
        ("python3.pkgs.scikit-learn", "scikit-learn"),
        ('"scikit-learn"', "scikit-learn"),
        (" numpy ", "numpy"),
        ("google.protobuf", "protobuf"),
        ("google.protobuf.message", "protobuf"),
        ("google.oauth2.credentials", "google-auth"),
        ("google-auth", "google-auth"),
        ("cython_0", "cython"),
        ("_unused", "unused"),
        ("repoze.lru", "repoze-lru"),
    ],
)
def test_every_spelling_leads_to_its_project(query, project):
    lookup = NAMES.lookup(query)
    assert [match.project for match in lookup.matches] == [project]
    assert not lookup.ambiguous
    assert lookup.near == ()


def test_a_match_tells_the_other_spellings_and_why():
    (match,) = NAMES.lookup("sklearn").matches
    assert (match.project, match.attributes, match.imports) == ("scikit-learn", ("scikit-learn",), ("sklearn",))
    assert match.confidence == "certain"
    assert match.evidence == (
        "import sklearn: an import check (nixpkgs, certain)",
        "attribute scikit-learn: fetchPypi (nixpkgs, certain)",
        "former attribute scikitlearn: renamed (names table, certain)",
    )


def test_an_attribute_that_may_be_two_projects_is_shown_as_a_guess():
    lookup = NAMES.lookup("clang")
    assert lookup.ambiguous
    assert [(match.project, match.confidence) for match in lookup.matches] == [
        ("clang", "guess"),
        ("libclang", "guess"),
    ]


def test_a_namespace_is_ambiguous_and_nothing_in_it_is_guessed():
    lookup = NAMES.lookup("google")
    assert lookup.ambiguous
    assert [(match.project, match.confidence) for match in lookup.matches] == [
        ("protobuf", "guess"),  # first, because nixpkgs has it
        ("google-auth", "guess"),
        ("googleapis-common-protos", "guess"),
    ]
    assert NAMES.lookup("google.cloud.storage").matches == ()


def test_the_first_part_of_a_namespace_is_not_shown_as_an_import_name():
    (match,) = NAMES.lookup("repoze-lru").matches
    assert match.imports == ("repoze.lru",)


def test_another_case_is_only_likely():
    (match,) = NAMES.lookup("crypto").matches
    assert (match.project, match.confidence) == ("pycryptodome", "likely")
    assert match.evidence[0].startswith("spelled like import Crypto; ")
    assert NAMES.lookup("Crypto").matches[0].confidence == "certain"


def test_a_versioned_attribute_leads_to_its_base_only_with_an_underscore():
    (match,) = NAMES.lookup("numpy_1").matches
    assert (match.project, match.confidence) == ("numpy", "likely")
    assert NAMES.lookup("numpy2").matches == ()  # perhaps another project
    assert NAMES.lookup("numpy2").near == ("numpy",)


def test_a_project_without_attribute_is_told_what_the_rules_would_name_it():
    (match,) = NAMES.lookup("numpy").matches
    assert match.attributes == ()
    assert "attribute: none is known; nixpkgs' rules would name it numpy" in match.evidence


def test_unknown_names_have_near_ones():
    lookup = NAMES.lookup("scikit-lern")
    assert (lookup.matches, lookup.ambiguous, lookup.near[0]) == ((), False, "scikit-learn")
    assert NAMES.lookup("zzzzzzzz").near == ()


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "\t",
        "a" * 10_000,
        "a\x1b[2Jb",
        "a\nb",
        "a\x00",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "${builtins.abort}",
        "with import <nixpkgs> {}; x",
        "ѕklearn",
        "numpy\u202e",
        "ｎumpy",
        "\udcff",
        "-",
        ".",
        '""',
        '"',
        "python3Packages.",
        "--help",
        "<script>",
        "numpy==2",
    ],
)
def test_what_cannot_be_a_name_is_refused_in_one_harmless_sentence(query):
    with pytest.raises(UsageError) as caught:
        NAMES.lookup(query)
    assert caught.value.sentence.isascii()
    assert caught.value.sentence.isprintable()
    assert len(caught.value.sentence) < 1000
    assert caught.value.hint


def test_a_look_alike_letter_is_named():
    with pytest.raises(UsageError, match=r"'\\u0455klearn' holds U\+0455 \(CYRILLIC SMALL LETTER DZE\)"):
        name_in("ѕklearn")


def test_the_order_of_the_links_does_not_matter():
    other = name_map(reversed([*LINKS, *LINKS]))
    assert other == NAMES
    assert NAMES.projects == tuple(sorted({one.project for one in LINKS}))


@given(st.sampled_from(LINKS), st.data())
def test_any_spelling_of_a_known_project_finds_it(one, data):
    parts = one.project.split("-")
    separators = data.draw(
        st.lists(st.text("-_.", min_size=1, max_size=3), min_size=len(parts) - 1, max_size=len(parts) - 1)
    )
    spelled = parts[0] + "".join(separator + part for separator, part in zip(separators, parts[1:], strict=True))
    cased = "".join(letter.upper() if data.draw(st.booleans()) else letter for letter in spelled)
    assert one.project in projects(cased)


@given(st.sampled_from([one for one in LINKS if one.kind != "top-level"]))
def test_every_link_leads_to_its_project(one):
    assert one.project in projects(one.name)


@given(st.sampled_from([one for one in LINKS if one.kind == "import"]), st.from_regex(r"[a-z]{1,5}", fullmatch=True))
def test_what_lies_in_an_import_name_belongs_to_it(one, module):
    assert projects(f"{one.name}.{module}") == projects(one.name)


@given(st.one_of(st.text(), st.text("ab-_.'\"$1", max_size=12)))
def test_any_text_is_answered_or_refused(text):
    lookup = None
    with contextlib.suppress(UsageError):
        lookup = NAMES.lookup(text)
    assert lookup is None or lookup.query == text
    assert lookup is None or not (lookup.matches and lookup.near)


@given(st.lists(st.sampled_from(LINKS)))
def test_more_links_never_hide_a_project_behind_fewer(links):
    some = name_map(links)
    for one in links:
        if one.kind != "top-level":
            assert one.project in [match.project for match in some.lookup(one.name).matches]
