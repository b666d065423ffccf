"""The two parts of a specifier: together they say what the whole says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from normalize.specifierparts import lower_part, upper_part
from normalize.specifiers import Part, violated_parts

VERSIONS = tuple(
    map(
        Version, ("0.9", "1.0.dev1", "1.0rc1", "1.0", "1.0.post1", "1.1rc1", "1.1", "1.4.2", "1.5.dev0", "2.0", "1!0.5")
    )
)
CLAUSES = (
    *(">=1.0", ">1.0", "<1.1", "<=1.0", "~=1.0", "~=1.0.1", "~=1.1rc1", "==1.0", "==1.*", "==1.4.*", "!=1.0", "!=1.*"),
    *("~=1!0.5", "==1!0.*", "===1.0", "===weird"),
)


@given(st.lists(st.sampled_from(CLAUSES), max_size=3, unique=True), st.sampled_from(VERSIONS))
def test_a_version_violates_a_part_where_it_violates_the_whole_there(clauses, version):
    whole = SpecifierSet(",".join(clauses))
    violated = violated_parts(whole, version)
    assert violated_parts(lower_part(whole), version) == violated & {Part.LOWER}
    assert violated_parts(upper_part(whole), version) == violated - {Part.LOWER}


@pytest.mark.parametrize(
    ("whole", "lower", "upper"),
    [
        ("", "", ""),
        (">=1,<2", ">=1", "<2"),
        ("~=1.4.2", ">=1.4.2", "<1.5"),
        ("==1.0", ">=1.0", "<=1.0"),
        ("==1.0+cpu", ">=1.0", "==1.0+cpu"),  # no ceiling can name a local version
        ("!=1.0", "", "!=1.0"),
        ("===anything", "", "===anything"),
    ],
)
def test_how_the_parts_are_written(whole, lower, upper):
    assert (str(lower_part(SpecifierSet(whole))), str(upper_part(SpecifierSet(whole)))) == (lower, upper)
