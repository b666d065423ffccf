"""How does a crawl go? Pages, then the metadata of the releases that matter, then the projects that these require."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from crawler.absent import Absent
from crawler.closure import Closure
from crawler.commits import Commits, Result
from crawler.discover import discover, first_projects
from crawler.kept import kept_notes, kept_results
from crawler.ladder import Reading
from crawler.opened import Job, Opened, is_stale, serial_of
from crawler.order import Options, Summary
from crawler.pagereader import Page, PageReader
from crawler.planning import ANOTHER_TIME, Missing, plan, without_page
from crawler.progress import Watcher
from crawler.sites import Sites
from crawler.source import Source
from dataset.crawlstate import Problem
from dataset.records import Release
from dataset.store import Store
from normalize.errors import CosetError
from normalize.projects import ProjectName

_WAITING = 256
_BREATH = 100
_AT_ONCE = 250


async def crawl(
    projects: Collection[ProjectName], options: Options, store: Store, source: Source, watcher: Watcher
) -> Summary:
    """Read the projects, and what they require, into the store.

    Which projects are read depends on what the index says, never on the order in which it answers. A crawl that was
    interrupted, or that reached a limit, goes on where it stopped when it is called with the same ``since``.

    Raises:
        OutsideError: the index is down or is not an index, or the store cannot be written.
    """
    one = _Crawl(options, store, source, watcher)
    await one.discover(projects)
    asked = first_projects(projects, one.listed, options, store)
    closure = await one.levels(asked)
    summary = one.summary
    summary.added, summary.left_out = tuple(sorted(closure.added)), tuple(sorted(closure.left_out))
    summary.notes += kept_notes(summary.kept)
    summary.requests, summary.received, summary.stopped = source.requests, source.received, source.stopped
    summary.check(len(asked) + len(closure.added))
    if source.stopped is not None and (error := source.stopped.error()) is not None:
        raise error
    return summary


class _Crawl:
    def __init__(self, options: Options, store: Store, source: Source, watcher: Watcher) -> None:
        self._options = options
        self._store = store
        self._source = source
        self._watcher = watcher
        self._sites = Sites(options.indexes(), store, source)
        self._hosts = self._sites.hosts()
        self._pages = PageReader(options, store, source, self._sites)
        self._absent = Absent(options, store, source, self._sites, self._pages)
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(_WAITING)
        self._commits = Commits(store, options.started)
        self._required: set[ProjectName] = set()
        self.summary = Summary()

    @property
    def listed(self) -> Collection[ProjectName]:
        """Return the projects of the root list."""
        return self._pages.root.projects

    async def discover(self, projects: Collection[ProjectName]) -> None:
        """Ask for the root list, where that pays."""
        root = await discover(projects, self._options, self._store, self._source, self._sites.default)
        self._pages.root = root
        self.summary.notes += root.notes
        if root.problems:
            self._add(Result(problems=root.problems))

    async def levels(self, asked: Collection[ProjectName]) -> Closure:
        """Read these projects, then those that they require, and so on; return what that added."""
        closure = Closure(asked, self._options, self._store)
        level = sorted(asked, key=_hash_order)
        while level:
            await self._level(level)
            level = sorted(closure.follow(self._required), key=_hash_order)
            self._required.clear()
        return closure

    async def _level(self, projects: Collection[ProjectName]) -> None:
        """Read these projects to the end."""
        self._watcher.pages_planned(len(projects))
        due = self._looked_up(list(projects))
        workers = range(self._options.workers)
        try:
            async with asyncio.TaskGroup() as group:
                background = [group.create_task(self._commits.keep_flushing())]
                background += [group.create_task(self._read()) for _ in workers]
                await asyncio.gather(*(group.create_task(self._rest(due)) for _ in workers))
                await self._jobs.join()
                for task in background:
                    task.cancel()
        except ExceptionGroup as failed:
            error = _first(failed)
            if any(site.health.gave_up for site in self._sites.all()):
                self._commits.flush()
            raise error from None
        except asyncio.CancelledError:
            self._commits.flush()  # the user stops the crawl; what came back is not lost
            raise
        self._commits.flush()
        for one in await self._absent.decided():
            self._lacks(one)
        self._commits.flush()
        for site in self._sites.all():
            await self._absent.check(site, ended=True)
        self.summary.doubts = tuple(sorted(self._absent.doubts.values()))

    def _looked_up(self, projects: list[ProjectName]) -> Iterator[ProjectName]:
        for start in range(0, len(projects), _AT_ONCE):
            some = projects[start : start + _AT_ONCE]
            self._pages.look_up(some)
            yield from some

    async def _rest(self, due: Iterator[ProjectName]) -> None:
        for number, project in enumerate(due):
            await self._page(project)
            if number % _BREATH == 0:
                await asyncio.sleep(0)  # pages that nobody asks for must not keep what came back waiting

    async def _page(self, project: ProjectName) -> None:
        page = await self._pages.read(project)
        self.summary.pages[page.how] += 1
        if page.how == "kept":
            self._leave_kept(project, page)
        elif page.failure is not None and page.failure.code == "not-found":
            await self._absent.take(project, page)
        elif page.failure is not None:
            self._lacks(without_page(project, page, self._options, self._store, believed=False))
            await self._absent.failed(project, page.site)
        elif page.finished and not is_stale(page):
            self._leave(page)
        elif page.how not in ("left", "later"):
            await self._plan(project, page)
        self._watcher.page_done(project)

    def _lacks(self, one: Missing) -> None:
        """Store a project whose page cannot be had."""
        self._add(Result(pages=(one.page,), releases=one.releases, problems=one.problems, changes=one.changes))

    def _leave(self, page: Page) -> None:
        """Count what is known of a project with which nothing is left to do."""
        mark, known = page.mark, page.known
        self.summary.count_mark(mark.known, mark.unknown, mark.skipped)
        if mark.requires:
            self._required.update(mark.requires)
        if page.answer is not None and known is not None:
            etag = page.answer.etag or known.etag
            touched = replace(known, fetched_at=self._options.started, etag=etag, serial=serial_of(page))
            self._add(Result(touched=(touched,)))

    def _leave_kept(self, project: ProjectName, page: Page) -> None:
        """Leave a project with the index that it was read from."""
        assert page.known is not None, "it was read before"
        self._leave(page)
        self.summary.kept.append(project)
        for result in kept_results(page.known, self._options.started):
            self._add(result)

    async def _plan(self, project: ProjectName, page: Page) -> None:
        what = plan(project, page, self._options, self._store, believed=self._pages.root.believed)
        opened = what.opened
        summary = self.summary
        planned = len(what.jobs) + len(what.done)
        self._watcher.releases_planned(planned)
        summary.planned += planned
        summary.skipped.update(opened.skipped)
        summary.listed += planned + opened.skipped.total()
        for version, unknown in what.done:
            opened.count(unknown)
            self._counted(project, version, "before", unknown)
        if self._options.closure and what.done:
            self._take_stored(opened, {version for version, unknown in what.done if unknown is None})
        if what.lost:
            self._add(Result(releases=what.lost, anew=True))
        if what.listed:
            self._add(Result(releases=what.listed))
        if not what.jobs:
            self._close(opened)
        for job in what.jobs:
            if self._jobs.full():
                await self._jobs.put(job)
            else:
                self._jobs.put_nowait(job)

    def _take_stored(self, opened: Opened, versions: Collection[str]) -> None:
        """Count what releases require of which nothing new was read."""
        stored = self._store.releases([opened.project], files=False)
        opened.take(one for one in stored if one.version in versions)

    def _close(self, opened: Opened) -> None:
        """Store a project whose releases have all been read, or left for another day."""
        self._required |= opened.requires
        self._add(opened.result())

    async def _read(self) -> None:
        """Read the metadata of one release after the other, for as long as the crawl goes."""
        while True:
            job = await self._jobs.get() if self._jobs.empty() else self._jobs.get_nowait()
            opened = job.of
            if self._source.stopped is None:
                await self._read_one(job)
            else:
                opened.leave(job)
                self.summary.left += 1
            opened.waiting -= 1
            if not opened.waiting:
                self._close(opened)
            self._jobs.task_done()

    async def _read_one(self, job: Job) -> None:
        opened, version = job.of, job.release.version
        reading = Reading(
            source=self._source,
            release=job.release,
            base=opened.page.site.base or "",
            wants_imports=job.wants_imports,
            wants_builds=self._options.builds,
            audit=self._options.audit,
            hosts=self._hosts,
        )
        release = await self._run(reading)
        self.summary.unaudited += bool(reading.unaudited)
        if self._source.stopped is not None and _was_stopped(reading.problems):
            opened.leave(job)
            self.summary.left += 1
            return
        problems = (*job.problems, *reading.problems)
        if release.unknown is not None and job.kept:
            self._keep(job, release, problems)
            return
        opened.count(release.unknown)
        opened.take([release])
        self._counted(opened.project, version, release.source, release.unknown)
        self._add(Result(releases=(release,), problems=problems, texts=tuple(reading.texts), anew=job.anew))

    def _keep(self, job: Job, release: Release, problems: tuple[Problem, ...]) -> None:
        """Leave what is known of a release of which nothing can be read now."""
        opened = job.of
        if release.unknown in ANOTHER_TIME:
            opened.postpone(job)
            opened.unreached = opened.unreached or release.unknown == "unreachable"
        opened.count(None)
        if self._options.closure:
            self._take_stored(opened, {release.version})
        self._counted(opened.project, release.version, "before", None)
        self._add(Result(releases=(release,), problems=problems))

    async def _run(self, reading: Reading) -> Release:
        try:
            return await reading.run()
        except CosetError:
            raise
        except Exception as error:  # noqa: BLE001 - one file that breaks a reader must not end the crawl for all
            return reading.broken(error)

    def _counted(self, project: ProjectName, version: str, source: str, unknown: str | None) -> None:
        if unknown is None:
            self.summary.known[source] += 1
        else:
            self.summary.unknown[unknown] += 1
        self._watcher.release_done(project, version, unknown or source)

    def _add(self, result: Result) -> None:
        for problem in result.problems:
            self.summary.problems[problem.code] += 1
            self._watcher.problem(problem)
        for change in result.changes:
            self.summary.count_change(change)
        self._commits.add(result)


def _was_stopped(problems: Iterable[Problem]) -> bool:
    return any("stopped" in one.code or one.code == "imports-unread" for one in problems)


def _hash_order(project: ProjectName) -> int:
    """Spread the projects, so that two users who start together do not ask for the same ones."""
    return int.from_bytes(hashlib.blake2b(project.encode(), digest_size=8).digest())


def _first(failed: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the error that the user can act on, else the first one."""
    flat = [_first(one) if isinstance(one, BaseExceptionGroup) else one for one in failed.exceptions]
    return next((one for one in flat if isinstance(one, CosetError)), flat[0])
