"""How many bytes of bodies may be on their way into memory at once? One budget for all, which cannot deadlock."""

import asyncio
from types import TracebackType
from typing import Self

IN_FLIGHT = 64 << 20
"""Bytes of bodies that are being read at the same time."""


class Budget:
    """Bytes that all bodies together may hold while they are read.

    A body takes its share before it is read, where its length is known, else as it grows. Older bodies come first. When
    every body waits for more, the oldest one may go over the budget, alone: so there is always one that comes to its
    end, also where a single body is larger than the budget. All together never hold more than the budget and one body.

    Attributes:
        used: bytes that are taken.
        most: the most that were ever taken at once.
    """

    def __init__(self, total: int = IN_FLIGHT) -> None:
        self._total = total
        self._open: dict[Share, None] = {}  # the oldest first
        self._waiting = 0
        self.used = 0
        self.most = 0

    def share(self) -> "Share":
        """Return a share that is empty yet; use it with ``with``, which gives everything back."""
        return Share(self)

    def enter(self, share: "Share") -> None:
        """Count a body as being read."""
        self._open[share] = None

    def leave(self, share: "Share") -> None:
        """Take back what the body held."""
        del self._open[share]
        self.used -= share.held
        share.held = 0
        if share.wanted:
            share.wanted = 0
            self._waiting -= 1
        if self._waiting:
            self._settle()

    def ask(self, share: "Share", size: int) -> None:
        """Give to the body so many bytes more as soon as that can be."""
        if not size or (not self._waiting and self.used + size <= self._total):
            share.held += size
            self.used += size
            self.most = max(self.most, self.used)
            return
        share.wanted = size
        self._waiting += 1
        self._settle()

    def _settle(self) -> None:
        """Give to those who wait what there is, the oldest first."""
        waiting = [one for one in self._open if one.wanted]
        for one in waiting:
            if self.used + one.wanted > self._total:
                break
            self._give(one)
        if waiting and len(waiting) == len(self._open) and waiting[0].wanted:
            self._give(waiting[0])

    def _give(self, share: "Share") -> None:
        self.used += share.wanted
        self.most = max(self.most, self.used)
        share.held += share.wanted
        share.wanted = 0
        self._waiting -= 1
        if share.ready is not None:
            share.ready.set()


class Share:
    """What one body holds of a budget."""

    __slots__ = ("_budget", "held", "ready", "wanted")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.held = 0
        self.wanted = 0
        self.ready: asyncio.Event | None = None

    def __enter__(self) -> Self:
        self._budget.enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._budget.leave(self)

    def ask(self, size: int) -> bool:
        """Ask for so many bytes more; return whether they were there at once. Else `wait` for them."""
        self._budget.ask(self, size)
        return not self.wanted

    async def wait(self) -> None:
        """Wait for the bytes that were asked for."""
        if self.wanted:
            self.ready = asyncio.Event()
            await self.ready.wait()
