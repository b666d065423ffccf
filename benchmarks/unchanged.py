"""What does a refresh cost where nothing has changed? A dataset of so many settled projects, made from one."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import loopback
from measure import Run, run

_NEWEST = str(loopback.RELEASES)
_WIDE = 1_000_000
"""Numbers of projects from here on are those of copies."""


def refreshed(url: str, projects: int, db: Path) -> tuple[Run, int]:
    """Refresh a dataset that is as the index says; return what the process took, and its requests.

    Args:
        url: of a server of so many projects (`loopback`).
        projects: how many.
        db: a file that is not there yet.
    """
    _crawl(url, db, "p0")
    _copied(db, projects)
    asked = _crawl(url, db, "--all")  # keeps the root list
    command = [sys.executable, "-m", "coset", *_arguments(url, db, "--all")]
    taken = run(command)
    assert asked["pages"] == {"settled": projects}, asked["pages"]
    return taken, int(asked["requests"])


def _arguments(url: str, db: Path, what: str) -> list[str]:
    given = ["--index", f"{url}/simple/", "--db", str(db), "--contact", "a@mail.example", "--newest", _NEWEST]
    return ["crawl", what, *given, "--rate", "1000000", "--json", "--quiet"]


def _crawl(url: str, db: Path, what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "coset", *_arguments(url, db, what)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _copied(db: Path, projects: int) -> None:
    """Give every other project the page and the releases of the first."""
    with sqlite3.connect(db) as connection:
        ((first,),) = connection.execute("SELECT id FROM project WHERE name = 'p0'")
        numbers = range(1, projects)
        connection.executemany("INSERT INTO project VALUES (?, ?)", ((_WIDE + one, f"p{one}") for one in numbers))
        for table in ("page", "release"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            rest = ", ".join(columns[1:])
            connection.execute(
                f"INSERT INTO {table} SELECT project.id, {rest} FROM {table}, project "
                f"WHERE {table}.project_id = ? AND project.id > {_WIDE}",
                (first,),
            )
    connection.close()
