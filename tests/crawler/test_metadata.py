"""METADATA text: what is read, what is kept verbatim, and where two parsers disagree."""

import time

import pkginfo
import pytest
from builtfiles import metadata
from hypothesis import given
from hypothesis import strategies as st
from packaging.metadata import parse_email

from crawler.archive import BadArchive
from crawler.headers import header_part, read_header
from crawler.metadata import judged, parse_metadata

FIRST = b"Metadata-Version: 2.1\nName: a\nVersion: 1\n"


def codes(found):
    return [code for code, _ in found.doubts]


def test_fields():
    found = parse_metadata(
        metadata(
            "A.b",
            "1.0",
            ["x>1", "y; extra == 'Test'", "x>1"],
            extra=["Provides-Extra: Test", "Requires-Python: >=3.9", "Import-Name: a.b", "Import-Name: _c ; private"],
            metadata_version="2.5",
        )
    )
    assert (found.name, found.version, found.requires_python) == ("A.b", "1.0", ">=3.9")
    assert found.requires == ("x>1", "y; extra == 'Test'")
    assert (found.extras, found.imports, found.metadata_version) == (("Test",), ("_c", "a.b"), (2, 5))
    assert found.doubts == ()
    assert found.belongs_to("a-b", "1.0.0")
    assert not found.belongs_to("a-b", "1.1")
    assert not found.belongs_to("b", "1.0")


@pytest.mark.parametrize(
    ("lines", "imports"),
    [
        ([], None),
        (["Import-Name:"], ()),
        (["Import-Name: a", "Import-Namespace: ns"], ("a",)),
        (["Import-Namespace: ns ; private"], ("ns",)),
        (["Import-Name: a-b", "Import-Name: ../x", "Import-Name: é"], ("é",)),
    ],
)
def test_declared_import_names(lines, imports):
    assert parse_metadata(metadata("a", "1", extra=lines, metadata_version="2.5")).imports == imports


GOOD = metadata("a", "1", ["good"])
ODD = {
    "byte order mark": (b"\xef\xbb\xbf" + GOOD, ["not-utf8"]),
    "UTF-16": (GOOD.decode().encode("utf-16"), ["not-utf8"]),
    "UTF-16, big end first": (b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), ["not-utf8"]),
    "Latin-1": (GOOD.replace(b"Name", b"Author: J\xfcrgen\nName"), ["not-utf8"]),
    "Latin-1 in the description": (GOOD + b"J\xfcrgen", []),
    "CRLF": (GOOD.replace(b"\n", b"\r\n"), []),
    "CR only": (GOOD.replace(b"\n", b"\r"), []),
    "NUL": (GOOD.replace(b"Name", b"Summary: \0x\nName"), []),
    "form feed": (GOOD.replace(b"Name", b"Summary: a\x0cb\x0bc\nName"), []),
    "form feed as a line": (GOOD.replace(b"Name", b"\x0c\nName"), ["odd-header"] + ["parser-disagreement"] * 2),
    "version 1.0": (metadata("a", "1", ["good"], metadata_version="1.0"), []),
    "version 2.6": (metadata("a", "1", ["good"], metadata_version="2.6"), []),
    "version 3.0": (metadata("a", "1", ["good"], metadata_version="3.0"), []),
    "version two": (metadata("a", "1", ["good"], metadata_version="two"), []),
    "no version": (GOOD.replace(b"Metadata-Version: 2.1\n", b""), []),
    "two versions": (b"Metadata-Version: 2.1\n" + GOOD, ["odd-field"]),
    "folded": (GOOD.replace(b": good", b": \n  good\n"), []),
    "line without a colon": (GOOD.replace(b"Name", b"no field\nName"), ["odd-header"] + ["parser-disagreement"] * 2),
    "space before the colon": (GOOD.replace(b"Dist:", b"Dist :"), ["odd-header"] + ["parser-disagreement"] * 2),
    "blank Requires-Dist": (GOOD.replace(b"Name", b"Requires-Dist:\nRequires-Dist:  \nName"), []),
    "Requires": (GOOD.replace(b"Name", b"Requires: sqlite3\nObsoletes: x\nProvides-Dist: y\nName"), []),
    "encoded word": (GOOD.replace(b"Name", b"Author: =?utf-8?q?J=C3=BCrgen?=\nName"), []),
    "requires-python": (GOOD.replace(b"Name", b"Requires-Python: three\nName"), ["odd-field"]),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_but_readable(case):
    text, doubts = ODD[case]
    found = parse_metadata(text)
    assert found.requires == ("good",)
    assert found.unusable == ()
    assert codes(found) == doubts
    assert found.belongs_to("a", "1")


