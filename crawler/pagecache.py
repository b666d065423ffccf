"""How does a page lie in the store between two crawls? Packed, and without the name of any host."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import replace

from crawler.locations import path_below
from crawler.pages import PageFile

_KEYS = ("name", "url", "sha256", "size", "uploaded", "requires_python", "yanked", "metadata_sha256")


def pack_page(files: Iterable[PageFile], base: str) -> bytes:
    """Return the files as bytes, with addresses relative to the base; "" where a file does not lie below it."""
    rows = [[path_below(one.url, base) or "" if key == "url" else getattr(one, key) for key in _KEYS] for one in files]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def unpack_page(content: bytes, base: str) -> tuple[PageFile, ...]:
    """Return the files of a packed page; an address that could not be kept is ""."""
    rows = json.loads(zlib.decompress(content))
    files = (PageFile(**dict(zip(_KEYS, row, strict=True))) for row in rows)
    return tuple(replace(one, url=base + one.url) if one.url else one for one in files)
