"""What comes over the wire for one request? Status, capped body, inflated; the only use of aiohttp to ask."""

import asyncio
import logging
import os
import zlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.hdrs import CONTENT_ENCODING, ETAG
from aiohttp.helpers import get_env_proxy_for_url
from yarl import URL

from crawler.bodies import Sink
from crawler.budget import Budget, Share
from crawler.contentcoding import CODINGS, Decoder
from crawler.locations import origin
from crawler.manners import Manners
from crawler.patrol import Patrol, Watched
from crawler.source import Answer, Failure, Request, Span

logging.getLogger("aiohttp.client").addHandler(logging.NullHandler())  # else its words on a netrc file go to stderr

_CHUNK = 64 * 1024
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_PLAIN = Decoder("")
_NO_PROXY = None, None


@dataclass(frozen=True, slots=True)
class Moved:
    """The host says that it lies elsewhere.

    Attributes:
        url: absolute, http or https.
    """

    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The host says that it cannot answer now.

    Attributes:
        retry_after: the header, as it was sent.
    """

    status: int
    retry_after: str | None


class _TooLarge(Exception):  # noqa: N818 - a finding on its way out of nested reads
    """The body is over the cap; the connection is closed with the rest of it unread."""


class Wire:
    """Sends requests, each once; use it with ``async with``.

    Attributes:
        received: how many bytes of bodies came back, before they were inflated.
    """

    def __init__(self, manners: Manners, budget: Budget) -> None:
        self._manners = manners
        self._budget = budget
        self._patrol = Patrol(manners.patience)
        self._proxies: dict[str, tuple[URL | None, aiohttp.BasicAuth | None]] = {}
        self.received = 0

    async def __aenter__(self) -> Self:
        # Not even the environment is trusted here: aiohttp would send what a netrc file holds after any redirect.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            # Hashes and ranges are about the bytes of the file, so nothing is to be packed where nothing else is said.
            headers={"User-Agent": self._manners.user_agent(), "Accept-Encoding": "identity"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._manners.patience.connect),  # the patrol's work
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        # aiohttp asks again on its own, unpaced and uncounted, where a connection breaks; there is no public switch.
        self._session._retry_connection = False  # noqa: SLF001
        self._patrol.__enter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patrol.__exit__(kind, error, trace)
        await self._session.close()

    async def send(
        self, request: Request, url: str, headers: Mapping[str, str], sink: Sink
    ) -> Answer | Failure | Moved | Refusal:
        """Ask for the request at this address; the body goes into the sink."""
        try:
            proxy, login = self._proxy(url) if self._manners.trust_environment else _NO_PROXY
            with self._patrol.watch(request.cap) as watched:
                response = await self._session.get(
                    URL(url, encoded=True),
                    headers=_headers(request, headers),
                    allow_redirects=False,
                    proxy=proxy,
                    proxy_auth=login,
                )
                try:
                    watched.body = response.content
                    if response.status in _TRANSIENT:
                        return Refusal(response.status, response.headers.get("Retry-After"))
                    return await self._read(request, url, response, sink, watched)
                finally:
                    if not response.closed:  # it is, once its body has come to its end
                        response.release()
        except TimeoutError:
            return Failure("unreachable", "timed out", transient=True)
        except (aiohttp.ClientPayloadError, zlib.error):
            return Failure("unreachable", "the body broke off or could not be inflated", transient=True)
        except aiohttp.InvalidURL:
            return Failure("bad-address", "the address cannot be asked for")
        except aiohttp.ClientConnectorError as error:
            return Failure("unreachable", f"no connection: {_reason(error.os_error)}", transient=True)
        except (aiohttp.ClientError, OSError) as error:
            return Failure("unreachable", f"the connection failed ({type(error).__name__})", transient=True)
        except ValueError:
            return Failure("bad-address", "the address cannot be asked for")

    async def _read(
        self, request: Request, url: str, response: aiohttp.ClientResponse, sink: Sink, watched: Watched
    ) -> Answer | Failure | Moved:
        status, etag = response.status, response.headers.get(ETAG)
        if status in (301, 302, 303, 307, 308):
            target = urljoin(url, response.headers.get("Location", ""))
            if urlsplit(target).scheme not in ("http", "https"):
                return Failure("bad-redirect", f"status {status} leads to something that is not http or https")
            return Moved(target)
        if status in (404, 410):
            return Failure("not-found", f"status {status}")
        if status == 304:
            if not request.conditional:
                return Failure("refused", "status 304 without being asked for it")
            return Answer(status=304, url=url, body=b"", etag=etag, total=None)
        if status == 206 and request.span is not None:
            return await self._part(request.span, url, response, sink, watched)
        if status in (416, 501) and request.span is not None:
            return Failure("range-refused", f"status {status}")
        if status != 200:
            return Failure("refused", f"status {status}")
        decoder = _decoder(response)
        if not decoder.known:
            return Failure("refused", "the body has a coding that was not asked for")
        try:
            length, complete = await self._body(response, decoder, request.cap, sink, watched)
        except _TooLarge:
            # A server that knows no ranges sends the whole file: taken where it is small, never read where it is not.
            return Failure("too-large" if request.span is None else "no-range", f"more than {request.cap} bytes")
        body = b"" if sink.streams else sink.body
        return Answer(status=200, url=url, body=body, etag=etag, total=length, complete=complete)

    async def _part(
        self, span: Span, url: str, response: aiohttp.ClientResponse, sink: Sink, watched: Watched
    ) -> Answer | Failure:
        total = span.total(response.headers.get("Content-Range"))
        decoder = _decoder(response)
        if total is None or not decoder.plain:
            return Failure("bad-range", "the answer holds another part than the one asked for")
        try:
            length, _ = await self._body(response, decoder, span.stop - span.start, sink, watched)
        except _TooLarge:
            length = None
        if length != min(span.stop, total) - span.start:
            return Failure("bad-range", "the part has another length than it says")
        return Answer(status=206, url=url, body=sink.body, etag=None, total=total)

    async def _body(
        self, response: aiohttp.ClientResponse, decoder: Decoder, cap: int, sink: Sink, watched: Watched
    ) -> tuple[int | None, bool]:
        """Read a body; return its length, where that is known, and whether it was read to its end.

        Raises:
            _TooLarge: it is over the cap.
        """
        told = response.content_length
        if told is not None and told > cap:
            raise _TooLarge
        known = told if decoder.plain else None  # else it says too little
        size = 0
        with self._budget.share() as share:
            first = min(cap, _CHUNK if known is None or sink.streams else known)
            if not share.ask(first):
                await _wait(share, watched)
            if known is not None and not sink.streams:  # the usual case, and by far the quickest way
                while size < known:
                    some = await response.content.readany()
                    if not some:
                        raise aiohttp.ClientPayloadError
                    size += len(some)
                    self.received += len(some)
                    sink.take(some)
                return size, True
            async with aclosing(self._pieces(response, decoder, cap)) as pieces:
                async for piece in pieces:
                    size += len(piece)
                    if size > cap:
                        raise _TooLarge
                    if not sink.streams and size > share.held and not share.ask(max(_CHUNK, size - share.held)):
                        await _wait(share, watched)
                    if not sink.take(piece):
                        return known, False
        return size, True

    async def _pieces(self, response: aiohttp.ClientResponse, decoder: Decoder, cap: int) -> AsyncGenerator[bytes]:
        """Yield the body in small parts, inflated."""
        sent = 0
        async for chunk in response.content.iter_chunked(_CHUNK):
            sent += len(chunk)
            self.received += len(chunk)
            if sent > cap:
                raise _TooLarge
            for piece in decoder.feed(chunk):
                yield piece
        for piece in decoder.finish():
            yield piece

    def _proxy(self, url: str) -> tuple[URL | None, aiohttp.BasicAuth | None]:
        where = origin(url)
        if where not in self._proxies:  # looking reads a file
            try:
                self._proxies[where] = get_env_proxy_for_url(URL(where))
            except LookupError:
                self._proxies[where] = None, None
        return self._proxies[where]


def _decoder(response: aiohttp.ClientResponse) -> Decoder:
    coding = response.headers.get(CONTENT_ENCODING)
    return Decoder(coding) if coding else _PLAIN


def _headers(request: Request, more: Mapping[str, str]) -> dict[str, str] | None:
    if request.lane == "files" and not request.headers and not more and request.span is None:
        return None  # the usual case
    headers = {**request.headers, **more}
    if request.lane == "index":
        headers.setdefault("Accept-Encoding", CODINGS)
    if request.span is not None:
        headers["Range"] = f"bytes={request.span.start}-{request.span.stop - 1}"
    return headers


async def _wait(share: Share, watched: Watched) -> None:
    """Wait for a part of the budget; the time for which others hold it is not the host's."""
    loop = asyncio.get_running_loop()
    watched.pause(loop.time())
    await share.wait()
    watched.resume(loop.time())


def _reason(error: OSError) -> str:
    """Return the system's words for a failed connection; asyncio's own hold the address, and name a host perhaps."""
    number = error.errno or 0
    return os.strerror(number).lower() if number > 0 else "the host is not known"
