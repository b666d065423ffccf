"""How is the name map kept between two look-ups, so that the second one reads little?

One file of sorted lines in the cache folder: an answer needs a few of them, found by bisection, however large the map
is. Its name holds what the map was made of, so that a file of other data never answers.
"""

import json
import mmap
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from normalize.errors import OutsideError
from normalize.nameindex import Known, NameIndex
from normalize.names import Link, Standing

Value = TypeVar("Value")

FIRST_LINE = b"!coset names 1\n"
"""The first line, which sorts before all others; another layout of the lines has another number."""

_KEYS, _OWNERS, _PROJECTS = "k", "o", "p"

_HARMLESS = re.compile(r"[A-Za-z0-9._ -]+")
"""Keys that need no escapes; nearly all are such names."""

_FIELDS = ("project", "kind", "name", "strength", "source", "because", "of")


def write_index(index: NameIndex, path: Path) -> None:
    """Write the index; the file appears whole or not at all, and those that it replaces are removed.

    Args:
        index: what to keep.
        path: the file; its siblings whose names begin alike, up to the last hyphen, are of other days.

    Raises:
        OSError: it cannot be written.
    """
    lines = [_line(_KEYS, key, list(owners)) for key, owners in index.keys.items()]
    lines += [_line(_OWNERS, owner, _plain(known)) for owner, known in index.known.items()]
    for project in index.projects:
        standing = index.standings.get(project)
        lines.append(_line(_PROJECTS, project, None if standing is None else [standing.dependents, standing.since]))
    lines.sort()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(FIRST_LINE)
            file.writelines(lines)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    for other in path.parent.glob(f"{path.stem.rpartition('-')[0]}-*{path.suffix}"):
        if other != path:
            with suppress(OSError):
                other.unlink()


def read_index(path: Path) -> NameIndex | None:
    """Return the index that a file holds, to be read where it is asked; None where there is no such file."""
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # not there, or empty
        return None
    if content[: len(FIRST_LINE)] != FIRST_LINE or content[-1:] != b"\n":
        return None
    return NameIndex(
        known=_Section(content, _OWNERS, _known, path),
        keys=_Section(content, _KEYS, tuple, path),
        projects=_Names(content),
        standings=_Section(content, _PROJECTS, _standing, path),
    )


def _line(section: str, key: str, value: Any) -> bytes:
    text = "" if value is None else json.dumps(value, separators=(",", ":"))
    return f"{section}{_spelled(key)}\t{text}\n".encode()


def _spelled(key: str) -> str:
    return key if _HARMLESS.fullmatch(key) else json.dumps(key)[1:-1]


def _plain(known: Known) -> list[Any]:
    return [[[getattr(link, name) for name in _FIELDS] for link in known.links], sorted(known.shared)]


def _known(value: Any) -> Known:
    links, shared = value
    return Known(tuple(Link(**dict(zip(_FIELDS, one, strict=True))) for one in links), frozenset(shared))


def _standing(value: Any) -> Standing:
    dependents, since = value
    return Standing(dependents=dependents, since=since)


def _seek(content: mmap.mmap, wanted: bytes) -> int:
    """Return where the first line starts that is not less than the wanted bytes."""
    low, high = 0, len(content)  # both are starts of lines, or the end
    while low < high:
        start = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = content.find(b"\n", start) + 1
        if content[start : min(end, start + len(wanted))] < wanted:
            low = end
        else:
            high = start
    return low


class _Section(Mapping[str, Value]):
    """The lines of one kind as a mapping; a line without a value is not in it."""

    def __init__(self, content: mmap.mmap, letter: str, decode: Callable[[Any], Value], path: Path) -> None:
        self._content = content
        self._path = path
        self._letter = letter
        self._decode = decode

    def __getitem__(self, key: str) -> Value:
        wanted = f"{self._letter}{_spelled(key)}\t".encode()
        start = _seek(self._content, wanted)
        if self._content[start : start + len(wanted)] != wanted:
            raise KeyError(key)
        text = self._content[start + len(wanted) : self._content.find(b"\n", start)]
        if not text:
            raise KeyError(key)
        try:
            return self._decode(json.loads(text))
        except (ValueError, TypeError) as error:
            raise OutsideError(f"the kept map of names {str(self._path)!r} is damaged", hint="remove it") from error

    def __iter__(self) -> Iterator[str]:
        return _names(self._content, self._letter)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Names(Collection[str]):
    """The names of all projects."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content

    def __contains__(self, key: object) -> bool:
        wanted = f"{_PROJECTS}{_spelled(str(key))}\t".encode()
        start = _seek(self._content, wanted)
        return self._content[start : start + len(wanted)] == wanted

    def __iter__(self) -> Iterator[str]:
        return _names(self._content, _PROJECTS)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _names(content: mmap.mmap, letter: str) -> Iterator[str]:
    start, end = _seek(content, letter.encode()), _seek(content, chr(ord(letter) + 1).encode())
    while start < end:
        stop = content.find(b"\n", start)
        name = content[start + 1 : content.find(b"\t", start)].decode()
        yield json.loads(f'"{name}"') if "\\" in name else name
        start = stop + 1
