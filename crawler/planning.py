"""What is to be done with a project's page: what does it say newly, and the metadata of which releases is missing?"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from crawler.anew import Anew, read_anew
from crawler.changes import Difference, compared, marked_gone, missing
from crawler.depth import PageRelease, releases, wanted
from crawler.due import after_failures, in_a_week
from crawler.opened import Job, Opened, is_stale
from crawler.order import Options
from crawler.pagecache import Mark, with_mark
from crawler.pagenotes import Note
from crawler.pagereader import Page
from dataset.crawlstate import Change, PageState, Problem, Progress
from dataset.records import LISTED, Release
from dataset.store import Store
from normalize.projects import ProjectName

ANOTHER_TIME = frozenset({"unreachable", "reader-broken", "stopped"})
"""Reasons that may not hold another time. All others stay true until the page changes, or until rules do: for that the
texts are stored."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    Attributes:
        opened: the project.
        listed: what the page says newly of releases, besides what is known of them.
        lost: what the page says of releases of which nothing that is known holds any more.
        jobs: the releases to read.
        done: (version, why it is unknown or None) of the wanted releases with which nothing is left to do.
    """

    opened: Opened
    listed: tuple[Release, ...]
    lost: tuple[Release, ...]
    jobs: tuple[Job, ...]
    done: tuple[tuple[str, str | None], ...]


def plan(project: ProjectName, page: Page, options: Options, store: Store, *, believed: bool) -> Plan:
    """Return what to do with a page that is there.

    Args:
        project: whose page it is.
        page: as it was read just now, or as it is stored.
        options: of the crawl.
        store: what is known of the project's releases.
        believed: whether what is gone may be marked so.
    """
    files = page.listing.files if page.listing is not None else page.stored_files()
    found, odd = releases(project, files)
    want = wanted(found, options.depth(project))
    progress = store.progress(project)
    backwards = _went_back(page)
    difference, before, anew = _difference(project, page, found, progress, options, store)
    again = {*anew.versions, *page.mark.again}
    chosen = {one.version for one in want.releases}
    opened = Opened(
        project=project,
        page=page,
        options=options,
        stale=is_stale(page),
        notes=(*_noted(page), *odd, *want.unmet, *backwards),
        skipped=Counter(want.skipped),
        changes=tuple(one for one in difference.changes if _sure(one, believed=believed and not backwards)),
        gone=difference.gone if believed and not backwards else (),
        again=again - chosen,
    )
    more = bool(options.also) and not set(options.also.split("+")) <= set(_also(page))
    jobs: list[Job] = []
    done: list[tuple[str, str | None]] = []
    tells = _tells(want.releases)
    for one in want.releases:
        version, known = one.version, progress.get(one.version)
        if version not in again and _is_done(known, page, options, anew=more):
            assert known is not None, "what is not known is not done"
            done.append((version, known.unknown))
        else:
            kept = known is not None and known.unknown is None and version not in anew.lost
            problems = anew.lost.get(version, ())
            jobs.append(Job(opened, one, one is tells, problems, anew=version in again, kept=kept))
    opened.waiting = len(jobs)
    new = found if page.listing is not None else ()
    listed, lost = _told(new, before, progress, anew, {job.release.version for job in jobs})
    return Plan(opened, listed, lost, tuple(jobs), tuple(done))


def _told(
    found: Iterable[PageRelease],
    before: Iterable[PageRelease],
    progress: Mapping[str, Progress],
    anew: Anew,
    jobs: Collection[str],
) -> tuple[tuple[Release, ...], tuple[Release, ...]]:
    """Return what a page says newly of releases, and of those of which nothing that is known holds any more."""
    old = {one.version: one.listed() for one in before}
    listed: list[Release] = []
    lost: list[Release] = []
    for one in found:
        version, known, now = one.version, progress.get(one.version), one.listed()
        files = anew.files.get(version, ())
        if version in anew.lost or (known is not None and known.unknown == LISTED and version in anew.versions):
            lost.append(replace(now, files=files))
        elif files:
            listed.append(replace(now, files=files))
        elif version not in jobs and (old.get(version) != now or (known is not None and known.gone is not None)):
            listed.append(now)
    return tuple(listed), tuple(lost)


def _tells(wanted: Collection[PageRelease]) -> PageRelease | None:
    """Return the release of which import names are wanted: the newest that has a wheel, else that has an sdist."""
    for kind in ("wheel", "sdist"):
        for one in wanted:
            if any(said.kind == kind for _, said in one.files):
                return one
    return None


def _also(page: Page) -> list[str]:
    """Return what was asked of each release beyond its requirements."""
    return page.mark.depth.rpartition(",")[2].split("+")


def _is_done(known: Progress | None, page: Page, options: Options, *, anew: bool) -> bool:
    """Return whether nothing is left to ask of a release."""
    if known is None or (known.unknown is not None and known.attempted is None):
        return False
    in_this_crawl = known.attempted is not None and known.attempted >= options.since
    if known.unknown is None:
        return in_this_crawl or not anew
    if known.unknown in ANOTHER_TIME:
        return False
    return in_this_crawl or (page.listing is None and not anew)


def _difference(  # noqa: PLR0913, PLR0917 - two states of a page, and what the store says
    project: ProjectName,
    page: Page,
    found: tuple[PageRelease, ...],
    progress: Mapping[str, Progress],
    options: Options,
    store: Store,
) -> tuple[Difference, tuple[PageRelease, ...], Anew]:
    """Return what is new, the releases of the former page, and those that are to be read anew."""
    if page.listing is None or not progress:
        return Difference(), (), Anew()
    known = page.known or store.page(project)  # an index may have lost what another one has
    before, _ = releases(project, page.stored_files())
    anew = read_anew(before, found, progress, lambda: store.releases([project]), page.site.base or "")
    if known is not None and known.gone is not None:
        difference = Difference((Change(project, "", "project-back", known.gone, "", options.started),))
    elif before or page.known is not None:
        difference = compared(before, found, progress, options.started)
    else:
        difference = missing(store.releases([project], files=False), found, options.started)
    return difference, before, anew


def _sure(change: Change, *, believed: bool) -> bool:
    return believed or change.kind not in ("release-gone", "file-gone")


def _went_back(page: Page) -> tuple[Note, ...]:
    """Return a note where the page has a lower serial than the one that is stored."""
    serial = page.listing.serial if page.listing is not None else None
    before = page.known.serial if page.known is not None and page.mark.numbered else None
    if serial is None or before is None or serial >= before:
        return ()
    return (Note("index-regression", "", f"the page's serial went back from {before} to {serial}"),)


def _noted(page: Page) -> tuple[Note, ...]:
    notes = page.listing.notes if page.listing is not None else page.mark.notes
    if not is_stale(page):
        return notes
    return (*notes, Note("stale-page", "", f"the root list promised serial {page.serial}"))


@dataclass(frozen=True, slots=True)
class Missing:
    """What to store of a project whose page cannot be had."""

    page: PageState
    problems: tuple[Problem, ...]
    releases: tuple[Release, ...] = ()
    changes: tuple[Change, ...] = ()


def without_page(project: ProjectName, page: Page, options: Options, store: Store, *, believed: bool) -> Missing:
    """Return what to store of a project whose page failed; one that the index dropped is marked, with its releases."""
    failure, known, started = page.failure, page.known, options.started
    assert failure is not None, "a page that failed says why"
    absent = failure.code == "not-found"
    fails = 0 if absent else (known.fails if known is not None else 0) + 1
    releases_there: tuple[Release, ...] = ()
    changes: tuple[Change, ...] = ()
    gone = known.gone if known is not None else None
    if absent and believed and gone is None:
        stored = [one for one in store.releases([project], files=False) if one.gone is None]
        if stored or page.packed:
            gone = started
            releases_there = tuple(marked_gone(one, started) for one in stored)
            changes = (Change(project, "", "project-gone", "", "", started),)
    mark = Mark(
        index=page.site.key, own=page.own, notes=page.mark.notes, numbered=page.mark.numbered, again=page.mark.again
    )
    state = PageState(
        project=project,
        fetched_at=started,
        etag=known.etag if known is not None else None,
        sha256=known.sha256 if known is not None else None,
        problem=failure.code,
        content=with_mark(mark, page.packed),
        serial=known.serial if known is not None else None,
        due_at=in_a_week(started) if absent else after_failures(started, fails),
        fails=fails,
        gone=gone,
    )
    problem = Problem(project, "", "", failure.code, failure.detail)
    return Missing(state, (problem,), releases_there, changes)
