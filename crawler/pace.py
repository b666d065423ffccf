"""How fast may requests go out? A clock, a token bucket per lane, and pauses that the server asked for."""

import asyncio
import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0
"""What a server may ask for with ``Retry-After``, in seconds; the rest is clamped."""

FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 60.0


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
    """A token bucket: at most ``rate`` turns a second, with bursts of ``burst``, and none during a pause.

    Turns are reserved when they are asked for, so that the rate holds however many tasks wait.
    """

    clock: Clock
    rate: float
    burst: int
    _due: float = float("-inf")
    _paused_until: float = float("-inf")

    async def turn(self) -> None:
        """Wait until one more request may go out."""
        now = self.clock.monotonic()
        due = max(self._due, now - (self.burst - 1) / self.rate)
        self._due = due + 1 / self.rate
        while (wait := max(due, self._paused_until) - self.clock.monotonic()) > 0:
            await self.clock.sleep(wait)

    def pause(self, seconds: float) -> None:
        """Let no turn begin for this long."""
        self._paused_until = max(self._paused_until, self.clock.monotonic() + seconds)


def retry_after(header: str | None, clock: Clock) -> float | None:
    """Return the pause that a ``Retry-After`` header asks for, clamped; None where there is none to be read.

    It holds seconds or an HTTP date (RFC 9110, section 10.2.3).
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
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
