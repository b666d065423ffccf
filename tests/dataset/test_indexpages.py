"""Index pages and the files on them: what is written is read back, and hostile text stays text."""

import base64
import email
import hashlib
import io
import json
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.metadata import parse_email
from packaging.version import Version

from crawler.pages import PageFile, parse_page
from dataset.indexfiles import Offer, metadata_of, offered
from dataset.indexpages import project_html, project_json, root_html, root_json
from dataset.records import File, Release

PAGE = "http://index.example/simple/some-project/"
PROJECT = "some-project"
TAGS = ("py3-none-any", "py2.py3-none-any", "cp313-cp313-manylinux_2_28_x86_64", "cp310-cp310-win32", "1-cp39-abi3-any")
MADE = "some_project-1.0-py3-none-any.whl"


def release(version="1.0", requires=(), **facts):
    if requires is None:
        facts = {"unknown": "listed", **facts}
    return Release(**{"project": PROJECT, "version": version, "requires": requires, **facts})


def files(*names):
    return tuple(File(name=name) for name in names)


def names(*releases, **offer):
    return [one.name for one in offered(PROJECT, releases, Offer(**offer)).files]


texts = st.text(max_size=8)
hostile = st.sampled_from(
    (
        "'\"><script>alert(1)</script>",
        "a\nName: evil",
        "a\r\n\r\nbody",
        "\u2028Version: 9",
        "&quot;&amp;",
        "\x85\x0b\x1cX: y",
    )
)
digests = st.binary(min_size=1, max_size=3).map(lambda one: hashlib.sha256(one).hexdigest())
times = st.sampled_from((None, "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-05-01T10:00:00Z"))


# made once, for a strategy that is made in each draw is checked in each draw
VERSIONS = st.lists(st.sampled_from(("0.9", "1.0", "1.0.post1", "2!3.0rc1", "1.0+cu.118")), unique=True, max_size=3)
ANY_TEXT = st.one_of(texts, hostile)
REQUIRES = st.one_of(st.none(), st.lists(ANY_TEXT, max_size=3).map(tuple))
YANKS = st.one_of(st.none(), ANY_TEXT)
PYTHONS = st.one_of(st.none(), ANY_TEXT.map(lambda text: text.strip() or None))
CHOSEN = st.lists(st.sampled_from([f"-{tag}.whl" for tag in TAGS] + [".tar.gz"]), unique=True, max_size=3).map(sorted)
DIGESTS = st.one_of(st.none(), digests)
SIZES = st.one_of(st.none(), st.integers(1, 1 << 40))


@st.composite
def releases_of_a_project(draw):
    return tuple(
        release(
            version,
            draw(REQUIRES),
            uploaded=draw(times),
            yanked=draw(YANKS),
            requires_python=draw(PYTHONS),
            files=tuple(
                File(name=f"some_project-{version}{end}", sha256=draw(DIGESTS), size=draw(SIZES))
                for end in draw(CHOSEN)
            ),
        )
        for version in draw(VERSIONS)
    )


def as_read(file, *, sized):
    return PageFile(
        name=file.name,
        url=f"http://index.example/files/{PROJECT}/{file.name.replace('+', '%2B').replace('!', '%21')}",
        sha256=file.sha256,
        size=file.size if sized else None,
        uploaded=file.release.uploaded,
        requires_python=file.release.requires_python,
        yanked=file.release.yanked,
        metadata_sha256=None if file.metadata is None else hashlib.sha256(file.metadata).hexdigest(),
    )


@settings(max_examples=50)
@given(releases_of_a_project(), st.booleans(), st.booleans())
def test_the_crawler_reads_back_what_is_written(releases, everything, any_platform):
    page = offered(PROJECT, releases, Offer(everything=everything, any_platform=any_platform))
    assert parse_page(project_json(page), PAGE).files == tuple(as_read(one, sized=True) for one in page.files)
    assert parse_page(project_html(page), PAGE).files == tuple(as_read(one, sized=False) for one in page.files)


