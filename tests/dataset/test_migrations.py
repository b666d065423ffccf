"""Is a dataset of an older layout brought up to date in its place, and one of a newer layout left alone?"""

import json
import sqlite3
from dataclasses import replace

import pytest

from dataset import migrations
from dataset.crawlstate import PageState, Problem
from dataset.doctor import examine
from dataset.records import About, File, Release
from dataset.store import Store
from normalize.errors import UsageError

VERSION_2 = """
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE project (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE text (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
CREATE TABLE textset (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, members TEXT NOT NULL);
CREATE TABLE release (
    project_id INTEGER NOT NULL REFERENCES project (id),
    place TEXT NOT NULL,
    version TEXT NOT NULL,
    uploaded TEXT,
    yanked TEXT,
    requires_python TEXT,
    requires INTEGER REFERENCES textset (id),
    unusable INTEGER REFERENCES textset (id),
    unknown TEXT,
    extras INTEGER REFERENCES textset (id),
    imports INTEGER REFERENCES textset (id),
    source TEXT NOT NULL,
    trust TEXT NOT NULL,
    attempted TEXT,
    PRIMARY KEY (project_id, place, version),
    CHECK ((requires IS NULL) = (unknown IS NOT NULL))
) WITHOUT ROWID;
CREATE TABLE file (
    project_id INTEGER NOT NULL,
    place TEXT NOT NULL,
    version TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT,
    sha256 TEXT,
    size INTEGER,
    PRIMARY KEY (project_id, place, version, name),
    FOREIGN KEY (project_id, place, version) REFERENCES release (project_id, place, version)
) WITHOUT ROWID;
CREATE TABLE page (
    project_id INTEGER PRIMARY KEY REFERENCES project (id),
    fetched_at TEXT NOT NULL,
    etag TEXT,
    sha256 TEXT,
    problem TEXT,
    content BLOB
);
CREATE TABLE problem (
    project_id INTEGER NOT NULL REFERENCES project (id),
    version TEXT NOT NULL,
    file TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (project_id, version, file, code, detail)
) WITHOUT ROWID;
PRAGMA application_id = 0x636F7365;
PRAGMA user_version = 2;
INSERT INTO setting VALUES ('digest', 'of the old layout'), ('index', 'https://index.example/simple/');
INSERT INTO project VALUES (1, 'h5py'), (2, 'gone');
INSERT INTO text VALUES (1, 'numpy>=1.19.3'), (2, 'caf\u00e9 (=1)'), (3, 'h5py'), (4, 'a');
INSERT INTO textset VALUES (1, x'01', '[1]'), (2, x'02', '[2]'), (3, x'03', '[3]'), (4, x'04', '[]');
INSERT INTO textset VALUES (5, x'05', '[1,4]');
INSERT INTO release VALUES
    (1, '1313.~-~', '3.14.0', '2026-05-01T10:00:00Z', NULL, '>=3.10', 1, 2, NULL, 3, 3, 'wheel', 'verified', NULL),
    (1, '1315.~-~', '3.15', NULL, 'broken', NULL, NULL, NULL, 'listed', NULL, NULL, 'index', 'none', NULL),
    (1, '1316.~-~', '3.16', NULL, NULL, NULL, 4, NULL, NULL, NULL, NULL, 'import', 'claimed', '2026-05-02T10:00:00Z'),
    (1, '1317.~-~', '3.17', NULL, NULL, NULL, 5, NULL, NULL, NULL, NULL, 'sdist', 'claimed', NULL);
INSERT INTO file VALUES
    (1, '1313.~-~', '3.14.0', 'h5py-3.14.0.tar.gz', 'ab/h5py-3.14.0.tar.gz', '0a', 7),
    (1, '1313.~-~', '3.14.0', 'h5py-3.14.0-py3-none-any.whl', NULL, NULL, NULL);
INSERT INTO page VALUES (1, '2026-05-01T10:00:00Z', '"x"', '00', NULL, x'5b5d');
INSERT INTO problem VALUES (2, '', '', 'not-found', 'nothing');
"""

