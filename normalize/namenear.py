"""Which known names are spelled nearly like one that is not known?"""

import difflib
from collections.abc import Iterator

from normalize.nameindex import NameIndex, folded

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_SHOWN = 3


def near(name: str, index: NameIndex) -> tuple[str, ...]:
    """Return up to three known names, as they are spelled; empty where none is near.

    Names of which more is known than that they exist come first: a name on the index that differs by one letter from
    one in nixpkgs may be there to be mistaken for it.
    """
    key = folded(name)
    close = difflib.get_close_matches(key, index.keys, n=_SHOWN, cutoff=0.7)
    found = [_spelled(one, index) for one in close]
    if len(found) < _SHOWN:
        found += sorted(one for one in one_edit_away(key) if one in index.projects and one not in found)
    return tuple(dict.fromkeys(found))[:_SHOWN]


def _spelled(key: str, index: NameIndex) -> str:
    for owner in index.keys[key]:
        if owner == key:
            return key
        for link in index.known[owner].links:
            if folded(link.name) == key:
                return link.name
    return key


def one_edit_away(key: str) -> Iterator[str]:
    """Yield, of a folded name, what one letter more, less, another or two that change places would give."""
    for i in range(len(key) + 1):
        head, tail = key[:i], key[i:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