@pytest.mark.parametrize("second", ["Name: b", "Version: 2"])
def test_two_names_or_versions_belong_to_nothing(second):
    found = parse_metadata(metadata("a", "1", extra=[second]))
    assert not found.belongs_to("a", "1")
    assert codes(found) == ["odd-field"]


def test_version_of_five_thousand_digits_belongs_to_nothing():
    assert not parse_metadata(metadata("a", "1" * 5000)).belongs_to("a", "1")


def test_description_is_not_read():
    assert parse_metadata(metadata("a", "1")).requires == ()
    assert parse_metadata(b"Description: x\n\n        y\nRequires-Dist: z\n" + FIRST).requires == ()


@pytest.mark.parametrize(
    "line",
    [
        "x>=18.5decorator",
        "x; " + "(" * 1000 + "os_name=='a'" + ")" * 1000,
        "x==" + "9" * 5000,
        "x" * 100000,
        "x; unknown_variable == '1'",
        "x; python_version >= 2",
        "",
    ],
)
def test_lines_that_are_not_requirements_are_kept(line):
    found = parse_metadata(metadata("a", "1", ["good", line]))
    assert found.requires == ("good",)
    assert found.unusable == ((line,) if line else ())


def test_repaired_lines_are_said():
    found = parse_metadata(metadata("a", "1", ["good", "b>=7.2.0<8.0.0", "C (<3.4.*); os.name=='NT' "]))
    assert found.requires == ("C (<3.4); os.name=='NT'", "b>=7.2.0,<8.0.0", "good")
    assert found.repaired == ("missing-comma: b>=7.2.0<8.0.0", "star-without-equality: C (<3.4.*); os.name=='NT' ")
    assert found.unusable == ()


def requirements(count):
    return FIRST + b"".join(b"Requires-Dist: p%d\n" % one for one in range(count))


