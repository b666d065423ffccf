"""``coset dataset serve``: what the index answers."""

import io
import json
import zipfile
from urllib.parse import urljoin

import pytest
from served import JSON, RELEASES, ask, page, release, serving

from coset import indexserver
from coset.indexserver import Service, preferred_form
from dataset.indexfiles import Offer, metadata_of
from dataset.store import Store
from normalize.errors import OutsideError


def test_a_page_leads_to_its_files_and_their_metadata(index):
    files = {one["filename"]: one for one in page(index, "app")["files"]}
    wheel = files["app-1.0-py3-none-any.whl"]
    at = urljoin(f"{index}app/", wheel["url"])
    assert ask(f"{at}.metadata").content == metadata_of(RELEASES[0])
    answer = ask(at)
    assert answer.status == 404
    assert b"--files-base" in answer.content
    assert "core-metadata" not in files["app-1.0.tar.gz"]
    assert ask(urljoin(f"{index}app/", files["app-1.0.tar.gz"]["url"]) + ".metadata").status == 404


def test_a_made_wheel_can_be_had(index):
    sdist, made = page(index, "old")["files"]
    assert (sdist["filename"], made["filename"]) == ("old-1.0.tar.gz", "old-1.0-py3-none-any.whl")
    body = ask(urljoin(f"{index}old/", made["url"])).content
    assert len(body) == made["size"]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert b"Requires-Dist: leaf<2; extra == 'fast'\n" in archive.read("old-1.0.dist-info/METADATA")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/*;q=0.5, application/*", "application/vnd.pypi.simple.v1+html"),
        (JSON, JSON),
        (f"{JSON}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01", JSON),
        (f"{JSON};q=0.1, text/html", "text/html"),
        (f"*/*, {JSON}", JSON),
        (f"{JSON};q=0, */*;q=0.1", "text/html"),
        ("application/vnd.pypi.simple.latest+json", JSON),
        ("text/html;q=nan, application/vnd.pypi.simple.v1+html;q=9", None),
        ("text/html;q=0", None),
        ("image/png", None),
        (";,;q=1,/", None),
    ],
)
def test_the_client_chooses_the_form(index, accept, form):
    assert preferred_form(accept) == form
    for place in (index, f"{index}lib/"):
        answer = ask(place, Accept=accept)
        if form is None:
            assert answer.status == 406
        else:
            assert answer.status == 200
            assert answer.headers["Content-Type"].partition(";")[0] == form
            assert answer.headers["Vary"] == "Accept"
            assert answer.content.startswith(b"{" if form == JSON else b"<!DOCTYPE html>")


def test_the_root_lists_all_projects(index):
    names = [one["name"] for one in json.loads(ask(index, Accept=JSON).content)["projects"]]
    assert names == ["app", "cp", "leaf", "lib", "old", "zope-interface"]
    assert b'<a href="zope-interface/">zope-interface</a>' in ask(index).content
    assert "X-PyPI-Last-Serial" not in ask(index).headers


def test_what_is_unchanged_is_not_sent_again(index):
    tags = set()
    for place, accept in ((index, "*/*"), (f"{index}lib/", "*/*"), (f"{index}lib/", JSON)):
        answer = ask(place, Accept=accept)
        tags.add(answer.headers["ETag"])
        again = ask(place, Accept=accept, If_None_Match=f'"other", {answer.headers["ETag"]}')
        assert (again.status, again.content, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
        assert ask(place, Accept=accept, If_None_Match="*").status == 304
        for other in ('"other"', 'other, "', ","):
            assert ask(place, Accept=accept, If_None_Match=other).content == answer.content
    assert len(tags) == 3


def test_spellings_lead_to_the_normalised_name(index):
    for given in (
        "/simple/Zope.Interface/",
        "/simple/zope_interface",
        "/simple/zope-interface",
        "/simple/ZOPE--interface/",
    ):
        answer = ask(index, path=given)
        assert answer.status == 301
        assert urljoin(f"http://x{given}", answer.headers["Location"]) == "http://x/simple/zope-interface/"
    assert urljoin("http://x/simple", ask(index, path="/simple").headers["Location"]) == "http://x/simple/"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/simple/unheard-of/",
        "/simple/..%2f..%2fetc/",
        "/simple/%00/",
        "/simple/a%0d%0aSet-Cookie:x/",
        "/simple/../../etc/passwd",
        "/files/app/..%2f..%2ftoys.sqlite",
        "/files/..%2f/x",
        "/files/app/",
        "/files/app/%ff",
        "/files/APP%20/app-1.0-py3-none-any.whl",
        "/files/lib/app-1.0-py3-none-any.whl.metadata",
        "/files/unheard-of/app-1.0-py3-none-any.whl",
        "/simple/lib/extra",
    ],
)
def test_what_is_not_known_is_not_found(index, path):
    answer = ask(index, path=path)
    assert answer.status == 404
    assert answer.content.count(b"\n") == 1
    assert "Set-Cookie" not in answer.headers


