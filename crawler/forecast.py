"""What would a crawl ask for, and how long would that take? Told without asking for anything but the root list."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from crawler.discover import discover, first_projects
from crawler.order import Options
from crawler.pagereader import PageReader
from crawler.planning import plan
from crawler.sites import Sites
from crawler.source import Lane, Source
from dataset.store import Store
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a crawl would do.

    Attributes:
        projects: that it would begin with.
        pages: to ask for.
        settled: projects with which nothing is to be done, or not yet.
        releases: whose metadata is known to be missing.
        guessed: releases whose metadata may be missing on the pages that nobody has read yet, at most.
        further: projects that the closure may add, at most.
        requests: at most, in all.
        seconds: that these take at the configured rates.
        notes: about the root list.
    """

    projects: int
    pages: int
    settled: int
    releases: int
    guessed: int
    further: int
    requests: int
    seconds: float
    notes: tuple[str, ...]


async def forecast(
    projects: Collection[ProjectName], options: Options, store: Store, source: Source, rates: Mapping[Lane, float]
) -> Forecast:
    """Return what the same crawl would ask for now.

    A page that was read before and may have changed is counted as a page alone, because most have not.

    Raises:
        OutsideError: all projects are wanted, and the index does not list them.
    """
    sites = Sites(options.indexes(), store, source)
    pages = PageReader(options, store, source, sites)
    pages.root = await discover(projects, options, store, source, sites.default)
    counted: Counter[str] = Counter()
    asked = first_projects(projects, pages.root.projects, options, store)
    for project in sorted(asked):
        page = pages.stored(project)
        if page is None:
            counted["pages"] += 1
            counted["guessed"] += 0 if store.page(project) is not None else _most(options, project)
        elif page.finished:
            counted["settled"] += 1
        else:
            jobs = plan(project, page, options, store, believed=pages.root.believed).jobs
            counted["releases"] += len(jobs)
    further = options.closure
    guessed = counted["guessed"] + further * options.newest
    files = counted["releases"] + guessed
    on_pages = counted["pages"] + further
    return Forecast(
        projects=len(asked),
        pages=counted["pages"],
        settled=counted["settled"],
        releases=counted["releases"],
        guessed=guessed,
        further=further,
        requests=source.requests + on_pages + files,
        seconds=on_pages / rates["index"] + files / rates["files"],
        notes=pages.root.notes,
    )


def _most(options: Options, project: ProjectName) -> int:
    depth = options.depth(project)
    return depth.newest * max(1, len(depth.accepted)) + len(depth.keep) + 1  # and one tail, for the import names
