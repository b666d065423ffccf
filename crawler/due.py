"""Is a project to be asked for again, and when next? Each by itself: one that is stuck keeps no other waiting."""

import datetime as dt
from typing import Literal

from crawler.order import Options
from crawler.pagecache import Mark
from dataset.crawlstate import PageState
from dataset.records import Timestamp
from normalize.projects import ProjectName

Verdict = Literal["ask", "look", "settled", "resumed", "later"]
"""``ask`` the index; ``look`` at what is stored, for there is more to do with it; ``settled``, ``resumed``: nothing to
do, because the root list says so, or because this crawl has done it; ``later``: it failed not long ago."""

_FIRST, _LONGEST = dt.timedelta(hours=6), dt.timedelta(days=7)
_STALE = (dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(days=1))
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def verdict(known: PageState | None, mark: Mark, options: Options, project: ProjectName, serial: int | None) -> Verdict:
    """Return what to do about a project.

    Args:
        known: what the store has of its page; None for nothing that counts.
        mark: of that page.
        options: of the crawl.
        project: which.
        serial: what the root list says; None where it does not, or where there is none.
    """
    if known is None:
        return "ask"
    done = known.fetched_at >= options.since
    waiting = known.due_at is not None and known.due_at > options.started
    if known.problem is not None:
        if done and known.problem != "unreachable":
            return "resumed"  # that there is no such page is an answer
        if known.gone is not None and serial is not None:
            return "ask"
        asked_for = options.forced or (known.problem == "not-found" and options.names(project))
        return "later" if waiting and not asked_for else "ask"
    whole = finished(known, mark, options, project)
    if done and not mark.stale:
        return "resumed" if whole else "look"
    if serial is None:
        return "ask"
    if known.serial is not None and serial <= known.serial:
        return "settled" if whole else "look"
    return "later" if mark.stale and waiting and not options.forced else "ask"


def finished(known: PageState, mark: Mark, options: Options, project: ProjectName) -> bool:
    """Return whether all that is wanted of a project's releases has been done, as long as its page stays as it is."""
    if mark.depth != options.depth_name(project) or (options.closure and mark.requires is None):
        return False
    return known.due_at is None or (known.due_at > options.started and not options.forced)


def after_failures(started: Timestamp, fails: int) -> Timestamp:
    """Return when to try again after so many crawls in a row that failed: 6 hours, twice as many each time, 7 days.

    >>> after_failures(Timestamp("2026-05-01T10:00:00Z"), 2)
    '2026-05-01T22:00:00Z'
    """
    return _later(started, min(_FIRST * 2 ** min(fails - 1, 8), _LONGEST))


def after_stale(started: Timestamp, fails: int) -> Timestamp:
    """Return when to ask again for a page that was older than the root list says: in 10 minutes, an hour, a day."""
    return _later(started, _STALE[min(fails, len(_STALE)) - 1])


def in_a_week(started: Timestamp) -> Timestamp:
    """Return when to look again for a project that the index does not have."""
    return _later(started, _LONGEST)


def day_before(started: Timestamp) -> Timestamp:
    """Return the time a day earlier."""
    return _later(started, -dt.timedelta(days=1))


def _later(time: Timestamp, by: dt.timedelta) -> Timestamp:
    return Timestamp((dt.datetime.strptime(time, _FORMAT).replace(tzinfo=dt.UTC) + by).strftime(_FORMAT))
