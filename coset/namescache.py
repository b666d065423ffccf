"""How is the name map kept between two look-ups, so that the second one reads little?

One file of sorted lines in the cache folder: an answer needs a few of them, found by bisection, however large the map
is. Its first line holds what the map was made of (`coset.namesstate`), so that a file of other data never answers.

A line has the letter of its kind, a name, and fields. Between the fields are control characters, which no text has in
itself, because what cannot be printed is escaped.
"""

import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from normalize.errors import OutsideError
from normalize.nameanswers import Match, Route, Standing, Told
from normalize.namemap import NameIndex

_KEYS, _OWNERS, _PROJECTS, _ROUTES = "k", "o", "p", "r"
"""Folded names, and how they are spelled where that differs; what is said of owners; what the index has; ways."""

_FIELD, _ITEM, _LIST = "\t", "\x1f", "\x1e"

_GROUP = 4
"""So many letters at the beginning have names that are read at once where several of them are asked for."""


def write_index(index: NameIndex, path: str, first_line: bytes) -> None:
    """Write the index; the file appears whole or not at all.

    Args:
        index: what to keep.
        path: the file.
        first_line: what stands for all that the index was made of.

    Raises:
        OSError: it cannot be written.
    """
    lines = [_line(_KEYS, key, "" if spelled == key else _text(spelled)) for key, spelled in index.spelled.items()]
    lines += [_line(_ROUTES, key, _LIST.join(map(_route_text, found))) for key, found in index.routes.items()]
    lines += [_line(_OWNERS, owner, _told_text(told)) for owner, told in index.told.items()]
    for project in index.projects:
        standing = index.standings.get(project)
        told = "" if standing is None else f"{standing.dependents}{_ITEM}{_text(standing.since)}"
        lines.append(_line(_PROJECTS, project, told))
    lines.sort()
    unfinished = f"{path}.{os.getpid()}"
    try:
        with open(unfinished, "wb") as file:
            file.write(first_line)
            file.writelines(lines)
        os.replace(unfinished, path)
    finally:
        if os.path.exists(unfinished):
            os.unlink(unfinished)


def read_index(path: str, first_line: bytes) -> NameIndex | None:
    """Return the index that a file holds, to be read where it is asked; None where there is no such file."""
    try:
        with open(path, "rb") as file:
            if file.readline() != first_line:
                return None
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # not there, or empty
        return None
    if content[-1:] != b"\n":
        return None
    return NameIndex(
        spelled=_Spelled(content, _KEYS, path),
        routes=_Routes(content, _ROUTES, path),
        told=_Told(content, _OWNERS, path),
        projects=_Names(content),
        standings=_Standings(content, _PROJECTS, path),
    )


def _line(section: str, key: str, told: str) -> bytes:
    return f"{section}{_text(key)}{_FIELD}{told}\n".encode()


def _text(text: str) -> str:
    if text.isprintable() and "\\" not in text:
        return text
    return text.encode("unicode_escape").decode("ascii")


def _read(text: str) -> str:
    return text.encode().decode("unicode_escape") if "\\" in text else text


def _texts(text: str) -> tuple[str, ...]:
    return tuple(map(_read, text.split(_ITEM))) if text else ()


def _route_text(route: Route) -> str:
    return _ITEM.join(map(_text, (route.owner, route.exact, route.strength, route.why, route.kind)))


def _routes(text: str) -> tuple[Route, ...]:
    found = []
    for one in text.split(_LIST):
        owner, exact, strength, why, kind = map(_read, one.split(_ITEM))
        found.append(Route(owner, exact, strength, why, kind))
    return tuple(found)


def _told_text(told: Told) -> str:
    one = told.match
    lists = (_ITEM.join(map(_text, some)) for some in (one.attributes, one.imports, one.evidence))
    return _LIST.join((*lists, one.confidence, _text(one.default or ""), "silent" if told.silent else ""))


