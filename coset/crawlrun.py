"""How is a crawl run for a user? With the lock, the dataset, the limits and the display that it needs."""

import asyncio
import datetime as dt
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from coset import terminal
from coset.crawlindexes import crawl_indexes
from coset.crawljob import MOST_WITHOUT_CONTACT, Job
from coset.crawlprogress import Shown
from coset.pipindex import own_addresses
from coset.until import until
from coset.writelock import only_writer
from crawler.crawl import crawl
from crawler.credentials import Credentials
from crawler.depth import NOTHING_ACCEPTED
from crawler.fetch import Fetcher
from crawler.forecast import forecast
from crawler.indexes import Indexes
from crawler.ladder import MOST_AUDITED
from crawler.limits import Limits
from crawler.localsource import LocalSource, folder_of
from crawler.locations import without_user
from crawler.manners import Manners
from crawler.order import Options, Summary
from crawler.pace import SystemClock
from crawler.progress import Nobody
from crawler.sites import learn_hosts
from crawler.source import Lane, Source
from crawler.sources import Several
from crawler.unwritten import Unwritten
from dataset.crawlstate import PageState, Problem
from dataset.records import Timestamp
from dataset.store import Store
from normalize.errors import OutsideError, UsageError

_BEGUN, _ENDED, _INDEX = "crawl_begun", "crawl_ended", "index"
"""Settings of the dataset: when the crawl that has not come to its end began, so that it goes on from there; when the
last one that did began; and which index was read."""

_NO_INDEX = (
    "is the address right? check --index, which usually ends in /simple/; nothing that it lacks was marked as gone"
)
_MOST_NOTES = 20
_RATES: dict[Lane, float] = {"index": 8.0, "files": 16.0}

Outcome = TypeVar("Outcome")


def run_crawl(job: Job, db: Path, *, quiet: bool, verbose: bool) -> dict[str, Any]:
    """Crawl, and return the summary as JSON has it.

    Raises:
        UsageError: an index or a limit cannot be meant.
        OutsideError: the index or the disk failed, or there is no index at the address.
    """
    indexes, known = crawl_indexes(job, quiet=quiet)
    now = dt.datetime.now(dt.UTC)
    limits = _limits(job, now)
    show = nullcontext(Nobody()) if quiet else Shown(verbose=verbose)
    with only_writer(db, "a crawl"), Store.create(db) as store, show as watcher:
        options = _options(job, indexes, store, now)
        store.set_setting(_INDEX, without_user(indexes.default))
        store.set_setting(_BEGUN, options.since)
        learn_hosts(store, own_addresses())

        async def work(source: Source) -> Summary:
            return await crawl(job.projects, options, store, source, watcher)

        summary = asyncio.run(_with_source(job, known, indexes.addresses(), limits, work))
        if summary.stopped is None:
            store.set_setting(_BEGUN, None)
            store.set_setting(_ENDED, options.started)
        store.keep_digest()
        counts, problems = store.counts(), store.problems()
        gone = [one.project for one in problems if one.code == "not-found" and not one.version]
        missing = [project for project in gone if project in job.projects and project not in summary.kept]
        lacked = store.pages(missing[:_MOST_NOTES])
    unmet = _unmet(job, problems)
    if summary.doubts:
        raise OutsideError("; ".join(summary.doubts), hint=_NO_INDEX)
    for project in sorted(lacked):
        terminal.note(f"note: {_lack(lacked[project])}", quiet=quiet)
    summary.notes += _remarks(summary, unmet)
    for text in summary.notes:
        terminal.note(f"note: {text}", quiet=quiet)
    return {
        "pages": dict(sorted(summary.pages.items())),
        "added": list(summary.added),
        "left_out": list(summary.left_out),
        "listed": summary.listed,
        "skipped": dict(sorted(summary.skipped.items())),
        "planned": summary.planned,
        "known": dict(sorted(summary.known.items())),
        "unknown": dict(sorted(summary.unknown.items())),
        "left": summary.left,
        "problems": dict(sorted(summary.problems.items())),
        "changes": dict(sorted(summary.changes.items())),
        "not_on_index": missing,
        "unmet": unmet,
        "kept": sorted(summary.kept),
        "notes": summary.notes,
        "stopped": None if summary.stopped is None else summary.stopped.detail,
        "needs_contact": summary.stopped is not None and summary.stopped.reason == "contact",
        "requests": summary.requests,
        "bytes": summary.received,
        "dataset": {
            "projects": counts.projects,
            "releases": counts.releases,
            "known": counts.known,
            "listed": counts.listed,
            "unknown": dict(counts.unknown),
        },
    }


def _lack(page: PageState) -> str:
    if page.gone is not None:
        return f"the index has the project {page.project!r} no longer, since {page.gone[:10]} or before"
    return f"the index has no project {page.project!r}; check the spelling"


