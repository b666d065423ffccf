"""What is a crawl asked to do, and what did it do?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.depth import Depth
from crawler.indexes import Chosen, Indexes
from crawler.limits import Stop
from dataset.crawlstate import Change
from dataset.records import Timestamp
from normalize.projects import ProjectName

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to crawl, besides the projects.

    Attributes:
        index: address of the index, without the project.
        chosen: which projects are read from another one (`crawler.indexes`).
        newest: of each project, so many of the newest final releases.
        uploaded_since: all releases that were uploaded from then on, besides.
        all_releases: all of them.
        keep: versions to have besides.
        accepted: of these projects the newest releases that each specifier accepts, in place of the newest ones.
        builds: whether to read what building requires.
        audit: whether to compare what two places say of the same release, where both can be asked.
        closure: whether what the releases require is read as well.
        closure_limit: of the projects that it adds, at most so many whose pages were never asked for; None for all.
        whole: whether all projects of the root list are wanted.
        forced: whether the projects that are named are asked for although they failed not long ago.
        workers: how many things to wait for at once.
        started: the time of this crawl.
        since: what was asked for at or after this time counts as done; at most ``started``.
    """

    index: str = field(repr=False)
    started: Timestamp
    since: Timestamp
    chosen: Chosen = field(default=(), repr=False)
    newest: int = 8
    uploaded_since: Timestamp | None = None
    all_releases: bool = False
    keep: Mapping[ProjectName, frozenset[str]] = field(default_factory=dict)
    accepted: Mapping[ProjectName, tuple[str, ...]] = field(default_factory=dict)
    builds: bool = False
    audit: bool = False
    closure: bool = False
    closure_limit: int | None = None
    whole: bool = False
    forced: bool = True
    workers: int = 4

    def indexes(self) -> Indexes:
        """Return which index each project is read from."""
        slashed = tuple((pattern, url.rstrip("/") + "/") for pattern, url in self.chosen)
        return Indexes(self.index.rstrip("/") + "/", slashed)

    def names(self, project: ProjectName) -> bool:
        """Return whether a current set or requirements name the project, so that it is no find of the closure."""
        return project in self.keep or project in self.accepted

    def depth(self, project: ProjectName) -> Depth:
        """Return which releases of a project are wanted."""
        return _depth(*self._rules(project))

    def depth_name(self, project: ProjectName) -> str:
        """Return the name of that depth."""
        return _depth_name(*self._rules(project))

    def _rules(self, project: ProjectName) -> "_Rules":
        keep, accepted = self.keep.get(project, _NOTHING), self.accepted.get(project, ())
        return self.newest, self.uploaded_since, self.all_releases, keep, accepted, _ALSO[self.builds, self.audit]

    @property
    def also(self) -> str:
        """What is asked of each release beyond its requirements."""
        return _ALSO[self.builds, self.audit]


_Rules = tuple[int, Timestamp | None, bool, frozenset[str], tuple[str, ...], str]
_ALSO = {(False, False): "", (True, False): "builds", (False, True): "audit", (True, True): "builds+audit"}


@lru_cache(1_000)
def _depth(  # noqa: PLR0913, PLR0917 - as many as `Depth` has fields; most projects share theirs
    newest: int,
    since: Timestamp | None,
    everything: bool,  # noqa: FBT001
    keep: frozenset[str],
    accepted: tuple[str, ...],
    also: str,
) -> Depth:
    return Depth(newest=newest, since=since, everything=everything, keep=keep, accepted=accepted, also=also)


@lru_cache(1_000)
def _depth_name(*rules: *_Rules) -> str:
    return _depth(*rules).name()


@dataclass(slots=True)
class Summary:
    """What a crawl did; it adds up.

    Attributes:
        pages: how the projects came to be known -> number: ``read``; ``unchanged`` (the index says so of the page);
            ``settled`` (the root list says so); ``resumed`` (done before the crawl was interrupted); ``failed``;
            ``later`` (failed not long ago, due another time); ``left`` (a limit was reached before); ``kept`` (another
            index has the project).
        listed: releases on their pages.
        skipped: of these, those whose metadata nobody wanted: reason -> number.
        planned: the others.
        known: of the planned, where it comes from -> number; ``before`` means an earlier crawl.
        unknown: of the planned, why it is not known -> number.
        left: of the planned, those that a limit left for another day.
        problems: code -> number, of this crawl.
        changes: kind -> number.
        added: the projects that the closure brought, sorted.
        left_out: those that it would have brought without its limit, sorted.
        unaudited: releases of which an audit has not compared all wheels, because there are so many.
        stopped: the limit that was reached, or None.
        notes: what those who run the crawl should know, such as a root list that is not believed.
        kept: the projects that were left as they are (`crawler.kept`).
        doubts: why an index is not believed that found no page, or too few; nothing is stored of what it lacks.
    """

    pages: Counter[str] = field(default_factory=Counter)
    listed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    planned: int = 0
    known: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    left: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    added: tuple[ProjectName, ...] = ()
    left_out: tuple[ProjectName, ...] = ()
    unaudited: int = 0
    requests: int = 0
    received: int = 0
    stopped: Stop | None = None
    notes: list[str] = field(default_factory=list)
    kept: list[ProjectName] = field(default_factory=list)
    doubts: tuple[str, ...] = ()

    def count_mark(self, known: int, unknown: Mapping[str, int], skipped: Mapping[str, int]) -> None:
        """Count the releases of a project with which nothing was left to do."""
        if known:
            self.known["before"] += known
        planned = known
        for reason, number in unknown.items():
            self.unknown[reason] += number
            planned += number
        self.planned += planned
        self.listed += planned
        for reason, number in skipped.items():
            self.skipped[reason] += number
            self.listed += number

    def count_change(self, change: Change) -> None:
        """Count what the index says otherwise than before."""
        self.changes[change.kind] += 1

    def check(self, projects: int) -> None:
        """Assert that nothing was lost: whatever was planned is known, or has a reason, or is left for another day."""
        assert self.pages.total() == projects, "every project's page was read or has a reason"
        assert self.listed == self.planned + self.skipped.total(), "every release on a page is wanted or has a reason"
        assert self.planned == self.known.total() + self.unknown.total() + self.left, "every planned release counts"
