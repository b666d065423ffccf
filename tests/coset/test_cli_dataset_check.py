"""``coset dataset merge``, ``diff`` and ``doctor``: what they print, which status they leave with, in every form."""

import json
import sqlite3
from contextlib import closing

import pytest
from releaselines import release_to_line

from coset.__main__ import main
from dataset.records import File, Release
from dataset.shards import to_shards
from dataset.store import Store


def release(project, version, **facts):
    facts.setdefault("unknown", None if "requires" in facts else "listed")
    if "requires" in facts:
        facts = {"source": "wheel", "trust": "verified", **facts}
    return Release(project=project, version=version, **facts)


OLD = (
    release("h5py", "3.14.0", requires=("numpy>=1.19.3",), files=(File(name="h5py-3.14.0.tar.gz", size=1),)),
    release("numpy", "2.0"),
)
NEW = (
    release("h5py", "3.14.0", requires=("numpy>=1.21", "six"), yanked="bro\x1bken"),
    release("scipy", "1.0"),
)


def sqlite(path, releases):
    with Store.create(path) as store:
        store.put(releases)
    return path


def lines(path, releases):
    path.write_text("".join(f"{release_to_line(one)}\n" for one in releases))
    return path


def folder(path, releases):
    path.mkdir()
    with closing(Store.create(path.with_suffix(".tmp"))) as store:
        store.put(releases)
        for name, content in to_shards(store):
            (path / name).write_bytes(content)
    path.with_suffix(".tmp").unlink()
    return path


FORMS = {"sqlite": sqlite, "lines": lines, "folder": folder}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("other", FORMS)
def test_diff_compares_datasets_in_any_form(tmp_path, capsys, form, other):
    old, new = FORMS[form](tmp_path / "old.x", OLD), FORMS[other](tmp_path / "new.x", NEW)
    assert main(["dataset", "diff", str(old), str(new)]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "changed  h5py 3.14.0",
        '    yanked: null -> "bro\\u001bken"',
        '    requires: - "numpy>=1.19.3"',
        '    requires: + "numpy>=1.21"',
        '    requires: + "six"',
        '    files: - {"name": "h5py-3.14.0.tar.gz", "size": 1}',
        "gone     numpy 2.0",
        "added    scipy 1.0",
    ]
    assert err == "1 added, 1 gone, 1 changed\n"


def test_diff_of_the_same_content_is_empty(tmp_path, capsys):
    old, new = sqlite(tmp_path / "old", OLD), folder(tmp_path / "new", OLD)
    assert main(["dataset", "diff", str(old), str(new), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"added": 0, "gone": 0, "changed": 0, "releases": []}


def test_diff_as_json(tmp_path, capsys):
    old, new = sqlite(tmp_path / "old", OLD), sqlite(tmp_path / "new", NEW)
    assert main(["dataset", "diff", str(old), str(new), "--json"]) == 1
    changed, gone, added = json.loads(capsys.readouterr().out)["releases"]
    assert changed["fields"]["requires"] == {"before": ["numpy>=1.19.3"], "after": ["numpy>=1.21", "six"]}
    assert (gone["kind"], gone["project"]) == ("gone", "numpy")
    assert added == {"kind": "added", "project": "scipy", "version": "1.0"}


def test_diff_of_what_is_not_there_is_a_usage_mistake(tmp_path, capsys):
    assert main(["dataset", "diff", str(tmp_path / "gone"), str(sqlite(tmp_path / "x", OLD))]) == 2
    assert "there is no dataset at" in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMS)
def test_merge_in_any_order_gives_the_same(tmp_path, capsys, form):
    one, other = FORMS[form](tmp_path / "one.x", OLD), FORMS[form](tmp_path / "other.x", NEW)
    assert main(["dataset", "merge", str(one), str(other), "--db", str(tmp_path / "a"), "--verbose"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 projects, 3 releases, 1 of them known\n1 releases of which the datasets disagree\n")
    assert "  h5py 3.14.0: an equally trusted dataset says " in out
    assert main(["dataset", "merge", str(other), str(one), "--db", str(tmp_path / "b"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"projects": 3, "releases": 3, "known": 1, "disagreed": 1}
    assert main(["dataset", "diff", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "one.x", "other.x"]


def test_merge_adds_to_the_dataset_that_is_there(tmp_path, capsys):
    db = sqlite(tmp_path / "db", OLD)
    assert main(["dataset", "merge", str(lines(tmp_path / "new.jsonl", NEW)), "--db", str(db)]) == 0
    assert capsys.readouterr().out.startswith("3 projects")


def test_a_dataset_that_is_read_only_is_not_replaced(tmp_path, capsys):
    db, other = sqlite(tmp_path / "db", OLD), lines(tmp_path / "other.jsonl", NEW)
    before = db.read_bytes()
    db.chmod(0o444)
    assert main(["dataset", "merge", str(other), "--db", str(db)]) == 3
    assert capsys.readouterr().err.startswith(f"error: the dataset {str(db)!r} cannot be written: it is read-only\n")
    assert db.read_bytes() == before
    db.chmod(0o640)
    assert main(["dataset", "merge", str(other), "--db", str(db)]) == 0
    assert db.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("options", [[], ["--repair"]])
def test_the_doctor_promises_nothing_for_a_layout_that_is_too_old(version, options, tmp_path, capsys):
    db = sqlite(tmp_path / "db", OLD)
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    assert main(["dataset", "doctor", *options, "--db", str(db), "--quiet"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("old-layout")
    assert line.endswith(f"schema version {version}; this coset knows versions 2 to 5 (crawl or import again)")


def test_a_merge_that_fails_leaves_no_trace(tmp_path, capsys):
    db = sqlite(tmp_path / "db", OLD)
    before = db.read_bytes()
    (tmp_path / "bad.jsonl").write_text("[]\n")
    assert main(["dataset", "merge", str(tmp_path / "bad.jsonl"), "--db", str(db)]) == 2
    with closing(sqlite3.connect(sqlite(tmp_path / "damaged", NEW), isolation_level=None)) as connection:
        connection.execute("INSERT INTO source SELECT id, '1', 'f', 'metadata', x'00' FROM project")
    assert main(["dataset", "merge", str(tmp_path / "damaged"), "--db", str(db)]) == 2
    assert "--repair --db FILE' forgets damaged texts" in capsys.readouterr().err
    assert db.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.jsonl", "damaged", "db"]


def test_the_doctor_says_what_is_wrong_and_mends_it(tmp_path, capsys):
    db = sqlite(tmp_path / "db", OLD)
    assert main(["dataset", "doctor", "--db", str(db)]) == 0
    assert capsys.readouterr() == ("", "the dataset is whole\n")
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute("UPDATE release SET place = 'z' WHERE version = '2.0'")
    assert main(["dataset", "doctor", "--db", str(db)]) == 1
    out, err = capsys.readouterr()
    assert out.split() == (
        "misplaced-release 1 numpy 2.0 (--repair can move the releases to their places)".split()  # noqa: SIM905
    )
    assert err == "1 kind of damage is left\n"
    assert main(["dataset", "doctor", "--repair", "--json", "--db", str(db)]) == 0
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["code"], found["mended"]) == ("misplaced-release", True)
    assert main(["dataset", "doctor", "--db", str(db)]) == 0


def test_the_doctor_names_what_only_a_crawl_can_mend(tmp_path, capsys):
    db = sqlite(tmp_path / "db", OLD)
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute("DELETE FROM files")
    assert main(["dataset", "doctor", "--repair", "--db", str(db)]) == 1
    assert "(crawl or import again)" in capsys.readouterr().out
