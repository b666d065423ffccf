"""What can be asked of a place that has pages and files, and what comes back? The index, or a folder in its stead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from crawler.limits import Stop

Lane = Literal["index", "files"]
"""Project pages and files are asked for at rates of their own."""

Consume = Callable[[bytes], bool]
"""Takes the next part of a body; says whether to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The bytes of a file from ``start`` to before ``stop``."""

    start: int
    stop: int

    def total(self, content_range: str | None) -> int | None:
        """Return the file's size from a ``Content-Range`` header, or None where it is not an answer to this span.

        >>> Span(start=0, stop=1).total("bytes 0-0/1234")
        1234
        """
        if content_range is None or not content_range.startswith("bytes "):
            return None
        part, _, total = content_range.removeprefix("bytes ").partition("/")
        start, _, last = part.partition("-")
        if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in (start, last, total)):
            return None
        if int(start) != self.start or int(last) != min(self.stop, int(total)) - 1:
            return None
        return int(total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to ask for.

    Attributes:
        url: absolute; http or https, or file where a folder is asked.
        lane: whose rate it keeps.
        cap: more bytes than this are never read, neither on the wire nor inflated.
        headers: besides those of every request.
        sha256: what the whole body must hash to, or None.
        span: the part of the file that is wanted, or None for all of it.
    """

    url: str = field(repr=False)  # it may hold a password
    lane: Lane
    cap: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sha256: str | None = None
    span: Span | None = None

    @property
    def conditional(self) -> bool:
        """Whether the answer may be that nothing has changed."""
        return any(name.lower() in ("if-none-match", "if-modified-since") for name in self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: 200, 206 or 304.

    Attributes:
        url: after redirects.
        body: empty where it was streamed.
        total: the whole file's size where the answer says so, else None.
        complete: whether the body was read to its end, and so checked against its hash; only a stream may be not.
    """

    status: int
    url: str
    body: bytes
    etag: str | None
    total: int | None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing usable came back.

    Attributes:
        code: a stable word, such as ``not-found``; ``stopped`` where nothing was sent, because the crawl is to end.
        detail: what was seen; never holds a host name, a user or a password.
        transient: whether a later crawl may well succeed.
    """

    code: str
    detail: str
    transient: bool = False


class Source(Protocol):
    """Pages and files, wherever they come from."""

    @property
    def requests(self) -> int:
        """How many requests went out."""

    @property
    def received(self) -> int:
        """How many bytes of bodies came back."""

    @property
    def stopped(self) -> Stop | None:
        """Why nothing more is sent, once that is so; a crawl ends in order and a later one goes on."""

    def allow(self, url: str) -> None:
        """Let requests go to the host of this address."""

    async def get(self, request: Request) -> Answer | Failure:
        """Return what was asked for, whole, or the reason why it cannot be had."""

    async def stream(self, request: Request, consume: Consume) -> Answer | Failure:
        """Hand over the body of a whole file, until it ends or no more is wanted.

        Each byte is handed over once and in order, one part after the other, perhaps from another thread.
        """
