"""How are the facts of releases kept once each, and found again?"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping

from dataset.facts import Facts, facts_from_json, facts_to_text

_CACHED = 30_000
"""Entries kept in memory; more would make memory grow with the crawl."""


_INSERT = "INSERT INTO facts (hash, unknown, said) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"


class StoredFacts:
    """The facts of one dataset, each known by a number.

    A number means the same facts forever, also to other processes, so what was read once is kept; only what a
    transaction that fails has put must be forgotten.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._facts: dict[int, Facts] = {}
        self._numbers: dict[Facts, int] = {}

    def forget(self) -> None:
        """Forget the numbers of a transaction that was rolled back."""
        self._facts.clear()
        self._numbers.clear()

    def read(self, numbers: Iterable[int]) -> Mapping[int, Facts]:
        """Return the facts of these numbers, and perhaps others."""
        wanted = set(numbers)
        if len(self._facts) + len(wanted) > _CACHED:
            self._facts = {}
        missing = sorted(wanted - self._facts.keys())
        if missing:
            rows = list(self.spelled(missing).items())
            # at once: half the time of one by one
            decoded = json.loads(f"[{','.join([f'{{{said}}}' for _, said in rows])}]")
            self._facts.update((number, facts_from_json(one)) for (number, _), one in zip(rows, decoded, strict=True))
        return self._facts

    def spelled(self, numbers: Collection[int]) -> dict[int, str]:
        """Return the texts of the facts of these numbers."""
        query = "SELECT id, said FROM facts WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(query, (json.dumps(sorted(numbers)),)).fetchall())

    def put(self, facts: Facts) -> int:
        """Return the number of the facts, which are stored where they are new.

        Raises:
            UnicodeEncodeError: a text is not Unicode.
        """
        known = self._numbers.get(facts)
        if known is not None:
            return known
        said = facts_to_text(facts)
        if "\\u" in said:  # the only way in which half a character can hide
            json.dumps(json.loads(f"{{{said}}}"), ensure_ascii=False).encode()
        digest = facts_hash(said)
        rows = self._connection.execute(_INSERT, (digest, facts[3], said)).fetchall()
        if not rows:
            rows = self._connection.execute("SELECT id FROM facts WHERE hash = ?", (digest,)).fetchall()
        number = int(rows[0][0])
        if len(self._numbers) >= _CACHED:
            self._numbers.clear()
        self._numbers[facts] = number
        return number


def facts_hash(said: str) -> bytes:
    """Return the hash under which facts are found."""
    return hashlib.sha256(said.encode()).digest()
