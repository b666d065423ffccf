"""How do the rows of a dataset become lines, without becoming releases in between?

A line is what `dataset.jsonl` writes of the release that the rows stand for. Exporting, and the digest, write all of
them and have no other use for the releases, so the database puts the lines together.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from itertools import chain

from dataset.hashorder import by_prefix
from dataset.rows import batches
from normalize.projects import ProjectName

_LINE = """CAST('{"project":"' || p.name || '","version":' || json_quote(r.version)
|| CASE WHEN r.uploaded IS NULL THEN '' ELSE ',"uploaded":' || json_quote(r.uploaded) END
|| CASE WHEN r.yanked IS NULL THEN '' ELSE ',"yanked":' || json_quote(r.yanked) END
|| CASE WHEN r.gone IS NULL THEN '' ELSE ',"gone":' || json_quote(r.gone) END || ',' AS BLOB),
CAST(f.said AS BLOB),
CASE WHEN r.files IS NULL THEN x'' ELSE CAST(',"files":' AS BLOB) END, coalesce(CAST(w.said AS BLOB), x''),
CAST('}\n' AS BLOB)"""
"""A line in pieces, which cost less to put together here than there. As bytes, they are not decoded and encoded."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def read_lines(connection: sqlite3.Connection, projects: Collection[ProjectName]) -> Iterator[tuple[bytes, int]]:
    """Yield the lines of the releases of these projects, and how many, some at once: by project, then version."""
    for rows in batches(connection, _LINE, projects, facts=True, files=True):
        lines = b"".join(chain.from_iterable(rows))
        if not lines.isascii():
            lines = _NOT_ASCII.sub(_escaped, lines.decode()).encode("ascii")
        yield lines, len(rows)


def digest(connection: sqlite3.Connection, projects: Collection[ProjectName]) -> str:
    """Return the SHA-256 of the lines of these projects in the order of shards: the same content, the same digest."""
    found = hashlib.sha256()
    for _, several in by_prefix(projects, 3):
        for lines, _ in read_lines(connection, several):
            found.update(lines)
    return found.hexdigest()


def _escaped(found: re.Match[str]) -> str:
    """Return a character as JSON in ASCII; outside of texts, JSON has none that needs it."""
    return json.dumps(found[0])[1:-1]
