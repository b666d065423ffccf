"""How does what a crawl finds reach the store? In batches, each in one transaction, by one writer."""

import asyncio
from dataclasses import dataclass

from dataset.crawlstate import Change, PageState, Problem, SourceText
from dataset.records import Release, Timestamp
from dataset.store import Store
from dataset.versionkey import version_key
from normalize.requirements import forget_requirements, parse_requirement
from normalize.versions import parse_version

BATCH = 200
"""Results in a transaction at most; a crawl that is killed loses no more than one."""

_ROWS = 2_000
_SECONDS = 0.25
_PARSED = 50_000
"""What is remembered of versions and requirements, which would otherwise grow as long as a crawl goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is committed together.

    Attributes:
        touched: pages that are as they were.
        anew: whether the releases are told in the place of what is known of them.
    """

    releases: tuple[Release, ...] = ()
    pages: tuple[PageState, ...] = ()
    touched: tuple[PageState, ...] = ()
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    texts: tuple[SourceText, ...] = ()
    anew: bool = False


class Commits:
    """Collects results and commits them, 200 at once or after a quarter of a second."""

    def __init__(self, store: Store, attempted: Timestamp) -> None:
        self._store = store
        self._attempted = attempted
        self._batch: list[Result] = []
        self._rows = 0

    def add(self, result: Result) -> None:
        """Take a result; a full batch is committed at once, so that what waits has a bound.

        Raises:
            OutsideError: the store cannot be written.
        """
        self._batch.append(result)
        self._rows += len(result.releases) + len(result.texts)
        if len(self._batch) >= BATCH or self._rows >= _ROWS:
            self.flush()

    def flush(self) -> None:
        """Commit what waits; a batch that fails waits on, so that no page is stored whose releases were lost.

        Raises:
            OutsideError: the store cannot be written.
        """
        touched = [one for result in self._batch for one in result.touched]
        if touched:
            self._store.touch(touched)
        rest = [result for result in self._batch if not result.touched]
        if rest:
            self._store.put(
                [one for result in rest for one in result.releases],
                pages=[one for result in rest for one in result.pages],
                problems=[one for result in rest for one in result.problems],
                changes=[one for result in rest for one in result.changes],
                texts=[one for result in rest for one in result.texts],
                attempted=self._attempted,
                anew={(one.project, one.version) for result in rest if result.anew for one in result.releases},
            )
        self._batch, self._rows = [], 0
        _forget_when_many()

    async def keep_flushing(self) -> None:
        """Commit again and again, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            self.flush()


def _forget_when_many() -> None:
    if parse_requirement.cache_info().currsize > _PARSED:
        forget_requirements()
    for cached in (parse_version, version_key):
        if cached.cache_info().currsize > _PARSED:
            cached.cache_clear()
