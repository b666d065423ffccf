"""Where do releases live between commands? One SQLite file, normalised, with the state of the crawl beside them."""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from packaging.version import Version

from dataset.crawlstate import Counts, PageState, Problem, Progress
from dataset.merge import merged
from dataset.records import LISTED, File, Release, Timestamp
from dataset.schema import connect_to_read, connect_to_write, explained
from normalize.projects import ProjectName
from normalize.versions import parse_version

_RELEASE = "version, uploaded, yanked, requires_python, requires, unusable, unknown, extras, imports, source, trust"


class Store:
    """The dataset in one SQLite file; use it with ``with``.

    ``Store.create(path)`` opens it for writing and makes it where it is missing; ``Store.open(path)`` only reads.
    Every method raises OutsideError where the disk or another process fails.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._texts: dict[str, int] = {}
        self._textsets: dict[tuple[str, ...], int] = {}

    @classmethod
    def create(cls, path: Path) -> Self:
        """Open the dataset for writing; make it where it is missing.

        Raises:
            UsageError: the file is something else, or has another schema version.
            OutsideError: it cannot be opened or written.
        """
        return cls(connect_to_write(path), path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the dataset for reading.

        Raises:
            UsageError: there is no such file, it is something else, or has another schema version.
            OutsideError: it cannot be opened.
        """
        return cls(connect_to_read(path), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was put stays."""
        self._connection.close()

    def put(
        self,
        releases: Iterable[Release],
        *,
        pages: Iterable[PageState] = (),
        problems: Iterable[Problem] = (),
        attempted: Timestamp | None = None,
    ) -> None:
        """Store everything given in one transaction, or nothing.

        Releases are merged with what is known of them (`dataset.merge`). A page replaces the problems of its project's
        page, and a release whose metadata was attempted replaces the problems of that release.

        Args:
            releases: in any order.
            pages: the state of the pages that were read.
            problems: what could not be read.
            attempted: when the metadata of the releases that are not merely listed was asked for; None where these
                releases do not come from a crawl.
        """
        with self._transaction():
            self._connection.execute("DELETE FROM setting WHERE key = ?", (_DIGEST,))
            for page in pages:
                self._put_page(page)
            for release in releases:
                self._put_release(release, attempted)
            for one in problems:
                self._connection.execute(
                    "INSERT OR IGNORE INTO problem VALUES (?, ?, ?, ?, ?)",
                    (self._project(one.project), one.version, one.file, one.code, one.detail),
                )

    def releases(self, projects: Collection[ProjectName] | None = None, *, files: bool = True) -> Iterator[Release]:
        """Yield the releases of these projects, or all: by project, then version, those that are not PEP 440 first.

        Args:
            projects: None for all.
            files: whether to read the files too, which outnumber the releases by far; the solver has no use for them.
        """
        condition, parameters = _among(projects)
        with explained(self._path):
            sets = self._all_textsets()
            query = (
                f"SELECT p.name, {_RELEASE} FROM project p CROSS JOIN release r ON r.project_id = p.id"  # noqa: S608
                f" {condition} ORDER BY p.name"
            )
            file_query = (
                "SELECT p.name, f.version, f.name, f.path, f.sha256, f.size FROM project p"  # noqa: S608
                f" CROSS JOIN file f ON f.project_id = p.id {condition} ORDER BY p.name, f.version, f.name"
            )
            file_groups = groupby(self._connection.execute(file_query, parameters) if files else (), itemgetter(0))
            file_project, file_rows = next(file_groups, (None, None))
            for project, rows in groupby(self._connection.execute(query, parameters), itemgetter(0)):
                by_version: dict[str, tuple[File, ...]] = {}
                if file_rows is not None and file_project == project:
                    by_version = _files(file_rows)
                    file_project, file_rows = next(file_groups, (None, None))
                found = [_release(row, sets, by_version) for row in rows]
                found.sort(key=_version_order)
                yield from found

    def projects(self) -> tuple[ProjectName, ...]:
        """Return the projects that have a release, sorted."""
        query = "SELECT name FROM project WHERE id IN (SELECT project_id FROM release) ORDER BY name"
        return tuple(ProjectName(name) for (name,) in self._rows(query))

    def counts(self) -> Counts:
        """Return how much the dataset holds."""
        reasons = self._rows("SELECT unknown, count(*) FROM release GROUP BY unknown ORDER BY unknown")
        by_reason: dict[str | None, int] = dict(reasons)
        distinct = (
            "SELECT count(DISTINCT j.value) FROM textset t, json_each(t.members) j"
            " WHERE t.id IN (SELECT requires FROM release)"
        )
        return Counts(
            projects=len(self.projects()),
            releases=sum(by_reason.values()),
            known=by_reason.get(None, 0),
            listed=by_reason.get(LISTED, 0),
            unknown=tuple((reason, n) for reason, n in by_reason.items() if reason is not None and reason != LISTED),
            requirements=self._rows(distinct)[0][0],
            problems=tuple(self._rows("SELECT code, count(*) FROM problem GROUP BY code ORDER BY code")),
        )

    def digest(self) -> str:
        """Return the SHA-256 of the releases: the same content has the same digest, however it came to be.

        :meth:`keep_digest` saves later readers the work; whatever is put forgets it.
        """
        kept = self.setting(_DIGEST)
        if kept is not None:
            return kept
        digest = hashlib.sha256()
        for one in self.releases():
            values = [getattr(one, name) for name in Release.__slots__ if name != "files"]
            values.append([[file.name, file.path, file.sha256, file.size] for file in one.files])
            digest.update(json.dumps(values, ensure_ascii=True).encode() + b"\n")
        return digest.hexdigest()

    def keep_digest(self) -> None:
        """Store the digest beside the releases that it stands for."""
        self.set_setting(_DIGEST, self.digest())

    def page(self, project: ProjectName) -> PageState | None:
        """Return the state of the project's page, or None where it was never asked for."""
        columns = "p.name, fetched_at, etag, sha256, problem, content"
        query = f"SELECT {columns} FROM page JOIN project p ON p.id = project_id WHERE p.name = ?"  # noqa: S608
        rows = self._rows(query, (project,))
        if not rows:
            return None
        name, fetched_at, etag, sha256, problem, content = rows[0]
        return PageState(
            project=name, fetched_at=fetched_at, etag=etag, sha256=sha256, problem=problem, content=content
        )

    def progress(self, project: ProjectName) -> Mapping[str, Progress]:
        """Return how far each release of the project has come, by version."""
        query = "SELECT version, unknown, attempted FROM release JOIN project p ON p.id = project_id WHERE p.name = ?"
        return {version: Progress(unknown, attempted) for version, unknown, attempted in self._rows(query, (project,))}

    def problems(self) -> tuple[Problem, ...]:
        """Return the open problems, sorted."""
        query = "SELECT p.name, version, file, code, detail FROM problem JOIN project p ON p.id = project_id"
        return tuple(sorted(Problem(*row) for row in self._rows(query)))

    def setting(self, key: str) -> str | None:
        """Return a local setting, such as where the files lie; settings are never exported."""
        rows = self._rows("SELECT value FROM setting WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def set_setting(self, key: str, value: str | None) -> None:
        """Store a local setting, or forget it where the value is None."""
        with self._transaction():
            if value is None:
                self._connection.execute("DELETE FROM setting WHERE key = ?", (key,))
            else:
                self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._texts.clear()  # they may name rows that are not there any more
                self._textsets.clear()
                if self._connection.in_transaction:  # SQLite has already rolled back where the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    def _rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        with explained(self._path):
            return self._connection.execute(query, parameters).fetchall()

    def _project(self, name: ProjectName) -> int:
        self._connection.execute("INSERT OR IGNORE INTO project (name) VALUES (?)", (name,))
        row: tuple[int] = self._connection.execute("SELECT id FROM project WHERE name = ?", (name,)).fetchone()
        return row[0]

    def _put_page(self, page: PageState) -> None:
        project = self._project(page.project)
        self._connection.execute("DELETE FROM problem WHERE project_id = ? AND version = ''", (project,))
        self._connection.execute(
            "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)",
            (project, page.fetched_at, page.etag, page.sha256, page.problem, page.content),
        )

    def _put_release(self, release: Release, attempted: Timestamp | None) -> None:
        project = self._project(release.project)
        if release.unknown == LISTED:
            attempted = None
        elif attempted is not None:
            key = (project, release.version)
            self._connection.execute("DELETE FROM problem WHERE project_id = ? AND version = ?", key)
        known = self._stored(release, project)
        one = release if known is None else merged(known, release)
        if known is None or one != known:
            self._connection.execute(
                f"INSERT INTO release (project_id, {_RELEASE}) VALUES ({', '.join('?' * 12)})"  # noqa: S608
                " ON CONFLICT DO UPDATE SET uploaded = excluded.uploaded, yanked = excluded.yanked,"
                " requires_python = excluded.requires_python, requires = excluded.requires,"
                " unusable = excluded.unusable, unknown = excluded.unknown, extras = excluded.extras,"
                " imports = excluded.imports, source = excluded.source, trust = excluded.trust",
                (
                    *(project, one.version, one.uploaded, one.yanked, one.requires_python),
                    None if one.requires is None else self._textset(one.requires),
                    *(self._set(one.unusable), one.unknown, self._set(one.extras), self._set(one.imports)),
                    *(one.source, one.trust),
                ),
            )
            if known is None or one.files != known.files:
                self._put_files(project, one)
        if attempted is not None:
            self._connection.execute(
                "UPDATE release SET attempted = ? WHERE project_id = ? AND version = ?",
                (attempted, project, release.version),
            )

    def _put_files(self, project: int, release: Release) -> None:
        key = (project, release.version)
        self._connection.execute("DELETE FROM file WHERE project_id = ? AND version = ?", key)
        self._connection.executemany(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)",
            [(*key, file.name, file.path, file.sha256, file.size) for file in release.files],
        )

    def _stored(self, release: Release, project: int) -> Release | None:
        key = (project, release.version)
        query = f"SELECT ?, {_RELEASE} FROM release WHERE project_id = ? AND version = ?"  # noqa: S608
        row = self._connection.execute(query, (release.project, *key)).fetchone()
        if row is None:
            return None
        sets = {one: self._members(one) for one in (row[5], row[6], row[8], row[9]) if one is not None}
        query = "SELECT '', version, name, path, sha256, size FROM file WHERE project_id = ? AND version = ?"
        return _release(row, sets, _files(self._connection.execute(query + " ORDER BY name", key)))

    def _members(self, textset: int) -> tuple[str, ...]:
        query = (
            "SELECT value FROM text WHERE id IN"
            " (SELECT j.value FROM textset s, json_each(s.members) j WHERE s.id = ?) ORDER BY value"
        )
        return tuple(value for (value,) in self._connection.execute(query, (textset,)))

    def _all_textsets(self) -> dict[int, tuple[str, ...]]:
        texts = dict(self._connection.execute("SELECT id, value FROM text"))
        rows = self._connection.execute("SELECT id, members FROM textset").fetchall()
        decoded = json.loads(f"[{','.join(members for _, members in rows)}]")  # at once: half the time of one by one
        return {row[0]: tuple(map(texts.__getitem__, members)) for row, members in zip(rows, decoded, strict=True)}

    def _set(self, members: tuple[str, ...]) -> int | None:
        return self._textset(members) if members else None

    def _textset(self, members: tuple[str, ...]) -> int:
        members = tuple(sorted(set(members)))
        known = self._textsets.get(members)
        if known is not None:
            return known
        digest = hashlib.sha256(json.dumps(members).encode()).digest()
        row = self._connection.execute("SELECT id FROM textset WHERE hash = ?", (digest,)).fetchone()
        if row is None:
            ids = json.dumps([self._text(member) for member in members], separators=(",", ":"))
            cursor = self._connection.execute("INSERT INTO textset (hash, members) VALUES (?, ?)", (digest, ids))
            row = (cursor.lastrowid,)
        if len(self._textsets) >= _CACHED:
            self._textsets.clear()
        self._textsets[members] = row[0]
        return int(row[0])

    def _text(self, value: str) -> int:
        known = self._texts.get(value)
        if known is None:
            self._connection.execute("INSERT OR IGNORE INTO text (value) VALUES (?)", (value,))
            (known,) = self._connection.execute("SELECT id FROM text WHERE value = ?", (value,)).fetchone()
            if len(self._texts) >= _CACHED:
                self._texts.clear()
            self._texts[value] = known
        return known


_DIGEST = "digest"
"""The setting that keeps the digest of what is stored."""

_CACHED = 100_000
"""Identifiers kept in memory; more would make memory grow with the crawl."""


def _among(projects: Collection[ProjectName] | None) -> tuple[str, tuple[str, ...]]:
    if projects is None:
        return "", ()
    return "WHERE p.name IN (SELECT value FROM json_each(?))", (json.dumps(sorted(projects)),)


def _files(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[File, ...]]:
    found: dict[str, tuple[File, ...]] = {}
    for _, version, name, path, sha256, size in rows:
        found[version] = (*found.get(version, ()), File(name=name, path=path, sha256=sha256, size=size))
    return found


def _release(
    row: tuple[Any, ...], sets: Mapping[int, tuple[str, ...]], files: Mapping[str, tuple[File, ...]]
) -> Release:
    version = row[1]
    return Release(
        project=row[0],
        version=version,
        uploaded=row[2],
        yanked=row[3],
        requires_python=row[4],
        requires=None if row[5] is None else sets[row[5]],
        unusable=() if row[6] is None else sets[row[6]],
        unknown=row[7],
        extras=() if row[8] is None else sets[row[8]],
        imports=() if row[9] is None else sets[row[9]],
        source=row[10],
        trust=row[11],
        files=files.get(version, ()),
    )


def _version_order(release: Release) -> tuple[bool, Version | str, str]:
    parsed = parse_version(release.version)
    return (False, release.version, "") if parsed is None else (True, parsed, release.version)
