"""``coset dataset``: what goes in comes out, all of it or nothing, and the embedded dataset is unpacked once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shardbytes import to_shards

from coset import places, unpacked
from coset.__main__ import main
from dataset.crawlstate import Crawled
from dataset.records import MANIFEST, File, Release
from dataset.store import Store
from normalize.errors import OutsideError

RELEASES = [
    Release(project="h5py", version="3.14.0", requires=("numpy>=1.19.3",), source="wheel", trust="verified"),
    Release(
        project="numpy",
        version="2.0",
        requires=(),
        unusable=("six (=1)",),
        source="sidecar",
        trust="verified",
        files=(File(name="numpy-2.0.tar.gz", size=1),),
    ),
    Release(project="numpy", version="2.1", unknown="listed"),
    Release(project="scipy", version="1.0", unknown="sdist-dynamic"),
]
CRAWLED = Crawled("2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z")


def write(folder, files):
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def shards(tmp_path):
    return write(tmp_path / "shards", to_shards(RELEASES, crawled=CRAWLED))


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_export_gives_the_bytes_that_were_imported(shards, tmp_path, capsys):
    db, out = str(tmp_path / "db.sqlite"), tmp_path / "out"
    assert main(["dataset", "import", str(shards), "--db", db]) == 0
    assert main(["dataset", "export", str(out), "--db", db]) == 0
    assert content(out) == content(shards)
    before = out.stat().st_ino
    assert main(["dataset", "export", str(out), "--db", db]) == 0  # replaces the former export
    assert content(out) == content(shards)
    assert out.stat().st_ino != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["db.sqlite", "out", "shards"]
    assert "wrote" in capsys.readouterr().err


def test_parquet_goes_out_and_comes_back(shards, tmp_path, capsys):
    pytest.importorskip("pyarrow")
    db, again, out = str(tmp_path / "db.sqlite"), str(tmp_path / "again.sqlite"), tmp_path / "out"
    assert main(["dataset", "import", str(shards), "--db", db]) == 0
    assert main(["dataset", "export", "--parquet", str(tmp_path / "tables"), "--db", db]) == 0
    assert main(["dataset", "import", str(tmp_path / "tables"), "--db", again, "--verbose"]) == 0
    assert "read 3 tables, whose hashes the manifest confirms" in capsys.readouterr().err
    assert main(["dataset", "export", str(out), "--db", again]) == 0
    assert content(out) == content(shards)
    (tmp_path / "tables" / "facts.parquet").write_bytes(b"")
    assert main(["dataset", "import", str(tmp_path / "tables"), "--db", str(tmp_path / "no.sqlite")]) == 2
    assert "facts.parquet: differs from the manifest" in capsys.readouterr().err
    assert not (tmp_path / "no.sqlite").exists()


def test_stats_say_what_is_known_and_what_is_not(shards, tmp_path, capsys):
    db = str(tmp_path / "db.sqlite")
    assert main(["dataset", "import", str(shards), "--db", db, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["releases"] == 4
    assert main(["dataset", "stats", "--db", db, "--json"]) == 0
    stats = json.loads(capsys.readouterr().out)
    digest = stats.pop("digest")
    assert stats == {
        "projects": 3,
        "releases": 4,
        "known": 2,
        "listed": 1,
        "unknown": {"sdist-dynamic": 1},
        "problems": {},
        "requirements": 1,
        "repaired": 0,
        "gone": 0,
        "imports_from": {},
        "about": {},
        "changes": {},
        "texts": {},
        "crawled": {"first": CRAWLED.first, "last": CRAWLED.last},
    }
    assert main(["dataset", "stats", "--db", db]) == 0
    out = capsys.readouterr().out
    assert f"digest   {digest}" in out
    assert "sdist-dynamic" in out
    assert f"{CRAWLED.first} to {CRAWLED.last}" in out


def test_imports_add_to_what_is_there(shards, tmp_path):
    db = tmp_path / "db.sqlite"
    more = tmp_path / "more.jsonl"
    more.write_text('{"project": "scipy", "version": "1.0", "requires": ["numpy"]}\n')
    assert main(["dataset", "import", str(shards), "--db", str(db)]) == 0
    assert main(["dataset", "import", str(more), "--db", str(db)]) == 0
    with Store.open(db) as store:
        found = {(one.project, one.version): one for one in store.releases()}
    assert len(found) == 4
    assert found["scipy", "1.0"].requires == ("numpy",)
    assert found["h5py", "3.14.0"] == RELEASES[0]


def test_all_bad_input_is_reported_together_and_nothing_is_written(shards, tmp_path, capsys):
    (bad := tmp_path / "bad.jsonl").write_text('{"project": "a"}\n{"project": "a", "version": "1"}\n[]\n')
    (shards / "7.jsonl").write_bytes(b"")
    db = tmp_path / "db.sqlite"
    assert main(["dataset", "import", str(bad), str(shards), str(tmp_path / "gone"), "--db", str(db)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, *others, hint = err.splitlines()
    assert first == "error: 4 problems in what was to be imported"
    assert others[0] == f"  {bad} line 1: version: missing"
    assert others[1] == f"  {bad} line 3: expected a table, found a list"
    assert others[2].startswith(f"  {shards}/7.jsonl: differs from the manifest: expected sha256 ")
    assert others[3] == f"  there is no file or folder '{tmp_path / 'gone'}'"
    assert hint.startswith("  hint: a line is one release, such as {")
    assert "; get the files again" in hint
    assert not db.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.jsonl", "shards"]


def test_a_bad_import_leaves_a_dataset_as_it_was(shards, tmp_path, capsys):
    db = tmp_path / "db.sqlite"
    assert main(["dataset", "import", str(shards), "--db", str(db)]) == 0
    with Store.open(db) as store:
        digest = store.digest()
    (bad := tmp_path / "bad.jsonl").write_text('{"project": "new", "version": "1"}\n[]\n')
    assert main(["dataset", "import", str(bad), "--db", str(db)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {bad} line 2: expected a table, found a list\n  hint: a line is")
    with Store.open(db) as store:
        assert store.digest() == digest


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        (None, "there is no file or folder '{}'", "name a file of JSON Lines, or a folder that 'coset dataset export'"),
        ("", "'{}' holds no release", "name a file of JSON Lines"),
        (" \n\n", "'{}' holds no release", "name a file of JSON Lines"),
        ("{\n}\n", "'{}' is one JSON document, such as a plan or a snapshot, and holds no releases", "name a file of"),
        ('{"project": "a', "{} line 1: not JSON: Unterminated string starting at column 13", "the file may be cut off"),
        (
            '{"project": "a", "version": "1"}\n{"project": "a", "version": "1"}',
            "{} line 2: a 1 stands already in line 1",
            "each release has one line",
        ),
    ],
)
def test_an_import_that_cannot_be_meant_says_what_to_do(tmp_path, capsys, text, sentence, hint):
    path, db = tmp_path / "more.jsonl", tmp_path / "db.sqlite"
    if text is not None:
        path.write_text(text)
    assert main(["dataset", "import", str(path), "--db", str(db)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {sentence.format(path)}\n  hint: {hint}")
    assert not db.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda manifest: manifest.write_bytes(manifest.read_bytes()[:100]), "not JSON, or cut off"),
        (lambda manifest: manifest.write_text('{"schema": 99}'), "schema: expected 1, found 99"),
        (lambda manifest: manifest.unlink(), "holds no manifest.json"),
    ],
)
def test_a_folder_without_a_usable_manifest_is_refused(shards, tmp_path, capsys, change, words):
    change(shards / MANIFEST)
    assert main(["dataset", "import", str(shards), "--db", str(tmp_path / "db.sqlite")]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert "  hint: " in err


def test_import_of_a_dataset_in_sqlite_names_the_command_for_it(shards, tmp_path, capsys):
    db = tmp_path / "a.sqlite"
    assert main(["dataset", "import", str(shards), "--db", str(db)]) == 0
    capsys.readouterr()
    assert main(["dataset", "import", str(db), "--db", str(tmp_path / "b.sqlite")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"error: {str(db)!r} is a dataset in SQLite, not JSON Lines",
        "  hint: 'coset dataset merge OTHER --db FILE' puts it into another dataset",
    ]


_WITH_LITTLE_ROOM = """
import resource, sys
from coset.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("command", "at"), [(["export", "out"], "out"), (["merge", "db.sqlite", "--db", "new.db"], "new.db")]
)
def test_where_the_disk_is_full_one_sentence_says_so(command, at, tmp_path):
    with Store.create(tmp_path / "db.sqlite") as store:
        store.put(Release(project=f"p{i}", version="1", requires=("x" * 999,)) for i in range(200))
    arguments = command if "--db" in command else [*command, "--db", "db.sqlite"]
    done = subprocess.run(
        [sys.executable, "-c", _WITH_LITTLE_ROOM, "9000", "dataset", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(places.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    sentence, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (3, "")
    assert sentence.startswith("error: ")
    assert f"{at}'" in sentence
    assert f".{at}-" not in sentence  # the folder in which it is put together
    assert hint.startswith("  hint: ")
    assert [path.name for path in tmp_path.iterdir()] == ["db.sqlite"]


def test_export_deletes_nothing_that_it_did_not_write(shards, tmp_path, capsys):
    assert main(["dataset", "import", str(shards), "--db", str(tmp_path / "db.sqlite")]) == 0
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.tex").write_text("years")
    assert main(["dataset", "export", str(precious), "--db", str(tmp_path / "db.sqlite")]) == 2
    assert main(["dataset", "export", str(precious / "thesis.tex"), "--db", str(tmp_path / "db.sqlite")]) == 2
    assert (precious / "thesis.tex").read_text() == "years"
    assert "'thesis.tex', which is no part of a dataset and would be lost" in capsys.readouterr().err


def test_an_export_without_a_place_is_a_failure_of_the_outside(shards, tmp_path, capsys):
    assert main(["dataset", "import", str(shards), "--db", str(tmp_path / "db.sqlite")]) == 0
    assert main(["dataset", "export", str(tmp_path / "no" / "where"), "--db", str(tmp_path / "db.sqlite")]) == 3
    assert "cannot be read or written: No such file or directory" in capsys.readouterr().err
    assert main(["dataset", "import", str(shards), "--db", str(tmp_path / "no" / "where")]) == 3


def test_a_missing_dataset_is_a_usage_mistake(tmp_path, capsys):
    assert main(["dataset", "stats", "--db", str(tmp_path / "gone")]) == 2
    assert capsys.readouterr().err.startswith(f"error: there is no dataset at '{tmp_path / 'gone'}'\n  hint: ")


@pytest.fixture
def embedded(shards, tmp_path, monkeypatch):
    """Make the shards the embedded dataset, with a cache folder of their own."""
    (tmp_path / "data").mkdir()
    shards.rename(tmp_path / "data" / "dataset")
    monkeypatch.setattr(unpacked, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "data" / "dataset"


def written(path):
    """Return what only writing changes; reading changes the time of access."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def test_the_embedded_dataset_is_unpacked_once(embedded, tmp_path):
    path = unpacked.embedded_dataset()
    assert path.parent == tmp_path / "cache" / "coset"
    before = written(path)
    with places.open_dataset(None) as store:
        assert store.counts().releases == len(RELEASES)
    assert written(unpacked.embedded_dataset()) == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_unpacking_shows_how_far_it_is(embedded):
    told = []
    places.open_dataset(None, lambda *words: told.append(words)).close()
    assert told[0] == ("putting releases into the dataset", 0, len(RELEASES))
    told.clear()
    places.open_dataset(None, lambda *words: told.append(words)).close()
    assert told == []


def test_another_embedded_dataset_does_not_disturb_the_first(embedded):
    first = unpacked.embedded_dataset()
    for name, content in to_shards(RELEASES[:1]).items():
        (embedded / name).write_bytes(content)
    for stray in {path.name for path in embedded.iterdir()} - set(to_shards(RELEASES[:1])):
        (embedded / stray).unlink()
    second = unpacked.embedded_dataset()
    assert first.exists()
    assert second != first
    with places.open_dataset(None) as store:
        assert store.counts().releases == 1


def test_a_damaged_copy_in_the_cache_is_made_again(embedded):
    path = unpacked.embedded_dataset()
    path.write_bytes(b"cut off")
    with places.open_dataset(None) as store:
        assert store.counts().releases == len(RELEASES)


def test_an_embedded_dataset_that_is_damaged_or_gone_is_said_to_be(embedded, capsys):
    (embedded / "7.jsonl").write_bytes(b"")
    assert main(["dataset", "stats"]) == 2
    assert "7.jsonl: differs from the manifest" in capsys.readouterr().err
    (embedded / MANIFEST).unlink()
    with pytest.raises(OutsideError, match=r"the embedded dataset .* cannot be read"):
        unpacked.embedded_dataset()


def test_a_cache_folder_that_cannot_be_made_is_a_failure_of_the_outside(embedded, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert main(["dataset", "stats"]) == 3
    err = capsys.readouterr().err
    assert "the cache folder" in err
    assert "hint: set XDG_CACHE_HOME" in err


def test_two_processes_may_unpack_at_once(embedded, tmp_path):
    code = (
        "import pathlib, sys; from coset import places, unpacked\n"
        "unpacked.data_folder = lambda: pathlib.Path(sys.argv[1])\n"
        "sys.stdin.read(1)\n"  # both wait here for the signal, so that they start together
        "store = places.open_dataset(None); print(store.counts().releases, store.digest())"
    )
    arguments = [sys.executable, "-c", code, str(embedded.parent)]
    root = str(Path(places.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root}
    pipe = subprocess.PIPE
    both = [subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True, env=environment) for _ in range(2)]
    for one in both:
        one.stdin.write("x")
        one.stdin.flush()
    answers = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert answers[0] == answers[1]
    assert answers[0].startswith(f"{len(RELEASES)} ")
    assert len(list((tmp_path / "cache" / "coset").iterdir())) == 1
