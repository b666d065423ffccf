"""How are sets of texts (requirements, extras, import names) kept once each, and found again?"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable

_CACHED = 100_000
"""Entries kept in memory; more would make memory grow with the crawl."""


class TextSets:
    """The sets of one dataset, each known by a number.

    A number means the same set forever, also to other processes, so what was read once is kept; only what a transaction
    that fails has put must be forgotten.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._texts: dict[int, str] = {}
        self._sets: dict[int, tuple[str, ...]] = {}
        self._text_ids: dict[str, int] = {}
        self._set_ids: dict[tuple[str, ...], int] = {}

    def forget(self) -> None:
        """Forget the numbers of a transaction that was rolled back."""
        for known in (self._texts, self._sets, self._text_ids, self._set_ids):
            known.clear()

    def read(self, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return the sets of these numbers, members sorted, and perhaps others."""
        wanted = set(ids)
        if len(self._sets) + len(wanted) > _CACHED:
            self._sets, self._texts = {}, {}
        missing = sorted(wanted - self._sets.keys())
        if missing:
            self._read_sets(missing)
        return self._sets

    def _read_sets(self, ids: list[int]) -> None:
        query = "SELECT id, members FROM textset WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._connection.execute(query, (json.dumps(ids),)).fetchall()
        decoded = json.loads(f"[{','.join(members for _, members in rows)}]")  # at once: half the time of one by one
        unread = sorted({text for members in decoded for text in members} - self._texts.keys())
        query = "SELECT id, value FROM text WHERE id IN (SELECT value FROM json_each(?))"
        self._texts.update(self._connection.execute(query, (json.dumps(unread),)))
        for (number, _), members in zip(rows, decoded, strict=True):
            self._sets[number] = tuple(map(self._texts.__getitem__, members))

    def put(self, members: tuple[str, ...]) -> int:
        """Return the number of the set, which is stored where it is new."""
        members = tuple(sorted(set(members)))
        known = self._set_ids.get(members)
        if known is not None:
            return known
        digest = hashlib.sha256(json.dumps(members).encode()).digest()
        row = self._connection.execute("SELECT id FROM textset WHERE hash = ?", (digest,)).fetchone()
        if row is None:
            ids = json.dumps([self._put_text(member) for member in members], separators=(",", ":"))
            cursor = self._connection.execute("INSERT INTO textset (hash, members) VALUES (?, ?)", (digest, ids))
            row = (cursor.lastrowid,)
        if len(self._set_ids) >= _CACHED:
            self._set_ids.clear()
        self._set_ids[members] = row[0]
        return int(row[0])

    def _put_text(self, value: str) -> int:
        known = self._text_ids.get(value)
        if known is None:
            self._connection.execute("INSERT OR IGNORE INTO text (value) VALUES (?)", (value,))
            (known,) = self._connection.execute("SELECT id FROM text WHERE value = ?", (value,)).fetchone()
            if len(self._text_ids) >= _CACHED:
                self._text_ids.clear()
            self._text_ids[value] = known
        return known
