"""``coset crawl`` as a user meets it: sentences, exit statuses, the summary."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from builtfiles import make_wheel
from fakeindex import FakeIndex, served

from coset import crawl as coset_crawl
from coset import pipindex
from coset.__main__ import main
from dataset.store import Store
from normalize.errors import UsageError


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
    assert (lines["projects"], lines["known from before"]) == ("1", "2")
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
        (["--db", "x.db", "--from", "bytes.json"], "'bytes.json' is not UTF-8 text"),
        (["--db", "x.db", "--from", "other.json"], "other.json: revision: missing"),
        (["--db", "x.db", "--newest", "999", "h5py"], "a crawl of up to 1,000 requests should say who asks"),
        (["--db", "x.db", "--newest", "999", "--contact", " ", "h5py"], "there is no --contact"),
        (["--db", "x.db", "--closure-limit", "5", "h5py"], "--closure-limit says how far --closure goes, and that is"),
        (["--db", "x.db", "--from", "many.json", "--newest", "8"], "a crawl of up to 1,000 requests should say who"),
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
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    (tmp_path / "other.json").write_text('{"schema": 1, "digits": 1, "shards": {}}')
    attributes = {f"a{i}": {"project": f"a{i}", "version": "1", "confidence": "certain"} for i in range(100)}
    current = {"schema": 1, "revision": "r", "date": "2026-07-15", "attributes": attributes}
    (tmp_path / "many.json").write_text(json.dumps(current))  # a hundred pages, each with eight releases and one kept
    assert main(["crawl", *arguments]) == 2
    captured = capsys.readouterr()
    assert sentence.lower() in captured.err.lower()
    assert captured.out == ""
    assert "secret" not in captured.err
    assert not (tmp_path / "x.db").exists()


def test_a_contact_is_sent_and_makes_large_crawls_possible(tmp_path, capsys):
    fake = small()
    with served(fake) as url:
        arguments = ["--db", str(tmp_path / "x.db"), "--index", url, "--newest", "999", "--quiet"]
        assert main(["crawl", "numpy", *arguments, "--contact", "me@mail.example"]) == 0
    assert capsys.readouterr().err == ""
    assert all("(+me@mail.example)" in headers["User-Agent"] for _, headers in fake.log)


def test_a_project_that_the_index_does_not_have(tmp_path, capsys):
    with served(small()) as url:
        arguments = ["--db", str(tmp_path / "x.db"), "--index", url]
        assert main(["crawl", "nmupy", "numpy", *arguments]) == 1
        captured = capsys.readouterr()
        assert captured.err == "note: the index has no project 'nmupy'; check the spelling\n"
        lines = dict(line.strip().rsplit(None, 1) for line in captured.out.splitlines())
        assert (lines["failed"], lines["read"], lines["not-found"]) == ("1", "1", "1")
        (tmp_path / "want.txt").write_text("nmupy>=1\n")
        assert main(["crawl", "--want", str(tmp_path / "want.txt"), *arguments]) == 1
        capsys.readouterr()
        assert main(["crawl", "nmupy", "--quiet", "--json", *arguments]) == 1
        captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out)["not_on_index"] == ["nmupy"]
    with Store.open(tmp_path / "x.db") as store:
        assert [(one.project, one.code) for one in store.problems()] == [("nmupy", "not-found")]


def test_a_project_that_the_index_has_no_longer(tmp_path, capsys):
    fake = small()
    with served(fake) as url:
        arguments = ["crawl", "h5py", "numpy", "--db", str(tmp_path / "x.db"), "--index", url]
        assert main([*arguments, "--quiet"]) == 0
        del fake.projects["h5py"]
        capsys.readouterr()
        assert main(arguments) == 1
    with Store.open(tmp_path / "x.db") as store:
        day = store.page("h5py").gone[:10]
    assert capsys.readouterr().err == f"note: the index has the project 'h5py' no longer, since {day} or before\n"


def test_an_address_at_which_there_is_no_index(tmp_path, capsys):
    db = tmp_path / "x.db"
    with served(small()) as url:
        wrong = url.removesuffix("simple/")
        assert main(["crawl", "numpy", "--index", wrong, "--db", str(db), "-q"]) == 3
        captured = capsys.readouterr()
        sentence, hint = captured.err.splitlines()
        assert (captured.out, sentence) == ("", f"error: no project page was found at {wrong}")
        assert hint.startswith("  hint: is the address right? check --index, which usually ends in /simple/;")
        assert main(["crawl", "numpy", "--index", url, "--db", str(db), "-q"]) == 0
    with Store.open(db) as store:
        assert (store.setting("crawl_begun"), store.changes(), store.problems()) == (None, (), ())


def test_a_dry_run_needs_no_contact(tmp_path, capsys):
    with served(small()) as url:
        arguments = ["--dry-run", "--index", url, "--db", str(tmp_path / "x.db")]
        assert main(["crawl", "numpy", "--newest", "999", *arguments]) == 0
        captured = capsys.readouterr()
        assert f"{'  pages to ask for':<44}{1:>14}\n" in captured.out
        assert captured.err == (
            "note: a crawl of up to 1,000 requests should say who asks, and there is no --contact; "
            "the dry run needs none\n"
        )
        assert main(["crawl", "numpy", *arguments]) == 0
        assert capsys.readouterr().err == ""
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("place", ["no/x.db", "folder", "file/x.db"])
def test_a_dataset_that_cannot_be_written(place, tmp_path, capsys):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.iterdir())
    assert main(["crawl", "h5py", "--index", "http://127.0.0.1:9/simple/", "--db", str(tmp_path / place)]) == 3
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"error: the dataset '{tmp_path / place}' cannot be ")
    assert hint == "  hint: check that its folder exists and can be written"
    assert sorted(tmp_path.iterdir()) == before


_HOLDER = """
import pathlib, sys
from coset.writelock import only_writer
with only_writer(pathlib.Path(sys.argv[1]), "a crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_crawl_of_a_dataset_is_refused_until_the_first_has_died(tmp_path, capsys):
    db = tmp_path / "x.db"
    root = str(Path(coset_crawl.__file__).parents[1])
    pipe = subprocess.PIPE
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(db)], stdin=pipe, stdout=pipe, env={**os.environ, "PYTHONPATH": root}
    )
    with served(small()) as url, holder:
        arguments = ["crawl", "numpy", "--index", url, "--db", str(db), "--quiet"]
        assert holder.stdout.readline() == b"held\n"
        assert main(arguments) == 3
        assert capsys.readouterr().err.splitlines() == [
            f"error: the dataset '{db}' is being written by a crawl (process {holder.pid})",
            "  hint: wait until it has ended, or name another file with --db",
        ]
        assert not db.exists()
        holder.kill()
        holder.wait()
        assert main(arguments) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.db"]


