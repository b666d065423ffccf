"""A mirror's tree and a folder of wheels answer as an index does, and nothing outside them is read."""

import asyncio
import bz2
import gzip
import hashlib
import json
import os
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from builtfiles import make_sdist, make_wheel, wheel_metadata
from fakeindex import FakeClock

from crawler.limits import Limits
from crawler.localsource import LocalSource, folder_of
from crawler.source import Answer, Failure, Request, Source, Span
from normalize.errors import OutsideError, UsageError


def page(source: Source, project, **facts):
    url = urljoin(source.index, f"{project}/")
    return asyncio.run(source.get(Request(**{"url": url, "lane": "index", "cap": 1 << 20, **facts})))


def read(source: Source, url, **facts):
    return asyncio.run(source.get(Request(**{"url": url, "lane": "files", "cap": 1 << 20, **facts})))


WHEEL_NAME, WHEEL = make_wheel("Zope.Interface", "1.0", ["numpy"])
SDIST_NAME, SDIST = make_sdist("zope-interface", "0.9")


@pytest.fixture
def folder(tmp_path):
    """Wheels and sdists side by side, and a secret beside them."""
    root = tmp_path / "wheels"
    root.mkdir()
    (root / WHEEL_NAME).write_bytes(WHEEL)
    (root / f"{WHEEL_NAME}.metadata").write_bytes(wheel_metadata(WHEEL))
    (root / SDIST_NAME).write_bytes(SDIST)
    (root / "readme.txt").write_text("no package")
    (tmp_path / "secret-1.0.zip").write_bytes(b"secret")
    return root


@pytest.fixture(params=["web", "simple", "flat"])
def mirror(tmp_path, request):
    """A tree as bandersnatch keeps it, named by its root, by its web folder or by its pages."""
    web = tmp_path / "mirror" / "web"
    package = web / "packages" / "aa" / "bb" / ("c" * 60) / WHEEL_NAME
    package.parent.mkdir(parents=True)
    package.write_bytes(WHEEL)
    package.with_name(f"{WHEEL_NAME}.metadata").write_bytes(wheel_metadata(WHEEL))
    (web / "simple" / "zope-interface").mkdir(parents=True)
    link = f"packages/aa/bb/{'c' * 60}/{WHEEL_NAME}"
    digest = hashlib.sha256(WHEEL).hexdigest()
    told = {"meta": {"api-version": "1.1"}, "name": "zope-interface"}
    file = {"filename": WHEEL_NAME, "url": f"../../{link}", "hashes": {"sha256": digest}}
    (web / "simple" / "zope-interface" / "index.v1_json").write_text(json.dumps({**told, "files": [file]}))
    (web / "simple" / "zope-interface" / "index.html").write_text("<title>Links for old</title>")
    (web / "simple" / "h" / "h5py").mkdir(parents=True)
    (web / "simple" / "h" / "h5py" / "index.html").write_text(
        f'<title>Links for h5py</title><a href="../../../{link}">x</a>'
    )
    return {"web": web.parent, "flat": web, "simple": web / "simple"}[request.param]


def test_page_of_a_mirror(mirror):
    source = LocalSource(mirror)
    answer = page(source, "zope-interface")
    file = json.loads(answer.body)["files"][0]
    wheel = urljoin(answer.url, file["url"])
    assert read(source, wheel, sha256=file["hashes"]["sha256"]).body == WHEEL
    assert read(source, f"{wheel}.metadata").body == wheel_metadata(WHEEL)
    assert (source.requests, source.received) == (3, len(answer.body) + len(WHEEL) + len(wheel_metadata(WHEEL)))


def test_page_of_a_mirror_below_its_first_letter(mirror):
    source = LocalSource(mirror)
    answer = page(source, "h5py")
    link = answer.body.decode().partition('href="')[2].partition('"')[0]
    assert read(source, urljoin(answer.url, link)).body == WHEEL
    assert page(source, "numpy") == Failure("not-found", "the mirror has no such project")


