"""Is a dataset whole? What is wrong with it, and what can be mended without asking the index again."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset.facts import facts_from_json, facts_to_text
from dataset.migrations import OLDEST
from dataset.packedtext import unpack
from dataset.rowlines import digest
from dataset.schema import SCHEMA_VERSION, connect_to_read, connect_to_write, explained, seal, version_at
from dataset.store import DIGEST
from dataset.storedfacts import facts_hash
from dataset.versionkey import version_key
from normalize.errors import UsageError
from normalize.projects import project_name

_SHOWN = 5
"""Examples in a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with a dataset.

    Attributes:
        code: a stable word.
        number: how often.
        detail: examples, in words.
        mending: what was done about it, or can be done with a repair; "" where only the index or a backup helps.
        mended: whether it was done.
        harmless: whether it takes space and nothing else.
    """

    code: str
    number: int
    detail: str
    mending: str = ""
    mended: bool = False
    harmless: bool = False


_Cases = Iterator[tuple[str, tuple[str, tuple[Any, ...]] | None]]
"""How to call each case of a kind of damage, and the statement that mends it; None where nothing does."""


@dataclass(frozen=True, slots=True)
class _Check:
    """Looks for one kind of damage."""

    code: str
    cases: Callable[[sqlite3.Connection], _Cases]
    mending: str = ""
    harmless: bool = False


def examine(path: Path, *, repair: bool) -> tuple[Finding, ...]:
    """Return what is wrong with a dataset, the worst first.

    Args:
        path: of the dataset, perhaps of an older schema version.
        repair: mend what can be mended, in one transaction.

    Raises:
        UsageError: the file is no dataset, or was written by a newer coset.
        OutsideError: it cannot be read, or not be written where it is to be repaired.
    """
    version = version_at(path)
    found = []
    if version < OLDEST:
        detail = f"schema version {version}; this coset knows versions {OLDEST} to {SCHEMA_VERSION}"
        return (Finding(code="old-layout", number=1, detail=detail),)
    if version < SCHEMA_VERSION:
        layout = Finding(
            code="old-layout",
            number=1,
            detail=f"schema version {version}; this coset reads {SCHEMA_VERSION}",
            mending="bring the layout up to date",
            mended=repair,
        )
        if not repair:
            return (layout,)
        found.append(layout)
    connection = connect_to_write(path) if repair else connect_to_read(path)
    try:
        with explained(path):
            found += _examined(connection, repair=repair)
    finally:
        if repair:
            seal(connection)
        connection.close()
    return tuple(found)


def _examined(connection: sqlite3.Connection, *, repair: bool) -> Iterator[Finding]:
    connection.execute("PRAGMA ignore_check_constraints = ON")  # which has a finding of its own
    try:
        damage = [text for (text,) in connection.execute("PRAGMA integrity_check(20)") if text != "ok"]
    except sqlite3.DatabaseError as error:
        damage = [str(error)]
    if damage:
        yield Finding(code="damaged-file", number=len(damage), detail=_examples(damage))
        return  # nothing that is read from it can be believed
    if repair:
        connection.execute("BEGIN IMMEDIATE")
    for check in _CHECKS:
        cases = list(check.cases(connection))
        if not cases:
            continue
        mends = [mend for _, mend in cases if mend is not None]
        if repair:
            for statement, parameters in mends:
                connection.execute(statement, parameters)
        yield Finding(
            code=check.code,
            number=len(cases),
            detail=_examples([name for name, _ in cases]),
            mending=check.mending if mends else "",
            mended=repair and len(mends) == len(cases),
            harmless=check.harmless,
        )
    if repair:
        connection.execute("COMMIT")


def _examples(cases: list[str]) -> str:
    more = f" and {len(cases) - _SHOWN} more" if len(cases) > _SHOWN else ""
    return "; ".join(cases[:_SHOWN]) + more


def _dangling(connection: sqlite3.Connection) -> _Cases:
    """Rows that name a row which is not there."""
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield f"{table} {'' if row is None else row} names a missing {parent}", None


def _wrong_facts(connection: sqlite3.Connection) -> _Cases:
    """Facts whose hash is that of another text, or that are no facts."""
    for number, kept, said in connection.execute("SELECT id, hash, said FROM facts"):
        try:
            sound = facts_to_text(facts_from_json(json.loads(f"{{{said}}}"))) == said and facts_hash(said) == kept
        except (ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            yield f"facts {number}: {said[:60]}", None


def _unlawful_facts(connection: sqlite3.Connection) -> _Cases:
    """Requirements that are known and unknown at once, or neither."""
    query = (
        "SELECT id FROM facts WHERE CASE WHEN json_valid('{' || said || '}') THEN (unknown IS NULL)"
        " <> (json_type('{' || said || '}', '$.requires') = 'array')"
        " OR unknown IS NOT json_extract('{' || said || '}', '$.unknown') END"
    )
    for (number,) in connection.execute(query):
        yield f"facts {number}", None


def _unused(table: str, column: str) -> Callable[..., _Cases]:
    def cases(connection: sqlite3.Connection) -> _Cases:
        query = f"SELECT id FROM {table} WHERE id NOT IN (SELECT {column} FROM release WHERE {column} IS NOT NULL)"  # noqa: S608
        for (number,) in connection.execute(query).fetchall():
            yield f"{table} {number}", (f"DELETE FROM {table} WHERE id = ?", (number,))  # noqa: S608

    return cases


def _damaged_files(connection: sqlite3.Connection) -> _Cases:
    """Lists of files that cannot be read."""
    for (number,) in connection.execute(
        "SELECT id FROM files WHERE NOT CASE WHEN json_valid(said) THEN json_type(said) = 'array' ELSE 0 END"
    ):
        yield f"files {number}", None


def _damaged_texts(connection: sqlite3.Connection) -> _Cases:
    """Stored texts that cannot be unpacked; without them, newer rules cannot read these releases again."""
    query = "SELECT project_id, name, version, file, kind, content FROM source JOIN project ON id = project_id"
    for project, name, version, file, kind, content in connection.execute(query):
        try:
            unpack(content)
        except ValueError:
            statement = "DELETE FROM source WHERE project_id = ? AND version = ? AND file = ? AND kind = ?"
            yield f"{name} {version} {file} {kind}", (statement, (project, version, file, kind))


def _odd_names(connection: sqlite3.Connection) -> _Cases:
    """Projects whose names are not normalised; no requirement can name them."""
    for (name,) in connection.execute("SELECT name FROM project").fetchall():
        try:
            odd = project_name(name) != name
        except UsageError:
            odd = True
        if odd:
            yield repr(name[:60]), None


def _misplaced(connection: sqlite3.Connection) -> _Cases:
    """Releases that do not lie where their version belongs, so that they are read in a wrong order."""
    query = "SELECT project_id, name, place, version FROM release JOIN project ON id = project_id"
    for project, name, place, version in connection.execute(query).fetchall():
        if place != version_key(version):
            statement = "UPDATE release SET place = ? WHERE project_id = ? AND place = ? AND version = ?"
            yield f"{name} {version}", (statement, (version_key(version), project, place, version))


def _stale_digest(connection: sqlite3.Connection) -> _Cases:
    """A digest that is kept beside other releases than those that it was taken of."""
    kept = connection.execute("SELECT value FROM setting WHERE key = ?", (DIGEST,)).fetchone()
    if kept is None:
        return
    projects = [name for (name,) in connection.execute("SELECT name FROM project")]
    found = digest(connection, projects)
    if kept[0] != found:
        statement = "UPDATE setting SET value = ? WHERE key = ?"
        yield f"{kept[0][:16]}... is kept, {found[:16]}... is right", (statement, (found, DIGEST))


_CHECKS = (
    _Check("dangling-row", _dangling),
    _Check("wrong-facts", _wrong_facts),
    _Check("unlawful-facts", _unlawful_facts),
    _Check("damaged-files", _damaged_files),
    _Check("odd-name", _odd_names),
    _Check("misplaced-release", _misplaced, "move the releases to their places"),
    _Check("damaged-text", _damaged_texts, "forget the damaged texts"),
    _Check("unused-facts", _unused("facts", "facts"), "delete what no release says", harmless=True),
    _Check("unused-files", _unused("files", "files"), "delete files of no release", harmless=True),
    _Check("stale-digest", _stale_digest, "work the digest out again"),
)
