"""How does what a crawl finds reach the store? In batches, each in one transaction, by a thread of its own."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from dataset.crawlstate import Change, PageState, Problem, SourceText
from dataset.records import Release, Timestamp
from dataset.store import Store
from dataset.versionkey import version_key
from normalize.requirements import forget_requirements, parse_requirement
from normalize.versions import parse_version

BATCH = 100
"""Results in a transaction at most. While one batch is written the next is collected; a crawl that is killed loses no
more than these two."""

_ROWS = 1_000
_SECONDS = 0.25
_PARSED = 50_000
"""What is remembered of versions and requirements, which would otherwise grow as long as a crawl goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is committed together.

    Attributes:
        touched: pages that are as they were.
    """

    releases: tuple[Release, ...] = ()
    pages: tuple[PageState, ...] = ()
    touched: tuple[PageState, ...] = ()
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    texts: tuple[SourceText, ...] = ()


class Commits:
    """Collects results; a thread commits them, 100 at once or after a quarter of a second. Use it with ``with``.

    The thread has a connection of its own: while it waits for the disk, answers are read. Only who brings the last
    result of a second full batch waits for the first one.
    """

    def __init__(self, store: Store, attempted: Timestamp) -> None:
        self._store = store
        self._attempted = attempted
        self._batch: list[Result] = []
        self._rows = 0
        self._thread = ThreadPoolExecutor(1, "commits")
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        try:
            self._writer = self._thread.submit(self._store.beside).result()
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.submit(self._writer.close)
        self._thread.shutdown()

    def add(self, result: Result) -> None:
        """Take a result; a full batch is handed to the thread, once that is free, so that what waits has a bound.

        Raises:
            OutsideError: the store cannot be written.
        """
        self._batch.append(result)
        self._rows += len(result.releases) + len(result.texts)
        if len(self._batch) >= BATCH or self._rows >= _ROWS:
            self._hand_over()

    def flush(self) -> None:
        """Commit what waits; return when it is done.

        Raises:
            OutsideError: the store cannot be written.
        """
        self._hand_over()
        self._finish()

    async def keep_flushing(self) -> None:
        """Commit again and again, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            if self._writing is None or self._writing.done():
                self._hand_over()

    def _hand_over(self) -> None:
        self._finish()
        batch, self._batch, self._rows = self._batch, [], 0
        if batch:
            self._writing = self._thread.submit(self._write, batch)

    def _finish(self) -> None:
        if self._writing is not None:
            self._writing.result()  # a batch that failed fails whatever comes after it: pages go with their releases
            self._writing = None

    def _write(self, batch: list[Result]) -> None:
        touched = [one for result in batch for one in result.touched]
        if touched:
            self._writer.touch(touched)
        rest = [result for result in batch if not result.touched]
        if rest:
            self._writer.put(
                [one for result in rest for one in result.releases],
                pages=[one for result in rest for one in result.pages],
                problems=[one for result in rest for one in result.problems],
                changes=[one for result in rest for one in result.changes],
                texts=[one for result in rest for one in result.texts],
                attempted=self._attempted,
            )
        _forget_when_many()


def _forget_when_many() -> None:
    if parse_requirement.cache_info().currsize > _PARSED:
        forget_requirements()
    for cached in (parse_version, version_key):
        if cached.cache_info().currsize > _PARSED:
            cached.cache_clear()
