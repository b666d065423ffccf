"""How does a crawl go? Pages, then the metadata of the releases that matter, then the projects that these require."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from crawler.closure import required_projects
from crawler.depth import PageRelease, planned, releases
from crawler.fetch import Fetcher
from crawler.health import Health
from crawler.ladder import Reading
from crawler.order import Options, Summary
from crawler.pagereader import PageReader
from crawler.pages import PageFile
from crawler.progress import Watcher
from dataset.crawlstate import PageState, Problem, Progress
from dataset.records import Release
from dataset.store import Store
from normalize.errors import CosetError
from normalize.projects import ProjectName
from normalize.versions import parse_version

_BATCH = 200
_WAITING = 256
_FINAL = frozenset({"sdist-dynamic", "no-readable-file"})
"""Reasons that stay true until the page changes."""


async def crawl(
    projects: Collection[ProjectName], options: Options, store: Store, fetcher: Fetcher, watcher: Watcher
) -> Summary:
    """Read the projects, and what they require, into the store.

    Which projects are read depends on what the index says, never on the order in which it answers. A crawl that was
    interrupted goes on where it stopped when it is called with the same ``since``.

    Raises:
        OutsideError: the index is down or is not an index, or the store cannot be written.
    """
    one = _Crawl(options, store, fetcher, watcher)
    level = sorted(set(projects), key=_hash_order)
    seen = set(level)
    while level:
        await one.level(level)
        room = options.closure - (len(seen) - len(set(projects)))
        further = sorted(one.required(level) - seen)[: max(0, room)]
        seen.update(further)
        level = sorted(further, key=_hash_order)
    one.summary.added = tuple(sorted(seen - set(projects)))
    one.summary.requests, one.summary.received = fetcher.requests, fetcher.received
    one.summary.check(len(seen))
    return one.summary


@dataclass(frozen=True, slots=True)
class _Result:
    """What is committed together."""

    releases: tuple[Release, ...] = ()
    pages: tuple[PageState, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    release: PageRelease
    wants_imports: bool


class _Crawl:
    def __init__(self, options: Options, store: Store, fetcher: Fetcher, watcher: Watcher) -> None:
        self._options = options
        self._store = store
        self._fetcher = fetcher
        self._watcher = watcher
        self._health = Health(f"{options.index.rstrip('/')}/")
        self._pages = PageReader(options, store, fetcher, self._health)
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(_WAITING)
        self._results: asyncio.Queue[_Result] = asyncio.Queue(_WAITING)
        self._planned: dict[ProjectName, frozenset[str]] = {}
        self.summary = Summary()

    async def level(self, projects: Collection[ProjectName]) -> None:
        """Read these projects to the end."""
        self._watcher.pages_planned(len(projects))
        due = iter(projects)
        try:
            async with asyncio.TaskGroup() as group:
                background = [group.create_task(self._write())]
                background += [group.create_task(self._read()) for _ in range(self._options.workers)]
                for project in due:  # one after the other until it is known where files lie and that this is an index
                    await self._page(project)
                    if self._pages.base is not None and self._health.proven:
                        break
                await asyncio.gather(*(group.create_task(self._rest(due)) for _ in range(self._options.workers)))
                await self._jobs.join()
                await self._results.join()
                for task in background:
                    task.cancel()
        except ExceptionGroup as failed:
            if self._health.gave_up:
                self._commit(list(_drained(self._results)))
            raise _first(failed) from None
        except asyncio.CancelledError:
            self._commit(list(_drained(self._results)))  # the user stops the crawl; what came back is not lost
            raise
        self._health.check()

    def required(self, projects: Collection[ProjectName]) -> set[ProjectName]:
        """Return what the planned releases of these projects require on some target, without any extra."""
        found = self._store.releases(projects, files=False)
        return required_projects(one for one in found if one.version in self._planned.get(one.project, ()))

    async def _rest(self, due: Iterator[ProjectName]) -> None:
        for project in due:
            await self._page(project)

    async def _page(self, project: ProjectName) -> None:
        page = await self._pages.read(project)
        self.summary.pages[page.how] += 1
        if page.files is not None:
            await self._plan(page.state, page.files, changed=page.how == "read")
        elif page.how == "failed":
            problem = Problem(project, "", "", page.state.problem or "", page.detail)
            await self._commit_later(_Result(pages=(page.state,), problems=(problem,)))
        self._watcher.page_done(project)

    async def _plan(self, state: PageState, files: Iterable[PageFile], *, changed: bool) -> None:
        project = state.project
        found, strange = releases(project, files)
        keep = self._options.keep.get(project, frozenset())
        wanted = planned(found, newest=self._options.newest, keep=keep)
        self._planned[project] = frozenset(one.version for one in wanted)
        there = {parse_version(one.version) or one.version for one in found}
        problems = [Problem(project, "", name[:200], "strange-file", "names no release") for name in strange]
        problems += [
            Problem(project, "", "", "version-not-on-index", text)
            for text in sorted(keep)
            if (parse_version(text) or text) not in there
        ]
        progress = self._store.progress(project)
        listed = tuple(one.listed() for one in found) if changed else ()
        await self._commit_later(_Result(releases=listed, pages=(state,), problems=tuple(problems)))
        self._watcher.releases_planned(len(wanted))
        self.summary.planned += len(wanted)
        tells_imports = next((one for one in wanted if any(said.kind == "wheel" for _, said in one.files)), None)
        for one in wanted:
            done = self._done(progress.get(one.version), changed=changed)
            if done is None:
                await self._jobs.put(_Job(one, one is tells_imports))
                continue
            if done.unknown is None:
                self.summary.known["before"] += 1
            else:
                self.summary.unknown[done.unknown] += 1
            self._watcher.release_done(project, one.version, done.unknown or "before")

    def _done(self, progress: Progress | None, *, changed: bool) -> Progress | None:
        """Return how far the release has come where there is nothing left to ask, else None."""
        if progress is None:
            return None
        if progress.unknown is None:
            return progress
        if progress.attempted is None or progress.unknown == "unreachable":
            return None
        in_this_crawl = self._pages.trusts_store and progress.attempted >= self._options.since
        return progress if in_this_crawl or (progress.unknown in _FINAL and not changed) else None

    async def _read(self) -> None:
        """Read the metadata of one release after the other, for as long as the crawl goes."""
        while True:
            job = await self._jobs.get()
            reading = Reading(self._fetcher, job.release, self._pages.base or "", job.wants_imports)
            release = await self._run(reading)
            if release.unknown is None:
                self.summary.known[release.source] += 1
            else:
                self.summary.unknown[release.unknown] += 1
            await self._commit_later(_Result(releases=(release,), problems=tuple(reading.problems)))
            self._watcher.release_done(release.project, release.version, release.unknown or release.source)
            self._jobs.task_done()

    async def _run(self, reading: Reading) -> Release:
        try:
            return await reading.run()
        except CosetError:
            raise
        except Exception as error:  # noqa: BLE001 - one file that breaks a reader must not end the crawl for all
            return reading.broken(error)

    async def _commit_later(self, result: _Result) -> None:
        for problem in result.problems:
            self.summary.problems[problem.code] += 1
            self._watcher.problem(problem)
        await self._results.put(result)

    async def _write(self) -> None:
        """Commit whatever has come in, in one transaction; the only writer."""
        while True:
            batch = [await self._results.get()]
            batch += _drained(self._results, _BATCH - 1)
            self._commit(batch)
            for _ in batch:
                self._results.task_done()

    def _commit(self, batch: list[_Result]) -> None:
        self._store.put(
            [one for result in batch for one in result.releases],
            pages=[one for result in batch for one in result.pages],
            problems=[one for result in batch for one in result.problems],
            attempted=self._options.started,
        )


def _hash_order(project: ProjectName) -> bytes:
    """Spread the projects, so that two users who start together do not ask for the same ones."""
    return hashlib.sha256(project.encode()).digest()


def _drained(queue: "asyncio.Queue[_Result]", most: int = 1 << 30) -> Iterator[_Result]:
    while most and not queue.empty():
        most -= 1
        yield queue.get_nowait()


def _first(failed: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the error that the user can act on, else the first one."""
    flat = [_first(one) if isinstance(one, BaseExceptionGroup) else one for one in failed.exceptions]
    return next((one for one in flat if isinstance(one, CosetError)), flat[0])
