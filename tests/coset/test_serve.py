"""``coset dataset serve``: what the index answers, and that pip and uv resolve against it."""

import asyncio
import http.client
import io
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager, suppress
from urllib.parse import urljoin, urlsplit

import pytest
from uv import find_uv_bin

from coset import indexserver
from coset.__main__ import main
from coset.indexserver import Service, preferred_form, serve
from coset.serve import _state
from coset.terminal import no_progress
from coset.unpacked import embedded_dataset
from dataset.indexfiles import Offer, metadata_of
from dataset.records import File, Release
from dataset.store import Store
from normalize.errors import OutsideError

JSON = "application/vnd.pypi.simple.v1+json"
UV = find_uv_bin()


def release(project, version, requires=(), *names, **facts):
    return Release(
        **{
            "project": project,
            "version": version,
            "requires": requires,
            "uploaded": "2026-01-01T00:00:00Z",
            "files": tuple(File(name=name) for name in names),
            **facts,
        }
    )


RELEASES = (
    release("app", "1.0", ("cp", "lib>=1", "old[fast]"), "app-1.0-py3-none-any.whl", "app-1.0.tar.gz"),
    release("lib", "1.0", (), "lib-1.0-py3-none-any.whl"),
    release("lib", "1.1", (), "lib-1.1-py3-none-any.whl", uploaded="2026-03-01T00:00:00Z"),
    release("lib", "2.0", (), "lib-2.0-py3-none-any.whl", yanked="broken"),
    release("lib", "3.0", (), "lib-3.0-py3-none-any.whl", requires_python=">=3.99"),
    release("lib", "4.0", None, "lib-4.0.tar.gz", unknown="sdist-dynamic"),
    release("lib", "5.0", None, unknown="listed"),
    # known from an sdist alone: there is nothing to download, so a resolver that built it would fail
    release("old", "1.0", ("leaf<2; extra == 'fast'",), "old-1.0.tar.gz", extras=("fast",)),
    release("leaf", "1.0"),
    release("leaf", "2.0"),
    release("cp", "1.0", (), "cp-1.0-py3-none-any.whl"),
    Release(
        project="cp",
        version="2.0",
        requires=(),
        uploaded="2026-01-01T00:00:00Z",
        files=(File(name="cp-2.0-cp39-cp39-win32.whl", path="packages/a b/cp-2.0-cp39-cp39-win32.whl"),),
    ),
    release("zope-interface", "1.0", uploaded=None),
)
TOY = {"app": "1.0", "cp": "1.0", "leaf": "1.0", "lib": "1.1", "old": "1.0"}


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    path = tmp_path_factory.mktemp("toys") / "toys.sqlite"
    with Store.create(path) as store:
        store.put(RELEASES)
    return path


@contextmanager
def serving(path, offer=None, host="127.0.0.1", **facts):
    """Serve a dataset in a thread and yield the address of the index."""
    started = queue.Queue()

    async def run():
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        with Store.open(path) as store:
            service = Service(**{"store": store, "offer": offer or Offer(), "changed": lambda: _state(path), **facts})
            await serve(service, host, 0, lambda url: started.put((url, loop, task)))

    def guarded():
        with suppress(asyncio.CancelledError):
            asyncio.run(run())

    thread = threading.Thread(target=guarded)
    thread.start()
    url, loop, task = started.get(timeout=60)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


@pytest.fixture(scope="module")
def index(toys):
    with serving(toys) as url:
        yield url


