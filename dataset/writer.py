"""How do releases, pages and problems become rows? Called within a transaction that the store holds."""

import sqlite3
from collections.abc import Mapping

from dataset.crawlstate import Change, PageState, Problem, SourceText
from dataset.merge import merged
from dataset.packedtext import pack
from dataset.readreleases import COLUMNS, read_release
from dataset.records import LISTED, Release, Timestamp
from dataset.textsets import TextSets
from dataset.versionkey import version_key
from normalize.projects import ProjectName

_CACHED = 100_000
"""Projects whose numbers are kept in memory."""

_KEY = "project_id = ? AND place = ? AND version = ?"
_NAMES = COLUMNS.split(", ")
_INSERT = (
    f"INSERT INTO release (project_id, place, attempted, {COLUMNS})"  # noqa: S608
    f" VALUES (?, ?, ?, {', '.join('?' * len(_NAMES))})"
)
_INSERT_FILE = "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)"
_UPDATE = f"UPDATE release SET {', '.join(f'{name} = ?' for name in _NAMES)} WHERE {_KEY}"  # noqa: S608


class Writer:
    """Puts records into the tables of one dataset.

    New releases of one project wait and are put together, which takes a third of the time; `finish` puts the last ones.
    """

    def __init__(self, connection: sqlite3.Connection, sets: TextSets) -> None:
        self._connection = connection
        self._sets = sets
        self._projects: dict[ProjectName, int] = {}
        self._at = 0
        self._there: set[str] = set()
        self._new: list[tuple[str | int | None, ...]] = []
        self._new_files: list[tuple[str | int | None, ...]] = []

    def begin(self) -> None:
        """Forget what another process may have changed since the last transaction."""
        self._at, self._there = 0, set()

    def finish(self) -> None:
        """Put what waits; what was put before is all there then."""
        self._connection.executemany(_INSERT, self._new)
        self._connection.executemany(_INSERT_FILE, self._new_files)
        self._new, self._new_files = [], []

    def forget(self) -> None:
        """Forget the numbers of rows that a transaction which failed has put, and what waits to be put."""
        self._projects.clear()
        self._sets.forget()
        self._new, self._new_files = [], []

    def put_page(self, page: PageState) -> None:
        """Store the state of a page in the place of the former one and of its problems."""
        project = self._project(page.project)
        self._connection.execute("DELETE FROM problem WHERE project_id = ? AND version = ''", (project,))
        self._connection.execute(
            "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(project, page.fetched_at, page.etag, page.sha256, page.problem, page.content),
                *(page.serial, page.due_at, page.fails, page.gone),
            ),
        )

    def put_change(self, change: Change) -> None:
        """Store what an index said otherwise than before."""
        project = self._project(change.project)
        self._connection.execute("INSERT OR IGNORE INTO change VALUES (?, ?, ?, ?, ?, ?)", (project, *change.facts()))

    def put_text(self, text: SourceText) -> None:
        """Store a text that facts were read from, in the place of the former one of the same file and kind."""
        project = self._project(text.project)
        self._connection.execute(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?)",
            (project, text.version, text.file, text.kind, pack(text.content)),
        )

    def put_serials(self, serials: Mapping[ProjectName, int]) -> None:
        """Store the serial of each project that the root list names, in the place of the former list."""
        self._connection.execute("DELETE FROM root")
        self._connection.executemany("INSERT INTO root VALUES (?, ?)", sorted(serials.items()))

    def put_problem(self, problem: Problem) -> None:
        """Store a problem."""
        self._connection.execute(
            "INSERT OR IGNORE INTO problem VALUES (?, ?, ?, ?, ?)",
            (self._project(problem.project), problem.version, problem.file, problem.code, problem.detail),
        )

    def put_release(self, release: Release, attempted: Timestamp | None) -> None:
        """Store a release, merged with what is known of it."""
        project = self._project(release.project)
        key = (project, version_key(release.version), release.version)
        if release.unknown == LISTED:
            attempted = None
        elif attempted is not None:
            self._connection.execute(
                "DELETE FROM problem WHERE project_id = ? AND version = ?", (project, release.version)
            )
        if project != self._at:
            self.finish()
            there = self._connection.execute("SELECT version FROM release WHERE project_id = ?", (project,))
            self._at, self._there = project, {version for (version,) in there}
        if release.version not in self._there:
            self._there.add(release.version)
            self._new.append((*key[:2], attempted, *self._values(release)))
            self._new_files += _file_rows(key, release)
            return
        self.finish()
        known = read_release(self._connection, self._sets, release.project, key)
        one = merged(known, release)
        if one != known:
            self._connection.execute(_UPDATE, (*self._values(one), *key))
        if one.files != known.files:
            self._connection.execute(f"DELETE FROM file WHERE {_KEY}", key)  # noqa: S608
            self._connection.executemany(_INSERT_FILE, _file_rows(key, one))
        if attempted is not None:
            self._connection.execute(f"UPDATE release SET attempted = ? WHERE {_KEY}", (attempted, *key))  # noqa: S608

    def _values(self, one: Release) -> tuple[str | int | None, ...]:
        """Return the columns of a release; what is in no set of texts stands as it is."""
        return (
            *(one.version, one.uploaded, one.yanked, one.requires_python),
            None if one.requires is None else self._sets.put(one.requires),
            self._sets.put(one.unusable) if one.unusable else None,
            one.unknown,
            self._sets.put(one.extras) if one.extras else None,
            self._sets.put(one.imports) if one.imports else None,
            *(one.source, one.trust),
            self._sets.put(one.repaired) if one.repaired else None,
            None if one.builds is None else self._sets.put(one.builds),
            *(one.gone, one.imports_from),
        )

    def _project(self, name: ProjectName) -> int:
        known = self._projects.get(name)
        if known is None:
            self._connection.execute("INSERT OR IGNORE INTO project (name) VALUES (?)", (name,))
            (known,) = self._connection.execute("SELECT id FROM project WHERE name = ?", (name,)).fetchone()
            if len(self._projects) >= _CACHED:
                self._projects.clear()
            self._projects[name] = known
        return known


def _file_rows(key: tuple[int, str, str], release: Release) -> list[tuple[str | int | None, ...]]:
    return [(*key, file.name, file.path, file.sha256, file.size) for file in release.files]
