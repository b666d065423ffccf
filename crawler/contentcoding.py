"""What does a body hold once its content coding is undone? In small parts, and checked to its end."""

import zlib
from collections.abc import Iterator

CODINGS = "gzip, deflate"
"""What is asked for with ``Accept-Encoding``; nothing else is understood."""

_LONGEST = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class Decoder:
    """Undoes a content coding, never with more than 64 KiB in hand, so that a bomb is seen before it goes off.

    aiohttp's own takes a stream that breaks off for one that ends.

    Attributes:
        known: whether this coding can be undone.
        plain: whether there is nothing to undo.
    """

    def __init__(self, coding: str) -> None:
        name = coding.strip().lower() if coding else ""
        self.plain = name in ("", "identity")
        self.known = self.plain or name in ("gzip", "x-gzip", "deflate")
        self._deflate = name == "deflate"
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what this part of the body holds.

        Raises:
            zlib.error: the body is not of this coding.
        """
        if self.plain:
            yield data
            return
        while data:
            if self._stream is None:
                self._stream = zlib.decompressobj(self._window(data))
            if self._stream.eof:  # a gzip file may have several members, and zeros after them
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._stream = zlib.decompressobj(_GZIP)
            piece = self._stream.decompress(data, _LONGEST)
            if piece:
                yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def finish(self) -> Iterator[bytes]:
        """Yield what is left at the end of the body.

        Raises:
            zlib.error: it breaks off.
        """
        if self._stream is None:  # nothing to undo; nothing at all is what some servers send for nothing
            return
        piece = self._stream.flush()
        if piece:
            yield piece
        if not self._stream.eof:
            raise zlib.error("the stream breaks off")

    def _window(self, data: bytes) -> int:
        if not self._deflate:
            return _GZIP
        # The name means zlib's format, but some servers send the bare one: only a zlib header has these bits.
        return zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS
