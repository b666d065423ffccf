"""How does a dataset that an older coset wrote get today's layout? Step by step, within one transaction.

A step knows the layout before and after it, and nothing of today's: what a later version changes is a step of its own.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

OLDEST = 2
"""The oldest schema version that can be brought up to date."""


def migrate(connection: sqlite3.Connection, version: int, wanted: int) -> None:
    """Bring the layout from one version to another; the caller holds the transaction.

    Args:
        connection: to the dataset.
        version: that it has, at least `OLDEST`.
        wanted: that it is to have.
    """
    for step in range(version, wanted):
        _STEPS[step](connection)
    connection.execute(f"PRAGMA user_version = {wanted}")


def _repairs_and_history(connection: sqlite3.Connection) -> None:
    """Make room for repaired lines, build requirements, what is gone, changes, serials and the texts behind facts."""
    for statement in (
        "ALTER TABLE release ADD COLUMN repaired INTEGER REFERENCES textset (id)",
        "ALTER TABLE release ADD COLUMN builds INTEGER REFERENCES textset (id)",
        "ALTER TABLE release ADD COLUMN gone TEXT",
        "ALTER TABLE release ADD COLUMN imports_from TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE page ADD COLUMN serial INTEGER",
        "ALTER TABLE page ADD COLUMN due_at TEXT",
        "ALTER TABLE page ADD COLUMN fails INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE page ADD COLUMN gone TEXT",
        (
            "CREATE TABLE change (project_id INTEGER NOT NULL REFERENCES project (id), version TEXT NOT NULL,"
            " kind TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, seen TEXT NOT NULL,"
            " PRIMARY KEY (project_id, version, kind, before, after, seen)) WITHOUT ROWID"
        ),
        (
            "CREATE TABLE source (project_id INTEGER NOT NULL REFERENCES project (id), version TEXT NOT NULL,"
            " file TEXT NOT NULL, kind TEXT NOT NULL, content BLOB NOT NULL,"
            " PRIMARY KEY (project_id, version, file, kind)) WITHOUT ROWID"
        ),
        "CREATE TABLE root (name TEXT PRIMARY KEY, serial INTEGER NOT NULL) WITHOUT ROWID",
    ):
        connection.execute(statement)


def _facts_and_files_as_lines_spell_them(connection: sqlite3.Connection) -> None:
    """Keep what metadata says once for all releases of which it is true, and a release's files in one row."""
    for statement in (
        (
            "CREATE TABLE facts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, unknown TEXT, said TEXT NOT NULL,"
            " CHECK ((unknown IS NULL) = (json_type('{' || said || '}', '$.requires') = 'array')))"
        ),
        "CREATE TABLE files (id INTEGER PRIMARY KEY, said TEXT NOT NULL)",
        (
            "CREATE TABLE release_4 (project_id INTEGER NOT NULL REFERENCES project (id), place TEXT NOT NULL,"
            " version TEXT NOT NULL, uploaded TEXT, yanked TEXT, gone TEXT,"
            " facts INTEGER NOT NULL REFERENCES facts (id), files INTEGER REFERENCES files (id), attempted TEXT,"
            " PRIMARY KEY (project_id, place, version)) WITHOUT ROWID"
        ),
    ):
        connection.execute(statement)
    texts = dict(connection.execute("SELECT id, value FROM text"))
    sets = {
        number: sorted(texts[one] for one in json.loads(members))
        for number, members in connection.execute("SELECT id, members FROM textset")
    }
    facts: dict[str, int] = {}
    rows = connection.execute(
        "SELECT project_id, place, version, uploaded, yanked, gone, attempted, requires_python, requires, unusable,"
        " unknown, extras, imports, source, trust, repaired, builds, imports_from FROM release"
    )
    for *release, uploaded, yanked, gone, attempted, python, requires, unusable, unknown, extras, imports, source, (
        trust
    ), repaired, builds, imports_from in rows.fetchall():
        said = _spelled(
            ("requires_python", python, None),
            ("requires", sets.get(requires), ...),
            ("unusable", sets.get(unusable, []), []),
            ("unknown", unknown, None),
            ("extras", sets.get(extras, []), []),
            ("imports", sets.get(imports, []), []),
            ("source", source, "import" if unknown is None else "index"),
            ("trust", trust, "claimed" if unknown is None else "none"),
            ("repaired", sets.get(repaired, []), []),
            ("builds", sets.get(builds), None),
            ("imports_from", imports_from, ""),
        )[1:-1]
        if said not in facts:
            facts[said] = len(facts) + 1
            row = (facts[said], hashlib.sha256(said.encode()).digest(), unknown, said)
            connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?)", row)
        files = _files(connection, release)
        row = (*release, uploaded, yanked, gone, facts[said], files, attempted)
        connection.execute("INSERT INTO release_4 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for statement in (
        "DROP TABLE file",
        "DROP TABLE release",
        "DROP TABLE textset",
        "DROP TABLE text",
        "ALTER TABLE release_4 RENAME TO release",
        "DELETE FROM setting WHERE key = 'digest'",  # which was taken of something else
    ):
        connection.execute(statement)


def _facts_that_tell_people_more(connection: sqlite3.Connection) -> None:
    """Let facts name licences and addresses: stored ones stay as they are, but an older coset would drop new ones."""


def _files(connection: sqlite3.Connection, release: list[Any]) -> int | None:
    where = "project_id = ? AND place = ? AND version = ?"
    rows = connection.execute(f"SELECT name, path, sha256, size FROM file WHERE {where} ORDER BY name", release)  # noqa: S608
    spelled = [
        _spelled(("name", name, None), ("path", path, None), ("sha256", sha256, None), ("size", size, None))
        for name, path, sha256, size in rows
    ]
    if not spelled:
        return None
    return connection.execute("INSERT INTO files (said) VALUES (?)", (f"[{','.join(spelled)}]",)).lastrowid


def _spelled(*pairs: tuple[str, Any, Any]) -> str:
    kept = {key: value for key, value, default in pairs if value != default}
    return json.dumps(kept, separators=(",", ":"))


_STEPS: Mapping[int, Callable[[sqlite3.Connection], None]] = {
    2: _repairs_and_history,
    3: _facts_and_files_as_lines_spell_them,
    4: _facts_that_tell_people_more,
}
"""By the version that a step starts from."""
