"""How do the rows of a dataset become releases again, and what is their digest?"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from dataset.records import LISTED, File, ImportsFrom, Release, Source, Timestamp, Trust
from dataset.textsets import TextSets
from normalize.projects import ProjectName

COLUMNS = (
    "version, uploaded, yanked, requires_python, requires, unusable, unknown, extras, imports, source, trust, repaired,"
    " builds, gone, imports_from"
)
"""Of one release, in the order in which `Release` names them behind the project."""

_ONLY_LISTED = (None, None, LISTED, None, None, "index", "none", None, None, None, "")
"""The columns from ``requires`` on where nobody asked for the metadata: so are most releases."""

_AT_ONCE = 5_000
"""Rows in memory at once."""

_Row = tuple[Any, ...]
_Members = Mapping[int, tuple[str, ...]]


def read_releases(
    connection: sqlite3.Connection, sets: TextSets, projects: Collection[ProjectName] | None, *, files: bool
) -> Iterator[Release]:
    """Yield the releases of these projects, or all: by project, then version, those that are not PEP 440 first.

    Args:
        connection: to the dataset.
        sets: of the same dataset.
        projects: None for all.
        files: whether to read the files too, which outnumber the releases by far.
    """
    its_files = _Files(connection, projects) if files else None
    for rows, members in _batches(connection, sets, projects):
        for row in rows:
            found = () if its_files is None else tuple(map(_file, its_files.of(row[0], row[1])))
            if row[5:] == _ONLY_LISTED:
                project, version, uploaded, yanked, python, *_ = row
                yield _frozen(_Unfrozen(project, version, uploaded, yanked, python, files=found))
            else:
                yield _frozen(_Unfrozen(*_whole(row, members, found)))


def read_release(
    connection: sqlite3.Connection, sets: TextSets, project: ProjectName, key: tuple[int, str, str]
) -> Release:
    """Return one release that is there, by its primary key."""
    where = "WHERE project_id = ? AND place = ? AND version = ?"
    row = connection.execute(f"SELECT ?, {COLUMNS} FROM release {where}", (project, *key)).fetchone()  # noqa: S608
    query = f"SELECT '', version, name, path, sha256, size FROM file {where} ORDER BY name"  # noqa: S608
    files = tuple(map(_file, connection.execute(query, key)))
    return _frozen(_Unfrozen(*_whole(row, sets.read(_sets_of([row])), files)))


def digest(connection: sqlite3.Connection, sets: TextSets) -> str:
    """Return the SHA-256 of all releases in their order: the same content, the same digest."""
    found = hashlib.sha256()
    its_files = _Files(connection, None)
    for rows, members in _batches(connection, sets, None):
        for row in rows:
            files = [one[2:] for one in its_files.of(row[0], row[1])]
            found.update(json.dumps(_whole(row, members, files)).encode() + b"\n")
    return found.hexdigest()


def _batches(
    connection: sqlite3.Connection, sets: TextSets, projects: Collection[ProjectName] | None
) -> Iterator[tuple[list[_Row], _Members]]:
    """Yield rows of releases with the sets that they name.

    Rows are read before their sets, because another process may add both between two queries.
    """
    condition, parameters = _among(projects)
    rows = connection.execute(
        f"SELECT p.name, {COLUMNS} FROM project p CROSS JOIN release r ON r.project_id = p.id {condition}"  # noqa: S608
        " ORDER BY p.name, r.place, r.version",
        parameters,
    )
    while some := rows.fetchmany(_AT_ONCE):
        yield some, sets.read(_sets_of(some))


class _Files:
    """The files of the releases, asked for in the order of the releases."""

    def __init__(self, connection: sqlite3.Connection, projects: Collection[ProjectName] | None) -> None:
        condition, parameters = _among(projects)
        rows = connection.execute(
            "SELECT p.name, f.version, f.name, f.path, f.sha256, f.size"  # noqa: S608
            f" FROM project p CROSS JOIN file f ON f.project_id = p.id {condition}"
            " ORDER BY p.name, f.place, f.version, f.name",
            parameters,
        )
        self._groups = groupby(rows, itemgetter(0, 1))
        self._next = next(self._groups, None)

    def of(self, project: str, version: str) -> list[_Row]:
        """Return the rows of one release's files; every release that has files must be asked for."""
        if self._next is None or self._next[0] != (project, version):
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _among(projects: Collection[ProjectName] | None) -> tuple[str, tuple[str, ...]]:
    if projects is None:
        return "", ()
    return "WHERE p.name IN (SELECT value FROM json_each(?))", (json.dumps(sorted(projects)),)


def _sets_of(rows: Iterable[_Row]) -> set[int]:
    return {one for row in rows for one in (row[5], row[6], row[8], row[9], row[12], row[13]) if one is not None}


def _whole(row: _Row, members: _Members, files: object) -> _Row:
    """Return the row with the members of its sets in the place of their numbers, and the files behind."""
    project, version, uploaded, yanked, python, requires, unusable, unknown, extras, imports, *more = row
    source, trust, repaired, builds, gone, imports_from = more
    return (
        *(project, version, uploaded, yanked, python),
        None if requires is None else members[requires],
        () if unusable is None else members[unusable],
        unknown,
        () if extras is None else members[extras],
        () if imports is None else members[imports],
        *(source, trust),
        () if repaired is None else members[repaired],
        None if builds is None else members[builds],
        *(gone, imports_from, files),
    )


class _Unfrozen:
    """A release that is being read.

    Each field of a frozen value costs a call to set, which would be a third of the time that a dataset takes to read.
    So the fields are set while they are open, and then the value becomes the release that it has the layout of.
    """

    __slots__ = Release.__slots__

    def __init__(  # noqa: PLR0913, PLR0917 - the fields of a release
        self,
        project: ProjectName,
        version: str,
        uploaded: Timestamp | None,
        yanked: str | None,
        requires_python: str | None,
        requires: tuple[str, ...] | None = None,
        unusable: tuple[str, ...] = (),
        unknown: str | None = LISTED,
        extras: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        source: Source = "index",
        trust: Trust = "none",
        repaired: tuple[str, ...] = (),
        builds: tuple[str, ...] | None = None,
        gone: Timestamp | None = None,
        imports_from: ImportsFrom = "",
        files: tuple[File, ...] = (),
    ) -> None:
        self.project = project
        self.version = version
        self.uploaded = uploaded
        self.yanked = yanked
        self.requires_python = requires_python
        self.requires = requires
        self.unusable = unusable
        self.unknown = unknown
        self.extras = extras
        self.imports = imports
        self.source = source
        self.trust = trust
        self.repaired = repaired
        self.builds = builds
        self.gone = gone
        self.imports_from = imports_from
        self.files = files


def _frozen(one: _Unfrozen) -> Release:
    one.__class__ = Release  # type: ignore[assignment]
    return cast("Release", one)


def _file(row: _Row) -> File:
    return File(name=row[2], path=row[3], sha256=row[4], size=row[5])
