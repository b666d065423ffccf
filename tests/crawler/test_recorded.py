"""What does a crawl write down of each fault that an index has? Row by row, as the dataset tells it afterwards."""

import asyncio
import functools
import gzip
import hashlib
import io
import json
import os
import re
import signal
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

import fakeindex
import killed
import pytest
from aiohttp import web
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import FakeIndex, body, reset, run_crawl, status, truncated

from crawler import pages
from crawler.manners import Manners, Patience
from dataset.store import Store

OTHERS = [f"other-{i}" for i in range(60)]
"""Healthy projects, so that the faults are those of some projects and not of the index."""


def crawled(folder, fake, **options):
    """Crawl projects with faults among healthy ones; return what is written down of each, and their releases."""
    for name in OTHERS:
        fake.add(name, make_wheel(name, "1"))
    with Store.create(folder / "x.db") as store:
        summary = run_crawl(
            fake,
            store,
            [*fake.projects, *(path.split("/")[2] for path in fake.always if path.startswith("/simple/"))],
            **options,
        )
        assert summary.stopped is None
        found = {}
        for one in store.problems():
            found.setdefault(one.project, []).append(one.code)
        releases = list(store.releases())
    assert not found.keys() & set(OTHERS)
    assert sum(one.requires == () for one in releases if one.project in OTHERS) == len(OTHERS)
    return found, releases


def named(row):
    """Return a project for a row of a table."""
    return re.sub("[^a-z0-9]+", "-", row.lower()).strip("-")


def moved(target):
    return lambda request: web.Response(status=302, headers={"Location": target.format(host=request.host)})


def coded(content, coding):
    return body(content, **{"Content-Encoding": coding})


def bomb(pack, coding):
    """A fault: 70 MB that are small on their way; put together when they are asked for."""
    return lambda request: coded(pack(bytes(70 << 20), 1), coding)(request)  # noqa: PLW0108


def raw(content):
    """A fault: these bytes and nothing else, whatever they are."""

    async def answer(request):
        request.transport.write(content)
        request.transport.close()
        return web.Response()

    return answer


def page(**facts):
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "a", "files": [], **facts}).encode()


def said(head, content=b""):
    return raw(f"HTTP/1.1 {head}\r\n\r\n".encode() + content)


PAGES = {
    "429 without end": (status(429, **{"Retry-After": "3"}), "unreachable"),
    "503 without end": (status(503, **{"Retry-After": "Fri, 01 May 2026 10:01:00 GMT"}), "unreachable"),
    "429, negative": (status(429, **{"Retry-After": "-3"}), "unreachable"),
    "503, a billion": (status(503, **{"Retry-After": "1000000000"}), "unreachable"),
    "503, garbage": (status(503, **{"Retry-After": "soon"}), "unreachable"),
    "500": (status(500), "unreachable"),
    "401": (status(401), "refused"),
    "404": (status(404), "not-found"),
    "410": (status(410), "not-found"),
    "501": (status(501), "refused"),
    "304 to who has nothing": (status(304), "refused"),
    "206": (status(206), "refused"),
    "302 loop": (moved("http://{host}/simple/302-loop/"), "redirect-loop"),
    "302 to another host": (moved("https://elsewhere.example/"), "foreign-host"),
    "302 to another port": (moved("http://127.0.0.1:1/"), "foreign-host"),
    "302 to a file": (moved("file:///etc/hostname"), "bad-redirect"),
    "302 to no address": (moved("http://["), "bad-address"),
    "302 to nowhere": (said("302 Found\r\nContent-Length: 0"), "redirect-loop"),
    "reset before headers": (reset, "unreachable"),
    "reset in the body": (truncated, "unreachable"),
    "reset in the headers": (raw(b"HTTP/1.1 200 OK\r\nContent-"), "unreachable"),
    "no HTTP": (raw(b"\x16\x03\x01\x02\x00"), "unreachable"),
    "long header line": (said(f"200 OK\r\nX-Long: {'x' * 9000}"), "unreachable"),
    "length too long": (said("200 OK\r\nContent-Length: 900", page()), "unreachable"),
    "length too short": (said("200 OK\r\nContent-Length: 9", page()), "unreachable"),
    "two lengths": (said("200 OK\r\nContent-Length: 9\r\nContent-Length: 8", page()), "unreachable"),
    "no last chunk": (said("200 OK\r\nTransfer-Encoding: chunked", b"4\r\ngood\r\n"), "unreachable"),
    "gzip that is none": (coded(page(), "gzip"), "unreachable"),
    "gzip cut off": (coded(gzip.compress(page())[:-9], "gzip"), "unreachable"),
    "deflate that is none": (coded(page(), "deflate"), "unreachable"),
    "gzip bomb": (bomb(gzip.compress, "gzip"), "too-large"),
    "deflate bomb": (bomb(zlib.compress, "deflate"), "too-large"),
    "brotli": (coded(b"\x0b\x02\x80good\x03", "br"), "refused"),
    "brotli bomb": (coded(b"\xa1\xf8\xff\xff\xff\x27", "br"), "refused"),
    "zstd": (coded(b"\x28\xb5\x2f\xfd", "zstd"), "refused"),
    "2 GB": (said("200 OK\r\nContent-Length: 2147483648"), "too-large"),
    "empty": (body(b""), "bad-page"),
    "a captive portal": (body(b"<html><title>Welcome</title>Please log in</html>"), "bad-page"),
    "JSON cut off": (body(page()[:-5]), "bad-page"),
    "deep JSON": (body(b'{"meta": {"api-version": "1.0"}, "files": ' + b"[" * 100_000), "bad-page"),
    "NaN": (body(page()[:-1] + b', "x": NaN}'), "bad-page"),
    "a number of a million digits": (body(page()[:-1] + b', "x": ' + b"9" * 1_000_000 + b"}"), "bad-page"),
    "no list of files": (body(page(files=None)), "bad-page"),
    "version 2.0": (body(page(meta={"api-version": "2.0"})), "page-version"),
    "version 1.9": (body(page(meta={"api-version": "1.9"})), "later-page-version"),
    "a key twice": (body(b'{"meta": {"api-version": "1.0"}, "files": [], "files": []}'), "duplicate-key"),
    "quarantined": (body(page(**{"project-status": {"status": "quarantined"}})), "project-status"),
    "no file names": (body(page(files=[3, {"filename": 3, "url": "x"}])), "odd-file"),
}


