"""How does one request reach the index and come back? Paced, bounded, retried, hashed, sent only where it may go."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from crawler.bodies import Collected, Handed, Sink
from crawler.breaker import Breaker
from crawler.budget import Budget
from crawler.credentials import NO_CREDENTIALS, Credentials, header_of
from crawler.limits import NO_LIMITS, Limits, Stop
from crawler.locations import origin, start_of, without_user
from crawler.manners import Manners
from crawler.pace import Clock, Pace, backoff, retry_after
from crawler.source import Answer, Consume, Failure, Request
from crawler.wire import Moved, Refusal, Wire

ATTEMPTS = 5
REDIRECTS = 5
_MOST_PLACES = 1_000
_ASKED_TOO_MUCH = frozenset({429, 503})


@dataclass(slots=True)
class _Host:
    """What is kept of one host while a crawl goes."""

    slots: asyncio.Semaphore
    pace: Pace
    breaker: Breaker = field(default_factory=Breaker)


class Fetcher:
    """Asks for things; use it with ``async with``.

    Only hosts given to `allow` are ever asked, also after a redirect. A host is asked at the rate of the lane and with
    so many connections as the manners say; what it answers to one request (a pause, that it is asked too much, that it
    fails) counts for all.

    Attributes:
        requests: how many requests went out.
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
        self._limited = limits != NO_LIMITS
        self._credentials = credentials
        self._in_addresses: dict[str, str] = {}
        self._wire = Wire(manners, budget or Budget())
        self._hosts: dict[str, _Host] = {}
        self._places: dict[str, tuple[str, _Host, Mapping[str, str]]] = {}
        self.requests = 0
        self.stopped: Stop | None = None

    @property
    def received(self) -> int:
        """How many bytes of bodies came back."""
        return self._wire.received

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._wire.__aexit__(kind, error, trace)

    def allow(self, url: str) -> None:
        """Let requests go to the host of this address; a user and password in it are sent to no other."""
        where = origin(url)
        header = header_of(url)
        if header is not None:
            self._in_addresses.setdefault(where, header)
        self._places.clear()
        if where not in self._hosts:
            slots = asyncio.Semaphore(self._manners.connections)
            self._hosts[where] = _Host(slots, Pace(self._clock))

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
        last: Failure | None = None
        for attempt in range(ATTEMPTS):
            if attempt:
                left = self._limits.seconds_left(self._clock.wall())
                await self._clock.sleep(min(backoff(attempt - 1, self._clock), max(left, 0.0)))
            sink.begin()
            outcome = await self._follow(request, sink)
            if sink.spoiled(ended=isinstance(outcome, Answer)):
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
        assert last is not None, "every attempt ends here with a failure, or has returned"
        return last

    async def _follow(self, request: Request, sink: Sink) -> Answer | Failure:
        url = without_user(request.url)
        first = ""
        for _ in range(REDIRECTS + 1):
            start = start_of(url)
            place = self._places.get(start) or self._place(start)
            if place is None:
                return Failure("foreign-host", "the address leads to a host that the index configuration does not name")
            where, host, header = place
            first = first or where
            # An index that redirects has no say over where else a password goes.
            more = header if where == first else {}
            outcome = await self._once(request, url, host, more, sink)
            if not isinstance(outcome, Moved):
                return outcome
            if url.startswith("https:") and not outcome.url.startswith("https:"):
                return Failure("insecure-redirect", "a redirect leads from https to something else")
            url = without_user(outcome.url)
        return Failure("redirect-loop", f"more than {REDIRECTS} redirects")

    def _place(self, start: str) -> tuple[str, _Host, Mapping[str, str]] | None:
        """Return origin, host and credentials for addresses that start like this; None where none may be asked."""
        where = origin(start)
        if where not in self._hosts:
            return None
        header = self._credentials.header(start) or self._in_addresses.get(where)
        place = where, self._hosts[where], {} if header is None else {"Authorization": header}
        if len(self._places) < _MOST_PLACES:  # spellings of few hosts; an index may know endless ones
            self._places[start] = place
        return place

    async def _once(
        self, request: Request, url: str, host: _Host, headers: Mapping[str, str], sink: Sink
    ) -> Answer | Failure | Moved:
        await host.slots.acquire()
        try:
            stop = await self._turn(self._manners.rates[request.lane], host)
            if stop is not None:
                return Failure("stopped", stop.detail, transient=True)
            self.requests += 1
            sent = self._clock.monotonic()
            outcome = await self._wire.send(request, url, headers, sink)
        finally:
            host.slots.release()
        if isinstance(outcome, Refusal):
            outcome = self._refused(outcome, host, sent)
        if isinstance(outcome, Failure) and outcome.transient:
            self._count_failure(host)
        else:
            host.breaker.succeeded()
        return outcome

    def _refused(self, refusal: Refusal, host: _Host, sent: float) -> Failure:
        if refusal.status in _ASKED_TOO_MUCH:
            host.pace.slow_down(sent)
        pause = retry_after(refusal.retry_after, self._clock)
        if pause is not None:
            host.pace.pause(pause)
        return Failure("unreachable", f"status {refusal.status}", transient=True)

    async def _turn(self, rate: float, host: _Host) -> Stop | None:
        """Wait for the host's turn; return why there will be none."""
        if self.stopped is not None:
            return self.stopped
        if not self._limited:  # the usual case
            await host.pace.turn(rate)
            return self.stopped
        if self._stop() is not None:
            return self.stopped
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
