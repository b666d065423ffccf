"""How much does a dataset hold?"""

import sqlite3
from typing import Any

from dataset.aboutlines import TOLD
from dataset.crawlstate import Counts, Details
from dataset.records import LISTED

_FACTS = """(SELECT '{' || said || '}' AS said, n
FROM (SELECT facts, count(*) AS n FROM release GROUP BY facts) JOIN facts f ON f.id = facts)"""
"""What releases say, as JSON, and how many say it; most say what others say too."""

_TELLS = "coalesce(sum(n * (instr(said, '\"{0}\":') > 0 AND json_type(said, '$.{0}') IS NOT NULL)), 0)"
"""How many releases have a key; most facts that lack it are not parsed for that."""


def count(connection: sqlite3.Connection) -> Counts:
    """Count releases and what is unknown of them, without looking at what they say."""
    reasons = _rows(
        connection,
        "SELECT unknown, sum(n) FROM (SELECT facts, count(*) AS n FROM release GROUP BY facts)"
        " JOIN facts f ON f.id = facts GROUP BY unknown ORDER BY unknown",
    )
    by_reason: dict[str | None, int] = dict(reasons)
    having = "SELECT count(*) FROM project p WHERE EXISTS (SELECT 1 FROM release WHERE project_id = p.id)"
    ((projects,),) = _rows(connection, having)
    return Counts(
        projects=projects,
        releases=sum(by_reason.values()),
        known=by_reason.get(None, 0),
        listed=by_reason.get(LISTED, 0),
        unknown=tuple((reason, n) for reason, n in by_reason.items() if reason is not None and reason != LISTED),
        problems=tuple(_rows(connection, "SELECT code, count(*) FROM problem GROUP BY code ORDER BY code")),
    )


def count_details(connection: sqlite3.Connection) -> Details:
    """Count what is known beyond releases."""
    ((requirements,),) = _rows(
        connection,
        f"SELECT count(DISTINCT j.value) FROM {_FACTS} f, json_each(f.said, '$.requires') j",  # noqa: S608
    )
    ((repaired,),) = _rows(
        connection,
        f"SELECT coalesce(sum(n * json_array_length(said, '$.repaired')), 0) FROM {_FACTS}"  # noqa: S608
        " WHERE said LIKE '%\"repaired\":%'",
    )
    imports = _rows(
        connection,
        f"SELECT coalesce(json_extract(said, '$.imports_from'), '') AS shown, sum(n) FROM {_FACTS}"  # noqa: S608
        " WHERE json_type(said, '$.imports') = 'array' GROUP BY shown ORDER BY shown",
    )
    (told,) = _rows(
        connection,
        f"SELECT {', '.join(_TELLS.format(key) for key in TOLD)} FROM {_FACTS}",  # noqa: S608
    )
    return Details(
        requirements=requirements,
        repaired=repaired,
        gone=_rows(connection, "SELECT count(*) FROM release WHERE gone IS NOT NULL")[0][0],
        imports_from=tuple(imports),
        about=tuple((key, n) for key, n in zip(TOLD, told, strict=True) if n),
        changes=tuple(_rows(connection, "SELECT kind, count(*) FROM change GROUP BY kind ORDER BY kind")),
        texts=tuple(_rows(connection, "SELECT kind, count(*) FROM source GROUP BY kind ORDER BY kind")),
    )


def _rows(connection: sqlite3.Connection, query: str) -> list[Any]:
    return connection.execute(query).fetchall()
