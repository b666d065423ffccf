"""Which projects of an index may have changed? Its root list tells it of all at once, where it numbers changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crawler.due import after_failures, day_before
from crawler.order import Options
from crawler.pages import ACCEPT, BadPage
from crawler.rootlist import MOST_ROOT, RootList, parse_root, regression
from crawler.sites import Site
from crawler.source import Answer, Failure, Request, Source
from dataset.crawlstate import Crawled, Problem
from dataset.store import Store
from normalize.errors import OutsideError
from normalize.projects import ProjectName

PAYS_FROM = 50
"""For so few projects that were read before, asking for each costs the index less than its list of all projects."""

_AT, _ETAG, _OF, _UNNUMBERED, _WENT_BACK = (
    f"root-{one}" for one in ("read-at", "etag", "of", "unnumbered-since", "went-back-since")
)
"""Settings of the store: when the root list was read, its validator, of which index it is, since when that is known to
number no changes, and since when its list is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What the root list says.

    Attributes:
        serials: of its projects; empty where the list was not read, or numbers nothing.
        projects: all of them; empty where the list was not read.
        believed: whether what is gone may be marked so.
        problems: of the index as a whole, each told of one project that shows it.
        notes: sentences about it.
    """

    serials: Mapping[ProjectName, int] = field(default_factory=dict)
    projects: Collection[ProjectName] = ()
    believed: bool = True
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def first_projects(
    projects: Collection[ProjectName], listed: Collection[ProjectName], options: Options, store: Store
) -> Collection[ProjectName]:
    """Return the projects to begin with; of a whole index also those that are stored, for they may be gone."""
    if not options.whole:
        return set(projects)
    return {*projects, *listed, *store.projects()}


async def discover(
    projects: Collection[ProjectName], options: Options, store: Store, source: Source, site: Site
) -> Discovered:
    """Ask for the root list where that pays, at most once.

    Raises:
        OutsideError: all projects are wanted, and the index does not list them.
    """
    ours = store.setting(_OF) == site.key
    if not options.whole and not (_pays(projects, store) and _may_number(store, options, ours=ours)):
        return Discovered()
    before = store.serials() if ours else {}
    if before and (store.setting(_AT) or "") >= options.since:
        return Discovered(serials=before, projects=before.keys())  # this crawl has asked already
    headers = {"Accept": ACCEPT}
    etag = store.setting(_ETAG) if before else None
    if etag is not None:
        headers["If-None-Match"] = etag
    answer = await source.get(_request(site, headers))
    if isinstance(answer, Answer) and answer.status == 304 and before:
        _remember(store, options, answer.etag or etag)
        return Discovered(serials=before, projects=before.keys())
    found = _parsed(answer)
    if isinstance(found, Failure):
        return _without(found, options, store, site)
    assert isinstance(answer, Answer), "a list was read"
    return _compared(found, before, answer.etag, options, store, key=site.key)


async def listed_projects(source: Source, site: Site) -> list[ProjectName]:
    """Return the projects of an index's root list, sorted; none where it cannot be had."""
    found = _parsed(await source.get(_request(site, {"Accept": ACCEPT})))
    return [] if isinstance(found, Failure) else sorted(found.serials)


def _request(site: Site, headers: Mapping[str, str]) -> Request:
    return Request(url=site.address, lane="index", cap=MOST_ROOT, headers=headers)


def _pays(projects: Collection[ProjectName], store: Store) -> bool:
    if len(projects) <= PAYS_FROM:
        return False
    known = 0
    for project in projects:
        known += store.page(project) is not None
        if known > PAYS_FROM:
            return True
    return False


def _may_number(store: Store, options: Options, *, ours: bool) -> bool:
    since = store.setting(_UNNUMBERED) if ours else None
    return since is None or since <= day_before(options.started)


def _parsed(answer: Answer | Failure) -> RootList | Failure:
    if isinstance(answer, Failure):
        return answer
    try:
        found = parse_root(answer.body)
    except BadPage as error:
        return Failure(error.code, error.detail)
    return found if found.serials else Failure("bad-root-list", "the root list names no project")


def _without(failure: Failure, options: Options, store: Store, site: Site) -> Discovered:
    if options.whole and failure.code != "stopped":
        raise OutsideError(
            f"the index does not list its projects ({failure.detail}), and all of them are wanted",
            hint="name the projects, or another index with --index",
        )
    if not failure.transient:
        store.set_setting(_OF, site.key)
        store.set_setting(_UNNUMBERED, options.started)
    return Discovered()


def _compared(  # noqa: PLR0913 - what the decision rests on
    found: RootList, before: Mapping[ProjectName, int], etag: str | None, options: Options, store: Store, *, key: str
) -> Discovered:
    notes = []
    strange, first = found.strange
    if strange:
        notes.append(
            f"{strange:,} names in the root list are no names of projects, or mean one twice, such as {first!r}"
        )
    why = regression(before, found)
    if why and not _for_a_week(store, options):
        serials = {one: max(before.get(one, 0), found.serials.get(one, 0)) for one in {*before, *found.serials}}
        shows = min((one for one, serial in before.items() if found.serials.get(one, -1) < serial), default=None)
        problems = () if shows is None else (Problem(shows, "", "", "index-regression", why),)
        notes.append(f"{why}; nothing is marked as gone in this crawl")
        return Discovered(
            serials=serials, projects=serials.keys(), believed=False, problems=problems, notes=tuple(notes)
        )
    store.set_setting(_WENT_BACK, None)
    store.set_setting(_OF, key)
    if not found.numbered:
        store.set_setting(_UNNUMBERED, options.started)
        return Discovered(projects=found.serials.keys(), notes=tuple(notes))
    store.put_serials(found.serials)
    store.set_setting(_UNNUMBERED, None)
    _remember(store, options, etag)
    return Discovered(serials=found.serials, projects=found.serials.keys(), notes=tuple(notes))


def _for_a_week(store: Store, options: Options) -> bool:
    """Return whether the index has said the same for so long that it is to be believed."""
    since = store.setting(_WENT_BACK)
    if since is None:
        store.set_setting(_WENT_BACK, options.started)
        return False
    return after_failures(since, 9) <= options.started  # type: ignore[arg-type] # settings are texts


def _remember(store: Store, options: Options, etag: str | None) -> None:
    store.set_setting(_AT, options.started)
    store.set_setting(_ETAG, etag)
    store.keep_crawled(Crawled(options.started, options.started))
