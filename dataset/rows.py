"""In which order are the rows of releases read?"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

from dataset.records import LISTED
from normalize.projects import ProjectName

_AT_ONCE = 5_000
"""Rows in memory at once."""

RELEASE = "p.name, r.version, r.uploaded, r.yanked, r.gone, r.facts"
WITH_FILES = f"{RELEASE}, w.said"


def batches(  # noqa: PLR0913 -- which rows, with what beside them
    connection: sqlite3.Connection,
    columns: str,
    projects: Collection[ProjectName] | None,
    *,
    facts: bool = False,
    files: bool = False,
    listed: bool = True,
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of releases by project, then version, those that are not PEP 440 first.

    Args:
        connection: to the dataset.
        columns: of the project ``p``, the release ``r``, its facts ``f`` and its files ``w``.
        projects: whose releases; None for all.
        facts: whether the columns speak of ``f``; where they only name ``r.facts``, read these after the rows, because
            another process may add both between two queries.
        files: whether the columns speak of ``w``, which has no row for releases without files.
        listed: whether to read releases too whose metadata nobody asked for.
    """
    condition, parameters = "", list[str]()
    if projects is not None:
        condition = " WHERE p.name IN (SELECT value FROM json_each(?))"
        parameters = [json.dumps(sorted(projects))]
    if not listed:
        condition += f"{' AND' if condition else ' WHERE'} f.unknown IS NOT ?"
        parameters.append(LISTED)
    rows = connection.execute(
        f"SELECT {columns} FROM project p CROSS JOIN release r ON r.project_id = p.id"  # noqa: S608
        f"{' CROSS JOIN facts f ON f.id = r.facts' if facts or not listed else ''}"
        f"{' LEFT JOIN files w ON w.id = r.files' if files else ''}{condition}"
        " ORDER BY p.name, r.place, r.version",
        parameters,
    )
    while some := rows.fetchmany(_AT_ONCE):
        yield some
