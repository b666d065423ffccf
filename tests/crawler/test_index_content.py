"""What an index may send, row by row: each ends in a value and the problem that says what was wrong."""

import contextlib
import json

import pytest
from aiohttp import web
from builtfiles import make_sdist, make_wheel
from fakeindex import NOW, FakeIndex, body, run_crawl
from hypothesis import given
from hypothesis import strategies as st

from crawler import pages
from crawler.locations import shown
from crawler.pagecache import Mark, split_mark, with_mark
from crawler.pagenotes import Note
from crawler.pages import BadPage, parse_page
from crawler.rootlist import parse_root, regression

URL = "https://index.example/simple/a/"
HASH = "ab" * 32
VERSION = {"api-version": "1.1"}


def file(**facts):
    return {"filename": "a-1.zip", "url": "a-1.zip", "hashes": {"sha256": HASH}, **facts}


def page(*files, **facts):
    return json.dumps({"meta": VERSION, "files": list(files), **facts}).encode()


def link(attributes="", href=f"a-1.zip#sha256={HASH}", head=""):
    return f"<title>Links for a</title>{head}<a href='{href}' {attributes}>a-1.zip</a>".encode()


def codes(content):
    return [one.code for one in parse_page(content, URL).notes]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (page(file()), []),
        (page(file(), meta={"api-version": "1.4"}), []),
        (page(file(), meta={"api-version": "1.9"}), ["later-page-version"]),
        (page(file(), meta={"api-version": "1.x"}), ["later-page-version"]),
        (b'{"meta": {"api-version": "1.0"}, "files": [], "files": []}', ["duplicate-key"]),
        (page(3, None, {}, {"filename": 3, "url": "x"}, {"filename": "a-1.zip"}), ["odd-file"]),
        (page(file(size=-1)), ["odd-size"]),
        (page(file(size=0)), ["odd-size"]),
        (page(file(size="12")), ["odd-size"]),
        (page(file(size=10**40)), ["odd-size"]),
        (page(file(hashes={"sha256": "xyz"})), ["odd-hash"]),
        (page(file(hashes={"sha256": 7})), ["odd-hash"]),
        (page(file(hashes={"md5": "00"})), []),
        (page(file(**{"upload-time": "yesterday"})), ["odd-upload-time"]),
        (page(file(**{"upload-time": 7})), ["odd-upload-time"]),
        (page(file(**{"upload-time": "2026-05-01T12:00:00.123456+02:00"})), []),
        (page(file(**{"requires-python": ">=3.x,<<4"})), ["odd-requires-python"]),
        (page(file(**{"requires-python": ">=3.9"})), []),
        (page(**{"project-status": {"status": "quarantined", "reason": "malware"}}), ["project-status"]),
        (page(**{"project-status": {"status": "archived"}}), ["project-status"]),
        (page(**{"project-status": {"status": "active"}}), []),
        (page(**{"project-status": "archived"}), []),
        (link(), []),
        (link("data-requires-python='&gt;=3.x'"), ["odd-requires-python"]),
        (link(href="a-1.zip#sha256=00"), ["odd-hash"]),
        (link(href="a-1.zip#md5=00"), []),
        (link(head="<meta name='pypi:project-status' content='quarantined'>"), ["project-status"]),
        (link(head="<meta name='pypi:repository-version' content='1.9'>"), ["later-page-version"]),
        (link().upper().replace(b"A-1.ZIP", b"a-1.zip"), ["odd-hash"][:0]),
    ],
)
def test_oddities_of_a_page_are_noted(content, expected):
    assert codes(content) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (page(file())[:-20], "bad-page"),
        (b'{"a":' * 100_000, "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": ' + b"[" * 100_000, "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": [], "x": NaN}', "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": [], "x": -Infinity}', "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": [' + b"9" * 10_000_000 + b"]}", "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": null}', "bad-page"),
        (page(meta={"api-version": "2.0"}), "page-version"),
        (page(meta={"api-version": 1}), "page-version"),
        (b"\xff\xfe{", "bad-page"),
    ],
)
def test_what_is_no_page(content, code):
    with pytest.raises(BadPage) as caught:
        parse_page(content, URL)
    assert caught.value.code == code


