"""Which lines can be read without looking at everything that JSON allows? Those that an export writes mostly.

What is not as usual is left to the reader that knows every case and every error (`dataset.jsonl`).
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from dataset.records import File, Timestamp
from normalize.namespelling import LONGEST_NAME
from normalize.projects import ProjectName

_PLAIN = r"[ !#-\[\]-~]*"  # ASCII that JSON writes as it is: neither controls nor quotes nor backslashes
_TIMES = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_PROJECTS = "[a-z0-9]+(?:-[a-z0-9]+)*"
_VERSIONS = "[0-9A-Za-z][0-9A-Za-z.+!_-]*"
_HEAD = re.compile(
    rf'\{{"project":"({_PROJECTS})","version":"({_VERSIONS})"'
    rf'(?:,"uploaded":"({_TIMES})")?(?:,"yanked":"({_PLAIN})")?(?:,"gone":"({_TIMES})")?,'
)

_PROJECT, _VERSION, _TIME = map(re.compile, (_PROJECTS, _VERSIONS, _TIMES))

_NAME = r"[0-9A-Za-z_][0-9A-Za-z_.+!-]*"  # no hidden file, no ".."
_A_FILE = (
    rf'\{{"name":"({_NAME})"(?:,"path":"({_NAME}(?:/{_NAME})*)")?(?:,"sha256":"([0-9a-f]{{64}})")?'
    r'(?:,"size":(0|[1-9][0-9]{0,17}))?\}'
)
_FILE_PARTS = re.compile(rf"{_NAME}\n(?:{_NAME}(?:/{_NAME})*)?\n(?:[0-9a-f]{{64}})?")
_SIZES = 10**18
_FILE = re.compile(_A_FILE + r"(,|\]\}\Z)")


class Line(NamedTuple):
    """A line in its parts: ``said`` is what the metadata says, as JSON without braces, and nothing of it is checked."""

    project: ProjectName
    version: str
    uploaded: Timestamp | None
    yanked: str | None
    gone: Timestamp | None
    said: str
    files: tuple[File, ...]


def usual_line(line: str) -> Line | None:
    """Return the parts of a line that begins and ends as an export writes it.

    Quotes within JSON text are escaped, so that the key of the files is found where it is a key and nowhere else; what
    is before it must be found to hold no other key than those of metadata.
    """
    head = _HEAD.match(line)
    if head is None:
        return None
    project, version, uploaded, yanked, gone = head.groups()
    if len(project) > LONGEST_NAME or not (_is_time(uploaded) and _is_time(gone)):
        return None
    said, key, tail = line.rpartition(',"files":[')
    if key:
        files = _files(tail)
        if files is None:
            return None
    elif line.endswith("}"):
        said, files = line[:-1], ()
    else:
        return None
    if len(said) < head.end():
        return None
    return Line(
        ProjectName(project),
        version,
        None if uploaded is None else Timestamp(uploaded),
        yanked,
        None if gone is None else Timestamp(gone),
        said[head.end() :],
        files,
    )


def _files(text: str) -> tuple[File, ...] | None:
    """Return the files where they are of the usual form and sorted."""
    found = []
    at, before = 0, ""
    while (one := _FILE.match(text, at)) is not None:
        name, path, sha256, size, end = one.groups()
        if name <= before:
            return None
        found.append(File(name=name, path=path, sha256=sha256, size=None if size is None else int(size)))
        if end != ",":
            return tuple(found)
        at, before = one.end(), name
    return None


def _is_time(text: str | None) -> bool:
    if text is not None:
        try:
            dt.datetime.fromisoformat(text)
        except ValueError:
            return False
    return True


def usual_outside(project: str | None, version: str | None, uploaded: str | None, gone: str | None) -> bool:
    """Return whether these are spelled as an export does it, and the times are such."""
    return (
        project is not None
        and version is not None
        and len(project) <= LONGEST_NAME
        and _PROJECT.fullmatch(project) is not None
        and _VERSION.fullmatch(version) is not None
        and (uploaded is None or (_TIME.fullmatch(uploaded) is not None and _is_time(uploaded)))
        and (gone is None or (_TIME.fullmatch(gone) is not None and _is_time(gone)))
    )


def usual_files(
    several: Iterable[tuple[str | None, str | None, str | None, int | None]],
) -> tuple[File, ...] | None:
    """Return the files of these names, paths, SHA-256 and sizes where they are of the usual form and sorted."""
    found = []
    before = ""
    for name, path, sha256, size in several:
        if name is None or name <= before or "" in {path, sha256} or not (size is None or 0 <= size < _SIZES):
            return None
        if _FILE_PARTS.fullmatch(f"{name}\n{path or ''}\n{sha256 or ''}") is None:
            return None
        found.append(File(name=name, path=path, sha256=sha256, size=size))
        before = name
    return tuple(found)
