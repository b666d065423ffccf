"""How does a page lie in the store between two crawls? Packed, naming no host, with what came of it in front."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any

from crawler.locations import path_below
from crawler.pagenotes import Note
from crawler.pages import PageFile
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a crawl came to with a page; it lies in front of the packed page, so that it can be read alone.

    Attributes:
        index: which one the page is from (`crawler.sites`).
        own: whether that is one of the project's own, which only an option changes (`crawler.kept`).
        depth: which releases were wanted (`crawler.depth`); "" where their metadata was not asked for to the end.
        numbered: whether the page says its serial itself.
        stale: whether it is older than the root list says.
        known, unknown, skipped: of the releases on the page, how many are known, unknown and not wanted, for which
            reasons.
        requires: the projects that the wanted releases require; None where nobody asked.
        notes: what is odd about the page.
        again: versions that are to be read anew and were not yet (`crawler.anew`).
    """

    index: str = ""
    own: bool = False
    depth: str = ""
    numbered: bool = False
    stale: bool = False
    known: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    requires: tuple[ProjectName, ...] | None = None
    notes: tuple[Note, ...] = ()
    again: tuple[str, ...] = ()


NO_MARK = Mark()
_MARK_KEYS = tuple(one.name for one in fields(Mark))


def pack_page(files: Iterable[PageFile], base: str) -> bytes:
    """Return the files as bytes, with addresses relative to the base; "" where a file does not lie below it."""
    rows = [
        (
            *(one.name, path_below(one.url, base) or "", one.sha256, one.size),
            *(one.uploaded, one.requires_python, one.yanked, one.metadata_sha256),
        )
        for one in files
    ]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def unpack_page(content: bytes, base: str) -> tuple[PageFile, ...]:
    """Return the files of a packed page; an address that could not be kept is ""."""
    rows = json.loads(zlib.decompress(content))
    return tuple(
        PageFile(
            name=name,
            url=base + url if url else "",
            sha256=sha256,
            size=size,
            uploaded=uploaded,
            requires_python=python,
            yanked=yanked,
            metadata_sha256=metadata,
        )
        for name, url, sha256, size, uploaded, python, yanked, metadata in rows
    )


def with_mark(mark: Mark, packed: bytes) -> bytes:
    """Return what the store keeps of a page; a page that could not be read is empty."""
    given = {key: value for key in _MARK_KEYS if (value := getattr(mark, key)) or (key, value) == ("requires", ())}
    given["notes"] = [asdict(note) for note in mark.notes]
    return json.dumps(given, separators=(",", ":"), sort_keys=True).encode() + b"\n" + packed


def split_mark(content: bytes | None) -> tuple[Mark, bytes]:
    """Return the mark and the packed page of what `with_mark` made."""
    if content is None or not content.startswith(b"{"):
        return NO_MARK, b""
    head, _, packed = content.partition(b"\n")
    return _mark(head), packed


@lru_cache(1_000)
def _mark(head: bytes) -> Mark:
    """Return the mark; most projects share theirs with others."""
    given: dict[str, Any] = json.loads(head)
    if "requires" in given:
        given["requires"] = tuple(given["requires"])
    given["again"] = tuple(given.get("again", ()))
    given["notes"] = tuple(Note(**one) for one in given.get("notes", ()))
    return Mark(**given)