@settings(max_examples=50)
@given(releases_of_a_project(), times, st.booleans(), st.booleans())
def test_what_is_offered_keeps_to_the_offer(releases, before, everything, any_platform):
    page = offered(PROJECT, releases, Offer(before=before, everything=everything, any_platform=any_platform))
    assert page == offered(PROJECT, releases, Offer(before=before, everything=everything, any_platform=any_platform))
    assert len({one.name for one in page.files}) == len(page.files)
    assert len(page.versions) + sum(count for _, count in page.left_out) == len(releases)
    assert {one.release.version for one in page.files} <= set(page.versions)
    for one in page.files:
        assert before is None or (one.release.uploaded is not None and one.release.uploaded < before)
        assert everything or one.release.requires is not None
        wheel = one.name.endswith(".whl")
        assert (one.metadata is not None) == (wheel and one.release.requires is not None)
        if one.made is not None:
            assert (one.sha256, one.size) == (hashlib.sha256(one.made).hexdigest(), len(one.made))
    if any_platform:
        known = {one.version for one in releases if one.requires is not None} & set(page.versions)
        assert known <= {one.release.version for one in page.files if one.name.endswith("py3-none-any.whl")}


@given(st.lists(st.one_of(texts, hostile), max_size=4), st.lists(st.one_of(texts, hostile), max_size=3))
def test_no_text_starts_a_line_of_metadata(requires, extras):
    written = metadata_of(release(requires=tuple(requires), extras=tuple(extras), requires_python=">=3\nVersion: 2"))
    assert written.decode().split("\n") == [*written.decode().splitlines(), ""]
    message = email.message_from_bytes(written)
    assert message.get_payload() == ""
    expected = ["Metadata-Version", "Name", "Version", "Requires-Python"]
    expected += ["Provides-Extra"] * len(extras) + ["Requires-Dist"] * len(requires)
    assert message.keys() == expected


def test_metadata_says_what_is_known():
    one = release(
        requires=("idna>=2 ; extra == 'X'", "numpy (<3)"),
        extras=("X",),
        requires_python=">=3.9",
        unusable=("six (=1)",),
    )
    raw, unparsed = parse_email(metadata_of(one))
    assert unparsed == {}
    assert raw == {
        "metadata_version": "2.1",
        "name": PROJECT,
        "version": "1.0",
        "requires_python": ">=3.9",
        "provides_extra": ["X"],
        "requires_dist": ["idna>=2 ; extra == 'X'", "numpy (<3)"],
    }


@pytest.mark.parametrize(
    ("given_files", "offer", "expected"),
    [
        ((), {}, [MADE]),
        (("some_project-1.0.tar.gz",), {}, ["some_project-1.0.tar.gz", MADE]),
        (("some_project-1.0.zip",), {}, ["some_project-1.0.zip", MADE]),
        (("some_project-1.0-py3-none-any.whl", "some_project-1.0.tar.gz"), {}, None),
        (("some_project-1.0-py2.py3-none-any.whl", "some_project-1.0.tar.gz"), {"any_platform": True}, None),
        (("some_project-1.0-cp310-cp310-win32.whl",), {}, None),
        (
            ("some_project-1.0-cp310-cp310-win32.whl",),
            {"any_platform": True},
            ["some_project-1.0-cp310-cp310-win32.whl", MADE],
        ),
        (
            ("some_project-1.0-cp310-cp310-win32.whl", "some_project-1.0.tar.gz"),
            {},
            ["some_project-1.0-cp310-cp310-win32.whl", "some_project-1.0.tar.gz", MADE],
        ),
        # what no resolver could use, or what belongs elsewhere
        (("some_project-1.0-py3.11.egg", "some_project-1.0.exe"), {}, []),
        (("other-1.0-py3-none-any.whl", "some_project-2.0.tar.gz"), {}, []),
        (("some_project-1.0-py3-none-any<b>.whl", "some_project-1.0-py3-none-\u00e4ny.whl"), {}, []),
        (("..", "some_project-1.0-py3-none-a%2Fb.whl"), {}, []),
    ],
)
def test_a_made_wheel_stands_where_a_resolver_would_build(given_files, offer, expected):
    assert names(release(files=files(*given_files)), **offer) == (list(given_files) if expected is None else expected)


def test_unknown_requirements_are_offered_as_unknown_or_not_at_all():
    unknown = release("1.0", None, unknown="sdist-dynamic", files=files("some_project-1.0.tar.gz"))
    listed, gone = release("2.0", None), release("3.0", gone="2026-05-01T10:00:00Z")
    page = offered(PROJECT, (unknown, listed, gone), Offer())
    assert (page.versions, page.files) == ((), ())
    assert page.left_out == (("their requirements are unknown", 2), ("they are gone from the index", 1))
    page = offered(PROJECT, (unknown, listed, gone), Offer(everything=True, any_platform=True))
    assert page.versions == ("1.0", "2.0", "3.0")
    assert [one.name for one in page.files] == ["some_project-1.0.tar.gz", "some_project-3.0-py3-none-any.whl"]
    assert page.files[0].metadata is None


