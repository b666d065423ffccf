"""``coset dataset replay``: newer rules, the same texts, no index."""

import json
from dataclasses import replace

import pytest
from fakeindex import FakeIndex, make_sdist, make_wheel, run_crawl

from coset.__main__ import main
from crawler import replay
from dataset.shards import to_shards
from dataset.store import Store


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

    def newer(release, texts):
        found, problems = real(release, texts)
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


def test_replay_of_a_dataset_that_is_not_there(tmp_path, capsys):
    assert main(["dataset", "replay", "--db", str(tmp_path / "no.db")]) == 2
    assert "there is no dataset at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
