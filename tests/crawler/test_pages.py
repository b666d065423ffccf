"""Project pages: two forms, one value; nonsense is refused with its reason."""

import contextlib
import json
from urllib.parse import urlsplit

import pytest
from builtfiles import make_sdist, make_wheel
from fakeindex import FakeIndex
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from crawler.depth import Depth, releases, wanted
from crawler.filenames import parse_filename
from crawler.locations import base_of, path_below
from crawler.pagecache import pack_page, unpack_page
from crawler.pages import BadPage, PageFile, _absolute, _joined, parse_page, timestamp

URL = "https://index.example/simple/a/"
HASH = "ab" * 32


def html(*links, head='<meta name="pypi:repository-version" content="1.0">'):
    return parse_page(f"<html><head>{head}</head><body>{''.join(links)}".encode(), URL).files


def json_page(*files, meta=None):
    return parse_page(json.dumps({"meta": meta or {"api-version": "1.0"}, "files": files}).encode(), URL).files


def test_both_forms_give_the_same_value():
    fake = FakeIndex(sizes=False)
    fake.add("a", make_wheel("a", "1"), requires_python=">=3.9,<4", yanked='"so" & <so>', advertised=True)
    fake.add("a", make_sdist("a", "1"), yanked="", uploaded=None)
    pages = []
    for fake.form in ("json", "html"):
        pages.append(parse_page(fake.page("a").encode(), URL).files)
    assert pages[0] == pages[1]
    assert pages[0][0].metadata_sha256 is not None
    assert (pages[0][0].yanked, pages[0][1].yanked) == ('"so" & <so>', "")


def test_upload_times_appear_in_html_when_json_is_asked_for():
    fake = FakeIndex(form="html")
    fake.add("a", make_wheel("a", "1"))
    with_times, without = (parse_page(fake.page("a", times=times).encode(), URL).files for times in (True, False))
    assert with_times[0].uploaded == "2026-01-01T00:00:00Z"
    assert without[0].uploaded is None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<a href='../../f/a-1.zip'>", "https://index.example/f/a-1.zip"),
        ("<A HREF=a-1.zip>", "https://index.example/simple/a/a-1.zip"),
        ("<a href='https://files.example/x/a-1.zip#md5=00'>", "https://files.example/x/a-1.zip"),
        ("<a href='//files.example/a-1.zip'>", "https://files.example/a-1.zip"),
        ("<base href='https://b.example/x/'><a href='a-1.zip'>", "https://b.example/x/a-1.zip"),
        ("<a href='a%2D1.zip?x=&amp;y'>", "https://index.example/simple/a/a%2D1.zip?x=&y"),
    ],
)
def test_links(link, expected):
    (found,) = html(link)
    assert (found.url, found.name, found.sha256) == (expected, "a-1.zip", None)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/a-1.zip", "mailto:a@b.example", "#x", "../", "http://["]
)
def test_links_that_are_not_files(link):
    assert html(f"<a href='{link}'>") == ()


@pytest.mark.parametrize(
    ("attributes", "field", "expected"),
    [
        ("data-requires-python='&gt;=3.9'", "requires_python", ">=3.9"),
        ("data-requires-python=''", "requires_python", None),
        ("data-yanked", "yanked", ""),
        ("data-yanked='bad &lt;b&gt;'", "yanked", "bad <b>"),
        ("", "yanked", None),
        ("data-core-metadata='true'", "metadata_sha256", None),
        (f"data-core-metadata='sha256={HASH.upper()}'", "metadata_sha256", HASH),
        (f"data-dist-info-metadata='sha256={HASH}'", "metadata_sha256", HASH),
        (f"data-core-metadata='true' data-dist-info-metadata='sha256={HASH}'", "metadata_sha256", None),
        ("data-core-metadata='sha256=00'", "metadata_sha256", None),
        ("data-upload-time='yesterday'", "uploaded", None),
    ],
)
def test_attributes(attributes, field, expected):
    (found,) = html(f"<a href='a-1.zip' {attributes}>a</a>")
    assert getattr(found, field) == expected


