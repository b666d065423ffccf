"""How do the rows of a dataset become releases again?"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

from dataset.facts import release_of
from dataset.records import File, Release
from dataset.rows import RELEASE, WITH_FILES, batches
from dataset.storedfacts import StoredFacts
from normalize.projects import ProjectName

_ONE = f"""SELECT {WITH_FILES} FROM release r JOIN project p ON p.id = r.project_id LEFT JOIN files w ON w.id = r.files
WHERE project_id = ? AND place = ? AND version = ?"""  # noqa: S608


def read_releases(
    connection: sqlite3.Connection,
    stored: StoredFacts,
    projects: Collection[ProjectName] | None,
    *,
    files: bool,
    listed: bool = True,
) -> Iterator[Release]:
    """Yield the releases of these projects, or all: by project, then version, those that are not PEP 440 first.

    Args:
        connection: to the dataset.
        stored: the facts of the same dataset.
        projects: None for all.
        files: whether to read the files too, which are most of a dataset.
        listed: whether to read releases too whose metadata nobody asked for.
    """
    if files:
        for rows in batches(connection, WITH_FILES, projects, files=True, listed=listed):
            known = stored.read({row[5] for row in rows})
            for row, found in zip(rows, _decoded([row[6] for row in rows]), strict=True):
                project, version, uploaded, yanked, gone, facts, _ = row
                yield release_of(project, version, uploaded, yanked, gone, known[facts], found)
    else:
        for rows in batches(connection, RELEASE, projects, listed=listed):
            known = stored.read({row[5] for row in rows})
            for project, version, uploaded, yanked, gone, facts in rows:
                yield release_of(project, version, uploaded, yanked, gone, known[facts], ())


def read_release(
    connection: sqlite3.Connection, stored: StoredFacts, project: ProjectName, key: tuple[int, str, str]
) -> Release:
    """Return one release that is there, by its primary key."""
    row = connection.execute(_ONE, key).fetchone()
    _, version, uploaded, yanked, gone, facts, said = row
    (found,) = _decoded([said])
    return release_of(project, version, uploaded, yanked, gone, stored.read([facts])[facts], found)


def _decoded(several: list[str | None]) -> Iterator[tuple[File, ...]]:
    for files in json.loads(f"[{','.join([said or '[]' for said in several])}]"):
        yield tuple([_file(one) for one in files])


def _file(one: dict[str, Any]) -> File:
    return File(name=one["name"], path=one.get("path"), sha256=one.get("sha256"), size=one.get("size"))
