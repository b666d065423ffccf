"""``coset crawl`` as a user meets it: sentences, exit statuses, the summary."""

import asyncio
import json
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from aiohttp import web
from fakeindex import FakeIndex, make_wheel

from coset import pipindex
from coset.__main__ import main
from dataset.store import Store
from normalize.errors import UsageError


@contextmanager
def served(fake):
    """Serve the index from another thread, because the command has its own event loop."""
    ready, stop, box = threading.Event(), asyncio.Event(), {}

    async def run():
        box["loop"] = asyncio.get_running_loop()
        async with fake.serve() as url:
            box["url"] = url
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(30)
    try:
        yield box["url"]
    finally:
        box["loop"].call_soon_threadsafe(stop.set)
        thread.join()


def small():
    fake = FakeIndex(form="html")
    fake.add("h5py", make_wheel("h5py", "3.14.0", ["numpy>=1"]))
    fake.add("h5py", make_wheel("h5py", "3.15.0", ["numpy>=2"]))
    fake.add("numpy", make_wheel("numpy", "2.4.0"))
    return fake


def test_crawl_of_a_current_set(tmp_path, capsys):
    current = {
        "schema": 1,
        "revision": "r",
        "date": "2026-07-15",
        "attributes": {
            "h5py": {"project": "h5py", "version": "3.14.0-unstable-2026-01-01", "confidence": "certain"},
            "local": {"project": None, "version": "1", "confidence": "guess"},
        },
    }
    (tmp_path / "nixpkgs.json").write_text(json.dumps(current))
    arguments = ["crawl", "--from", str(tmp_path / "nixpkgs.json"), "--newest", "1", "--db", str(tmp_path / "x.db")]
    with served(small()) as url:
        assert main([*arguments, "--closure", "--index", url, "--json"]) == 0
        summary = json.loads(capsys.readouterr().out)
        assert (summary["added"], summary["planned"], summary["known"]) == (["numpy"], 3, {"sidecar": 3})
        assert main([*arguments, "--index", url, "--quiet"]) == 0
        captured = capsys.readouterr()
    assert captured.err == ""
    lines = dict(line.strip().rsplit(None, 1) for line in captured.out.splitlines())
    assert (lines["project pages"], lines["known from before"]) == ("1", "2")
    with Store.open(tmp_path / "x.db") as store:
        assert store.projects() == ("h5py", "numpy")
        assert store.setting("crawl_begun") is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["h5py"], "'coset crawl' writes to a dataset of your own, and none is named"),
        (["--db", "x.db"], "there is no project to crawl"),
        (["--db", "x.db", "-e"], "no such option: -e"),
        (["--db", "x.db", "h5py?"], "'h5py?' cannot be a project name"),
        (["--db", "x.db", "--from", "no.json"], "there is no file 'no.json'"),
        (["--db", "x.db", "--from", "bad.json"], "'bad.json' is not JSON"),
        (
            ["--db", "x.db", "--index", "ftp://u:secret@index.example/", "h5py"],
            "the index 'ftp://index.example/' is not",
        ),
        (["--db", "bad.json", "--index", "https://index.example/", "h5py"], "'bad.json' is not a coset dataset"),
    ],
)
def test_usage(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text("this is not what it should be")
    assert main(["crawl", *arguments]) == 2
    captured = capsys.readouterr()
    assert sentence.lower() in captured.err.lower()
    assert captured.out == ""
    assert "secret" not in captured.err


def test_index_that_is_not_one(tmp_path, capsys):
    with served(FakeIndex(always={"/simple/h5py/": lambda _request: web.Response(text="hi")})) as url:
        assert main(["crawl", "h5py", "--index", url, "--db", str(tmp_path / "x.db")]) == 3
    assert "does not answer as a package index does" in capsys.readouterr().err


def listing(text):
    return lambda *_arguments, **_options: subprocess.CompletedProcess([], 0, stdout=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("global.index-url='https://a.example/simple'\n", "https://a.example/simple"),
        ("global.index-url='https://a.example/'\ninstall.index-url='https://b.example/'\n", "https://b.example/"),
        (":env:.index-url='https://c.example/'\ninstall.index-url='https://b.example/'\n", "https://c.example/"),
    ],
)
def test_index_of_pips_configuration(text, expected, monkeypatch):
    monkeypatch.setattr(subprocess, "run", listing(text))
    assert pipindex.default_index() == expected


def test_pips_own_default(monkeypatch):
    monkeypatch.setattr(subprocess, "run", listing("global.extra-index-url='https://a.example/simple'\n"))
    assert pipindex.default_index().startswith("https://")
    monkeypatch.setitem(sys.modules, "pip._internal.models.index", None)
    with pytest.raises(UsageError, match="pip names no index"):
        pipindex.default_index()
