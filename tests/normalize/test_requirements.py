"""Requirements are read as packaging reads them, however quickly."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508

from normalize.projects import extra_name
from normalize.requirements import parse_requirement

OLD_INDEX = Path(__file__).parents[3] / "shared" / "data" / "pypi-2020" / "index"

blank = st.sampled_from(["", "", "", " ", "  ", "\t", "\n"])
names = st.sampled_from(["a", "a.b", "A_b-c", "a-1", "a.", "-a", "é", "1", "a--b", ""])
extras = st.sampled_from(["", "", "", "[x]", "[x,Y.z]", "[ x , y ]", "[]", "[x,]", "[x", "[-x]"])
operators = st.sampled_from(["==", ">=", "<", "~=", "!=", "<=", ">", "===", "=", ">>", "^"])
versions = st.sampled_from(
    ["1", "1.2", "1.*", "1.2rc1", "1!2", "1+local", "1.0.*.1", "*", "", "dev", "1-1", "2004d", "v1"]
)
clauses = st.tuples(operators, blank, versions).map("".join)
separators = st.sampled_from([",", ",", " , ", " ", ",,", ", "])
specifiers = st.lists(st.tuples(clauses, separators), max_size=3).map(
    lambda several: "".join(a + b for a, b in several[:-1]) + (several[-1][0] if several else "")
)
wrapped = specifiers | specifiers.map("({})".format) | specifiers.map("{},".format)
urls = st.sampled_from(["", "", "", "", " @ https://a.example/x;y", "@file:///x ; os_name=='nt'"])
markers = st.sampled_from(
    [
        "",
        "",
        ";",
        "; ",
        "; os_name == 'nt'",
        ";extra=='X_y'",
        "; python_version in '2.7 3.5'",
        "; nonsense",
        "; os.name=='nt'",
        ";;",
    ]
)
texts = st.tuples(blank, names, blank, extras, blank, wrapped, urls, blank, markers, blank).map("".join)


def theirs(text):
    try:
        found = Pep508(text)
    except InvalidRequirement:
        return None
    return (
        extra_name(found.name),
        tuple(sorted({extra_name(one) for one in found.extras})),
        found.specifier,
        "" if found.marker is None else str(found.marker),
        found.url,
        found.name,
    )


def ours(text):
    found = parse_requirement(text)
    if found is None:
        return None
    assert found.text == text
    assert (found.marker is None) == (found.condition == "")
    assert found.bounds.text == str(found.specifier)
    return (found.project, found.extras, found.specifier, found.condition, found.url, found.name)


@settings(max_examples=settings.default.max_examples * 2)
@given(texts)
def test_the_quick_way_and_packaging_agree(text):
    assert ours(text) == theirs(text)


@given(st.text(alphabet="ab[],;<>=!~@.* ()1'\"", max_size=20))
def test_they_agree_on_anything(text):
    assert ours(text) == theirs(text)


@pytest.mark.skipif(not OLD_INDEX.is_dir(), reason="the extracts of an index of 2020 do not lie beside the repository")
def test_they_agree_on_what_an_index_of_2020_held():
    lines = {
        line
        for path in OLD_INDEX.glob("*.json")
        for releases in json.loads(path.read_text()).values()
        if isinstance(releases, dict)
        for release in releases.values()
        for line in release["dependencies"]
    }
    assert len(lines) > 5_000
    for line in sorted(lines):
        assert ours(line) == theirs(line), line
