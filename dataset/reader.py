"""How are releases read from a dataset? Without what a crawl keeps beside them, which `dataset.store` adds."""

import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Self

from dataset.readreleases import read_releases
from dataset.records import Release
from dataset.schema import connect_to_read, explained
from dataset.storedfacts import StoredFacts
from normalize.projects import ProjectName


class Reader:
    """A dataset that is only read; use it with ``with``.

    Every method raises OutsideError where the disk or another process fails.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._stored = StoredFacts(connection)

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
        """Close the file."""
        self._connection.close()

    def releases(
        self, projects: Collection[ProjectName] | None = None, *, files: bool = True, listed: bool = True
    ) -> Iterator[Release]:
        """Yield the releases of these projects, or all: by project, then version, those that are not PEP 440 first.

        Args:
            projects: None for all.
            files: whether to read the files too, which outnumber the releases by far; the solver has no use for them.
            listed: whether to read releases too whose metadata nobody asked for: most of those of a project.
        """
        with explained(self._path):
            yield from read_releases(self._connection, self._stored, projects, files=files, listed=listed)

    def projects(self) -> tuple[ProjectName, ...]:
        """Return the projects that have a release, sorted."""
        query = "SELECT name FROM project p WHERE EXISTS (SELECT 1 FROM release WHERE project_id = p.id) ORDER BY name"
        return tuple(ProjectName(name) for (name,) in self._rows(query))

    def names(self) -> tuple[ProjectName, ...]:
        """Return the projects of which anything is known, if only that they are not on the index, sorted."""
        return tuple(ProjectName(name) for (name,) in self._rows("SELECT name FROM project ORDER BY name"))

    def setting(self, key: str) -> str | None:
        """Return a local setting, such as where the files lie; settings are never exported."""
        rows = self._rows("SELECT value FROM setting WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def _rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        with explained(self._path):
            return self._connection.execute(query, parameters).fetchall()
