"""``coset dataset replay``: newer rules, the same texts, no index."""

import json
import sqlite3
from dataclasses import replace

import pytest
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import FakeIndex, run_crawl

from coset.__main__ import main
from crawler import replay
from crawler.sites import known_hosts, learn_hosts
from dataset.records import About
from dataset.shards import to_shards
from dataset.store import Store
from dataset.storedfacts import facts_hash


@pytest.fixture
def db(tmp_path):
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1.0", ["b>=1", "c (<2)", "d>>1"]))
    fake.add("a", make_sdist("a", "0.9", requires=["b"]))
    fake.add("b", make_wheel("b", "1.0"), advertised=True)
    fake.add("b", ("b-1.1.tar.gz", b"no archive"))
    with Store.create(tmp_path / "x.db") as store:
        run_crawl(fake, store, ["a", "b"])
    return tmp_path / "x.db"


def exported(db):
    with Store.open(db) as store:
        return dict(to_shards(store))


def test_replay_is_the_crawl(db, capsys):
    before = exported(db)
    assert main(["dataset", "replay", "--db", str(db)]) == 0
    assert capsys.readouterr().out == "0 releases of 2 projects are read otherwise than before\n"
    assert exported(db) == before


def test_newer_rules_read_otherwise(db, capsys, monkeypatch):
    before = exported(db)
    real = replay.replayed

    def newer(release, texts, hosts):
        found, problems = real(release, texts, hosts)
        return (replace(found, requires=("newer",)) if found.requires is not None else found), problems

    monkeypatch.setattr(replay, "replayed", newer)
    assert main(["dataset", "replay", "--dry-run", "--db", str(db), "--json"]) == 0
    changed = json.loads(capsys.readouterr().out)["changed"]
    assert {"project": "b", "version": "1.0", "facts": ["requires"]} in changed
    assert exported(db) == before
    assert main(["dataset", "replay", "--db", str(db), "--verbose"]) == 0
    assert "b 1.0: requires\n" in capsys.readouterr().out
    with Store.open(db) as store:
        found = {(one.project, one.version): one.requires for one in store.releases()}
        assert found["a", "1.0"] == found["b", "1.0"] == ("newer",)
        assert found["b", "1.1"] is None
        assert "bad-archive" in [one.code for one in store.problems()]
    monkeypatch.undo()
    assert main(["dataset", "replay", "--db", str(db)]) == 0
    assert exported(db) == before


def test_a_dataset_from_before_learns_what_people_are_told(tmp_path, capsys):
    fake = FakeIndex()
    told = ["License: MIT", "Home-page: https://index.example/a", "Project-URL: Changelog, https://a.example/"]
    fake.add("a", make_wheel("a", "1.0", text=metadata("a", "1.0", ["b"], extra=told)))
    with Store.create(tmp_path / "x.db") as store:
        learn_hosts(store, ["https://pkg.index.example/simple/"])
        run_crawl(fake, store, ["a"])
        assert known_hosts(store) == {"127.0.0.1", "pkg.index.example"}
    before = exported(tmp_path / "x.db")
    with sqlite3.connect(tmp_path / "x.db") as connection:
        ((said,),) = connection.execute("SELECT said FROM facts").fetchall()
        said = said.partition(',"licence"')[0]
        connection.execute("UPDATE facts SET said = ?, hash = ?", (said, facts_hash(said)))
        connection.execute("DELETE FROM setting WHERE key = 'digest'")
    connection.close()
    assert exported(tmp_path / "x.db") != before
    assert main(["dataset", "replay", "--db", str(tmp_path / "x.db")]) == 0
    assert "a 1.0: about\n" in capsys.readouterr().out
    assert exported(tmp_path / "x.db") == before
    with Store.open(tmp_path / "x.db") as store:
        (one,) = store.releases()
    assert one.about == About(licence="MIT", licence_from="field", changelog="https://a.example/")


def test_replay_of_a_dataset_that_is_not_there(tmp_path, capsys):
    assert main(["dataset", "replay", "--db", str(tmp_path / "no.db")]) == 2
    assert "there is no dataset at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
