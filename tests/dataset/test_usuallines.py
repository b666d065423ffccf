"""Do lines in the usual form mean what the reader of all forms makes of them?"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from releaselines import release_to_line

from dataset import jsonl
from dataset.decode import Decoder
from dataset.jsonl import release_from_line
from dataset.records import File, Release
from dataset.usuallines import usual_line
from normalize.errors import UsageError


def slowly(line):
    """Read the line with nothing left out."""
    try:
        return jsonl._release(Decoder(jsonl._parse(line, "x"), "x"))
    except UsageError as error:
        return error.sentence


def told(line):
    try:
        return release_from_line(line, "x")
    except UsageError as error:
        return error.sentence


LISTED = Release(
    project="zope-interface",
    version="7.0",
    uploaded="2026-05-01T10:00:00Z",
    yanked="no",
    requires_python=">=3.8, <4",
    unknown="listed",
)
KNOWN = Release(
    project="six",
    version="1.17.0",
    requires=("a>=1",),
    source="wheel",
    trust="verified",
    files=tuple(File(name=f"six-{i}.whl", path=f"packages/ab/six-{i}.whl", sha256=f"{i}a" * 32) for i in range(3)),
)
SIZED = replace(KNOWN, files=(File(name="a-1.whl", size=7), File(name="b-1.whl", sha256="0a" * 32, size=0)))


@pytest.mark.parametrize("release", [LISTED, KNOWN, SIZED, replace(KNOWN, gone="2026-05-01T10:00:00Z", files=())])
def test_the_usual_is_read_without_the_decoder(release, monkeypatch):
    line = release_to_line(release)
    assert usual_line(line).files == release.files
    assert release_from_line(line, "x") == release
    monkeypatch.setattr(jsonl, "_release", None)  # what metadata says is known by now
    assert release_from_line(line.replace('"version":"', '"version":"1'), "x").version == f"1{release.version}"


edits = st.lists(
    st.tuples(
        st.integers(0, 400), st.integers(0, 3), st.sampled_from(['"', "\\", "]", "}", ",", "..", "//", "[", "é", ""])
    ),
    max_size=2,
)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.sampled_from([LISTED, KNOWN, SIZED]), edits)
def test_damaged_lines_are_read_or_refused_as_the_decoder_does(release, several):
    line = release_to_line(release)
    for at, cut, text in several:
        line = line[:at] + text + line[at + cut :]
    assert told(line) == slowly(line)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"six"', '"Six"'),
        ('"zope-interface"', f'"{"a" * 201}"'),
        ("2026-05-01", "2026-13-01"),
        ("2026-05-01", "0000-05-01"),
        ('"7.0"', '"7.0\\u0000"'),
        ('"no"', '"n\\"o"'),
        ('"no"', '"n\x7fo"'),
        ("six-0.whl", "../six-0.whl"),
        ("ab/six-1.whl", "ab/../six-1.whl"),
        ("ab/six-1.whl", "ab//six-1.whl"),
        ("six-1.whl", "six-0.whl"),
        ("},{", "}]{"),
        ("]}", "]}]}"),
        ('"version"', '"files":[],"version"'),
        ('"version"', '"files" :[{"name":"a"}],"version"'),
        ('"version"', '"project":"b","version"'),
        ('"a>=1"', r'"a>=1 ; os_name == \",\"files\":[\""'),
        ("0a0a", "0A0a"),
        ('"size":7', '"size":07'),
        ('"size":7', '"size":9999999999999999999'),
        ('"size":7', '"size":7.0'),
        ('"a-1.whl"', '"c-1.whl"'),
        ('"requires":', '"gone":null,"requires":'),
        ('"requires":', '"requires":["b"],"requires":'),
        ('"requires":["a>=1"]', '"requires":["b","a"]'),
        ('"requires":["a>=1"]', '"requires":["no such thing!"]'),
        ('"requires":["a>=1"]', '"requires":["é"]'),
    ],
)
def test_no_form_slips_through(old, new):
    lines = [release_to_line(one).replace(old, new, 1) for one in (LISTED, KNOWN, SIZED)]
    assert lines != [release_to_line(one) for one in (LISTED, KNOWN, SIZED)]
    assert [told(line) for line in lines] == [slowly(line) for line in lines]