def _unmet(job: Job, problems: Iterable[Problem]) -> list[str]:
    """Return the wanted requirements that no release on the index meets."""
    found = {(one.project, one.detail) for one in problems if one.code == NOTHING_ACCEPTED}
    return [
        f"{project}{text}"
        for project, texts in sorted(job.accepted.items())
        for text in texts
        if (project, text) in found
    ]


def _remarks(summary: Summary, unmet: Sequence[str]) -> Iterator[str]:
    """Yield what was asked for and not done."""
    yield from (f"the index has no release that meets {one}" for one in unmet[:_MOST_NOTES])
    if len(unmet) > _MOST_NOTES:
        yield f"the index has none for {len(unmet) - _MOST_NOTES:,} further requirements; --json names them"
    if summary.unaudited:
        releases = "1 release has" if summary.unaudited == 1 else f"{summary.unaudited:,} releases have"
        yield f"{releases} more wheels than the {MOST_AUDITED} that --audit compares; the others were not read"
    if summary.left_out:
        number = len(summary.left_out)
        what = f"{number:,} projects that are required were" if number > 1 else "1 project that is required was"
        yield f"{what} left out by --closure-limit; run the same command again to go on, or raise it"


def run_forecast(job: Job, db: Path, *, quiet: bool) -> dict[str, Any]:
    """Return what the same crawl would ask for, as JSON has it; the dataset is read and not written.

    Raises:
        UsageError: an index or a limit cannot be meant.
        OutsideError: the index or the disk failed.
    """
    indexes, known = crawl_indexes(job, quiet=quiet)
    now = dt.datetime.now(dt.UTC)
    limits = _limits(job, now)
    with tempfile.TemporaryDirectory() as folder:
        path = db
        if not db.exists():
            path = Path(folder) / "x.db"
            Store.create(path).close()
        with Unwritten.open(path) as store:
            options = _options(job, indexes, store, now)

            async def work(source: Source) -> dict[str, Any]:
                found = await forecast(job.projects, options, store, source, _rates(job))
                return {**asdict(found), "asked": source.requests}

            found = asyncio.run(_with_source(job, known, indexes.addresses(), limits, work))
    try:
        job.check_contact()
    except UsageError as error:
        terminal.note(f"note: {error.sentence}; the dry run needs none", quiet=quiet)
    else:
        if found["requests"] > MOST_WITHOUT_CONTACT and not (job.contact or job.is_folder):
            terminal.note(f"note: without --contact the crawl ends at {MOST_WITHOUT_CONTACT:,} requests", quiet=quiet)
    return found


async def _with_source(
    job: Job,
    known: Credentials,
    addresses: Sequence[str],
    limits: Limits,
    work: Callable[[Source], Coroutine[Any, Any, Outcome]],
) -> Outcome:
    manners = Manners(
        agent=f"coset/{_version()}",
        contact=job.contact,
        connections=job.connections,
        rates=_rates(job),
        trust_environment=True,
    )
    unasked = replace(limits, without_contact=None)  # of a folder nobody needs to know who reads it
    folders = [LocalSource(folder_of(one), limits=unasked) for one in addresses if one.startswith("file:")]
    if len(folders) == len(addresses) == 1:
        return await work(folders[0])
    async with Fetcher(manners, SystemClock(), limits=limits, credentials=known) as fetcher:
        return await work(Several(fetcher, folders) if folders else fetcher)


def _options(job: Job, indexes: Indexes, store: Store, now: dt.datetime) -> Options:
    started = _time(now)
    ended = store.setting(_ENDED)
    if ended is not None and started <= ended <= _time(now + dt.timedelta(minutes=1)):
        # crawls within one second are not one crawl
        started = _time(dt.datetime.fromisoformat(ended) + dt.timedelta(seconds=1))
    begun = store.setting(_BEGUN) if store.setting(_INDEX) == without_user(indexes.default) else None
    clean = indexes.without_users()
    return Options(
        index=clean.default,
        chosen=clean.chosen,
        started=started,
        since=started if begun is None else Timestamp(min(begun, started)),
        newest=job.newest,
        uploaded_since=job.since,
        all_releases=job.all_releases,
        keep=job.keep,
        accepted=job.accepted,
        builds=job.builds,
        audit=job.audit,
        closure=job.closure,
        closure_limit=job.closure_limit,
        whole=job.whole,
        forced=bool(job.named) and not job.whole,
        workers=job.connections,
    )


def _time(moment: dt.datetime) -> Timestamp:
    return Timestamp(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _limits(job: Job, now: dt.datetime) -> Limits:
    end = None if job.until is None else until(job.until, now)
    unsigned = None if job.contact else MOST_WITHOUT_CONTACT
    return Limits(max_requests=job.max_requests, without_contact=unsigned, max_bytes=job.max_bytes, until=end)


def _rates(job: Job) -> dict[Lane, float]:
    return _RATES if job.rate is None else {"index": job.rate, "files": job.rate}


def _version() -> str:
    try:
        return version("coset")
    except PackageNotFoundError:
        return "0"