@pytest.mark.parametrize(
    ("command", "db"),
    [
        (["merge", "other.jsonl"], "x.db"),
        (["import", "other.jsonl"], "x.db"),
        (["doctor", "--repair"], "link.db"),
        (["replay"], "x.db"),
    ],
)
def test_nothing_else_writes_to_a_dataset_that_is_being_crawled(command, db, tmp_path, monkeypatch):
    """A merge would put a new file in its place, and what the crawl writes from then on would be lost with the old."""
    monkeypatch.chdir(tmp_path)
    Path("other.jsonl").write_text('{"project": "b", "version": "1", "requires": []}\n')
    Path("link.db").symlink_to("x.db")
    told = []

    def while_crawling(_request):
        done = subprocess.run(
            [sys.executable, "-m", "coset", "dataset", *command, "--db", db],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(coset_crawl.__file__).parents[1])},
        )
        told.append((done.returncode, done.stderr.splitlines()[0]))

    fake = small()
    fake.faults = {"/simple/h5py/": [while_crawling]}
    with served(fake) as url:
        assert main(["crawl", "h5py", "numpy", "--index", url, "--db", "x.db", "--quiet"]) == 0
    assert told == [(3, f"error: the dataset {db!r} is being written by a crawl (process {os.getpid()})")]
    with Store.open(Path("x.db")) as store:
        assert store.projects() == ("h5py", "numpy")
    assert main(["dataset", *command, "--db", "x.db"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.db", "other.jsonl", "x.db"]


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
    assert pipindex.pip_indexes().default() == expected


def test_pips_own_default(monkeypatch):
    monkeypatch.setattr(subprocess, "run", listing("global.extra-index-url='https://a.example/simple'\n"))
    assert pipindex.pip_indexes().default().startswith("https://")
    monkeypatch.setitem(sys.modules, "pip._internal.models.index", None)
    with pytest.raises(UsageError, match="pip names no index"):
        pipindex.pip_indexes().default()
