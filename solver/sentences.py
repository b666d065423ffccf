"""What do machines call a requirement, and how are versions listed for people?"""

import hashlib
from collections.abc import Sequence

from normalize.requirements import parse_requirement

_LONG = 4
"""More versions than this are given as a range."""

_NAMED = 3
"""So many are named one by one where the others could be counted."""


def stable_id(*parts: str) -> str:
    """Return a short name for what the parts say, the same in every run and on every machine.

    >>> stable_id("app", "2.0", "lib", "<3")
    '3673bc47da46'
    """
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def edge_id(depender: str, version: str, requires: str) -> str:
    """Return the id of a requirement of a release: its depender, version, dependency and specifier.

    How METADATA spells it does not matter.

    >>> edge_id("app", "2.0", "Lib (<3)") == edge_id("app", "2.0", "lib<3")
    True
    """
    requirement = parse_requirement(requires)
    if requirement is None:
        return stable_id(depender, version, requires)
    return stable_id(depender, version, requirement.project, requirement.bounds.text)


def listed(texts: Sequence[str], last: str = "and") -> str:
    """Return the texts as a list in words.

    >>> listed(["1.0"]), listed(["1.0", "1.1", "2.0"], "or")
    ('1.0', '1.0, 1.1 or 2.0')
    """
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def first_few(texts: Sequence[str]) -> str:
    """Return the texts, or the first three and how many there are beyond these.

    >>> first_few(["a", "b", "c"]), first_few(["a", "b", "c", "d", "e"])
    ('a, b, c', 'a, b, c and 2 more')
    """
    named = ", ".join(texts[:_NAMED])
    return named if len(texts) <= _NAMED else f"{named} and {len(texts) - _NAMED} more"


def latest(texts: Sequence[str]) -> str:
    """Return sorted versions by name, or the last one and how many there are before it where they are many.

    >>> latest(["2.0", "2.1"]), latest(["1", "2", "3", "4"])
    ('2.0 and 2.1', '4 and 3 before it')
    """
    return listed(texts) if len(texts) <= _NAMED else f"{texts[-1]} and {len(texts) - 1} before it"


def ranged(texts: Sequence[str]) -> str:
    """Return sorted versions as alternatives, or as a range where they are many.

    >>> ranged(["1.0", "2.0"]), ranged(["1", "2", "3", "4", "6"])
    ('1.0 or 2.0', '1 to 6 (5 candidates)')
    """
    return listed(texts, "or") if len(texts) <= _LONG else f"{texts[0]} to {texts[-1]} ({len(texts)} candidates)"