def _told(owner: str, text: str) -> Told:
    attributes, imports, evidence, confidence, default, silent = text.split(_LIST)
    match = Match(
        project=None if owner.startswith(" ") else owner,
        attributes=_texts(attributes),
        imports=_texts(imports),
        evidence=_texts(evidence),
        confidence=confidence,
        default=_read(default) or None,
    )
    return Told(match, silent=bool(silent))


def _standing(text: str) -> Standing:
    dependents, since = text.split(_ITEM)
    return Standing(dependents=int(dependents), since=_read(since))


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


def _behind(content: mmap.mmap, section: str, key: str) -> bytes | None:
    """Return what stands behind a name, which may be nothing; None where there is no such line."""
    wanted = f"{section}{_text(key)}{_FIELD}".encode()
    start = _seek(content, wanted)
    if content[start : start + len(wanted)] != wanted:
        return None
    return content[start + len(wanted) : content.find(b"\n", start)]


def _names(content: mmap.mmap, beginning: str) -> list[str]:
    """Return the names in all lines that begin so; the first letter is the section's."""
    start, end = _seek(content, beginning.encode()), _seek(content, beginning.encode() + b"\xff")
    if start == end:
        return []
    text = content[start : end - 1].decode()
    names = [line[1:].partition(_FIELD)[0] for line in text.split("\n")]
    return [_read(name) for name in names] if "\\" in text else names


class _Lines:
    """The lines of one kind; one with nothing behind its name says only that the name is there."""

    def __init__(self, content: mmap.mmap, section: str, path: str) -> None:
        self._content = content
        self._section = section
        self._path = path

    def __iter__(self) -> Iterator[str]:
        return iter(_names(self._content, self._section))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _behind(self, key: str) -> str:
        found = _behind(self._content, self._section, key)
        if not found:
            raise KeyError(key)
        return found.decode()

    def _damaged(self) -> OutsideError:
        return OutsideError(f"the kept map of names {self._path!r} is damaged", hint="remove it")


class _Spelled(_Lines, Mapping[str, str]):
    """How folded names are spelled; nothing stands behind those that are spelled so."""

    def __getitem__(self, key: str) -> str:
        try:
            return key if _behind(self._content, self._section, key) == b"" else _read(self._behind(key))
        except ValueError as error:
            raise self._damaged() from error


class _Routes(_Lines, Mapping[str, Sequence[Route]]):
    """Where folded names lead."""

    def __getitem__(self, key: str) -> Sequence[Route]:
        try:
            return _routes(self._behind(key))
        except ValueError as error:
            raise self._damaged() from error


class _Told(_Lines, Mapping[str, Told]):
    """What is said of owners."""

    def __getitem__(self, key: str) -> Told:
        try:
            return _told(key, self._behind(key))
        except ValueError as error:
            raise self._damaged() from error


class _Standings(_Lines, Mapping[str, Standing]):
    """How projects are ranked."""

    def __getitem__(self, key: str) -> Standing:
        try:
            return _standing(self._behind(key))
        except ValueError as error:
            raise self._damaged() from error


class _Names(AbstractSet[str]):
    """The names of all projects."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content

    def __contains__(self, key: object) -> bool:
        return _behind(self._content, _PROJECTS, str(key)) is not None

    def __and__(self, others: AbstractSet[str]) -> set[str]:
        """Return which of many names are there; where many begin alike, the lines that begin so are read at once."""
        groups: dict[str, set[str]] = {}
        for one in others:
            groups.setdefault(one[:_GROUP], set()).add(one)
        found: set[str] = set()
        for beginning, group in groups.items():
            if len(group) > _GROUP:
                found.update(group.intersection(_names(self._content, _PROJECTS + beginning)))
            else:
                found.update(one for one in group if one in self)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_names(self._content, _PROJECTS))

    def __len__(self) -> int:
        return sum(1 for _ in self)
