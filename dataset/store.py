"""Where do releases live between commands? One SQLite file, normalised, with the state of the crawl beside them."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dataset.counting import count, count_details
from dataset.crawlstate import Change, Counts, Crawled, Details, PageState, Problem, Progress, SourceText
from dataset.packedtext import unpack
from dataset.reader import Reader
from dataset.records import Release, Timestamp
from dataset.rowlines import digest, read_lines
from dataset.rows import WITH_FILES, batches
from dataset.schema import connect_to_write, explained, seal
from dataset.writer import Writer
from normalize.projects import ProjectName

_FIRST, _LAST = "crawled-first", "crawled-last"
"""The settings that carry a manifest's times through a dataset that did not crawl itself."""

DIGEST = "digest"
"""The setting that keeps the digest of what is stored."""


_PAGE = ("fetched_at", "etag", "sha256", "problem", "content", "serial", "due_at", "fails", "gone")


class Store(Reader):
    """The dataset in one SQLite file, with all that a crawl keeps; use it with ``with``.

    ``Store.create(path)`` opens it for writing and makes it where it is missing; ``Store.open(path)`` only reads.
    Every method raises OutsideError where the disk or another process fails.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writes: bool = False) -> None:
        super().__init__(connection, path)
        self._writes = writes
        self._writer = Writer(connection, self._stored)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Open the dataset for writing; make it where it is missing.

        Raises:
            UsageError: the file is something else, or has another schema version.
            OutsideError: it cannot be opened or written.
        """
        return cls(connect_to_write(path), path, writes=True)

    def close(self) -> None:
        """Close the file; what was put stays, in a form that can be read where nothing can be written."""
        if self._writes:
            seal(self._connection)
        self._connection.close()

    def put(  # noqa: PLR0913 - what one transaction may hold
        self,
        releases: Iterable[Release],
        *,
        pages: Iterable[PageState] = (),
        problems: Iterable[Problem] = (),
        changes: Iterable[Change] = (),
        texts: Iterable[SourceText] = (),
        attempted: Timestamp | Mapping[tuple[ProjectName, str], Timestamp] | None = None,
        anew: Collection[tuple[ProjectName, str]] = (),
    ) -> None:
        """Store everything given in one transaction, or nothing.

        Releases are merged with what is known of them (`dataset.merge`). A page replaces the problems of its project's
        page, and a release whose metadata was attempted replaces the problems of that release.

        Args:
            releases: in any order.
            pages: the state of the pages that were read.
            problems: what could not be read.
            changes: what the index says otherwise than before.
            texts: what facts of the releases were read from.
            attempted: when the metadata of the releases that are not merely listed was asked for, perhaps for each by
                project and version; None where these releases do not come from a crawl.
            anew: project and version of releases that are told in the place of what is known of them, and of its texts.
        """
        with self._transaction():
            self._writer.begin()
            for page in pages:
                self._writer.put_page(page)
            for release in releases:
                key = (release.project, release.version)
                at = attempted.get(key) if isinstance(attempted, Mapping) else attempted
                self._writer.put_release(release, at, anew=key in anew)
            self._writer.finish()
            for problem in problems:
                self._writer.put_problem(problem)
            for change in changes:
                self._writer.put_change(change)
            self._writer.put_texts(texts)
            if self._writer.changed:
                self._connection.execute("DELETE FROM setting WHERE key = ?", (DIGEST,))

    def touch(self, pages: Iterable[PageState]) -> None:
        """Store that pages were asked for and are as they were; their content and their problems stay."""
        with self._transaction():
            for page in pages:
                self._writer.touch_page(page)

    def put_serials(self, serials: Mapping[ProjectName, int]) -> None:
        """Store the root list of an index: the serial of each project, in the place of the former list."""
        with self._transaction():
            self._writer.put_serials(serials)

    def serials(self) -> dict[ProjectName, int]:
        """Return the serial of each project in the root list that was stored last."""
        return dict(self._rows("SELECT name, serial FROM root ORDER BY name"))

    def changes(self) -> tuple[Change, ...]:
        """Return what the index said otherwise from one crawl to the next, sorted."""
        query = "SELECT p.name, version, kind, before, after, seen FROM change JOIN project p ON p.id = project_id"
        return tuple(sorted(Change(*row) for row in self._rows(query)))

    def texts(self, project: ProjectName) -> tuple[SourceText, ...]:
        """Return the texts that the project's facts were read from, sorted by version, file and kind.

        Raises:
            ValueError: one of them is damaged.
        """
        query = (
            "SELECT version, file, kind, content FROM source JOIN project p ON p.id = project_id"
            " WHERE p.name = ? ORDER BY version, file, kind"
        )
        return tuple(
            SourceText(project=project, version=version, file=file, kind=kind, content=unpack(content))
            for version, file, kind, content in self._rows(query, (project,))
        )

    def lines(self, projects: Collection[ProjectName]) -> tuple[bytes, int]:
        """Return the lines of these projects (`dataset.rowlines`), by project, then version, and how many they are."""
        with explained(self._path):
            some = list(read_lines(self._connection, projects))
        return b"".join([lines for lines, _ in some]), sum(number for _, number in some)

    def rows(self, projects: Collection[ProjectName]) -> list[tuple[Any, ...]]:
        """Return the rows of these projects' releases, by project, then version.

        Each holds the project, the version, when it was uploaded, the reason why it is yanked, since when it is gone,
        the number of its facts (`facts`), and its files as JSON or None.
        """
        with explained(self._path):
            return [row for some in batches(self._connection, WITH_FILES, projects, files=True) for row in some]

    def facts(self, numbers: Collection[int]) -> list[str]:
        """Return the facts of these numbers as lines spell them, in the same order."""
        with explained(self._path):
            said = self._stored.spelled(numbers)
        return [said[number] for number in numbers]

    def counts(self) -> Counts:
        """Return how much the dataset holds."""
        with explained(self._path):
            return count(self._connection)

    def details(self) -> Details:
        """Return how much the dataset knows beyond releases; it looks at all of them."""
        with explained(self._path):
            return count_details(self._connection)

    def digest(self) -> str:
        """Return the SHA-256 of the releases: the same content has the same digest, however it came to be.

        :meth:`keep_digest` saves later readers the work; whatever is put forgets it.
        """
        kept = self.setting(DIGEST)
        if kept is not None:
            return kept
        projects = self.projects()
        with explained(self._path):
            return digest(self._connection, projects)

    def crawled(self) -> Crawled | None:
        """Return when the index was asked for what is stored, by this machine or before an import; None for never."""
        ((first, last),) = self._rows("SELECT min(fetched_at), max(fetched_at) FROM page")
        elsewhere = self.crawled_elsewhere()
        if first is None:
            return elsewhere
        here = Crawled(first, last)
        return here if elsewhere is None else here.and_also(elsewhere)

    def crawled_elsewhere(self) -> Crawled | None:
        """Return when the index was asked for what was imported; None where nothing was."""
        first, last = self.setting(_FIRST), self.setting(_LAST)
        return None if first is None or last is None else Crawled(Timestamp(first), Timestamp(last))

    def keep_crawled(self, times: Crawled) -> None:
        """Store when somebody else asked the index for what was put."""
        known = self.crawled_elsewhere()
        both = times if known is None else times.and_also(known)
        self.set_setting(_FIRST, both.first)
        self.set_setting(_LAST, both.last)

    def keep_digest(self) -> None:
        """Store the digest beside the releases that it stands for."""
        self.set_setting(DIGEST, self.digest())

    def page(self, project: ProjectName) -> PageState | None:
        """Return the state of the project's page, or None where it was never asked for."""
        return self.pages((project,)).get(project)

    def pages(self, projects: Iterable[ProjectName]) -> dict[ProjectName, PageState]:
        """Return the states of the pages that were ever asked for, by project: a third of the time of one by one."""
        query = (
            f"SELECT p.name, {', '.join(_PAGE)} FROM project p JOIN page ON p.id = project_id"  # noqa: S608
            " WHERE p.name IN (SELECT value FROM json_each(?))"
        )
        rows = self._rows(query, (json.dumps(list(projects)),))
        return {name: PageState(project=name, **dict(zip(_PAGE, facts, strict=True))) for name, *facts in rows}

    def progress(self, project: ProjectName) -> Mapping[str, Progress]:
        """Return how far each release of the project has come, by version."""
        query = (
            "SELECT version, unknown, attempted, gone FROM release JOIN project p ON p.id = project_id"
            " JOIN facts f ON f.id = facts WHERE p.name = ?"
        )
        return {version: Progress(*facts) for version, *facts in self._rows(query, (project,))}

    def problems(self) -> tuple[Problem, ...]:
        """Return the open problems, sorted."""
        query = "SELECT p.name, version, file, code, detail FROM problem JOIN project p ON p.id = project_id"
        return tuple(sorted(Problem(*row) for row in self._rows(query)))

    def settings(self) -> dict[str, str]:
        """Return all local settings that a user or a crawl made, none that the store keeps for itself."""
        rows = self._rows("SELECT key, value FROM setting ORDER BY key")
        return {key: value for key, value in rows if key not in {_FIRST, _LAST, DIGEST}}

    def set_setting(self, key: str, value: str | None) -> None:
        """Store a local setting, or forget it where the value is None."""
        with self._transaction():
            if value is None:
                self._connection.execute("DELETE FROM setting WHERE key = ?", (key,))
            else:
                self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        """Show readers the dataset as it is now until the end, whatever another process writes meanwhile."""
        with explained(self._path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")  # nothing was written

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._writer.forget()
                if self._connection.in_transaction:  # SQLite has already rolled back where the disk is full
                    self._connection.execute("ROLLBACK")
                raise
