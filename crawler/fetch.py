"""How does one request reach the index and come back? Paced, bounded, retried, hashed; the only use of aiohttp."""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from crawler.pace import Clock, Pace, backoff, retry_after

Lane = Literal["index", "files"]
"""Project pages and files are paced apart, because they usually lie on different hosts."""

ATTEMPTS = 5
REDIRECTS = 5
_CONNECT_SECONDS = 10
_READ_SECONDS = 20
_BASE_SECONDS = 30
_LONGEST_SECONDS = 600
_SLOWEST_BYTES_PER_SECOND = 64 * 1024

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The bytes of a file from ``start`` to before ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to ask for.

    Attributes:
        url: absolute, http or https.
        lane: whose pace it keeps.
        cap: more bytes than this are never read, neither on the wire nor inflated.
        headers: besides those of every request.
        sha256: what the body must hash to, or None.
        span: the part of the file that is wanted, or None for all of it.
    """

    url: str
    lane: Lane
    cap: int
    headers: Mapping[str, str] = field(default_factory=dict)
    sha256: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: 200, 206 or 304.

    Attributes:
        url: after redirects.
        total: the whole file's size where the answer says so, else None.
    """

    status: int
    url: str
    body: bytes
    etag: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing usable came back.

    Attributes:
        code: a stable word, such as ``not-found``.
        detail: what was seen; never holds a host name.
        transient: whether a later crawl may well succeed.
    """

    code: str
    detail: str
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How politely to ask.

    Attributes:
        contact: a person or a page, for those who run the index.
        connections: at most this many at once to one host.
        rates: requests a second, by lane.
        trust_environment: whether proxies named in the environment are used.
    """

    agent: str
    contact: str = ""
    connections: int = 4
    rates: Mapping[Lane, float] = field(default_factory=lambda: {"index": 8.0, "files": 16.0})
    trust_environment: bool = False

    def user_agent(self) -> str:
        """Return the User-Agent header."""
        words = "".join(c if " " <= c <= "~" else "?" for c in self.contact)
        return f"{self.agent} (+{words})" if words else self.agent


