"""How do the rows of a dataset become lines, without becoming releases in between?

A line is what `dataset.jsonl` writes of the release that the rows stand for. Exporting, and the digest, write all of
them and have no other use for the releases, so the database puts the lines together.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterator

from dataset.hashorder import by_prefix
from dataset.rows import batches
from normalize.projects import ProjectName

_LINE = """printf('{"project":"%s","version":%s%s%s%s,%s%s', p.name, json_quote(r.version),
CASE WHEN r.uploaded IS NULL THEN '' ELSE ',"uploaded":' || json_quote(r.uploaded) END,
CASE WHEN r.yanked IS NULL THEN '' ELSE ',"yanked":' || json_quote(r.yanked) END,
CASE WHEN r.gone IS NULL THEN '' ELSE ',"gone":' || json_quote(r.gone) END,
f.said, CASE WHEN w.said IS NULL THEN '}\n' ELSE ',"files":' || w.said || '}\n' END)"""

_NUMBERED = _LINE.replace("f.said", """'"facts":' || r.facts""")
"""A line that says, in the place of the facts, which number they have in the dataset."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def read_lines(
    connection: sqlite3.Connection, projects: Collection[ProjectName], *, numbered: bool = False
) -> Iterator[bytes]:
    """Yield the lines of the releases of these projects, many at once: by project, then version.

    Args:
        connection: to the dataset.
        projects: whose releases.
        numbered: give the facts by their number.
    """
    for rows in batches(connection, _NUMBERED if numbered else _LINE, projects, facts=not numbered, files=True):
        lines = "".join([line for (line,) in rows])
        yield (lines if lines.isascii() else _NOT_ASCII.sub(_escaped, lines)).encode("ascii")


def digest(connection: sqlite3.Connection, projects: Collection[ProjectName]) -> str:
    """Return the SHA-256 of the lines of these projects in the order of shards: the same content, the same digest."""
    found = hashlib.sha256()
    for _, several in by_prefix(projects, 3):
        for lines in read_lines(connection, several):
            found.update(lines)
    return found.hexdigest()


def _escaped(found: re.Match[str]) -> str:
    """Return a character as JSON in ASCII; outside of texts, JSON has none that needs it."""
    return json.dumps(found[0])[1:-1]
