"""Nix's answer to whether a version is good enough, held against that of packaging."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

from nixpkgs.nixtext import nix_string
from nixpkgs.versiontest import NEVER, SUFFICES, version_tests

LIB = """
let
  lib = {
    versionOlder = version: other: builtins.compareVersions other version == 1;
    versionAtLeast = version: other: ! lib.versionOlder version other;
  };
"""
VERSIONS = (
    *("0.9", "1", "1.0", "1.0.0", "1.0a1", "1.0.post1", "1.0.1", "1.0.1.dev3", "1.1", "2", "2.0.0", "2.0.1", "2.1"),
    *("2.10", "3.0rc1", "3.0-beta.2", "3.0", "3", "2026.04.22"),
)
BOUNDS = (
    "1",
    "1.0",
    "1.0.post1",
    "1.0.1",
    "2.0",
    "2.0.1",
    "2.10",
    "3.0rc1",
    "3.0",
    "3.0rc1.post1",
    "1.0.post1.dev1",
    "2026.4.22",
)
SPECIFIERS = (
    *(operator + bound for operator in (">=", ">", "<", "<=", "==", "!=") for bound in BOUNDS),
    *("==1.*", "==2.0.*", "!=2.0.*", "~=2.0", "~=1.0.1", "~=3.0rc1", ">=1!2", "===2.0", "", ">=1,<2,!=1.0.1"),
)


@pytest.mark.system
def test_nix_compares_as_packaging_does(nix):
    """But of a pre-release of the very release that a bound names, of ``===`` and epochs, it says no to be safe."""
    wanted = " ".join(map(nix_string, VERSIONS))
    tests = [" && ".join(version_tests(SpecifierSet(text))) or "true" for text in SPECIFIERS]
    asked = [f'(map (one: suffices {{ version = one; }} "none" (version: {test})) [ {wanted} ])' for test in tests]
    found = nix.evaluate(f"{LIB}{SUFFICES} in [{' '.join(asked)}]")
    for text, row in zip(SPECIFIERS, found, strict=True):
        for version, answer in zip(VERSIONS, row, strict=True):
            right = SpecifierSet(text).contains(version, prereleases=True)
            if _is_settled(text, Version(version)):
                assert answer == right, (text, version)
            elif all(one.operator != ">" for one in SpecifierSet(text)):
                assert answer <= right, (text, version)


def _is_settled(text, version):
    bounds = [Version(one.version.removesuffix(".*")) for one in SpecifierSet(text)]
    if text.startswith("===") or any(one.epoch or (one.is_prerelease and one.is_postrelease) for one in bounds):
        return False
    if text.startswith(">") and "=" not in text and version.is_postrelease:
        return False  # Python takes 1.0.post1 for no newer than 1.0 here
    return not version.is_prerelease or all(
        Version(one.base_version) != Version(version.base_version) for one in bounds
    )


@given(
    st.lists(
        st.builds(
            lambda operator, numbers, end: Specifier(operator + ".".join(map(str, numbers)) + end),
            st.sampled_from((">=", ">", "<", "<=", "==", "!=")),
            st.lists(st.integers(0, 30), min_size=1, max_size=4),
            st.sampled_from(("", "rc1", ".post1", ".dev1")),
        ),
        max_size=5,
    )
)
@settings(max_examples=30)
def test_the_order_of_specifiers_does_not_matter(several):
    assert version_tests(several) == version_tests(reversed(several))
    assert bool(version_tests(several)) == bool(several)


@pytest.mark.parametrize("text", ["===${throw 1}", '==="', "===\\", "===''", ">=1!1", "==1.0+local"])
def test_what_nix_cannot_compare_never_gets_into_it(text):
    assert version_tests([Specifier(text.replace(" ", "")), Specifier(">=1")]) == (NEVER,)


def test_an_excluded_pre_release_is_told_from_its_neighbours():
    assert version_tests([Specifier("!=2.0rc1")]) == (
        '(lib.versionOlder version "2pre" || lib.versionAtLeast version "2")',
    )