def test_notes_are_few_however_much_is_odd():
    (note,) = parse_page(page(*(file(filename=f"a-{i}.zip", size=-i) for i in range(1, 500))), URL).notes
    assert (note.file, note.detail) == ("a-1.zip", "'-1' is not a size; 498 more")


def test_too_many_files_are_cut(monkeypatch):
    monkeypatch.setattr(pages, "MOST_FILES", 3)
    for content in (page(*[file()] * 5), b"<title>Links for a</title>" + b"<a href='a-1.zip'>a</a>" * 5):
        found = parse_page(content, URL)
        assert (len(found.files), found.notes[0].code) == (3, "too-many-files")


def test_the_serial_of_a_page():
    assert parse_page(page(meta={**VERSION, "_last-serial": 7}), URL).serial == 7
    assert parse_page(link(head="<!--SERIAL 12-->"), URL).serial == 12
    for odd in (-1, True, "7", 1 << 70, None):
        assert parse_page(page(meta={**VERSION, "_last-serial": odd}), URL).serial is None


def test_a_page_of_a_host_names_no_local_file():
    (found,) = parse_page(page(file(url="file:///etc/a-1.zip")), URL).files
    assert found.url == ""
    (found,) = parse_page(page(file(url="../a-1.zip")), "file:///m/simple/a/").files
    assert found.url == "file:///m/simple/a-1.zip"


@pytest.fixture
def fake():
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1.0"))
    return fake


def problems(store):
    return [(one.version, one.file, one.code) for one in store.problems()]


def test_a_name_twice_with_two_hashes(fake, store):
    again = fake.add("a", make_wheel("a", "1.0"))
    again.sha256 = HASH
    run_crawl(fake, store, ["a"])
    assert problems(store) == [("", "a-1.0-py3-none-any.whl", "duplicate-file")]
    (problem,) = store.problems()
    assert HASH in problem.detail
    (release,) = store.releases()
    assert release.files[0].sha256 != HASH


def test_files_of_other_projects_and_versions(fake, store):
    fake.add("a", make_wheel("b", "1.0"))
    fake.add("a", ("a-9.tar.gz", make_sdist("a", "8", requires=[])[1]))
    run_crawl(fake, store, ["a"])
    assert problems(store)[0] == ("", "b-1.0-py3-none-any.whl", "strange-file")
    assert {one.version: one.requires for one in store.releases()} == {"1.0": (), "9": None}


def test_quarantine_is_recorded_and_its_end(fake, store):
    uploads = fake.projects["a"]
    run_crawl(fake, store, ["a"])
    fake.status["a"] = {"status": "quarantined", "reason": "malware"}
    fake.projects["a"] = []
    later = {"started": "2026-06-01T00:00:00Z", "since": "2026-06-01T00:00:00Z"}
    run_crawl(fake, store, ["a"], **later)
    assert problems(store) == [("", "", "project-status")]
    assert store.problems()[0].detail == "the index marks the project as 'quarantined': malware"
    assert [one.gone for one in store.releases()] == [later["started"]]
    fake.status.clear()
    fake.projects["a"] = uploads
    later = {"started": "2026-07-01T00:00:00Z", "since": "2026-07-01T00:00:00Z"}
    run_crawl(fake, store, ["a"], **later)
    assert (problems(store), [one.gone for one in store.releases()]) == ([], [None])


@pytest.mark.parametrize("content", [b'{"meta": {"api-version": "2.0"}, "files": []}', b"[" * 9000, b"", b"{}"])
def test_a_bad_page_keeps_what_is_known_and_is_due_again(content, fake, store):
    fake.add("b", make_wheel("b", "1.0"))
    run_crawl(fake, store, ["a", "b"])
    fake.always["/simple/a/"] = body(content)
    later = {"started": "2026-06-01T00:00:00Z", "since": "2026-06-01T00:00:00Z"}
    summary = run_crawl(fake, store, ["a", "b"], **later)
    assert summary.pages == {"failed": 1, "unchanged": 1}
    assert store.page("a").due_at == "2026-06-01T06:00:00Z"
    assert [one.gone for one in store.releases()] == [None, None]