@pytest.mark.parametrize(
    ("facts", "field", "expected"),
    [
        ({"yanked": False}, "yanked", None),
        ({"yanked": True}, "yanked", ""),
        ({"yanked": "why"}, "yanked", "why"),
        ({"yanked": None}, "yanked", None),
        ({"yanked": "\ud800"}, "yanked", "?"),
        ({"size": 3}, "size", 3),
        ({"size": -3}, "size", None),
        ({"size": True}, "size", None),
        ({"size": "3"}, "size", None),
        ({"size": 10**30}, "size", None),
        ({"hashes": {"sha256": HASH.upper()}}, "sha256", HASH),
        ({"hashes": {"sha256": 3}}, "sha256", None),
        ({"hashes": None}, "sha256", None),
        ({"hashes": {"md5": "00"}}, "sha256", None),
        ({"core-metadata": {"sha256": HASH}}, "metadata_sha256", HASH),
        ({"core-metadata": False, "dist-info-metadata": {"sha256": HASH}}, "metadata_sha256", None),
        ({"dist-info-metadata": {"sha256": HASH}}, "metadata_sha256", HASH),
        ({"core-metadata": {}}, "metadata_sha256", None),
        ({"upload-time": "2026-05-01T10:00:00.5Z"}, "uploaded", "2026-05-01T10:00:00Z"),
        ({"upload-time": 5}, "uploaded", None),
        ({"requires-python": 3}, "requires_python", None),
    ],
)
def test_json_values(facts, field, expected):
    (found,) = json_page({"filename": "a-1.zip", "url": "a-1.zip", **facts})
    assert getattr(found, field) == expected


@pytest.mark.parametrize("file", [None, 3, {}, {"filename": 3, "url": ""}, {"filename": "a-1.zip"}, []])
def test_json_files_that_are_none(file):
    assert json_page(file) == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad-page"),
        (b"\0\1\2", "bad-page"),
        (b"<html><title>Log in</title><a href='/login'>in</a><a href='style.css?v=1.2'>", "bad-page"),
        (b"{", "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": null}', "bad-page"),
        (b'{"meta": {"api-version": "1.0"}}', "bad-page"),
        (b'{"files": []}', "bad-page"),
        (b'{"meta": 3, "files": []}', "bad-page"),
        (b'{"a":' * 100_000, "bad-page"),
        (b'{"meta": {"api-version": "1.0"}, "files": [' + b"9" * 5000 + b"]}", "bad-page"),
        (b'{"meta": {"api-version": "2.0"}, "files": []}', "page-version"),
        (b'{"meta": {}, "files": []}', "page-version"),
        (b'<meta name="pypi:repository-version" content="2.0"><title>Links for a</title>', "page-version"),
    ],
)
def test_nonsense(body, code):
    with pytest.raises(BadPage) as caught:
        parse_page(body, URL)
    assert caught.value.code == code


def test_a_later_minor_version_is_read():
    assert json_page(meta={"api-version": "1.9"}) == ()


def test_a_project_without_files_is_a_page():
    assert parse_page(b"<html><title>Links for a</title><h1>Links for a</h1></html>", URL).files == ()


@given(st.binary(max_size=200))
def test_law_noise_never_crashes(body):
    for prefix in (b"", b"{", b"<a href="):
        with contextlib.suppress(BadPage):
            assert isinstance(parse_page(prefix + body, URL).files, tuple)


@given(
    st.lists(
        st.builds(
            PageFile,
            name=st.text(max_size=20),
            url=st.sampled_from(["https://f.example/p/a-1.zip", "https://elsewhere.example/a-1.zip", ""]),
            sha256=st.none() | st.just(HASH),
            size=st.none() | st.integers(1, 99),
            yanked=st.none() | st.text(max_size=5),
        ),
        max_size=5,
    )
)
def test_law_a_packed_page_comes_back_without_hosts(files):
    base = "https://f.example/"
    packed = pack_page(files, base)
    for before, after in zip(files, unpack_page(packed, base), strict=True):
        assert after.url == (before.url if before.url.startswith(base) else "")
        assert (after.name, after.sha256, after.size, after.yanked) == (
            before.name,
            before.sha256,
            before.size,
            before.yanked,
        )


