"""What has come of one project so far in this crawl, and what is to be stored of it once its releases are read?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.closure import required_projects
from crawler.commits import Result
from crawler.depth import PageRelease
from crawler.due import after_failures, after_stale
from crawler.order import Options
from crawler.pagecache import Mark, pack_page, with_mark
from crawler.pagenotes import Note
from crawler.pagereader import Page
from dataset.crawlstate import Change, PageState, Problem
from dataset.records import Release
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True)
class Job:
    """One release whose metadata is to be read.

    Attributes:
        of: what has come of its project.
        problems: what is known of its files already.
        anew: whether what is read takes the place of what is known.
        kept: whether something is known that still holds where nothing can be read now.
    """

    of: "Opened"
    release: PageRelease
    wants_imports: bool
    problems: tuple[Problem, ...] = ()
    anew: bool = False
    kept: bool = False


@dataclass(slots=True)
class Opened:
    """One project between its page and the last of its releases.

    Its page is stored with the last of them, in the same transaction: a crawl that is killed before asks for it again,
    and compares it with the same former page.

    Attributes:
        waiting: releases that are still to be read.
        left: releases that a limit left for another day.
        again: versions that are to be read anew and were not yet; to begin with those that this crawl does not want.
        unreached: whether one of them could not be reached.
    """

    project: ProjectName
    page: Page
    options: Options
    stale: bool = False
    notes: tuple[Note, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    changes: tuple[Change, ...] = ()
    gone: tuple[Release, ...] = ()
    waiting: int = 0
    left: int = 0
    again: set[str] = field(default_factory=set)
    unreached: bool = False
    known: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    requires: set[ProjectName] = field(default_factory=set)

    def take(self, releases: Iterable[Release]) -> None:
        """Count what these releases require."""
        if self.options.closure:
            self.requires |= required_projects(releases)

    def count(self, unknown: str | None) -> None:
        """Count one release as known, or as unknown for a reason."""
        if unknown is None:
            self.known += 1
        else:
            self.unknown[unknown] += 1

    def leave(self, job: Job) -> None:
        """Leave a release for another day."""
        self.left += 1
        self.postpone(job)

    def postpone(self, job: Job) -> None:
        """Remember a release that is stored, so that another crawl does not take it for done."""
        if job.anew or job.kept:
            self.again.add(job.release.version)

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems of the page."""
        return tuple(Problem(self.project, "", one.file, one.code, one.detail) for one in self.notes)

    def result(self, problems: Iterable[Problem] = ()) -> Result:
        """Return what to store: the page, what it says otherwise, and what it no longer has."""
        return Result(
            releases=self.gone,
            pages=(self._state(),),
            problems=(*self.problems(), *problems),
            changes=self.changes,
        )

    def _state(self) -> PageState:
        page, started, known = self.page, self.options.started, self.page.known
        listing = page.listing
        numbered = listing.serial is not None if listing is not None else page.mark.numbered
        noted = listing.notes if listing is not None else page.mark.notes
        fails, due = 0, None
        before = known.fails if known is not None else 0
        if self.unreached or self.unknown["unreachable"]:
            fails = before + 1
            due = after_failures(started, fails)
        elif self.stale:
            fails = before + 1
            due = after_stale(started, fails)
        mark = Mark(
            index=page.site.key,
            own=page.own,
            depth="" if self.left else self.options.depth_name(self.project),
            numbered=numbered,
            stale=self.stale,
            known=self.known,
            unknown=dict(self.unknown),
            skipped=dict(self.skipped),
            requires=tuple(sorted(self.requires)) if self.options.closure else None,
            notes=noted,
            again=tuple(sorted(self.again)),
        )
        if listing is not None:
            packed, sha256, seen, etag = pack_page(listing.files, page.site.base or ""), page.sha256(), started, None
        else:
            assert known is not None, "what is not read now was read before"
            packed, sha256, seen, etag = page.packed, known.sha256, known.fetched_at, known.etag
        if page.answer is not None:
            seen, etag = started, page.answer.etag or etag
        return PageState(
            project=self.project,
            fetched_at=seen,
            etag=etag,
            sha256=sha256,
            content=with_mark(mark, packed),
            serial=self.serial(),
            due_at=due,
            fails=fails,
        )

    def serial(self) -> int | None:
        """Return the serial of the page that is stored."""
        return serial_of(self.page)


def serial_of(page: Page) -> int | None:
    """Return the serial of a page: its own where it says one, else that of the root list before it was asked for."""
    if page.listing is not None and page.listing.serial is not None:
        return page.listing.serial
    before = page.known.serial if page.known is not None else None
    if page.answer is None or page.serial is None or (page.listing is None and page.mark.numbered):
        return before
    return page.serial


def is_stale(page: Page) -> bool:
    """Return whether the page that came is older than the root list says."""
    serial = serial_of(page)
    return page.answer is not None and page.serial is not None and serial is not None and serial < page.serial