def ask(url, *, method="GET", path=None, **headers):
    """Return the answer with its body; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(method, path or parts.path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        answer.content = answer.read()
    finally:
        connection.close()
    return answer


def page(url, project):
    answer = ask(f"{url}{project}/", Accept=JSON)
    assert answer.status == 200
    return json.loads(answer.content)


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


def test_a_port_that_is_taken_is_an_error(index, toys, capsys):
    port = urlsplit(index).port
    assert main(["dataset", "serve", "--db", str(toys), "--port", str(port)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: nothing can listen on '127.0.0.1', port {port}: ")
    assert "hint: name another --host" in err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--before", "yesterday"], "'yesterday' is not a day"),
        (["--before", "20260501"], "'20260501' is not a day"),
        (["--before", "2026-02-30"], "'2026-02-30' is not a day"),
        (["--files-base", "ftp://files.example/"], "the base of files 'ftp://files.example/' is not an http"),
        (["--files-base", "http://files.example/\nX: y"], "the base of files 'http://files.example/"),
        (["--db", "missing.sqlite"], "there is no dataset at 'missing.sqlite'"),
        (["--port", "65536"], "invalid value for '--port'"),
    ],
)
def test_mistakes_are_named(options, sentence, toys, capsys):
    assert main(["dataset", "serve", "--db", str(toys), *options]) == 2
    assert capsys.readouterr().err.startswith(f"error: {sentence}")


@pytest.mark.parametrize(
    ("options", "out", "err"),
    [
        ([], "http://127.0.0.1:1/simple/\n", "serving; Ctrl-C ends it\nended\n"),
        (["--quiet", "--verbose", "--files-base", "https://files.example"], "http://127.0.0.1:1/simple/\n", ""),
        (["--verbose"], "http://127.0.0.1:1/simple/\n", "serving; Ctrl-C ends it\ntold\nended\n"),
        (
            ["--json", "-q", "--before", "2026-05-01"],
            '{\n  "url": "http://127.0.0.1:1/simple/",\n  "before": "2026-05-01T00:00:00Z"\n}\n',
            "",
        ),
    ],
)
def test_the_address_is_all_of_the_result(  # noqa: PLR0917 - three of them are fixtures
    options, out, err, toys, capsys, monkeypatch
):
    async def interrupted(service, host, port, ready):
        assert (host, port) == ("127.0.0.1", 0)
        ready("http://127.0.0.1:1/simple/")
        service.told("told")
        assert service.files_base in (None, "https://files.example/")
        raise KeyboardInterrupt

    monkeypatch.setattr(indexserver, "serve", interrupted)
    assert main(["dataset", "serve", "--db", str(toys), *options]) == 130
    assert capsys.readouterr() == (out, err)


def test_ipv6_addresses_stand_in_brackets(toys):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("the loopback interface has no IPv6")
    with serving(toys, host="::1") as url:
        assert url.startswith("http://[::1]:")
        assert ask(url).status == 200


def test_ctrl_c_ends_the_command(toys):
    # a shell that starts the tests in the background would let them ignore it
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import coset.__main__ as m; m.run()"
    )
    command = [sys.executable, "-c", code, "dataset", "serve", "--db", str(toys)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert ask(url).status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "serving; Ctrl-C ends it\nended\n")


def environment(folder):
    """Return what a resolver may see of this machine: nothing of its user, its caches and its proxies."""
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "UV_CACHE_DIR": str(folder / "uv"),
        "PIP_CONFIG_FILE": os.devnull,
        "NO_PROXY": "*",
    }


def ran(folder, *command, text=""):
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=environment(folder),
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pip(folder, url, *asked):
    """Return the versions that pip chooses."""
    report = ran(
        folder,
        *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"),
        *("--dry-run", "--ignore-installed", "--no-cache-dir", "--report", "-", "--index-url", url, *asked),
    )
    found = [one["metadata"] for one in json.loads(report)["install"]]
    return {one["name"]: one["version"] for one in found}


def uv(folder, url, *asked, options=()):
    """Return the versions that uv chooses."""
    lines = ran(
        folder,
        *(UV, "pip", "compile", "--no-config", "--no-header", "--no-annotate", "--quiet", "--python"),
        *(sys.executable, "--no-python-downloads", "--index-url", url, *options, "-"),
        text="\n".join(asked),
    ).splitlines()
    return dict(line.split("==") for line in lines)


def test_pip_and_uv_resolve_the_toys(index, tmp_path):
    # the newest that is neither yanked, nor for another Python or platform, nor unknown; and nothing is built
    assert uv(tmp_path, index, "app") == TOY
    assert pip(tmp_path, index, "app") == TOY


def test_pip_and_uv_agree_on_the_embedded_dataset(tmp_path):
    asked = ("jinja2", "scikit-learn")
    with serving(embedded_dataset(no_progress)) as url:
        chosen = uv(tmp_path, url, *asked, options=("--python-version", "3.13"))
        assert {"jinja2", "markupsafe", "numpy", "scikit-learn", "scipy"} <= chosen.keys()
        assert pip(tmp_path, url, "--python-version", "3.13", "--only-binary", ":all:", *asked) == chosen


def test_a_day_freezes_the_index(toys, tmp_path):
    with serving(toys, Offer(before="2026-03-01T00:00:00Z")) as url:
        assert uv(tmp_path, url, "app") == {**TOY, "lib": "1.0"}
        assert pip(tmp_path, url, "app") == {**TOY, "lib": "1.0"}


def test_resolvers_read_html_as_well(index, tmp_path, monkeypatch):
    monkeypatch.setattr(indexserver, "preferred_form", lambda _accept: "text/html")
    assert uv(tmp_path, index, "app") == TOY
    assert pip(tmp_path, index, "app") == TOY


def test_any_platform_offers_what_was_built_for_another(toys, tmp_path):
    with serving(toys, Offer(any_platform=True)) as url:
        assert uv(tmp_path, url, "app") == {**TOY, "cp": "2.0"}


def test_a_resolver_may_ignore_metadata_files_for_made_wheels_can_be_installed(index, tmp_path):
    target = tmp_path / "target"
    ran(
        tmp_path,
        *(UV, "pip", "install", "--no-config", "--quiet", "--python", sys.executable, "--target", str(target)),
        *("--index-url", index, "old[fast]"),
    )
    assert sorted(one.name for one in target.glob("*.dist-info")) == ["leaf-1.0.dist-info", "old-1.0.dist-info"]