def test_faults_of_pages(tmp_path):
    always = {f"/simple/{named(row)}/": fault for row, (fault, _) in PAGES.items()}
    found, releases = crawled(tmp_path, FakeIndex(always=always))
    assert {row: found.get(named(row)) for row in PAGES} == {row: [code] for row, (_, code) in PAGES.items()}
    assert {one.project for one in releases} == set(OTHERS)


def drip(head):
    """A fault: these bytes, then one at a time; each comes in time, all of them together never do."""

    async def answer(request):
        request.transport.write(head)
        for _ in range(1000):
            if request.transport.is_closing():
                break
            request.transport.write(b"x")
            await asyncio.sleep(0.02)
        return web.Response()

    return answer


def test_pages_that_drip(tmp_path, monkeypatch):
    hurried = Patience(connect=5, read=0.3, base=0.3, slowest=1e9)
    monkeypatch.setattr(fakeindex, "Manners", functools.partial(Manners, patience=hurried))
    drips = {
        "/simple/head/": drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        "/simple/body/": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"),
    }
    assert crawled(tmp_path, FakeIndex(always=drips))[0] == {"head": ["unreachable"], "body": ["unreachable"]}


def wheel_of(*members, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members:
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name), content, method)
    return packed.getvalue()


def info(project):
    return f"{project.replace('-', '_')}-1.dist-info/METADATA", metadata(project, "1", ["b>1"])


def linked(project):
    member = zipfile.ZipInfo(info(project)[0])
    member.external_attr = 0o120777 << 16
    return member, b"x"


def changed(content, at, new):
    return content[:at] + new + content[at + len(new) :]


def part(content_range, content=b"x" * 100):
    return lambda request: web.Response(status=206, headers={"Content-Range": content_range}, body=content)