@pytest.mark.parametrize("ending", [".tgz", ".tar.bz2"])
def test_a_folder_has_the_sdists_that_can_be_read(ending, tmp_path):
    packed = SDIST if ending == ".tgz" else bz2.compress(gzip.decompress(SDIST))
    (tmp_path / SDIST_NAME.replace(".tar.gz", ending)).write_bytes(packed)
    (tmp_path / f"x{ending}").write_bytes(b"no name of a release")
    source = LocalSource(tmp_path)
    (file,) = json.loads(page(source, "zope-interface").body)["files"]
    assert read(source, urljoin(f"{source.index}zope-interface/", file["url"])).body == packed


def test_the_index_of_a_mirror_names_the_same_mirror(mirror):
    source = LocalSource(mirror)
    assert source.index.endswith("/mirror/web/simple/")
    assert LocalSource(folder_of(source.index))._root == source._root


def test_pages_without_packages(tmp_path):
    (tmp_path / "simple" / "h5py").mkdir(parents=True)
    (tmp_path / "simple" / "h5py" / "index.html").write_text("<title>Links for h5py</title>")
    assert page(LocalSource(tmp_path / "simple"), "h5py").status == 200
    assert read(LocalSource(tmp_path / "simple"), f"{tmp_path.as_uri()}/x").code == "foreign-host"


def test_unchanged_page_of_a_mirror(mirror):
    source = LocalSource(mirror)
    etag = page(source, "zope-interface").etag
    assert page(source, "zope-interface", headers={"If-None-Match": etag}).status == 304
    assert page(source, "zope-interface", headers={"If-None-Match": '"other"'}).status == 200


def test_page_of_a_folder(folder):
    source = LocalSource(folder)
    answer = page(source, "zope-interface")
    files = json.loads(answer.body)["files"]
    assert [one["filename"] for one in files] == [WHEEL_NAME, SDIST_NAME]
    for one, content in zip(files, (WHEEL, SDIST), strict=True):
        assert one["hashes"] == {"sha256": hashlib.sha256(content).hexdigest()}
        assert one["size"] == len(content)
        assert read(source, urljoin(answer.url, one["url"]), sha256=one["hashes"]["sha256"]).body == content
    assert files[0]["core-metadata"] == {"sha256": hashlib.sha256(wheel_metadata(WHEEL)).hexdigest()}
    assert "core-metadata" not in files[1]
    assert page(source, "secret").code == page(source, "readme").code == "not-found"
    assert page(LocalSource(folder), "zope-interface") == answer


def test_names_that_are_hard_to_spell(tmp_path):
    names = ["a b-1.0.tar.gz", "a#b-1.0.tar.gz", "a?b-1.0.tar.gz", "a%b-1.0.tar.gz", "ä-1.0.tar.gz"]
    raw = os.fsdecode(b"\xff-1.0.tar.gz")
    for name in [*names, raw]:
        (tmp_path / name).write_bytes(b"content")
    source = LocalSource(tmp_path)
    for name in [*names, raw]:
        answer = page(source, quote(os.fsencode(name.removesuffix("-1.0.tar.gz")), safe=""))
        file = json.loads(answer.body)["files"][0]
        assert file["filename"] == name
        assert read(source, urljoin(f"{source.index}x/", file["url"])).body == b"content"


def test_parts(folder):
    source = LocalSource(folder)
    url = f"{source.index}{WHEEL_NAME}"
    size = len(WHEEL)
    part = read(source, url, span=Span(start=10, stop=20), sha256="00" * 32)  # a part has another hash
    assert part == Answer(status=206, url=url, body=WHEEL[10:20], etag=None, total=size)
    assert read(source, url, span=Span(start=size - 5, stop=size + 5)).body == WHEEL[-5:]
    assert read(source, url, span=Span(start=size, stop=size + 5)).code == "range-refused"


def test_caps_and_hashes(folder):
    source = LocalSource(folder)
    url = f"{source.index}{WHEEL_NAME}"
    assert read(source, url, cap=10).code == "too-large"
    assert page(source, "zope-interface", cap=10).code == "too-large"
    assert read(source, url, sha256="00" * 32).code == "hash-mismatch"
    assert read(source, f"{url}.other") == Failure("not-found", "there is no such file")


