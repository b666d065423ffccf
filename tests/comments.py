"""Does a long report fit into comments, with nothing lost?"""

import re

from report.parts import COMMENT_LIMIT, Document, numbered, whole

_ENTRY = re.compile(r"\s*- |\d+\. |\| (?!\D+ \|$)|[\w\"]\S* = ")
"""Items, rows of tables, and lines of Nix: what may not be lost, and what no part says again."""


def in_comments(report: Document) -> tuple[str, ...]:
    """Return the parts of a report that is too long for one comment.

    Each fits, and together they have the entries of the whole in their order.
    """
    parts = numbered(report)
    assert len(parts) > 1
    assert all(len(part) <= COMMENT_LIMIT for part in parts)
    told, wanted = [line for part in parts for line in _entries(part)], _entries(whole(report))
    differing = [pair for pair in zip(told, wanted, strict=False) if pair[0] != pair[1]]
    assert not differing[:1]  # pytest would compare long lists for an hour
    assert len(told) == len(wanted)
    assert not any("```text" in part for part in parts)  # no entry had to be shown as it is written
    return parts


def _entries(text: str) -> list[str]:
    heads = set(re.findall(r"^(.*)\n\|---", text, re.MULTILINE))
    return [line for line in text.split("\n") if _ENTRY.match(line) and line not in heads]
