"""Do the parts of a specifier say the same as the specifier?"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from normalize.specifiers import Part, floor, is_pin, violated_part, violated_parts

numbers = st.integers(0, 3)
releases = st.lists(numbers, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
epochs = st.sampled_from(["", "", "", "1!"])
suffixes = st.sampled_from(
    ["", "", "", "a1", "rc2", ".post0", ".post1", ".dev3", "rc1.post2", "rc1.dev1", ".post1.dev2"]
)
locals_ = st.sampled_from(["", "", "", "+local", "+1.x"])


def joined(*parts):
    return st.tuples(*parts).map("".join)


versions = joined(epochs, releases, suffixes, locals_)
public = joined(epochs, releases, suffixes)
two_parts = st.lists(numbers, min_size=2, max_size=3).map(lambda parts: ".".join(map(str, parts)))
specifiers = st.one_of(
    joined(st.sampled_from([">=", ">", "<", "<="]), public),
    joined(st.sampled_from(["==", "!="]), versions),
    joined(st.sampled_from(["==", "!="]), epochs, releases, st.just(".*")),
    joined(st.just("~="), epochs, two_parts, suffixes),
    joined(st.just("==="), versions),
)
sets = st.lists(specifiers, max_size=3).map(lambda found: SpecifierSet(",".join(found)))


def same_base(one, other):
    return Version(one.base_version) == Version(other.base_version)


@settings(max_examples=settings.default.max_examples)
@given(sets, versions.map(Version))
@example(SpecifierSet(">1.0"), Version("1.0.post1"))  # PEP 440: ">V" does not accept V's post-releases
@example(SpecifierSet("<2.0"), Version("2.0rc1"))  # PEP 440: "<V" does not accept V's pre-releases
@example(SpecifierSet(">1.0"), Version("1.0+local"))
@example(SpecifierSet("==1.0"), Version("1.0+local"))
@example(SpecifierSet(""), Version("1.0.dev1"))
@example(SpecifierSet("===1.0"), Version("1.0.0"))
def test_a_version_satisfies_specifiers_exactly_where_it_violates_no_part(specifiers, version):
    parts = violated_parts(specifiers, version)
    assert (not parts) == specifiers.contains(version, prereleases=True)
    assert parts == {part for one in specifiers if (part := violated_part(one, version)) is not None}


@given(sets, versions.map(Version))
def test_each_part_says_on_which_side_the_version_lies(specifiers, version):
    for one in specifiers:
        part = violated_part(one, version)
        if part is None:
            continue
        assert (part is Part.EXCLUSION) == (one.operator == "!=")
        bound = Version(one.version.removesuffix(".*"))
        if part is Part.LOWER:
            # the post-releases and local versions of V, which ">V" refuses, are the only ones above the bound
            assert version <= bound or (one.operator == ">" and same_base(version, bound))
        elif part is Part.UPPER:
            # and so are its pre-releases, which "<V" refuses, below it
            assert version >= bound or (one.operator == "<" and same_base(version, bound))


@pytest.mark.parametrize(
    ("specifier", "version", "part"),
    [
        (">=2", "1.9", Part.LOWER),
        (">2", "2", Part.LOWER),
        ("<2", "2", Part.UPPER),
        ("<=2", "2.0.1", Part.UPPER),
        ("~=2.8.2", "2.8.1", Part.LOWER),
        ("~=2.8.2", "2.9", Part.UPPER),
        ("==2.*", "1.9", Part.LOWER),
        ("==2.*", "3", Part.UPPER),
        ("==2.1", "2.0", Part.LOWER),
        ("==2.1", "2.2", Part.UPPER),
        ("===2.1", "2.2", Part.UPPER),
        ("!=2.1", "2.1", Part.EXCLUSION),
        ("!=2.*", "2.1", Part.EXCLUSION),
        ("<2", "2rc1", Part.UPPER),
        (">=1!1", "5", Part.LOWER),
    ],
)
def test_which_part_is_violated(specifier, version, part):
    assert violated_parts(SpecifierSet(specifier), Version(version)) == {part}


@given(sets, versions.map(Version))
def test_no_version_below_the_floor_satisfies(specifiers, version):
    """But for pre-releases of the first version that a wildcard admits, which its floor stands for."""
    lowest = floor(specifiers)
    odd = any(one.operator == "===" or (one.version.endswith(".*") and version.is_prerelease) for one in specifiers)
    if lowest is not None and version < lowest and not odd:
        assert violated_parts(specifiers, version)


@pytest.mark.parametrize(
    ("specifier", "pin"),
    [("==1", True), ("===1", True), ("==1.*", False), ("~=1.0", False), ("", False), (">1,==2", True)],
)
def test_pins(specifier, pin):
    assert is_pin(SpecifierSet(specifier)) == pin