HELD = (
    Release(
        project="h5py",
        version="3.14.0",
        uploaded="2026-05-01T10:00:00Z",
        requires_python=">=3.10",
        requires=("numpy>=1.19.3",),
        unusable=("caf\u00e9 (=1)",),
        extras=("h5py",),
        imports=("h5py",),
        source="wheel",
        trust="verified",
        files=(
            File(name="h5py-3.14.0-py3-none-any.whl"),
            File(name="h5py-3.14.0.tar.gz", path="ab/h5py-3.14.0.tar.gz", sha256="0a", size=7),
        ),
    ),
    Release(project="h5py", version="3.15", yanked="broken", unknown="listed"),
    Release(project="h5py", version="3.16", requires=(), source="import", trust="claimed"),
    Release(project="h5py", version="3.17", requires=("a", "numpy>=1.19.3"), source="sdist", trust="claimed"),
)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_2)
    connection.close()
    return path


def layout(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2").fetchall()
    columns = {
        name: [row[1:] for row in connection.execute(f"PRAGMA table_xinfo({name})")]
        for kind, name, _ in rows
        if kind == "table"
    }
    keys = {name: connection.execute(f"PRAGMA foreign_key_list({name})").fetchall() for name in columns}
    connection.close()
    return rows, columns, keys


def test_writing_brings_an_old_layout_up_to_date_and_loses_nothing(old, tmp_path):
    with Store.create(old) as store, Store.create(tmp_path / "new.sqlite") as new:
        assert tuple(store.releases()) == HELD
        assert store.page("h5py") == PageState(
            project="h5py", fetched_at="2026-05-01T10:00:00Z", etag='"x"', sha256="00", content=b"[]"
        )
        assert store.problems() == (Problem("gone", "", "", "not-found", "nothing"),)
        assert store.progress("h5py")["3.16"].attempted == "2026-05-02T10:00:00Z"
        assert store.setting("index") == "https://index.example/simple/"
        new.put(HELD)
        assert store.digest() == new.digest()  # not the one that was kept, which was taken of something else
    assert layout(old) == layout(tmp_path / "new.sqlite")
    assert [one.code for one in examine(old, repair=False) if not one.harmless] == ["misplaced-release"]


def test_a_layout_without_what_people_are_told_keeps_every_fact(tmp_path):
    path = tmp_path / "a.sqlite"
    with Store.create(path) as store:
        store.put(HELD)
        store.keep_digest()
        digest, before = store.digest(), layout(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 4")
    connection.close()
    with pytest.raises(UsageError, match="has schema version 4, this coset reads version 5"):
        Store.open(path)
    with Store.create(path) as store:
        assert (tuple(store.releases()), store.digest()) == (HELD, digest)
        told = replace(HELD[0], about=About(licence="MIT", homepage="https://a.example/"))
        store.put([told])
        assert next(store.releases()) == told
    assert layout(path) == before


def test_reading_an_old_layout_names_the_command_that_brings_it_up_to_date(old):
    before = old.read_bytes()
    with pytest.raises(UsageError, match="has schema version 2, this coset reads version 5") as caught:
        Store.open(old)
    assert "coset dataset doctor --repair --db FILE" in caught.value.hint
    assert old.read_bytes() == before


def test_the_doctor_brings_an_old_layout_up_to_date(old):
    (found,) = examine(old, repair=False)
    assert (found.code, found.mended) == ("old-layout", False)
    assert examine(old, repair=True)[0].mended
    with Store.open(old) as store:
        assert tuple(store.releases()) == HELD
    assert examine(old, repair=False) == ()


def test_a_migration_that_fails_leaves_the_dataset_as_it_was(old, monkeypatch):
    before = layout(old)

    def fails(connection):
        connection.execute("DROP TABLE problem")
        raise RuntimeError

    monkeypatch.setattr(migrations, "_STEPS", {2: migrations._STEPS[2], 3: fails})
    with pytest.raises(RuntimeError):
        Store.create(old)
    assert layout(old) == before


@pytest.mark.parametrize(("version", "words"), [(99, "is newer than this coset"), (1, "this coset reads version 5")])
@pytest.mark.parametrize("opened", [Store.open, Store.create])
def test_versions_that_are_too_new_or_too_old_are_refused(old, opened, version, words):
    connection = sqlite3.connect(old)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(UsageError, match=words) as caught:
        opened(old)
    assert f"has schema version {version}" in caught.value.sentence
    assert caught.value.hint
    assert json.dumps(layout(old)[0]).count("textset") > 0