@pytest.mark.parametrize(
    ("name", "version", "kind"),
    [
        ("Foo_Bar-1.0-py3-none-any.whl", "1.0", "wheel"),
        ("foo.bar-1.0.0-1build-cp313-cp313-win32.whl", "1.0.0", "wheel"),
        ("foo-bar-1.0.tar.gz", "1.0", "sdist"),
        ("foo_bar-1.0.post1.zip", "1.0.post1", "sdist"),
        ("foo-bar-2004d.tar.gz", "2004d", "sdist"),
        ("foo-bar-1.0-final.tar.gz", "1.0-final", "sdist"),
        ("foo-bar-1.0.tar.bz2", "1.0", "sdist"),
        ("foo_bar-1.0-py2.7.egg", "1.0", "other"),
        ("foo_bar-1.0-py2.7-win32.egg", "1.0", "other"),
        ("foo_bar-1.0-py3.7-linux-x86_64.egg", "1.0", "other"),
        ("foo_bar-1.0b2-py3.10-macosx-10.9-universal2.egg", "1.0b2", "other"),
        ("foo-bar-1.0.win32-py2.7.exe", "1.0", "other"),
        ("foo-bar-1.0.linux-x86_64.tar.gz", "1.0", "other"),
        ("foo-bar-1.0-1.noarch.rpm", "1.0", "other"),
    ],
)
def test_file_names(name, version, kind):
    found = parse_filename(name, "foo-bar")
    assert (found.version, found.kind) == (version, kind)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "foo-bar.whl",
        "evil-1.0-py3-none-any.whl",
        "foo-1.0.tar.gz",
        "foo-bar-1.0.txt",
        "../foo-bar-1.0.tar.gz",
        "foo-bar-1.0\0.tar.gz",
        "foo-bar-.tar.gz",
        "foo-bar-" + "1" * 500 + ".tar.gz",
    ],
)
def test_file_names_that_name_no_release(name):
    assert parse_filename(name, "foo-bar") is None


@given(st.text(max_size=40))
def test_law_any_file_name_is_read_or_refused(name):
    for one in (name, f"a-{name}.tar.gz", f"a-{name}-py3-none-any.whl", f"a-1-{name}.whl"):
        found = parse_filename(one, "a")
        assert found is None or found.project == "a"


def test_order_of_witnesses():
    tags = [
        "py3-none-any",
        "cp314-cp314-manylinux_2_28_x86_64",
        "cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64",
        "cp39-abi3-manylinux_2_17_x86_64",
        "cp39-abi3-macosx_11_0_arm64",
        "cp314-cp314-win_amd64",
    ]
    ranks = [parse_filename(f"a-1-{tag}.whl", "a").rank for tag in tags] + [parse_filename("a-1.tar.gz", "a").rank]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def page(*names, **facts):
    return releases("a", [PageFile(name=name, url=f"https://f.example/{name}", **facts) for name in names])[0]


def chosen(found, **depth):
    want = wanted(found, Depth(**depth))
    assert len(want.releases) + sum(want.skipped.values()) == len(found)
    return [one.version for one in want.releases]


def test_wanted_are_the_newest_finals_and_what_is_kept():
    names = [f"a-{one}.tar.gz" for one in ("1.0", "1.9", "1.10", "2.0rc1", "2004d", "1.2.dev3")]
    found = (*page(*names), *page("a-3.0.tar.gz", yanked="bad"))
    assert chosen(found, newest=2) == ["1.10", "1.9"]
    assert chosen(found, newest=0) == []
    assert chosen(found, newest=1, keep=frozenset({"1.0.0", "3", "2004d", "7"})) == ["3.0", "1.10", "1.0", "2004d"]
    assert chosen(found, everything=True) == ["3.0", "2.0rc1", "1.10", "1.9", "1.2.dev3", "1.0", "2004d"]
    skipped = wanted(found, Depth(newest=1)).skipped
    assert skipped == {"older": 2, "pre-release": 2, "yanked": 1, "not-pep440": 1}


@pytest.mark.parametrize(
    ("accepted", "versions"),
    [
        ([""], ["2.0", "1.9"]),
        (["<2"], ["1.9", "1.5"]),
        (["<1.5", "==2.0"], ["2.0", "1.0"]),
        (["==3.0rc1"], ["3.0rc1"]),
        (["<0.5"], []),
    ],
)
def test_wanted_are_the_newest_that_a_specifier_accepts(accepted, versions):
    found = page(*(f"a-{one}.tar.gz" for one in ("1.0", "1.5", "1.9", "2.0", "3.0rc1")))
    assert chosen(found, newest=2, accepted=tuple(accepted)) == versions
    unmet = wanted(found, Depth(newest=2, accepted=tuple(accepted))).unmet
    assert [one.code for one in unmet] == ([] if versions else ["nothing-accepted"])


def test_wanted_are_all_releases_since_a_day():
    old = page("a-1.tar.gz", "a-2.tar.gz", uploaded="2020-01-01T00:00:00Z")
    new = page("a-1.1.tar.gz", "a-3b1.tar.gz", uploaded="2026-01-01T00:00:00Z")
    assert chosen((*old, *new), newest=1, since="2026-01-01T00:00:00Z") == ["3b1", "2", "1.1"]


