"""What would a crawl ask for, and how long would that take? Told without asking for anything but the root list."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from crawler.closure import Closure, required_projects
from crawler.discover import discover, first_projects
from crawler.ladder import MOST_AUDITED
from crawler.opened import Job
from crawler.order import Options
from crawler.pagereader import Page, PageReader
from crawler.planning import plan
from crawler.sites import Sites
from crawler.source import Lane, Source
from dataset.store import Store
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a crawl would do, as far as the dataset tells.

    Attributes:
        projects: that it would begin with.
        further: projects that the closure is known to add.
        pages: to ask for.
        unread: of these, those of which the dataset has none.
        settled: projects with which nothing is to be done, or not yet.
        releases: whose metadata is known to be missing.
        guessed: releases whose metadata may be missing on the pages that are unread, at most; of those that only the
            index can count, none is.
        requests: for all of this, about.
        seconds: that these take at the configured rates.
        unknown: what only the index can tell, so that it takes more than is said here.
        notes: about the root list.
    """

    projects: int
    further: int
    pages: int
    unread: int
    settled: int
    releases: int
    guessed: int
    requests: int
    seconds: float
    unknown: tuple[str, ...]
    notes: tuple[str, ...]


async def forecast(
    projects: Collection[ProjectName], options: Options, store: Store, source: Source, rates: Mapping[Lane, float]
) -> Forecast:
    """Return what the same crawl would ask for now, where no page that was read before has changed: most have not.

    Raises:
        OutsideError: all projects are wanted, and the index does not list them.
    """
    sites = Sites(options.indexes(), store, source)
    pages = PageReader(options, store, source, sites)
    pages.root = await discover(projects, options, store, source, sites.default)
    asked = first_projects(projects, pages.root.projects, options, store)
    one = _Forecast(options, store, pages)
    closure = Closure(asked, options, store)
    level = asked
    while level:
        level = closure.follow({required for project in sorted(level) for required in one.project(project)})
    counted = one.counted
    on_pages, files = counted["pages"], counted["files"]
    return Forecast(
        projects=len(asked),
        further=len(closure.added),
        pages=on_pages,
        unread=counted["unread"],
        settled=counted["settled"],
        releases=counted["releases"],
        guessed=counted["guessed"],
        requests=source.requests + on_pages + files,
        seconds=on_pages / rates["index"] + files / rates["files"],
        unknown=tuple(one.unknown()),
        notes=pages.root.notes,
    )


class _Forecast:
    def __init__(self, options: Options, store: Store, pages: PageReader) -> None:
        self._options = options
        self._store = store
        self._pages = pages
        self.counted: Counter[str] = Counter()

    def project(self, project: ProjectName) -> Collection[ProjectName]:
        """Count what is to be asked for of a project; return what it is known to require."""
        page = self._pages.stored(project)
        if page is None:
            self.counted["pages"] += 1
            page = self._pages.unchanged(project)
            if page is None:
                self._unread(project)
                return ()
        elif page.finished:
            self.counted["settled"] += 1
        return (page.mark.requires or ()) if page.finished else self._planned(project, page)

    def _unread(self, project: ProjectName) -> None:
        known = self._store.page(project)
        if known is not None and (known.problem == "not-found" or known.gone is not None):
            return  # most likely it still is
        depth = self._options.depth(project)
        releases = depth.newest * max(1, len(depth.accepted)) + len(depth.keep)
        self.counted["unread"] += 1
        self.counted["guessed"] += releases
        self.counted["files"] += releases * (2 if self._options.builds else 1) + 1  # and one tail, for the import names

    def _planned(self, project: ProjectName, page: Page) -> Collection[ProjectName]:
        what = plan(project, page, self._options, self._store, believed=self._pages.root.believed)
        self.counted["releases"] += len(what.jobs)
        self.counted["files"] += sum(_requests(job, self._options) for job in what.jobs)
        self.counted["to read"] += bool(what.jobs)
        if not self._options.closure:
            return ()
        done = {version for version, _ in what.done}
        stored = self._store.releases([project], files=False)
        return required_projects(one for one in stored if one.version in done)

    def unknown(self) -> Iterator[str]:
        """Yield what only the index can tell."""
        options, unread = self._options, self.counted["unread"]
        where = f"the pages of {_projects(unread)}, which were never read"
        if unread and (options.all_releases or options.uploaded_since is not None):
            yield f"how many releases are on {where}"
        if unread and options.audit:
            yield f"how many wheels are on {where}"
        reading = unread + self.counted["to read"]
        if reading and options.closure:
            yield f"what the unread releases of {_projects(reading)} require"


def _projects(number: int) -> str:
    return "1 project" if number == 1 else f"{number:,} projects"


def _requests(job: Job, options: Options) -> int:
    """Return how many requests it takes to read a release where its first wheel can be read, as `crawler.ladder` does.

    A wheel's tail may take up to three; it is counted as one.
    """
    wheels = [one for one, said in job.release.files if said.kind == "wheel"]
    sdists = any(said.kind == "sdist" for _, said in job.release.files)
    needed = 0
    if wheels:
        needed = min(len(wheels), MOST_AUDITED) if options.audit else 1
        needed += job.wants_imports or wheels[0].metadata_sha256 is None
    return needed + (sdists and (options.builds or not wheels))
