"""How does a crawl go? Pages, then the metadata of the releases that matter, then the projects that these require."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from crawler.closure import required_projects
from crawler.depth import PageRelease, planned, releases
from crawler.fetch import Answer, Failure, Fetcher, Request
from crawler.filenames import parse_filename
from crawler.ladder import Reading
from crawler.locations import base_of, shown
from crawler.order import Options, Summary
from crawler.pagecache import pack_page, unpack_page
from crawler.pages import ACCEPT, BadPage, PageFile, parse_page
from crawler.progress import Watcher
from dataset.crawlstate import PageState, Problem, Progress
from dataset.records import Release
from dataset.store import Store
from normalize.errors import CosetError, OutsideError
from normalize.projects import ProjectName
from normalize.versions import parse_version

_MOST_PAGE = 64 << 20
_BATCH = 200
_WAITING = 256
_BAD_IN_A_ROW = 3
"""So many pages that fail one after the other, before any was good, mean that the index itself is wrong."""

_DOWN_IN_A_ROW = 10
_FINAL = frozenset({"sdist-dynamic", "no-readable-file"})
"""Reasons that stay true until the page changes."""

FILES_BASE, INDEX = "files_base", "index"
"""Settings of the store: where files lie, and which index was read. They stay on this machine."""


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
class _Page:
    how: str
    state: PageState
    files: tuple[PageFile, ...] | None
    detail: str = ""


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
        self._index = options.index.rstrip("/") + "/"
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(_WAITING)
        self._results: asyncio.Queue[_Result] = asyncio.Queue(_WAITING)
        self._planned: dict[ProjectName, frozenset[str]] = {}
        self._good = 0
        self._bad_in_a_row = 0
        self._last = Failure("unreachable", "")
        self._gave_up = False
        self.summary = Summary()
        fetcher.allow(self._index)
        same_index = store.setting(INDEX) == shown(self._index)
        self._trusts_pages = same_index  # validators and times of another index say nothing about this one
        self._base = options.files_base or (store.setting(FILES_BASE) if same_index else None)
        if self._base is not None:
            self._set_base(self._base)
        if not same_index:
            store.set_setting(INDEX, shown(self._index))

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
                    if self._base is not None and self._good:
                        break
                await asyncio.gather(*(group.create_task(self._pages(due)) for _ in range(self._options.workers)))
                await self._jobs.join()
                await self._results.join()
                for task in background:
                    task.cancel()
        except ExceptionGroup as failed:
            if self._gave_up:
                self._commit(list(_drained(self._results)))
            raise _first(failed) from None
        except asyncio.CancelledError:
            self._commit(list(_drained(self._results)))  # the user stops the crawl; what came back is not lost
            raise
        if self._bad_in_a_row and not self._good:
            raise self._not_an_index()

    def required(self, projects: Collection[ProjectName]) -> set[ProjectName]:
        """Return what the planned releases of these projects require on some target, without any extra."""
        found = self._store.releases(projects)
        return required_projects(one for one in found if one.version in self._planned.get(one.project, ()))

    async def _pages(self, due: Iterator[ProjectName]) -> None:
        for project in due:
            await self._page(project)

    async def _page(self, project: ProjectName) -> None:
        known = self._store.page(project) if self._trusts_pages else None
        page = await self._page_state(project, known)
        self.summary.pages[page.how] += 1
        if page.files is not None:
            await self._plan(page.state, page.files, changed=page.how == "read")
        elif page.how == "failed":
            problem = Problem(project, "", "", page.state.problem or "", page.detail)
            await self._commit_later(_Result(pages=(page.state,), problems=(problem,)))
        self._watcher.page_done(project)

    async def _page_state(self, project: ProjectName, known: PageState | None) -> _Page:
        started = self._options.started
        content = known.content if known is not None else None
        if known is not None and known.fetched_at >= self._options.since and known.problem != "unreachable":
            files = None if known.problem is not None or content is None else self._unpacked(content)
            self._good += 1
            return _Page("resumed", known, files)
        headers = {"Accept": ACCEPT}
        if known is not None and known.etag is not None and content is not None:
            headers["If-None-Match"] = known.etag
        answer = await self._fetcher.get(
            Request(url=urljoin(self._index, f"{project}/"), lane="index", cap=_MOST_PAGE, headers=headers)
        )
        if isinstance(answer, Answer) and known is not None and content is not None:
            same = answer.status == 304 or hashlib.sha256(answer.body).hexdigest() == known.sha256
            if same:
                self._answered()
                unchanged = replace(known, fetched_at=started, problem=None)
                return _Page("unchanged", unchanged, self._unpacked(content))
        parsed = self._parsed(answer)
        if isinstance(parsed, Failure):
            self._failed(parsed)
            state = PageState(
                project=project,
                fetched_at=started,
                etag=known.etag if known is not None else None,
                sha256=known.sha256 if known is not None else None,
                problem=parsed.code,
                content=content,
            )
            return _Page("failed", state, None, parsed.detail)
        assert isinstance(answer, Answer)
        self._answered()
        if self._base is None:
            urls = (one.url for one in parsed if one.url and parse_filename(one.name, project) is not None)
            self._set_base(next((base_of(url) for url in urls), None))
        packed = pack_page(parsed, self._base or "")
        state = PageState(
            project=project,
            fetched_at=started,
            etag=answer.etag,
            sha256=hashlib.sha256(answer.body).hexdigest(),
            content=packed,
        )
        return _Page("read", state, self._unpacked(packed))

    def _parsed(self, answer: Answer | Failure) -> tuple[PageFile, ...] | Failure:
        if isinstance(answer, Failure):
            return answer
        if answer.status != 200:
            return Failure("bad-page", f"status {answer.status} without being asked for it")
        try:
            return parse_page(answer.body, answer.url)
        except BadPage as error:
            return Failure(error.code, error.detail)
        except Exception as error:  # noqa: BLE001 - one page that breaks the reader must not end the crawl for all
            return Failure("reader-broken", type(error).__name__)

    def _unpacked(self, content: bytes) -> tuple[PageFile, ...]:
        return unpack_page(content, self._base or "")

    def _set_base(self, base: str | None) -> None:
        if base is None:
            return
        self._base = base
        self._fetcher.allow(base)
        if self._store.setting(FILES_BASE) != shown(base):
            self._store.set_setting(FILES_BASE, shown(base))

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
        in_this_crawl = self._trusts_pages and progress.attempted >= self._options.since
        return progress if in_this_crawl or (progress.unknown in _FINAL and not changed) else None

    async def _read(self) -> None:
        """Read the metadata of one release after the other, for as long as the crawl goes."""
        while True:
            job = await self._jobs.get()
            reading = Reading(self._fetcher, job.release, self._base or "", job.wants_imports)
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

    def _answered(self) -> None:
        self._good += 1
        self._bad_in_a_row = 0

    def _failed(self, failure: Failure) -> None:
        if failure.code == "not-found":  # an index says that of a project that does not exist
            self._bad_in_a_row = 0
            return
        self._bad_in_a_row += 1
        self._last = failure
        if self._bad_in_a_row >= (_DOWN_IN_A_ROW if self._good else _BAD_IN_A_ROW):
            raise self._not_an_index()

    def _not_an_index(self) -> OutsideError:
        self._gave_up = True
        last = self._last
        pages = "a project page" if self._bad_in_a_row == 1 else f"{self._bad_in_a_row} project pages"
        what = "does not answer" if last.transient else "does not answer as a package index does"
        return OutsideError(
            f"the index {shown(self._index)} {what} ({last.detail}), asked for {pages}",
            hint="check --index and the network, then run the same command again; nothing stored is lost",
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
