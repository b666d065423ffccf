"""What do packed bytes inflate to? Part by part, several streams in a row, and never more than the caps allow."""

import bz2
import zlib
from collections.abc import Iterator
from typing import Literal

from crawler.archive import MOST_INFLATED, MOST_RATIO, BadArchive

Packing = Literal["gz", "bz2"]

_PART = 1 << 20
_LEAST_LIMIT = 1 << 20
"""Small archives may have any ratio."""

_MAGIC: dict[Packing, bytes] = {"gz": b"\x1f\x8b", "bz2": b"BZ"}


class _Gzip:
    """gzip with the interface of `bz2.BZ2Decompressor`."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, most)


class Inflater:
    """Takes packed bytes in parts of any size.

    Attributes:
        complete: whether a stream came to its end, and nothing of another one followed.
    """

    def __init__(self, packing: Packing) -> None:
        self._packing: Packing = packing
        self._stream = self._new()
        self._between = b""
        self._over = False
        self._taken = 0
        self._given = 0

    @property
    def complete(self) -> bool:
        """Whether a stream came to its end, and no other one has begun."""
        return self._over or self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes inflate to. What follows the last stream and is none is not looked at.

        Raises:
            BadArchive: the bytes are damaged, or inflate to more than they may.
        """
        self._taken += len(data)
        while not self._over:
            if self._stream.eof:
                rest = (self._between + data).lstrip(b"\0")
                magic = _MAGIC[self._packing]
                if len(rest) < len(magic):
                    self._between = rest
                    return
                if not rest.startswith(magic):
                    self._over = True
                    return
                self._between, data, self._stream = b"", rest, self._new()
            part = self._inflated(data)
            data = b""
            self._given += len(part)
            if self._given > min(MOST_INFLATED, max(self._taken * MOST_RATIO, _LEAST_LIMIT)):
                raise BadArchive("too-large", f"{self._taken} bytes inflate to more than {self._given - len(part)}")
            if part:
                yield part
            if self._stream.eof:
                data = self._stream.unused_data
                if not data:
                    return
            elif self._stream.needs_input and not part:
                return

    def _inflated(self, data: bytes) -> bytes:
        try:
            return self._stream.decompress(data, _PART)
        except (zlib.error, OSError, ValueError) as error:
            raise BadArchive("bad-archive", "the archive cannot be inflated") from error

    def _new(self) -> "_Gzip | bz2.BZ2Decompressor":
        return _Gzip() if self._packing == "gz" else bz2.BZ2Decompressor()