def test_stream(folder):
    source = LocalSource(folder)
    url, kept = f"{source.index}{SDIST_NAME}", []

    def stream(consume, **facts):
        return asyncio.run(source.stream(Request(url=url, lane="files", cap=1 << 20, **facts), consume))

    def keep(chunk):
        kept.append(chunk)
        return True

    assert stream(keep, sha256=hashlib.sha256(SDIST).hexdigest()).complete
    assert b"".join(kept) == SDIST
    assert not stream(lambda _chunk: False, sha256="00" * 32).complete
    assert stream(lambda _chunk: True, sha256="00" * 32).code == "hash-mismatch"
    with pytest.raises(ZeroDivisionError):
        stream(lambda _chunk: 1 / 0)


@pytest.mark.parametrize(
    "path",
    [
        "../secret-1.0.zip",
        "%2e%2e/secret-1.0.zip",
        "x/../../secret-1.0.zip",
        "..%2Fsecret-1.0.zip",
        "/etc/passwd",
        "//elsewhere.example/etc/passwd",
        "https://index.example/x.whl",
        "a%00b",
        "link.whl",
        "linked/secret-1.0.zip",
        "around.whl",
        "pipe.whl",
        "folder.whl",
        ".",
    ],
)
def test_nothing_outside_the_folder_is_read(folder, path):
    (folder / "link.whl").symlink_to(folder.parent / "secret-1.0.zip")
    (folder / "linked").symlink_to(folder.parent)
    (folder / "around.whl").symlink_to(folder / "around.whl")
    (folder / "folder.whl").mkdir()
    os.mkfifo(folder / "pipe.whl")
    source = LocalSource(folder)
    url = path if "://" in path else f"file:{path}" if path.startswith("/") else source.index + path
    outcome = read(source, url)
    assert isinstance(outcome, Failure)
    assert outcome.code == "foreign-host"
    assert source.received == 0


def test_pages_that_lead_out_of_a_mirror(mirror, tmp_path):
    (tmp_path / "secret").write_text("secret")
    simple = tmp_path / "mirror" / "web" / "simple"
    (simple / "evil").mkdir()
    (simple / "evil" / "index.html").symlink_to(tmp_path / "secret")
    (simple / "worse").symlink_to(tmp_path)
    (tmp_path / "index.html").write_text("secret")
    source = LocalSource(mirror)
    assert page(source, "evil").code == page(source, "worse").code == "foreign-host"
    assert page(source, "%2e%2e").code == "foreign-host"


def test_links_within_the_folder_are_followed(folder):
    (folder / "again-1.0.zip").symlink_to(SDIST_NAME)
    source = LocalSource(folder)
    assert read(source, f"{source.index}again-1.0.zip").body == SDIST
    linked = folder.parent / "linked"
    linked.symlink_to(folder)
    assert page(LocalSource(linked), "again").status == 200


def test_file_that_leads_out_of_the_folder_is_listed_and_refused(folder):
    (folder / "secret-1.0.zip").symlink_to(folder.parent / "secret-1.0.zip")
    source = LocalSource(folder)
    answer = page(source, "secret")
    file = json.loads(answer.body)["files"][0]
    assert file["hashes"] == {}
    assert read(source, urljoin(answer.url, file["url"])).code == "foreign-host"


def test_file_that_cannot_be_read(folder, monkeypatch):
    def broken(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    source = LocalSource(folder)
    monkeypatch.setattr(Path, "open", broken)
    outcome = read(source, f"{source.index}{WHEEL_NAME}")
    assert outcome == Failure("unreachable", "the file cannot be read: permission denied", transient=True)


def test_limits(folder):
    source = LocalSource(folder, limits=Limits(max_requests=1), clock=FakeClock())
    assert page(source, "zope-interface").status == 200
    assert page(source, "zope-interface").code == "stopped"
    assert source.stopped.reason == "max-requests"
    assert source.requests == 1


def test_folders_that_are_not_there(tmp_path):
    with pytest.raises(UsageError, match="there is no folder"):
        LocalSource(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(UsageError, match="there is no folder"):
        LocalSource(tmp_path / "round")


def test_folder_of_an_address():
    assert folder_of("file:///a%20b/simple/") == Path("/a b/simple")
    with pytest.raises(OutsideError, match="another host"):
        folder_of("file://host/x/")
