"""Which known names are spelled nearly like one that is not known?"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from normalize.namespelling import folded

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_SHOWN = 3
_ALIKE = 0.7


def near(name: str, spelled: Mapping[str, str], projects: AbstractSet[str]) -> tuple[str, ...]:
    """Return up to three known names, as they are spelled; empty where none is near.

    Names of which more is known than that they exist come first: a name on the index that differs by one letter from
    one in nixpkgs may be there to be mistaken for it.

    Args:
        name: the one that is not known.
        spelled: folded spelling -> how it is spelled (`normalize.namemap.NameIndex`).
        projects: names of projects of which nothing more need be known.
    """
    key = folded(name)
    found = [spelled[one] for one in close_names(key, spelled)]
    if len(found) < _SHOWN:
        found += sorted(projects & set(one_edit_away(key)) - set(found))
    return tuple(dict.fromkeys(found))[:_SHOWN]


def close_names(word: str, names: Iterable[str]) -> list[str]:
    """Return up to three names that are most alike, the best first; whatever hints at near names asks this.

    They are those of ``difflib.get_close_matches(word, names, cutoff=0.7)``, without its import, which takes longer
    than all else, and with a first glance at the letters of all names at once.
    """
    every = [name for name in names if "\n" not in name]
    found, size = [], len(word)
    for name, left in zip(every, _without("\n".join(every), word) if every else (), strict=True):
        length = size + len(name)
        if 20 * (len(name) - len(left)) < 7 * length or 20 * size < 7 * length:
            continue  # spelled out, for nearly all names get no further
        if _ratio(sum(min(word.count(one), name.count(one)) for one in set(word)), length) < _ALIKE:
            continue
        ratio = _ratio(_in_blocks(name, word), length)
        if ratio >= _ALIKE:
            found.append((ratio, name))
    return [name for _, name in sorted(found, reverse=True)[:_SHOWN]]


def _without(lines: str, letters: str) -> list[bytes]:
    """Return what is left of each line without these letters."""
    deleted = letters.replace("\n", "").encode("ascii", "replace")
    return lines.encode("ascii", "replace").translate(None, deleted).split(b"\n")


def _ratio(alike: int, length: int) -> float:
    return 2.0 * alike / length if length else 1.0


def _in_blocks(one: str, other: str) -> int:
    """Return how many letters two texts have in common: the longest common block, and those on both sides of it."""
    for size in range(min(len(one), len(other)), 0, -1):
        for start in range(len(one) - size + 1):
            at = other.find(one[start : start + size])
            if at >= 0:
                before = _in_blocks(one[:start], other[:at])
                return size + before + _in_blocks(one[start + size :], other[at + size :])
    return 0


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