@pytest.mark.parametrize(
    ("names", "projects", "strange"),
    [
        (["Foo.Bar", "zope_interface"], ["foo-bar", "zope-interface"], 0),
        (["foo--bar", "foo_bar", "FOO.BAR"], ["foo-bar"], 2),
        (["con", "nul"], ["con", "nul"], 0),
        (["numpy.", "-", "...", ""], [], 4),
        (["num\u0440y", "nu\u0301mpy", "\uff4eumpy"], [], 3),
        (["a" * 300, "a" * 200], ["a" * 200], 1),
        (["a b", "a/b", "../a", "a\x00"], [], 4),
    ],
)
def test_names_of_a_root_list(names, projects, strange):
    found = parse_root(json.dumps({"meta": VERSION, "projects": [{"name": one} for one in names]}).encode())
    assert (sorted(found.serials), found.strange[0], found.numbered) == (projects, strange, False)


def test_of_one_project_twice_the_later_serial_counts():
    twice = [{"name": "a.b", "_last-serial": 3}, {"name": "A_B", "_last-serial": 9}, {"name": "c", "_last-serial": "x"}]
    found = parse_root(json.dumps({"meta": VERSION, "projects": twice}).encode())
    assert (found.serials, found.numbered, found.strange) == ({"a-b": 9, "c": 0}, True, (1, "A_B"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b'{"projects": []}',
        b'{"meta": {"api-version": "2.0"}, "projects": []}',
        b'{"meta": {"api-version": "1.0"}, "projects": {}}',
        b"<html><title>Log in</title><a href='/in'>in</a>",
        b'{"meta": ' * 50_000,
    ],
)
def test_what_is_no_root_list(content):
    with pytest.raises(BadPage):
        parse_root(content)


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        ({}, {}, ""),
        ({}, {"a": 1}, ""),
        ({f"p{i}": 1 for i in range(100)}, {f"p{i}": 1 for i in range(98)}, ""),
        ({f"p{i}": 1 for i in range(100)}, {f"p{i}": 1 for i in range(97)}, "the root list lost 3 of 100 projects"),
        ({"a": 2, "b": 5}, {"a": 2, "b": 4}, "the serials of 1 projects went back, of 'b' among them"),
        ({"a": 2}, {"a": 3, "b": 1}, ""),
    ],
)
def test_regressions(before, now, why):
    listed = [{"name": name, "_last-serial": serial} for name, serial in now.items()]
    assert regression(before, parse_root(json.dumps({"meta": VERSION, "projects": listed}).encode())) == why


@given(st.binary(max_size=200))
def test_law_noise_is_a_list_or_none(noise):
    for content in (noise, b"{" + noise, b"<title>Simple index</title><a href=" + noise):
        with contextlib.suppress(BadPage):
            assert isinstance(parse_root(content).serials, dict)


@given(
    st.builds(
        Mark,
        index=st.text(max_size=5),
        depth=st.text(max_size=9),
        numbered=st.booleans(),
        stale=st.booleans(),
        known=st.integers(0, 99),
        unknown=st.dictionaries(st.text(max_size=4), st.integers(1, 9), max_size=2),
        skipped=st.dictionaries(st.text(max_size=4), st.integers(1, 9), max_size=2),
        requires=st.none() | st.lists(st.text(max_size=4), max_size=3).map(tuple),
        notes=st.lists(st.builds(Note, st.text(max_size=4), st.text(max_size=4), st.text(max_size=4))).map(tuple),
    ),
    st.binary(max_size=20),
)
def test_law_a_mark_comes_back(mark, packed):
    assert split_mark(with_mark(mark, packed)) == (mark, packed)


def test_what_lay_there_before_marks_is_no_page():
    assert split_mark(b"x\x9c") == (Mark(), b"")


def test_problems_hold_no_host(fake, store):
    fake.always["/simple/b/"] = lambda request: web.Response(text=f"<title>Go to {request.url}</title>")
    run_crawl(fake, store, ["a", "b"])
    everything = "".join(f"{one}" for one in (*store.problems(), *store.releases(), *store.changes()))
    assert shown(fake.url).partition("//")[2] not in everything
    assert store.page("a").fetched_at == NOW
