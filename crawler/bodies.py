"""Where does a body go while it is read? Into memory, or on to whoever consumes it."""

import hashlib
from typing import Protocol

from crawler.source import Consume


class Sink(Protocol):
    """Takes one body, perhaps in several attempts.

    Attributes:
        streams: whether nothing of the body is kept.
        body: what was kept.
        error: what the consumer raised; the reading ends with it.
    """

    streams: bool
    error: Exception | None

    @property
    def body(self) -> bytes:
        """What was kept."""

    def begin(self) -> None:
        """Take the body from its start, because an attempt begins."""

    def take(self, chunk: bytes) -> bool:
        """Take the next part; return whether more is wanted."""

    def sha256(self) -> str:
        """Return the hash of what this attempt brought."""

    def spoiled(self, *, ended: bool) -> bool:
        """Whether this attempt, which perhaps came to its end, brought other bytes than those handed on before."""


class Collected:
    """Keeps the body."""

    streams = False

    def __init__(self) -> None:
        self.error: Exception | None = None
        self._parts: list[bytes] = []

    @property
    def body(self) -> bytes:
        """The whole body."""
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0] if self._parts else b""

    def begin(self) -> None:
        """Forget what an earlier attempt brought."""
        self._parts = []

    def take(self, chunk: bytes) -> bool:
        """Keep the next part."""
        self._parts.append(chunk)
        return True

    def sha256(self) -> str:
        """Return the hash of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def spoiled(self, *, ended: bool) -> bool:  # noqa: ARG002 - of the protocol
        """Whether there is a contradiction; there is none, for nothing was handed on."""
        return False


class Handed:
    """Hands the body on, each byte once, however many attempts it takes.

    An attempt after one that broke off brings the first bytes again: they are not handed on a second time, but must
    have the same hash.
    """

    streams = True
    body = b""

    def __init__(self, consume: Consume) -> None:
        self.error: Exception | None = None
        self._consume = consume
        self._handed = 0
        self._handed_hash = hashlib.sha256()
        self.begin()

    def begin(self) -> None:
        """Expect the body from its start."""
        self._position = 0
        self._hash = hashlib.sha256()
        self._changed = False

    def take(self, chunk: bytes) -> bool:
        """Hand on what is new of the next part."""
        again = min(len(chunk), self._handed - self._position)
        if again > 0:
            self._hash.update(chunk[:again])
            self._position += again
            if self._position == self._handed and self._hash.digest() != self._handed_hash.digest():
                self._changed = True
                return False
            chunk = chunk[again:]
            if not chunk:
                return True
        self._hash.update(chunk)
        self._position += len(chunk)
        self._handed, self._handed_hash = self._position, self._hash.copy()
        try:
            return self._consume(chunk)
        except Exception as error:  # noqa: BLE001 - is raised where the connection is not taken for its cause
            self.error = error
            return False

    def sha256(self) -> str:
        """Return the hash of what this attempt brought."""
        return self._hash.hexdigest()

    def spoiled(self, *, ended: bool) -> bool:
        """Whether what was handed on before is not the beginning of this body."""
        return self._changed or (ended and self._position < self._handed)
