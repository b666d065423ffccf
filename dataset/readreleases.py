"""How do the rows of a dataset become releases again?"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any, cast

from dataset.facts import Facts
from dataset.records import File, Release, Timestamp
from dataset.rows import RELEASE, batches
from dataset.storedfacts import StoredFacts
from normalize.projects import ProjectName


def read_releases(
    connection: sqlite3.Connection, stored: StoredFacts, projects: Collection[ProjectName] | None, *, files: bool
) -> Iterator[Release]:
    """Yield the releases of these projects, or all: by project, then version, those that are not PEP 440 first.

    Args:
        connection: to the dataset.
        stored: the facts of the same dataset.
        projects: None for all.
        files: whether to read the files too, which are most of a dataset.
    """
    if files:
        for rows in batches(connection, f"p.name, {RELEASE}, w.said", projects, files=True):
            known = stored.read({row[5] for row in rows})
            for row, found in zip(rows, _decoded([row[6] for row in rows]), strict=True):
                project, version, uploaded, yanked, gone, facts, _ = row
                yield _frozen(_Unfrozen(project, version, uploaded, yanked, gone, known[facts], found))
    else:
        for rows in batches(connection, f"p.name, {RELEASE}", projects):
            known = stored.read({row[5] for row in rows})
            for project, version, uploaded, yanked, gone, facts in rows:
                yield _frozen(_Unfrozen(project, version, uploaded, yanked, gone, known[facts], ()))


def read_release(
    connection: sqlite3.Connection, stored: StoredFacts, project: ProjectName, key: tuple[int, str, str]
) -> Release:
    """Return one release that is there, by its primary key."""
    where = "project_id = ? AND place = ? AND version = ?"
    columns = f"{RELEASE}, (SELECT said FROM files WHERE id = r.files)"  # noqa: S608
    row = connection.execute(f"SELECT {columns} FROM release r WHERE {where}", key).fetchone()  # noqa: S608
    version, uploaded, yanked, gone, facts, said = row
    (found,) = _decoded([said])
    return _frozen(_Unfrozen(project, version, uploaded, yanked, gone, stored.read([facts])[facts], found))


def _decoded(several: list[str | None]) -> Iterator[tuple[File, ...]]:
    for files in json.loads(f"[{','.join([said or '[]' for said in several])}]"):
        yield tuple([_file(one) for one in files])


def _file(one: dict[str, Any]) -> File:
    return File(name=one["name"], path=one.get("path"), sha256=one.get("sha256"), size=one.get("size"))


class _Unfrozen:
    """A release that is being read.

    Each field of a frozen value costs a call to set, which would be a third of the time that a dataset takes to read.
    So the fields are set while they are open, and then the value becomes the release that it has the layout of.
    """

    __slots__ = Release.__slots__

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a release
        self,
        project: ProjectName,
        version: str,
        uploaded: Timestamp | None,
        yanked: str | None,
        gone: Timestamp | None,
        facts: Facts,
        files: tuple[File, ...],
    ) -> None:
        self.project = project
        self.version = version
        self.uploaded = uploaded
        self.yanked = yanked
        self.gone = gone
        self.files = files
        (
            self.requires_python,
            self.requires,
            self.unusable,
            self.unknown,
            self.extras,
            self.imports,
            self.source,
            self.trust,
            self.repaired,
            self.builds,
            self.imports_from,
        ) = facts


def _frozen(one: _Unfrozen) -> Release:
    one.__class__ = Release  # type: ignore[assignment]
    return cast("Release", one)
