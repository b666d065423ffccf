"""How do releases, pages and problems become rows? Called within a transaction that the store holds."""

import sqlite3
from collections.abc import Iterable, Mapping

from dataset.crawlstate import Change, PageState, Problem, SourceText
from dataset.facts import facts_of, files_to_text
from dataset.merge import merged, taken_anew
from dataset.packedtext import pack
from dataset.readreleases import read_release
from dataset.records import LISTED, Release, Timestamp
from dataset.storedfacts import StoredFacts
from dataset.versionkey import version_key
from normalize.projects import ProjectName

_CACHED = 100_000
"""Projects whose numbers are kept in memory."""

_AT_ONCE = 5_000
"""New releases that are put together."""

_KEY = "project_id = ? AND place = ? AND version = ?"
_INSERT = "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_PROJECT = "INSERT INTO project (name) VALUES (?) ON CONFLICT DO NOTHING RETURNING id"
_INSERT_FILES = "INSERT OR REPLACE INTO files VALUES (?, ?)"
_UPDATE = f"UPDATE release SET uploaded = ?, yanked = ?, gone = ?, facts = ?, files = ? WHERE {_KEY}"  # noqa: S608


class Writer:
    """Puts records into the tables of one dataset.

    New releases wait and are put together, which takes a third of the time; `finish` puts the last ones.

    Attributes:
        changed: whether a release became another since `begin`.
    """

    def __init__(self, connection: sqlite3.Connection, stored: StoredFacts) -> None:
        self._connection = connection
        self._stored = stored
        self._projects: dict[ProjectName, int] = {}
        self._at = 0
        self._there: set[str] = set()
        self._empty: set[int] = set()  # projects that this transaction has put, and of which no release was put yet
        self._waiting: set[int] = set()  # projects of which a release waits
        self._new: list[tuple[str | int | None, ...]] = []
        self._new_files: list[tuple[int, str]] = []
        self._asked: list[tuple[int, str]] = []  # releases whose problems are to be forgotten
        self._last_files = 0
        self.changed = False

    def begin(self) -> None:
        """Forget what another process may have changed since the last transaction."""
        self._at, self._there, self.changed = 0, set(), False
        self._empty.clear()
        ((last,),) = self._connection.execute("SELECT coalesce(max(id), 0) FROM files")
        self._last_files = last

    def finish(self) -> None:
        """Put what waits; what was put before is all there then."""
        self._connection.executemany("DELETE FROM problem WHERE project_id = ? AND version = ?", self._asked)
        self._connection.executemany(_INSERT_FILES, self._new_files)
        self._connection.executemany(_INSERT, self._new)
        self._drop()

    def forget(self) -> None:
        """Forget the numbers of rows that a transaction which failed has put, and what waits to be put."""
        self._projects.clear()
        self._stored.forget()
        self._drop()

    def _drop(self) -> None:
        self._new, self._new_files, self._asked = [], [], []
        self._waiting.clear()

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

    def touch_page(self, page: PageState) -> None:
        """Store when and how an unchanged page was seen."""
        self._connection.execute(
            "UPDATE page SET fetched_at = ?, etag = ?, serial = ?, due_at = ?, fails = ? WHERE project_id = ?",
            (page.fetched_at, page.etag, page.serial, page.due_at, page.fails, self._project(page.project)),
        )

    def put_change(self, change: Change) -> None:
        """Store what an index said otherwise than before."""
        project = self._project(change.project)
        self._connection.execute("INSERT OR IGNORE INTO change VALUES (?, ?, ?, ?, ?, ?)", (project, *change.facts()))

    def put_texts(self, texts: Iterable[SourceText]) -> None:
        """Store texts that facts were read from, in the place of the former ones of the same files and kinds."""
        rows = [(self._project(one.project), one.version, one.file, one.kind, pack(one.content)) for one in texts]
        self._connection.executemany("INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?)", rows)

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

    def put_release(self, release: Release, attempted: Timestamp | None, *, anew: bool = False) -> None:
        """Store a release, merged with what is known of it, or in its place; then its texts are forgotten, too."""
        project = self._project(release.project)
        key = (project, version_key(release.version), release.version)
        if release.unknown == LISTED:
            attempted = None
        if anew or attempted is not None:
            self._asked.append((project, release.version))
        if project != self._at:
            self._at, self._there = project, self._versions(project)
        if release.version not in self._there:
            self._there.add(release.version)
            self.changed = True
            facts, files = self._facts(release), self._files(release, None)
            told = (release.uploaded, release.yanked, release.gone)
            self._new.append((*key, *told, facts, files, attempted))
            self._waiting.add(project)
            if len(self._new) >= _AT_ONCE:
                self.finish()
            return
        self.finish()
        known = read_release(self._connection, self._stored, release.project, key)
        one = taken_anew(known, release) if anew else merged(known, release)
        if one != known:
            self.changed = True
            files = self._connection.execute(f"SELECT files FROM release WHERE {_KEY}", key).fetchone()[0]  # noqa: S608
            if one.files != known.files:
                files = self._files(one, files)
            self._connection.execute(_UPDATE, (one.uploaded, one.yanked, one.gone, self._facts(one), files, *key))
        if anew:
            self._connection.execute("DELETE FROM source WHERE project_id = ? AND version = ?", (project, key[2]))
        if anew or attempted is not None:
            self._connection.execute(f"UPDATE release SET attempted = ? WHERE {_KEY}", (attempted, *key))  # noqa: S608

    def _versions(self, project: int) -> set[str]:
        """Return the versions of which there is a release."""
        if project in self._empty:
            self._empty.remove(project)
            return set()
        if project in self._waiting:
            self.finish()
        there = self._connection.execute("SELECT version FROM release WHERE project_id = ?", (project,))
        return {version for (version,) in there}

    def _facts(self, one: Release) -> int:
        return self._stored.put(facts_of(one))

    def _files(self, one: Release, number: int | None) -> int | None:
        """Put the files, in the place of those of the number, and return their number."""
        if not one.files:
            return None
        if number is None:
            self._last_files += 1
            number = self._last_files
        said = files_to_text(one.files)
        if "\\u" in said:  # the only way in which half a character can hide
            "".join(f"{file.name}{file.path}" for file in one.files).encode()
        self._new_files.append((number, said))
        return number

    def _project(self, name: ProjectName) -> int:
        known = self._projects.get(name)
        if known is None:
            rows = self._connection.execute(_INSERT_PROJECT, (name,)).fetchall()
            if rows:
                self._empty.add(rows[0][0])
            else:
                rows = self._connection.execute("SELECT id FROM project WHERE name = ?", (name,)).fetchall()
            known = int(rows[0][0])
            if len(self._projects) >= _CACHED:
                self._projects.clear()
            self._projects[name] = known
        return known
