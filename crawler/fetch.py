"""How does one request reach the index and come back? Paced, bounded, retried, hashed; the only use of aiohttp."""

import asyncio
import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.helpers import get_env_proxy_for_url
from yarl import URL

from crawler.bodies import Collected, Handed, Sink
from crawler.breaker import Breaker
from crawler.budget import Budget, Share
from crawler.credentials import NO_CREDENTIALS, Credentials, header_of
from crawler.limits import NO_LIMITS, Limits, Stop
from crawler.locations import origin, without_user
from crawler.manners import Manners
from crawler.pace import Clock, Pace, backoff, retry_after
from crawler.source import Answer, Consume, Failure, Request, Span

__all__ = ["Answer", "Failure", "Fetcher", "Manners", "Request", "Span"]

ATTEMPTS = 5
REDIRECTS = 5
_CHUNK = 64 * 1024
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_ASKED_TOO_MUCH = frozenset({429, 503})


@dataclass(slots=True)
class _Host:
    """What is kept of one host while a crawl goes."""

    slots: asyncio.Semaphore
    pace: Pace
    proxy: URL | None
    proxy_login: aiohttp.BasicAuth | None
    breaker: Breaker = field(default_factory=Breaker)


class Fetcher:
    """Asks for things; use it with ``async with``.

    Only hosts given to `allow` are ever asked, also after a redirect. A host is asked at the rate of the lane and with
    so many connections as the manners say; what it answers to one request (a pause, that it is asked too much, that it
    fails) counts for all.

    Attributes:
        requests: how many requests went out.
        received: how many bytes of bodies came back.
        stopped: why nothing more is sent: a limit that was reached, or a host that fails too often.
    """

    def __init__(
        self,
        manners: Manners,
        clock: Clock,
        *,
        limits: Limits = NO_LIMITS,
        credentials: Credentials = NO_CREDENTIALS,
        budget: Budget | None = None,
    ) -> None:
        self._manners = manners
        self._clock = clock
        self._limits = limits
        self._credentials = credentials
        self._in_addresses: dict[str, str] = {}
        self._budget = budget or Budget()
        self._hosts: dict[str, _Host] = {}
        self.requests = 0
        self.received = 0
        self.stopped: Stop | None = None

    async def __aenter__(self) -> Self:
        # Not even the environment is trusted here: aiohttp would send what a netrc file holds after any redirect.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            headers={"User-Agent": self._manners.user_agent()},
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        # aiohttp asks again on its own, unpaced and uncounted, where a connection breaks; there is no public switch.
        self._session._retry_connection = False  # noqa: SLF001
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    def allow(self, url: str) -> None:
        """Let requests go to the host of this address; a user and password in it are sent to no other."""
        where = origin(url)
        header = header_of(url)
        if header is not None:
            self._in_addresses.setdefault(where, header)
        if where not in self._hosts:
            slots = asyncio.Semaphore(self._manners.connections)
            self._hosts[where] = _Host(slots, Pace(self._clock), *self._proxy(where))

    async def get(self, request: Request) -> Answer | Failure:
        """Ask until there is an answer, or a reason why there will be none.

        Sending, status, body and hash are one attempt, because a body may break off after a good status.
        """
        return await self._insist(request, Collected())

    async def stream(self, request: Request, consume: Consume) -> Answer | Failure:
        """Ask for a whole file and hand its bytes over, in order and each once, until no more is wanted.

        Only an answer that is ``complete`` was compared with the hash. What ``consume`` raises comes out of here.
        """
        assert request.span is None, "parts are small: get them"
        sink = Handed(consume)
        outcome = await self._insist(request, sink)
        if sink.error is not None:
            raise sink.error
        return outcome

    async def _insist(self, request: Request, sink: Sink) -> Answer | Failure:
        mismatched = False
        last = Failure("unreachable", "no attempt was made", transient=True)
        for attempt in range(ATTEMPTS):
            if attempt:
                left = self._limits.seconds_left(self._clock.wall())
                await self._clock.sleep(min(backoff(attempt - 1, self._clock), max(left, 0.0)))
            sink.begin()
            outcome = await self._follow(request, sink)
            if sink.spoiled:
                return Failure("hash-mismatch", "another attempt brought other bytes")
            if isinstance(outcome, Failure):
                if not outcome.transient or outcome.code == "stopped":
                    return outcome
                last = outcome
                continue
            if request.sha256 is None or outcome.status != 200 or not outcome.complete:
                return outcome
            found = sink.sha256()
            if found == request.sha256:
                return outcome
            last = Failure("hash-mismatch", f"expected {request.sha256}, found {found}")
            if mismatched or sink.streams:  # the same wrong bytes again are not the wire's fault
                return last
            mismatched = True
        return last

    async def _follow(self, request: Request, sink: Sink) -> Answer | Failure:
        url = without_user(request.url)
        first = origin(url)
        for _ in range(REDIRECTS + 1):
            where = origin(url)
            if where not in self._hosts:
                return Failure("foreign-host", "the address leads to a host that the index configuration does not name")
            authorized = where == first  # an index that redirects has no say over where else a password goes
            outcome = await self._once(request, url, self._hosts[where], sink, authorized=authorized)
            if not isinstance(outcome, str):
                return outcome
            if url.startswith("https:") and not outcome.startswith("https:"):
                return Failure("insecure-redirect", "a redirect leads from https to something else")
            url = without_user(outcome)
        return Failure("redirect-loop", f"more than {REDIRECTS} redirects")

    async def _once(
        self, request: Request, url: str, host: _Host, sink: Sink, *, authorized: bool
    ) -> Answer | Failure | str:
        """Return the answer, or the address that a redirect leads to."""
        try:
            address = URL(url, encoded=True)
        except ValueError:
            return Failure("bad-address", "the address cannot be asked for")
        headers = self._headers(request, url, authorized=authorized)
        async with host.slots:
            stop = await self._turn(request, host)
            if stop is not None:
                return Failure("stopped", stop.detail, transient=True)
            self.requests += 1
            outcome = await self._send(request, address, headers, host, sink)
            if isinstance(outcome, Failure) and outcome.transient:
                self._count_failure(host)
            else:
                host.breaker.succeeded()
            return outcome

    async def _turn(self, request: Request, host: _Host) -> Stop | None:
        """Wait for the host's turn; return why there will be none."""
        if self._stop() is not None:
            return self.stopped
        rate = self._manners.rates[request.lane]
        if not await host.pace.turn(rate, within=self._limits.seconds_left(self._clock.wall())):
            self.stopped = self.stopped or self._limits.too_late()
        return self._stop()

    def _stop(self) -> Stop | None:
        if self.stopped is None:
            self.stopped = self._limits.reached(requests=self.requests, received=self.received, wall=self._clock.wall())
        return self.stopped

    def _count_failure(self, host: _Host) -> None:
        rest = host.breaker.failed()
        if rest:
            host.pace.pause(rest)
        if host.breaker.open and self.stopped is None:
            self.stopped = Stop("host-failing", "a host fails more than half of the requests to it, again and again")

    def _headers(self, request: Request, url: str, *, authorized: bool) -> dict[str, str]:
        headers = dict(request.headers)
        if request.lane == "files":
            headers["Accept-Encoding"] = "identity"  # hashes and ranges are about the bytes of the file
        if request.span is not None:
            headers["Range"] = f"bytes={request.span.start}-{request.span.stop - 1}"
        if authorized:
            header = self._credentials.header(url) or self._in_addresses.get(origin(url))
            if header is not None:
                headers["Authorization"] = header
        return headers

    async def _send(
        self, request: Request, address: URL, headers: dict[str, str], host: _Host, sink: Sink
    ) -> Answer | Failure | str:
        patience = self._manners.patience
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=patience.connect, sock_read=patience.read)
        sent = self._clock.monotonic()
        try:
            async with (
                asyncio.timeout(patience.total(request.cap)) as timer,
                self._session.get(
                    address,
                    headers=headers,
                    timeout=timeout,
                    allow_redirects=False,
                    proxy=host.proxy,
                    proxy_auth=host.proxy_login,
                ) as response,
            ):
                if response.status in _TRANSIENT:
                    return self._refused(response, host, sent)
                return await self._read(request, response, sink, timer)
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

    def _refused(self, response: aiohttp.ClientResponse, host: _Host, sent: float) -> Failure:
        if response.status in _ASKED_TOO_MUCH:
            host.pace.slow_down(sent)
        pause = retry_after(response.headers.get("Retry-After"), self._clock)
        if pause is not None:
            host.pace.pause(pause)
        return Failure("unreachable", f"status {response.status}", transient=True)

    async def _read(
        self, request: Request, response: aiohttp.ClientResponse, sink: Sink, timer: asyncio.Timeout
    ) -> Answer | Failure | str:
        status, url, etag = response.status, str(response.url), response.headers.get("ETag")
        if status in (301, 302, 303, 307, 308):
            target = urljoin(url, response.headers.get("Location", ""))
            if urlsplit(target).scheme not in ("http", "https"):
                return Failure("bad-redirect", f"status {status} leads to something that is not http or https")
            return target
        if status in (404, 410):
            return Failure("not-found", f"status {status}")
        if status == 304:
            if not request.conditional:
                return Failure("refused", "status 304 without being asked for it")
            return Answer(status=304, url=url, body=b"", etag=etag, total=None)
        if status == 206 and request.span is not None:
            return await self._part(request.span, response, sink, timer)
        if status in (416, 501) and request.span is not None:
            return Failure("range-refused", f"status {status}")
        if status != 200:
            return Failure("refused", f"status {status}")
        ended = await self._body(response, request.cap, sink, timer)
        if ended is None:
            # A server that knows no ranges sends the whole file: taken where it is small, never read where it is not.
            return Failure("too-large" if request.span is None else "no-range", f"more than {request.cap} bytes")
        length, complete = ended
        body = b"" if sink.streams else sink.body
        return Answer(status=200, url=url, body=body, etag=etag, total=length, complete=complete)

    async def _part(
        self, span: Span, response: aiohttp.ClientResponse, sink: Sink, timer: asyncio.Timeout
    ) -> Answer | Failure:
        total = span.total(response.headers.get("Content-Range"))
        if total is None:
            return Failure("bad-range", "the answer holds another part than the one asked for")
        ended = await self._body(response, span.stop - span.start, sink, timer)
        if ended is None or ended[0] != min(span.stop, total) - span.start:
            return Failure("bad-range", "the part has another length than it says")
        return Answer(status=206, url=str(response.url), body=sink.body, etag=None, total=total)

    async def _body(
        self, response: aiohttp.ClientResponse, cap: int, sink: Sink, timer: asyncio.Timeout
    ) -> tuple[int | None, bool] | None:
        """Read a body; return its length and whether it was read to its end, or None where it is over the cap."""
        length = response.content_length
        if length is not None and length > cap:
            response.close()
            return None
        known = length is not None and "Content-Encoding" not in response.headers  # else it says too little
        with self._budget.share() as share:
            first = length if known and not sink.streams else _CHUNK
            await _take(share, min(first or 0, cap), timer)
            size = 0
            async for chunk in response.content.iter_chunked(_CHUNK):
                size += len(chunk)
                self.received += len(chunk)
                if size > cap:
                    response.close()
                    return None
                if not sink.streams and size > share.held:
                    await _take(share, max(_CHUNK, size - share.held), timer)
                if not sink.take(chunk):
                    response.close()
                    return length if known else None, False
        return size, True

    def _proxy(self, where: str) -> tuple[URL | None, aiohttp.BasicAuth | None]:
        if not self._manners.trust_environment or not where:
            return None, None
        try:
            return get_env_proxy_for_url(URL(where))
        except LookupError:
            return None, None


async def _take(share: Share, size: int, timer: asyncio.Timeout) -> None:
    """Take a part of the budget; the time for which others hold it is not the host's."""
    if share.ask(size):
        return
    loop = asyncio.get_running_loop()
    due = timer.when()
    left = None if due is None else due - loop.time()
    timer.reschedule(None)
    await share.wait()
    timer.reschedule(None if left is None else loop.time() + left)


def _reason(error: OSError) -> str:
    """Return the system's words for a failed connection; asyncio's own hold the address, and name a host perhaps."""
    number = error.errno or 0
    return os.strerror(number).lower() if number > 0 else "the host is not known"
