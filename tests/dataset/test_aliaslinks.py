"""Where aliases lead: renames with their dates, chains, circles, removals, and what lies outside of the set."""

import pytest
from namemaps import name_map

from dataset.currentset import Attribute, CurrentSet
from dataset.namelinks import links_of_current_set
from normalize.aliases import Alias
from normalize.projects import ProjectName

CURRENT = CurrentSet(
    revision="",
    date="",
    attributes=(
        Attribute(name="clang", project=ProjectName("clang"), alternatives=(ProjectName("libclang"),)),
        Attribute(name="scikit-learn", project=ProjectName("scikit-learn"), confidence="certain"),
        Attribute(name="subunit", project=ProjectName("python-subunit"), confidence="certain"),
        Attribute(name="xen", project=None),
    ),
    elsewhere=frozenset({"yarl"}),
    aliases=(
        Alias(name="scikitlearn", target="scikit-learn", fatal=True, date="2025-10-29"),
        Alias(name="sklearn_old", target="scikitlearn"),
        Alias(name="llvm-clang", target="clang"),
        Alias(name="xenlib", target="xen"),
        Alias(name="autotrash", target="pkgs.autotrash", fatal=True),
        Alias(name="elsewhere", target="not-described_2"),
        Alias(name="yarrl", target="yarl"),
        Alias(name="abjad", fatal=True, date="2026-03-24", reason="lack of maintenance"),
        Alias(name="to-abjad", target="abjad"),
        Alias(name="a", target="b"),
        Alias(name="b", target="a"),
        Alias(name="python-subunit", target="subunit", fatal=True),
        Alias(name="subunit", target="python-subunit"),
        Alias(name="python3Packages", fatal=True),
        Alias(name="bad name\n", target="scikit-learn"),
    ),
)
NAMES = name_map(links_of_current_set(CURRENT))


@pytest.mark.parametrize(
    ("query", "project", "attributes"),
    [
        ("scikitlearn", "scikit-learn", ("scikit-learn",)),
        ("sklearn_old", "scikit-learn", ("scikit-learn",)),
        ("xenlib", None, ("xen",)),
        ("autotrash", None, ("pkgs.autotrash",)),
        ("pkgs.autotrash", None, ("pkgs.autotrash",)),
        ("elsewhere", "not-described", ("not-described_2",)),
        ("yarrl", "yarl", ("yarl",)),
        ("abjad", "abjad", ()),
        ("to-abjad", "abjad", ()),
        ("python-subunit", "python-subunit", ("subunit",)),
        ("subunit", "python-subunit", ("subunit",)),
    ],
)
def test_an_alias_leads_to_its_target(query, project, attributes):
    (match,) = NAMES.lookup(query).matches
    assert (match.project, match.attributes) == (project, attributes)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "scikitlearn",
            "former attribute scikitlearn: nixpkgs renamed it to scikit-learn on 2025-10-29; its use is an error",
        ),
        (
            "sklearn_old",
            "former attribute sklearn_old: nixpkgs renamed it to scikitlearn; trail sklearn_old -> scikitlearn -> ",
        ),
        ("abjad", "former attribute abjad: nixpkgs removed it on 2026-03-24: lack of maintenance; its name is all"),
        ("a", "former attribute a: an alias that leads to itself: a -> b -> a"),
    ],
)
def test_the_evidence_tells_what_nixpkgs_did_and_when(query, sentence):
    evidence = [line for match in NAMES.lookup(query).matches for line in match.evidence]
    assert any(line.startswith(sentence) for line in evidence), evidence


def test_an_ambiguous_target_stays_ambiguous():
    assert [match.project for match in NAMES.lookup("llvm-clang").matches] == ["clang", "libclang"]


def test_a_removed_attribute_is_no_attribute_and_only_a_guess():
    (match,) = NAMES.lookup("abjad").matches
    assert match.attributes == ()
    assert "attribute: none is known; nixpkgs' rules would name it abjad" in match.evidence


def test_a_guard_is_no_package():
    assert NAMES.lookup("python3Packages").matches == ()
