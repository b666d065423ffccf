"""How do several datasets become one? Project by project, the same whatever their order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from dataset.crawlstate import Crawled, PageState, Problem, SourceText
from dataset.joining import CONFLICT, Told, joined
from dataset.records import Release, Timestamp
from dataset.store import Store
from normalize.projects import ProjectName

_AT_ONCE = 500
"""Projects that are joined in one transaction."""


class _OfAProject(Protocol):
    @property
    def project(self) -> ProjectName: ...


Value = TypeVar("Value", bound=_OfAProject)
_ByProject = dict[ProjectName, list[Value]]


@dataclass(slots=True)
class _Batch:
    """What is stored together."""

    releases: list[Release] = field(default_factory=list)
    pages: list[PageState] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)
    texts: list[SourceText] = field(default_factory=list)
    attempts: dict[tuple[ProjectName, str], Timestamp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Source:
    """What one dataset says of one project, and when it asked the index last."""

    seen: str
    page: PageState | None
    releases: dict[str, Release]
    problems: list[Problem]
    attempts: dict[str, Timestamp]
    texts: tuple[SourceText, ...]


def merge_stores(stores: Sequence[Store], target: Store, show: Callable[[str, int, int], None]) -> int:
    """Put everything that the datasets know into an empty one; return of how many releases they disagree.

    A setting stays where all datasets that have settings agree about it.

    Args:
        stores: at least one, in any order.
        target: holds nothing yet.
        show: told of the progress.

    Raises:
        ValueError: a stored text is damaged.
    """
    elsewhere = [store.crawled_elsewhere() for store in stores]
    problems = [_by_project(store.problems()) for store in stores]
    projects = sorted({project for store in stores for project in store.names()})
    disagreed = 0
    for start in range(0, len(projects), _AT_ONCE):
        show("merging projects", start, len(projects))
        some = projects[start : start + _AT_ONCE]
        releases = [_by_project(store.releases(some)) for store in stores]
        batch = _Batch()
        for project in some:
            told = [
                _source(stores[i], project, elsewhere[i], releases[i].get(project, []), problems[i].get(project, []))
                for i in range(len(stores))
            ]
            disagreed += _merge_project(project, told, batch)
        target.put(
            batch.releases,
            pages=batch.pages,
            problems=sorted(batch.problems),
            texts=batch.texts,
            attempted=batch.attempts,
        )
    _merge_rest(stores, target)
    return disagreed


def _by_project(several: Iterable[Value]) -> dict[ProjectName, list[Value]]:
    found: dict[ProjectName, list[Value]] = {}
    for one in several:
        found.setdefault(one.project, []).append(one)
    return found


def _source(
    store: Store, project: ProjectName, elsewhere: Crawled | None, releases: list[Release], problems: list[Problem]
) -> _Source:
    page = store.page(project)
    progress = store.progress(project)
    return _Source(
        seen=max(page.fetched_at if page else "", elsewhere.last if elsewhere else ""),
        page=page,
        releases={one.version: one for one in releases},
        problems=problems,
        attempts={version: one.attempted for version, one in progress.items() if one.attempted is not None},
        texts=store.texts(project),
    )


def _merge_project(project: ProjectName, told: Sequence[_Source], batch: _Batch) -> int:
    pages = [one.page for one in told if one.page is not None]
    page = max(pages, key=lambda one: (one.fetched_at, repr(one)), default=None)
    if page is not None:
        batch.pages.append(page)
    for one in told:
        if one.page is None or one.page == page:
            batch.problems.update(problem for problem in one.problems if not problem.version)
    ages = sorted((one.seen, text.content, text.version, text.file, text.kind) for one in told for text in one.texts)
    texts = {(version, file, kind): content for _, content, version, file, kind in ages}  # the last one counts
    batch.texts += [
        SourceText(project=project, version=version, file=file, kind=kind, content=content)
        for (version, file, kind), content in sorted(texts.items())
    ]
    disagreed = 0
    for version in sorted({version for one in told for version in one.releases}):
        speak = [one for one in told if version in one.releases]
        found = joined([Told(one.seen, one.releases[version]) for one in speak])
        batch.releases.append(found.release)
        batch.problems.update(Problem(project, version, "", CONFLICT, text) for text in found.conflicts)
        disagreed += bool(found.conflicts)
        for one, agrees in zip(speak, found.agreed, strict=True):
            if agrees:  # else its problems are those of requirements that no longer count
                batch.problems.update(problem for problem in one.problems if problem.version == version)
        attempts = [one.attempts[version] for one in speak if version in one.attempts]
        if attempts:
            batch.attempts[project, version] = max(attempts)
    there = {version for one in told for version in one.releases}
    for one in told:
        batch.problems.update(problem for problem in one.problems if problem.version and problem.version not in there)
    return disagreed


def _merge_rest(stores: Sequence[Store], target: Store) -> None:
    target.put([], changes=sorted({one for store in stores for one in store.changes()}))
    serials: dict[ProjectName, int] = {}
    for store in stores:
        for project, serial in store.serials().items():
            serials[project] = max(serial, serials.get(project, serial))
    target.put_serials(serials)
    for store in stores:
        times = store.crawled_elsewhere()
        if times is not None:
            target.keep_crawled(times)
    crawled = [settings for store in stores if (settings := store.settings())]
    for key in sorted({key for settings in crawled for key in settings}):
        values = {settings.get(key) for settings in crawled}
        if len(values) == 1:
            target.set_setting(key, values.pop())
    target.keep_digest()