WHEELS = {  # the file, and the problems
    "cut off": (lambda p, good: good[:-30], ["bad-archive"]),
    "no zip": (lambda p, good: b"<html>Please log in</html>" * 20, ["bad-archive"]),
    "a tar": (lambda p, good: make_sdist("a", "1")[1], ["bad-archive"]),
    "an empty file": (lambda p, good: b"", ["odd-size", "bad-range"]),
    "no METADATA": (lambda p, good: wheel_of(("a.py", b"")), ["no-metadata"]),
    "METADATA twice": (lambda p, good: wheel_of(info(p), ("b-1.dist-info/METADATA", b"")), ["ambiguous-wheel"]),
    "METADATA of another": (lambda p, good: wheel_of(info("other")), ["other-release"]),
    "METADATA is a link": (lambda p, good: wheel_of(linked(p)), ["bad-archive"]),
    "METADATA in bzip2": (lambda p, good: wheel_of(info(p), method=zipfile.ZIP_BZIP2), ["bad-archive"]),
    "METADATA is a bomb": (lambda p, good: wheel_of((info(p)[0], bytes(20 << 20))), ["too-large"]),
    "another checksum": (
        lambda p, good: good.replace(zlib.crc32(info(p)[1]).to_bytes(4, "little"), b"\0\0\0\1"),
        ["bad-archive"],
    ),
}


def sdist_of(members=None, **facts):
    return lambda project: make_sdist(project, "1", members, **facts)[1]


LINK = {"PKG-INFO": (tarfile.SYMTYPE, "../../etc/passwd")}
SDISTS = {  # the file, the problems, and why the requirements are unknown
    "gzip cut off": (".tar.gz", lambda p: sdist_of()(p)[:-30], ["bad-archive"], "bad-archive"),
    "no gzip": (".tar.gz", lambda p: b"no archive", ["bad-archive"], "bad-archive"),
    "a zip": (".tar.gz", lambda p: wheel_of((f"{p}-1/PKG-INFO", b"")), ["bad-archive"], "bad-archive"),
    "dynamic": (".tar.gz", sdist_of(dynamic=["Requires-Dist"]), [], "sdist-dynamic"),
    "PKG-INFO is a link": (".tar.gz", sdist_of(LINK), [], "sdist-dynamic"),
    "compressed by compress": (".tar.Z", lambda p: b"\x1f\x9d\x90" + bytes(50), [], "no-readable-file"),
    "an egg": ("-py2.7.egg", lambda p: b"x", [], "no-readable-file"),
    "an installer": (".exe", lambda p: b"MZ", ["strange-file"], None),
}
ANSWERS = {
    "429": (status(429), "unreachable"),
    "404": (status(404), "not-found"),
    "403": (status(403), "refused"),
    "another part": (part("bytes 5-104/5000"), "bad-range"),
    "another total": (part("bytes 0-99/99"), "bad-range"),
    "416": (status(416), "refused"),
    "501": (status(501), "refused"),
    "several parts": (
        lambda request: web.Response(
            status=206, headers={"Content-Type": "multipart/byteranges; boundary=x"}, body=b"--x"
        ),
        "bad-range",
    ),
    "reset": (reset, "unreachable"),
    "moved to another host": (moved("https://elsewhere.example/"), "foreign-host"),
    "other bytes": (body(b"x" * 400), "hash-mismatch"),
}


def test_faults_of_files(tmp_path):
    fake = FakeIndex(sidecars=False)
    for row, (made, _) in WHEELS.items():
        project = named("wheel " + row)
        name, good = make_wheel(project, "1", text=info(project)[1])
        fake.add(project, (name, made(project, good)))
    for row, (ending, made, _, _) in SDISTS.items():
        project = named("sdist " + row)
        fake.add(project, (f"{project.replace('-', '_')}-1{ending}", made(project)))
    for row, (fault, _) in ANSWERS.items():
        project = named("answer " + row)
        fake.always[fake.path(fake.add(project, make_wheel(project, "1")))] = fault
    mismatch = fake.add("sidecar", make_wheel("sidecar", "1", ["b"]), sidecar=b"Name: x", advertised=True)
    fake.always[fake.path(mismatch) + ".metadata"] = body(b"Name: y")
    found, releases = crawled(tmp_path, fake)
    unknown = {one.project: one.unknown for one in releases}

    def told(kind, table):
        return {row: (found.get(named(f"{kind} {row}"), []), unknown.get(named(f"{kind} {row}"))) for row in table}

    assert told("wheel", WHEELS) == {row: (codes, "wheel-unreadable") for row, (_, codes) in WHEELS.items()}
    assert told("sdist", SDISTS) == {row: (codes, why) for row, (*_, codes, why) in SDISTS.items()}
    assert told("answer", ANSWERS) == {
        row: ([code], code if code == "unreachable" else "wheel-unreadable") for row, (_, code) in ANSWERS.items()
    }
    assert found["sidecar"] == ["sidecar-hash-mismatch"]
    assert [one.requires for one in releases if one.project == "sidecar"] == [("b",)]


