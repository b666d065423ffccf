"""A requirement that another one contains is met wherever that one is, and something is always left."""

from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version

from normalize.implied import implied

CLAUSES = st.lists(st.sampled_from(("<2", "<2.0", ">=1", "!=1.5", "==1.*")), max_size=3).map(",".join)
TEXTS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(("lib", "Lib", "other")),
    st.sampled_from(("", "[x]", "[x,y]")),
    CLAUSES,
    st.sampled_from(("", "; os_name == 'nt'", "; os_name == 'posix'")),
)
VERSIONS = [Version(text) for text in ("0.5", "1.0", "1.5", "1.9", "2.0")]


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_what_is_left_says_all(texts):
    gone = implied(texts)
    left = {*texts} - gone
    assert left
    for text in gone:
        one = Requirement(text)
        assert any(
            other.name.lower() == one.name.lower()
            and one.extras <= other.extras
            and (other.marker is None or other.marker == one.marker)
            and all(one.specifier.contains(version) for version in VERSIONS if other.specifier.contains(version))
            for other in map(Requirement, left)
        )
    assert not implied(left)


def test_what_is_no_requirement_and_what_names_a_source_stay():
    assert implied(["lib>=1 (to build)", "lib>=1", "lib @ https://host.example/lib.zip", "lib"]) == {"lib"}


def test_of_a_project_that_more_than_a_hundred_lines_name_all_stay():
    lines = [f"lib>=1,!=1.{i}" for i in range(98)]
    assert implied([*lines, "lib>=1", "other>=1", "other>=1,<2"]) == {"lib>=1", "other>=1"}
    assert implied([*lines, "lib>=1", "lib", "lib; os_name == 'nt'", "other>=1", "other>=1,<2"]) == {"other>=1"}


def test_no_requirement_is_compared_with_thousands(monkeypatch):
    compared = []
    monkeypatch.setattr("normalize.implied._contains", lambda *pair: compared.append(pair))
    hostile = [f"lib>=1,!=1.{i}" for i in range(2_000)]
    assert not implied([*hostile, *(f"other{i}>=1" for i in range(2_000)), "lone", "lone>=1"])
    assert len(compared) == 2
