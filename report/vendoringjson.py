"""How are the accounts of applications written as JSON? Described in ``docs/applications.md``."""

from collections.abc import Sequence
from typing import Any

from solver.planjson import plain
from solver.ranking import Rank


def vendoring_json(ranks: Sequence[Rank]) -> list[dict[str, Any]]:
    """Return the accounts, the application that frees the most first, with its place in the ranking."""
    return [
        {
            "rank": {
                "place": i,
                "newer": one.freed,
                "holds": one.lifted,
                "relaxations": one.coherent,
                "leaving": one.leaving,
                "private": one.versions,
                "builds": one.builds,
            },
            **plain(one.account),
        }
        for i, one in enumerate(ranks, 1)
    ]
