"""How fast may requests go to one host? A clock, a bucket, pauses that it asked for, and slowing down for it."""

import asyncio
import random
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0
"""What a server may ask for with ``Retry-After``, in seconds; the rest is clamped."""

FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 60.0

BURST_SECONDS = 2.0
"""A host that was left alone may be sent at once what is due in this time: bursts of twice the rate."""

_SLOWEST = 1 / 64
_REGAINED_PER_SECOND = 0.05 / 60
"""Of the configured rate: additive increase after multiplicative decrease, as TCP does."""


class Clock(Protocol):
    """Time as the crawler sees it; tests hand in one that never sleeps."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def wall(self) -> float:
        """Return seconds since 1970, for dates that servers send."""

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""

    def jitter(self) -> float:
        """Return a number from 0 to 1, so that clients that failed together do not come back together."""


class SystemClock:
    """The real time."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def wall(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        await asyncio.sleep(seconds)

    def jitter(self) -> float:
        """Return a number from 0 to 1."""
        return random.random()  # noqa: S311 - spreads load, keeps no secret


@dataclass(slots=True)
class Pace:
    """How fast one host is asked.

    A bucket of time: a turn at the rate r takes 1/r seconds of it, and it holds `BURST_SECONDS` at most, so that one
    bucket serves requests of several rates. Turns are reserved when they are asked for, so that the rate holds however
    many tasks wait. A host that says that it is asked too much is asked half as fast, and 5 % faster with each minute,
    up to the rate that is configured.

    Attributes:
        rounds: how often the host was slowed down for.
    """

    clock: Clock
    rounds: int = 0
    _due: float = float("-inf")
    _paused_until: float = float("-inf")
    _speed: float = 1.0
    _slowed_at: float = float("-inf")

    async def turn(self, rate: float, *, within: float = float("inf")) -> bool:
        """Wait until one more request may go out, or return False at once where it would be too late by then.

        Args:
            rate: requests a second for requests of this kind.
            within: seconds from now on that one may wait.
        """
        now = self.clock.monotonic()
        cost = 1 / (rate * self.speed if self.rounds else rate)
        due = max(self._due, now - max(0.0, BURST_SECONDS - cost))
        start, last = max(due, self._paused_until), now + within
        if start >= last:
            return False
        self._due = due + cost
        if start <= now:
            return True
        while (wait := max(due, self._paused_until) - self.clock.monotonic()) > 0:
            if self._paused_until >= last:  # the pause came while others waited
                return False
            await self.clock.sleep(wait)
        return True

    def pause(self, seconds: float) -> None:
        """Let no turn begin for this long, and none in a burst after it."""
        self._paused_until = max(self._paused_until, self.clock.monotonic() + seconds)
        self._due = max(self._due, self._paused_until)

    @property
    def speed(self) -> float:
        """Which part of the configured rate is kept now, from 1/64 to 1."""
        return min(1.0, self._speed + (self.clock.monotonic() - self._slowed_at) * _REGAINED_PER_SECOND)

    def slow_down(self, sent: float) -> None:
        """Halve the rate, because the host refused a request that was sent at this time.

        What was sent before it was halved last says nothing about the rate since: requests that were on their way
        together count once.
        """
        if sent < self._slowed_at:
            return
        self._speed = max(self.speed / 2, _SLOWEST)
        self._slowed_at = self.clock.monotonic()
        self._due = max(self._due, self._slowed_at)
        self.rounds += 1


def retry_after(header: str | None, clock: Clock) -> float | None:
    """Return the pause that a ``Retry-After`` header asks for, clamped; None where there is none to be read.

    It holds seconds or an HTTP date (RFC 9110, section 10.2.3).
    """
    if header is None:
        return None
    text = header.strip()
    if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]*)?", text):
        seconds = float(text[:9])
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - clock.wall()
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, SHORTEST_PAUSE), LONGEST_PAUSE)


def backoff(attempt: int, clock: Clock) -> float:
    """Return the pause before the next attempt: exponential, with full jitter."""
    return clock.jitter() * min(FIRST_BACKOFF * 2.0**attempt, LONGEST_BACKOFF)