def test_a_release_is_yanked_where_all_its_files_are():
    one, two = (PageFile(name=name, url="", yanked=why) for name, why in (("a-1.zip", "x"), ("a-1.tar.gz", None)))
    assert releases("a", [one])[0][0].listed().yanked == "x"
    assert releases("a", [one, two])[0][0].listed().yanked is None


def test_equal_versions_are_one_release_and_a_name_counts_once():
    found, strange = releases(
        "a", [PageFile(name=name, url="") for name in ("a-1.0.zip", "a-1.0.0.tar.gz", "a-1.0.zip", "b-1.zip")]
    )
    assert [(one.version, len(one.files)) for one in found] == [("1.0", 2)]
    assert [(one.code, one.file) for one in strange] == [("duplicate-file", "a-1.0.zip"), ("strange-file", "b-1.zip")]


@pytest.mark.parametrize(
    ("url", "base"),
    [
        (f"https://f.example/packages/aa/bb/{'0' * 60}/a-1.zip", "https://f.example/"),
        (f"https://m.example/x/packages/packages/aa/bb/{'0' * 60}/a-1.zip", "https://m.example/x/packages/"),
        ("https://m.example/x/packages/source/a/a-1.zip", "https://m.example/"),
    ],
)
def test_where_files_lie(url, base):
    assert base_of(url) == base
    assert base + path_below(url, base) == url


@pytest.mark.parametrize("path", ["", "/a", "../a", "a/../b", "a//b", "./a"])
def test_paths_that_leave_the_base(path):
    assert path_below("https://f.example/" + path, "https://f.example/") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"),
        ("2026-05-01T10:00:00.999999Z", "2026-05-01T10:00:00Z"),
        ("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00Z"),
        ("2026-05-01T10:00:00", "2026-05-01T10:00:00Z"),
        ("0001-01-01T00:00:00+10:00", None),
        ("", None),
        (None, None),
    ],
)
def test_timestamps(text, expected):
    assert timestamp(text) == expected


_pieces = st.sampled_from(
    [*"/.a?#;:@ \né=+~[\\", "//", "..", "B_", "%2e", "https://", "http://", "HTTPS:", "h.example", "-1.0.whl"]
)


@given(st.lists(_pieces, max_size=8).map("".join), st.sampled_from([URL, "file:///srv/simple/a/", "http://h.example"]))
def test_links_are_read_as_by_joining(link, base):
    assert _absolute(base, link) == _joined(base, link)


_words = st.sampled_from(
    ["-", "_", ".", "a", "Foo", "1", "1.0", "1!2.0rc1", "01", "py3", "none", "any", "cp313", "é", "x y"]
)


@given(
    st.lists(_words, max_size=12).map("".join)
    | st.from_regex(r"(foo|Foo_bar)-1\.0(-1a)?-[a-z0-9.]{1,6}-none-any", fullmatch=True)
)
@example("foo-1.0-py3-none-any")
@example("foo__a-1.0-py3-none-any")
def test_wheels_are_named_as_packaging_says(stem):
    name = f"{stem}.whl"
    try:
        project, version, _, _ = parse_wheel_filename(name)
    except InvalidWheelFilename:
        project, version = "foo", None
    found = parse_filename(name, project)
    assert (None if found is None else found.version) == (None if version is None else str(version))


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("../../files/my file-1.0.zip", "files/my%20file-1.0.zip"),
        ("../../files/my%20file-1.0.zip", "files/my%20file-1.0.zip"),
        ("../../files/a-1.0+b%2Bc.zip?x=é y", "files/a-1.0+b%2Bc.zip?x=%C3%A9%20y"),
        ('../../files/"<a>"-1.0.zip', "files/%22%3Ca%3E%22-1.0.zip"),
        ("https://index.example/files/ü-1.0.zip", "files/%C3%BC-1.0.zip"),
    ],
)
def test_what_may_not_stand_in_a_request_is_quoted(link, path):
    page = {"meta": {"api-version": "1.0"}, "files": [{"filename": "a-1.0.zip", "url": link, "hashes": {}}]}
    (found,) = parse_page(json.dumps(page).encode(), "https://index.example/simple/a/").files
    assert found.url == f"https://index.example/{path}"
    assert urlsplit(found.url).netloc == "index.example"