class Fetcher:
    """Asks for things; use it with ``async with``.

    Only hosts given to `allow` are ever asked, also after a redirect.

    Attributes:
        requests: how many requests went out.
        received: how many bytes of bodies came back.
    """

    def __init__(self, manners: Manners, clock: Clock) -> None:
        self._manners = manners
        self._clock = clock
        self._paces = {lane: Pace(clock, rate, max(1, round(rate))) for lane, rate in manners.rates.items()}
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self.requests = 0
        self.received = 0

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            headers={"User-Agent": self._manners.user_agent()},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=self._manners.trust_environment,
        )
        # aiohttp asks again on its own, unpaced and uncounted, where a connection breaks; there is no public switch.
        self._session._retry_connection = False  # noqa: SLF001
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    def allow(self, url: str) -> None:
        """Let requests go to the host of this address."""
        self._hosts.setdefault(origin(url), asyncio.Semaphore(self._manners.connections))

    async def get(self, request: Request) -> Answer | Failure:
        """Ask until there is an answer, or a reason why there will be none.

        Sending, status, body and hash are one attempt, because a body may break off after a good status.
        """
        mismatched = False
        last = Failure("unreachable", "no attempt was made", transient=True)
        for attempt in range(ATTEMPTS):
            if attempt:
                await self._clock.sleep(backoff(attempt - 1, self._clock))
            outcome = await self._follow(request)
            if isinstance(outcome, Failure):
                if not outcome.transient:
                    return outcome
                last = outcome
                continue
            if request.sha256 is None or outcome.status != 200 or _sha256(outcome.body) == request.sha256:
                return outcome
            last = Failure("hash-mismatch", f"expected {request.sha256}, found {_sha256(outcome.body)}")
            if mismatched:  # the same wrong bytes again are not the wire's fault
                return last
            mismatched = True
        return last

    async def _follow(self, request: Request) -> Answer | Failure:
        url = request.url
        for _ in range(REDIRECTS + 1):
            host = origin(url)
            if host not in self._hosts:
                return Failure("foreign-host", "the address leads to a host that the index configuration does not name")
            outcome = await self._once(request, url, host)
            if not isinstance(outcome, str):
                return outcome
            if url.startswith("https:") and not outcome.startswith("https:"):
                return Failure("insecure-redirect", "a redirect leads from https to something else")
            url = outcome
        return Failure("redirect-loop", f"more than {REDIRECTS} redirects")

    async def _once(self, request: Request, url: str, host: str) -> Answer | Failure | str:
        """Return the answer, or the address that a redirect leads to."""
        pace = self._paces[request.lane]
        async with self._hosts[host]:
            await pace.turn()
            self.requests += 1
            headers = dict(request.headers)
            if request.lane == "files":
                headers["Accept-Encoding"] = "identity"  # hashes and ranges are about the bytes of the file
            if request.span is not None:
                headers["Range"] = f"bytes={request.span.start}-{request.span.stop - 1}"
            seconds = min(_BASE_SECONDS + request.cap / _SLOWEST_BYTES_PER_SECOND, _LONGEST_SECONDS)
            timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS, sock_read=_READ_SECONDS)
            try:
                async with self._session.get(
                    URL(url, encoded=True), headers=headers, timeout=timeout, allow_redirects=False
                ) as response:
                    return await self._read(request, response, pace)
            except TimeoutError:
                return Failure("unreachable", "timed out", transient=True)
            except aiohttp.ClientPayloadError:
                return Failure("unreachable", "the body broke off or could not be inflated", transient=True)
            except aiohttp.InvalidURL:
                return Failure("bad-address", "the address cannot be asked for")
            except aiohttp.ClientConnectorError as error:
                return Failure("unreachable", f"no connection: {_reason(error.os_error)}", transient=True)
            except (aiohttp.ClientError, OSError) as error:
                return Failure("unreachable", f"the connection failed ({type(error).__name__})", transient=True)
            except ValueError:
                return Failure("bad-address", "the address cannot be asked for")

    async def _read(self, request: Request, response: aiohttp.ClientResponse, pace: Pace) -> Answer | Failure | str:
        status = response.status
        if status in (301, 302, 303, 307, 308):
            target = urljoin(str(response.url), response.headers.get("Location", ""))
            if urlsplit(target).scheme not in ("http", "https"):
                return Failure("bad-redirect", f"status {status} leads to something that is not http or https")
            return target
        if status in _TRANSIENT:
            pause = retry_after(response.headers.get("Retry-After"), self._clock)
            if pause is not None:
                pace.pause(pause)
            return Failure("unreachable", f"status {status}", transient=True)
        if status in (404, 410):
            return Failure("not-found", f"status {status}")
        if status == 304:
            return Answer(status=304, url=str(response.url), body=b"", etag=response.headers.get("ETag"), total=None)
        if status == 206 and request.span is not None:
            return await self._part(request.span, response)
        if status == 200 or (status in (416, 501) and request.span is not None):
            if status != 200:
                return Failure("range-refused", f"status {status}")
            return await self._whole(request, response)
        return Failure("refused", f"status {status}")

    async def _whole(self, request: Request, response: aiohttp.ClientResponse) -> Answer | Failure:
        # A server that knows no ranges sends the whole file: taken where it is small, never read where it is not.
        code = "too-large" if request.span is None else "no-range"
        body = await self._capped(response, request.cap)
        if body is None:
            return Failure(code, f"more than {request.cap} bytes")
        headers = response.headers
        return Answer(status=200, url=str(response.url), body=body, etag=headers.get("ETag"), total=len(body))

    async def _part(self, span: Span, response: aiohttp.ClientResponse) -> Answer | Failure:
        total = content_range(response.headers.get("Content-Range"), span)
        if total is None:
            return Failure("bad-range", "the answer holds another part than the one asked for")
        body = await self._capped(response, span.stop - span.start)
        if body is None or len(body) != min(span.stop, total) - span.start:
            return Failure("bad-range", "the part has another length than it says")
        return Answer(status=206, url=str(response.url), body=body, etag=None, total=total)

    async def _capped(self, response: aiohttp.ClientResponse, cap: int) -> bytes | None:
        if response.content_length is not None and response.content_length > cap:
            response.close()
            return None
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.content.iter_chunked(64 * 1024):
            size += len(chunk)
            self.received += len(chunk)
            if size > cap:
                response.close()
                return None
            chunks.append(chunk)
        return b"".join(chunks)


def content_range(header: str | None, span: Span) -> int | None:
    """Return the file's size from a ``Content-Range`` header, or None where it does not answer the span.

    >>> content_range("bytes 0-0/1234", Span(start=0, stop=1))
    1234
    """
    if header is None or not header.startswith("bytes "):
        return None
    part, _, total = header.removeprefix("bytes ").partition("/")
    start, _, last = part.partition("-")
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in (start, last, total)):
        return None
    if int(start) != span.start or int(last) != min(span.stop, int(total)) - 1:
        return None
    return int(total)


def origin(url: str) -> str:
    """Return scheme, host and port of an address; "" where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname and port else ""


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _reason(error: OSError) -> str:
    """Return the system's words for a failed connection; asyncio's own hold the address, and name a host perhaps."""
    number = error.errno or 0
    return os.strerror(number).lower() if number > 0 else "the host is not known"