def test_an_odd_root_is_purelib_decides_nothing(tmp_path):
    fake = FakeIndex(sidecars=False)
    for number, line in enumerate(("", "Root-Is-Purelib: perhaps", "Root-Is-Purelib: true\nRoot-Is-Purelib: false")):
        name = f"n{number}-1-py3-none-any.whl"
        wheel = f"n{number}-1.dist-info/WHEEL", f"Wheel-Version: 1.0\n{line}\n".encode()
        lib = f"n{number}-1.data/purelib/lib{number}/__init__.py", b""
        text = f"n{number}-1.dist-info/METADATA", metadata(f"n{number}", "1", ["b>1"])
        fake.add(f"n{number}", (name, wheel_of((f"n{number}.py", b""), lib, text, wheel)))
    found, releases = crawled(tmp_path, fake)
    assert found == {}
    told = [(one.requires, one.imports) for one in releases if one.project.startswith("n")]
    assert told == [(("b>1",), (f"lib{number}", f"n{number}")) for number in range(3)]


def test_two_hashes_in_one_fragment(tmp_path):
    name, content = make_wheel("a", "1", ["b"])
    sha256 = hashlib.sha256(content).hexdigest()
    for number, fragment in enumerate(
        (f"md5=00&sha256={sha256}", f"sha256={sha256}&md5=00", f"sha256={sha256}&sha256=00")
    ):
        fake = FakeIndex(sidecars=False)
        path = fake.path(fake.add("a", (name, content)))
        link = f'<title>Links for a</title><a href="../..{path}#{fragment}">{name}</a>'
        fake.always["/simple/a/"] = body(link.encode(), **{"Content-Type": "text/html"})
        with Store.create(tmp_path / f"{number}.db") as store:
            run_crawl(fake, store, ["a"])
            (release,) = store.releases()
            assert store.problems() == ()
        assert ([one.sha256 for one in release.files], release.requires) == ([sha256], ("b",))


def test_an_etag_that_changes_on_each_request(tmp_path):
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1", ["b"]))
    fake.always["/simple/a/"] = lambda _request: web.Response(
        body=fake.page("a").encode(), headers={"ETag": f'"{len(fake.log)}"'}
    )
    with Store.create(tmp_path / "x.db") as store:
        run_crawl(fake, store, ["a"])
        first = fake.paths()
        later = {"started": "2026-06-01T00:00:00Z", "since": "2026-06-01T00:00:00Z"}
        assert run_crawl(fake, store, ["a"], **later).pages == {"unchanged": 1}  # its bytes are the same
        assert [path for path in fake.paths()[len(first) :] if path.startswith("/packages/")] == []
        assert store.problems() == ()


@pytest.mark.parametrize("form", ["json", "html"])
def test_more_links_than_a_page_may_have(form, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MOST_FILES", 500)  # instead of 300,000, which take half a minute
    fake = FakeIndex(form=form)
    for number in range(501):
        fake.add("a", (f"a-{number}.zip", b""))
    with Store.create(tmp_path / "x.db") as store:
        run_crawl(fake, store, ["a"], newest=0)
        assert [one.code for one in store.problems() if one.code != "odd-size"] == ["too-many-files"]
        assert len(list(store.releases())) == 500


CHILD = """
import pathlib, sys
from killed import crawled_at
crawled_at(sys.argv[1], pathlib.Path(sys.argv[2]))
"""


@pytest.mark.parametrize("asked", [2, 8])
def test_stopped_and_continued_a_crawl_ends_the_same(asked, tmp_path):
    """SIGSTOP after so many requests, and SIGCONT once it stands still."""
    expected = tmp_path / "whole.db"
    killed.crawled(expected)

    async def run():
        fake = killed.small_world()
        async with fake.serve() as url:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", CHILD, url, str(tmp_path / "x.db")),
                env={**os.environ, "PYTHONPATH": str(Path(killed.__file__).parent)},
            )
            await fake.asked(asked)
            child.send_signal(signal.SIGSTOP)
            await asyncio.to_thread(os.waitid, os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
            child.send_signal(signal.SIGCONT)
            assert await child.wait() == 0

    asyncio.run(run())
    assert killed.left(tmp_path / "x.db") == killed.left(expected)
