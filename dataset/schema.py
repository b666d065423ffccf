"""How is a dataset laid out in SQLite, and what do SQLite's failures mean to the user?"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from dataset.migrations import OLDEST, migrate
from normalize.errors import CosetError, OutsideError, UsageError

SCHEMA_VERSION = 5

APPLICATION_ID = 0x636F7365
"""``cose`` in ASCII; tells a coset dataset from any other SQLite file."""

_CACHE = 16_000
"""Kilobytes of a dataset that are kept in memory while it is open."""

TABLES = """
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE project (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE facts (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    unknown TEXT,
    said TEXT NOT NULL,
    CHECK ((unknown IS NULL) = (json_type('{' || said || '}', '$.requires') = 'array'))
);
CREATE TABLE files (id INTEGER PRIMARY KEY, said TEXT NOT NULL);
CREATE TABLE release (
    project_id INTEGER NOT NULL REFERENCES project (id),
    place TEXT NOT NULL,
    version TEXT NOT NULL,
    uploaded TEXT,
    yanked TEXT,
    gone TEXT,
    facts INTEGER NOT NULL REFERENCES facts (id),
    files INTEGER REFERENCES files (id),
    attempted TEXT,
    PRIMARY KEY (project_id, place, version)
) WITHOUT ROWID;
CREATE TABLE page (
    project_id INTEGER PRIMARY KEY REFERENCES project (id),
    fetched_at TEXT NOT NULL,
    etag TEXT,
    sha256 TEXT,
    problem TEXT,
    content BLOB,
    serial INTEGER,
    due_at TEXT,
    fails INTEGER NOT NULL DEFAULT 0,
    gone TEXT
);
CREATE TABLE problem (
    project_id INTEGER NOT NULL REFERENCES project (id),
    version TEXT NOT NULL,
    file TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (project_id, version, file, code, detail)
) WITHOUT ROWID;
CREATE TABLE change (
    project_id INTEGER NOT NULL REFERENCES project (id),
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (project_id, version, kind, before, after, seen)
) WITHOUT ROWID;
CREATE TABLE source (
    project_id INTEGER NOT NULL REFERENCES project (id),
    version TEXT NOT NULL,
    file TEXT NOT NULL,
    kind TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (project_id, version, file, kind)
) WITHOUT ROWID;
CREATE TABLE root (name TEXT PRIMARY KEY, serial INTEGER NOT NULL) WITHOUT ROWID;
"""
"""What the metadata of releases says (`dataset.facts`) is stored once, found by its hash: releases of a project mostly
say the same, and those that are only listed all do. Facts and files are spelled as in lines, of which an export is put
together. A release's ``place`` is its version's key (`dataset.versionkey`), so that releases lie in the order in which
they are read."""


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open the dataset for writing; lay it out where the file is new or empty, or bring an older layout up to date."""
    with explained(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        try:
            fresh = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
            if not fresh and OLDEST <= version_of(connection, path) < SCHEMA_VERSION:
                _bring_up_to_date(connection, path)
            if not fresh:
                _check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            if fresh:
                connection.executescript(
                    f"BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION_ID};"
                    f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
                )
        except BaseException:
            connection.close()
            raise
        return connection


def seal(connection: sqlite3.Connection) -> None:
    """Leave the write-ahead mode, which a reader could only follow by writing files beside the dataset.

    Where somebody reads just now, or the disk is full, the dataset stays as it is: whole, with a file beside it, and
    sealed by the next writer.
    """
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = DELETE")


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open the dataset for reading, also where its folder cannot be written."""
    with explained(path):
        connection = _read(path)
        try:
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def version_at(path: Path) -> int:
    """Return the schema version of the dataset.

    Raises:
        UsageError: there is no such file, or it is no dataset.
    """
    with explained(path), closing(_read(path)) as connection:
        return version_of(connection, path)


def _read(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise UsageError(
            f"there is no dataset at {str(path)!r}",
            hint="crawl one with 'coset crawl --db FILE' or import one with 'coset dataset import'",
        )
    try:
        return _open(path, "mode=ro")
    except sqlite3.OperationalError:
        # A dataset in WAL mode needs a writable folder, unless SQLite is told that nobody writes to it.
        if path.with_name(path.name + "-wal").exists():
            raise
        return _open(path, "mode=ro&immutable=1")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, timeout=5)
    try:
        version_of(connection, path)  # the first look at the file
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of a dataset, or refuse a file that is something else."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise _not_a_dataset(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a dataset of another schema version."""
    version = version_of(connection, path)
    if version > SCHEMA_VERSION:
        raise UsageError(
            f"the dataset {str(path)!r} has schema version {version}, which is newer than this coset:"
            f" it knows versions up to {SCHEMA_VERSION}",
            hint="use the coset that wrote it, if only to export it",
        )
    if version < OLDEST:
        raise UsageError(
            f"the dataset {str(path)!r} has schema version {version}, this coset reads version {SCHEMA_VERSION}",
            hint="export it with the coset that wrote it and import it here, or crawl again",
        )
    if version < SCHEMA_VERSION:
        raise UsageError(
            f"the dataset {str(path)!r} has schema version {version}, this coset reads version {SCHEMA_VERSION}",
            hint="'coset dataset doctor --repair --db FILE' brings it up to date in its place; nothing is lost",
        )


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection, path)  # again: another process may have been quicker
        if version < SCHEMA_VERSION:
            migrate(connection, version, SCHEMA_VERSION)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one sentence that says what to do.

    Raises:
        UsageError: the file is not a dataset, or the texts to be stored are not Unicode.
        OutsideError: the disk, or another process, is in the way.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _sentence(error, path) from error
    except UnicodeEncodeError as error:
        raise UsageError(f"a text for the dataset {str(path)!r} is not Unicode ({error.reason})") from error


def _sentence(error: sqlite3.Error, path: Path) -> CosetError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return _not_a_dataset(path)
    sentence, hint = {
        sqlite3.SQLITE_CORRUPT: ("is damaged", "crawl or import it again"),
        sqlite3.SQLITE_BUSY: ("is locked by another process", "wait until that one has ended"),
        sqlite3.SQLITE_LOCKED: ("is locked by another process", "wait until that one has ended"),
        sqlite3.SQLITE_FULL: (
            "cannot grow: the disk is full",
            "make room and run the same command again; nothing stored is lost",
        ),
        sqlite3.SQLITE_READONLY: ("cannot be written", "check its permissions and those of its folder"),
        sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check that its folder exists and can be written"),
        sqlite3.SQLITE_IOERR: ("cannot be read or written", "check the disk; nothing stored is lost"),
    }.get(code, ("failed", ""))
    return OutsideError(f"the dataset {str(path)!r} {sentence} ({error})", hint=hint)


def _not_a_dataset(path: Path) -> UsageError:
    return UsageError(f"{str(path)!r} is not a coset dataset", hint="name the file that 'coset crawl' wrote")