HOSTILE = {
    "nested parentheses": FIRST + b"Requires-Dist: x; " + b"(" * 1000 + b"os_name=='a'" + b")" * 1000,
    "a line of 1 MB": FIRST + b"Requires-Dist: x" + b" " * 1_000_000 + b"y",
    "a line of 1 MB of commas": FIRST + b"Requires-Dist: x" + b",>1" * 300_000,
    "digits": FIRST + b"Requires-Dist: x==" + b"9" * 1_000_000,
    "versions": FIRST + b"Requires-Dist: x" + b",>=1.0" * 600,
    "dots": FIRST + b"Requires-Dist: x>=" + b"1." * 490 + b"x",
    "quotes": FIRST + b"Requires-Dist: x; " + b"'" * 980,
    "spaces": FIRST + b"Requires-Dist: x" + b" " * 980 + b"!",
    "folds": FIRST + b"Requires-Dist: x\n" + b" y\n" * 300_000,
    "blanks": FIRST + b"Summary: x" + b" \n \t" * 300_000,
    "fields": FIRST + b"x:\n" * 300_000,
    "lines": FIRST + b"x\n" * 300_000,
    "carriage returns": b"\r" * 1_000_000 + FIRST,
    "colons": b":" * 1_000_000,
    "8 MiB": FIRST + b"Summary: " + b"x" * (8 << 20),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_catastrophic_input_costs_little(case):
    start = time.process_time()
    assert parse_metadata(HOSTILE[case]).requires in ((), ("x" + ",>=1.0" * 600,))
    assert time.process_time() - start < 20  # what backtracks takes hours


def test_more_requirements_than_any_release_has():
    assert len(parse_metadata(requirements(1_000)).requires) == 1_000
    start = time.process_time()
    with pytest.raises(BadArchive) as caught:
        parse_metadata(requirements(100_000))
    assert caught.value.code == "too-large"
    assert time.process_time() - start < 20  # what backtracks takes hours


@given(st.binary(max_size=300))
def test_law_noise_never_crashes_and_loses_no_requirement(noise):
    found = parse_metadata(b"Metadata-Version: 2.1\nName: a\nRequires-Dist: good\nSummary: " + noise)
    assert "good" in found.requires
    assert parse_metadata(noise).belongs_to("a", "1") is False


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf"]), st.sampled_from(["\n", "\r\n"]))
def test_law_the_header_part_says_all(noise, mark, end):
    data = mark + GOOD.replace(b"\n", end.encode()) + noise
    assert parse_metadata(header_part(data)) == parse_metadata(data)
    assert header_part(header_part(data)) == header_part(data)


lines = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
        st.sampled_from(["a>1", "a>1<2", "a!=~1.0", "b>dev", "c; os.name=='x'", "d>=1.*", "A[x]", "e@f", ">=2"]),
    ),
    max_size=8,
)


@given(lines)
def test_law_every_line_is_strict_or_repaired_or_unusable(lines):
    found = judged(lines)
    everywhere = [*found.strict, *(line for _, line, _ in found.repaired), *found.unusable]
    assert sorted(everywhere) == sorted(set(lines))
    assert set(found.texts()) == {*found.strict, *(text for _, _, text in found.repaired)}
    assert parse_metadata(metadata("a", "1", lines)).requirements == found


values = st.text(st.characters(codec="utf-8"), max_size=20)
fields = st.lists(
    st.tuples(
        st.sampled_from(["Requires-Dist", "requires-dist", "Summary", "X-y", "Provides-Extra", "License", "Name"]),
        values,
        st.sampled_from(["\n", "\n  folded\n", "\n\t\n", "\r\n"]),
    ),
    max_size=6,
)


@given(fields)
def test_law_packaging_and_pkginfo_read_plain_headers_alike(fields):
    text = "Metadata-Version: 2.1\n" + "".join(f"{key}: {value}{end}" for key, value, end in fields)
    header = read_header(text.encode())
    if header.plain:
        ours = [" ".join(line.split()) for line in header.fields.get("requires-dist", ())]
        other = pkginfo.Distribution()
        other.parse(f"{header.text}\n\n".encode())
        raw, _ = parse_email(f"{header.text}\n\n")
        assert [" ".join(line.split()) for line in raw.get("requires_dist", [])] == ours
        assert [" ".join(line.split()) for line in other.requires_dist or ()] == ours
        assert raw.get("name", "").split() == (header.one("name") or "").split()


versions = st.sampled_from(["1", "1.0rc1", "2004d", "1_2", "v1", " 1", "1 ", "", "1\n 2", "\u0661", "1\x0c", "1\r"])


@given(fields, fields, st.lists(versions, max_size=2))
def test_law_what_releases_share_is_read_once_and_the_same(before, after, versions):
    parts = [*before, *(("Version", version, "\n") for version in versions), *after]
    text = "Metadata-Version: 2.1\n" + "".join(f"{key}: {value}{end}" for key, value, end in parts)
    alone = f"X-Long: {'x' * 16_000}\n{text}"  # so much is not remembered
    for data in (text, text.replace("1", "7")):
        assert parse_metadata(data.encode()) == parse_metadata(alone.replace(text, data).encode())