def test_before_a_day_leaves_out_what_came_later_or_at_an_unknown_time():
    page = offered(
        PROJECT,
        (
            release("1.0", uploaded="2026-04-30T23:59:59Z"),
            release("2.0", uploaded="2026-05-01T00:00:00Z"),
            release("3.0"),
        ),
        Offer(before="2026-05-01T00:00:00Z", everything=True),
    )
    assert page.versions == ("1.0",)
    assert page.left_out == (
        ("their upload time is not known", 1),
        ("they were not uploaded before 2026-05-01T00:00:00Z", 1),
    )


def test_versions_that_are_not_pep_440_have_no_files_that_a_resolver_could_name():
    page = offered(PROJECT, (release("2004d", files=files("some_project-2004d.tar.gz")),), Offer(any_platform=True))
    assert (page.versions, page.files) == (("2004d",), ())


def test_two_spellings_of_a_version_offer_each_name_once():
    assert names(release("1.0"), release("v1.0")) == [MADE]


def test_a_made_wheel_holds_metadata_and_nothing_else():
    (one,) = offered(PROJECT, (release(requires=("numpy",)),), Offer()).files
    with zipfile.ZipFile(io.BytesIO(one.made)) as archive:
        assert archive.testzip() is None
        members = {name: archive.read(name) for name in archive.namelist()}
    folder = "some_project-1.0.dist-info"
    assert list(members) == [f"{folder}/METADATA", f"{folder}/WHEEL", f"{folder}/RECORD"]
    assert members[f"{folder}/METADATA"] == one.metadata
    rows = [row.split(",") for row in members[f"{folder}/RECORD"].decode().splitlines()]
    for name, digest, size in rows[:-1]:
        encoded = base64.urlsafe_b64encode(hashlib.sha256(members[name]).digest()).decode().rstrip("=")
        assert (digest, size) == (f"sha256={encoded}", str(len(members[name])))
    assert rows[-1] == [f"{folder}/RECORD", "", ""]


def test_the_protocol_version_promises_no_more_than_the_page_has():
    sized = release(files=(File(name="some_project-1.0-py3-none-any.whl", size=9),))
    for one, version in ((sized, "1.1"), (release(files=files("some_project-1.0.tar.gz")), "1.0")):
        page = offered(PROJECT, (one,), Offer())
        assert json.loads(project_json(page))["meta"] == {"api-version": version}
        assert f'name="pypi:repository-version" content="{version}"' in project_html(page).decode()


def test_the_json_page_is_as_the_peps_have_it():
    one = release(
        "1.0",
        ("numpy",),
        uploaded="2026-05-01T10:00:00Z",
        yanked="",
        requires_python="<4",
        files=(File(name="some_project-1.0-py3-none-any.whl", sha256="ab" * 32, size=7, path="x/y.whl"),),
    )
    assert json.loads(project_json(offered(PROJECT, (one,), Offer()))) == {
        "meta": {"api-version": "1.1"},
        "name": PROJECT,
        "versions": ["1.0"],
        "files": [
            {
                "filename": "some_project-1.0-py3-none-any.whl",
                "url": f"../../files/{PROJECT}/some_project-1.0-py3-none-any.whl",
                "hashes": {"sha256": "ab" * 32},
                "yanked": True,
                "size": 7,
                "upload-time": "2026-05-01T10:00:00Z",
                "requires-python": "<4",
                "core-metadata": {"sha256": hashlib.sha256(metadata_of(one)).hexdigest()},
            }
        ],
    }


@settings(max_examples=50)
@given(releases_of_a_project())
def test_nothing_in_html_stands_outside_its_quotes(releases):
    page = project_html(offered(PROJECT, releases, Offer(everything=True))).decode()
    body = page.partition("</h1>\n")[2].replace("</body>\n</html>\n", "")
    assert re.fullmatch(r'(?:<a(?: [a-z-]+="[^"<>]*")+>[^<>]+</a><br>\n)*', body)


def test_the_root_lists_projects():
    assert json.loads(root_json(["a", "b-c"])) == {
        "meta": {"api-version": "1.0"},
        "projects": [{"name": "a"}, {"name": "b-c"}],
    }
    assert re.findall("<a.*", root_html(["a", "b-c"]).decode()) == [
        '<a href="a/">a</a><br>',
        '<a href="b-c/">b-c</a><br>',
    ]


def test_versions_of_made_wheels_are_spelled_as_wheels_spell_them():
    assert names(release("1.0-1")) == ["some_project-1.0.post1-py3-none-any.whl"]
    assert Version("1.0-1") == Version("1.0.post1")
