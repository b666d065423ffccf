"""Requirements are read as packaging reads them, however quickly."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508

from normalize.projects import extra_name
from normalize.requirements import applies, parse_requirement
from normalize.targets import parse_target

OLD_INDEX = Path(__file__).parents[3] / "shared" / "data" / "pypi-2020" / "index"

TARGETS = (parse_target("3.13 x86_64-linux"), parse_target("3.12 aarch64-darwin"))

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


clauses = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["extra", "extra", "extra", "python_version", "platform_system"]),
    st.sampled_from([" == ", "==", " != ", " < ", " in "]),
    st.sampled_from(["'xy'", '"xy"', "'X_y.z'", "'v1'", "'3.13'", "'a or b'", "'ab\" and extra == \"xy'", "'Linux'"]),
    st.sampled_from(["", " ", ")"]),
    st.sampled_from(["", " ", "\n"]),
)
markers = st.lists(clauses, min_size=1, max_size=3).flatmap(
    lambda several: st.lists(
        st.sampled_from([" and ", " and ", " and (", " or ", "and"]), min_size=len(several), max_size=len(several)
    ).map(lambda joints: "".join(text for pair in zip(["", *joints], several, strict=False) for text in pair))
)


@settings(max_examples=200)
@given(markers, st.sampled_from(["a; ", "a;", "a>=1;", "a @ file:///b;c ; "]), st.sampled_from(["", "xy", "x-y-z"]))
def test_where_a_requirement_applies_is_what_packaging_says(marker, head, extra):
    mine = parse_requirement(head + marker)
    try:
        whole = Pep508(head + marker)
    except InvalidRequirement:
        assert mine is None
        return
    assert mine is not None
    assert (str(mine.marker or ""), mine.condition) == (str(whole.marker or ""),) * 2
    expected = [
        whole.marker is None or whole.marker.evaluate({**target.environment(), "extra": extra}) for target in TARGETS
    ]
    assert [bool(applies(mine, TARGETS, extra) >> i & 1) for i in range(len(TARGETS))] == expected


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