def test_only_reading_is_possible(index):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = ask(f"{index}lib/", method=method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    head, get = ask(f"{index}lib/", method="HEAD"), ask(f"{index}lib/")
    assert (head.status, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.content))


def test_nothing_depends_on_the_host_that_a_request_claims(index):
    claimed = ask(f"{index}lib/", Host="evil.example", X_Forwarded_Host="evil.example")
    assert claimed.content == ask(f"{index}lib/").content
    assert b"://" not in claimed.content
    assert "evil" not in ask(index, path="/simple/LIB/", Host="evil.example").headers["Location"]


def test_files_lie_elsewhere(toys):
    with serving(toys, files_base="https://files.example/mirror/") as url:
        answer = ask(url, path="/files/cp/cp-2.0-cp39-cp39-win32.whl")
        place = "https://files.example/mirror/packages/a%20b/cp-2.0-cp39-cp39-win32.whl"
        assert (answer.status, answer.headers["Location"]) == (302, place)
        assert ask(url, path="/files/cp/cp-1.0-py3-none-any.whl").status == 404  # nobody knows where it lies
        assert ask(url, path="/files/old/old-1.0-py3-none-any.whl").status == 200  # made wheels lie here


def test_what_is_left_out_is_told(toys):
    told = []
    with serving(toys, Offer(before="2026-02-01T00:00:00Z"), told=told.append) as url:
        assert page(url, "lib")["versions"] == ["1.0", "2.0", "3.0"]
        assert page(url, "zope-interface")["files"] == []
    assert told == [
        "lib: left out because their requirements are unknown: 2",
        "lib: left out because they were not uploaded before 2026-02-01T00:00:00Z: 1",
        "GET /simple/lib/ 200",
        "zope-interface: left out because their upload time is not known: 1",
        "GET /simple/zope-interface/ 200",
    ]


def test_a_page_follows_the_dataset(tmp_path):
    path = tmp_path / "db.sqlite"
    with Store.create(path) as store:
        store.put([release("lib", "1.0")])
    with serving(path) as url:
        assert page(url, "lib")["versions"] == ["1.0"]
        root = ask(url).content
        with Store.create(path) as store:
            store.put([release("lib", "1.1"), release("new", "1.0")])
            assert page(url, "lib")["versions"] == ["1.0", "1.1"]  # also while the writer is at work
        assert ask(url).content != root
        assert page(url, "new")["versions"] == ["1.0"]


def test_memory_is_bounded(toys, monkeypatch):
    monkeypatch.setattr(indexserver, "_MOST_FILES", 2)
    with Store.open(toys) as store:
        pages = indexserver._Pages(Service(store=store, offer=Offer()))
        first = [pages.project(name, JSON) for name in ("app", "lib", "old")]
        assert list(pages._offered) == ["old"]
        assert list(pages._answers) == [("old", True)]
        assert pages._kept == 2
        assert [pages.project(name, JSON) for name in ("app", "lib", "old")] == first


def test_a_dataset_that_cannot_be_read_is_said_to_be_so(toys):
    told = []

    class Broken:
        def projects(self):
            raise OutsideError("the dataset is damaged")

    with serving(toys, store=Broken(), told=told.append) as url:
        assert ask(url).status == 503
    assert told == ["the dataset is damaged", "GET /simple/ 503"]
