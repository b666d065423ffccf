"""Which answers take too long? One look at all of them now and then, instead of three timers for each request."""

import asyncio
from types import TracebackType
from typing import Protocol, Self

from crawler.manners import Patience

_OFTEN, _SELDOM = 0.005, 0.5
"""Seconds between looks; a tenth of the shortest wait lies between them, so that one ends at most so much late."""

_MOST_CAPS = 1_000
"""Caps whose time is remembered; most requests have one of a few."""


class Patrol:
    """Ends what takes too long; use it with ``with``, inside of a running loop."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._every = min(max(min(patience.read, patience.base) / 10, _OFTEN), _SELDOM)
        self._watched: dict[Watched, None] = {}
        self._totals: dict[int, float] = {}
        self._next: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._next is not None:
            self._next.cancel()

    def watch(self, cap: int) -> "Watched":
        """Return the watch over an answer of at most so many bytes; use it with ``with`` in the task that waits."""
        total = self._totals.get(cap)
        if total is None:
            total = self._patience.total(cap)
            if len(self._totals) < _MOST_CAPS:
                self._totals[cap] = total
        now = self._loop.time()
        return Watched(self._watched, self._patience, now, now + total)

    def _look(self) -> None:
        now = self._loop.time()
        for watched in self._watched:
            watched.look(now)
        self._next = self._loop.call_later(self._every, self._look)


class Coming(Protocol):
    """A body on its way."""

    total_bytes: int


class Watched:
    """One answer that is waited for.

    Leaving the ``with`` raises `TimeoutError` where the answer took too long, or nothing of it came for too long.

    Attributes:
        body: counts the bytes that came, once there are some to count.
    """

    body: Coming | None = None
    _seen = -1
    _before = 0
    _paused = _expired = False

    def __init__(self, watched: "dict[Watched, None]", patience: Patience, now: float, due: float) -> None:
        self._watched = watched
        self._patience = patience
        self._since = now
        self._due = due

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None, "only tasks can be ended"
        self._task = task
        self._watched[self] = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self._watched[self]
        if self._expired and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def pause(self, now: float) -> None:
        """Stop the watch, because what is waited for from now on is not the host's doing."""
        self._paused = True
        self._due -= now

    def resume(self, now: float) -> None:
        """Go on with the time that was left."""
        self._paused = False
        self._due += now
        self._since = now

    def look(self, now: float) -> None:
        """End the task where its time is over."""
        if self._paused or self._expired:
            return
        seen, longest = -1, self._patience.connect + self._patience.read
        if self.body is not None:
            seen, longest = self.body.total_bytes, self._patience.read
        if seen != self._seen:
            self._seen, self._since = seen, now
        if now >= self._due or now - self._since >= longest:
            self._expired = True
            self._before = self._task.cancelling()
            self._task.cancel()
