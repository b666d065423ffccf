"""How does one project's page come to be known? From the store where it is fresh, else from the index."""

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from crawler.discover import Discovered
from crawler.due import finished, verdict
from crawler.filenames import parse_filename
from crawler.kept import is_kept
from crawler.order import Options
from crawler.pagecache import NO_MARK, Mark, split_mark, unpack_page
from crawler.pages import ACCEPT, BadPage, Listing, PageFile, parse_page
from crawler.sites import Site, Sites
from crawler.source import Answer, Failure, Request, Source
from dataset.crawlstate import PageState
from dataset.store import Store
from normalize.projects import ProjectName

_MOST_PAGE = 64 << 20
_LARGE = 1 << 20
"""A page of so many bytes is parsed aside, so that the others do not wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One project's page.

    Attributes:
        how: as `crawler.order.Summary` counts it.
        site: the index that it is from.
        own: whether that is one of the project's own.
        known: what the store had of it, from this index; None for nothing.
        mark: of what the store had.
        packed: the files that the store had, packed; empty for none.
        listing: the page that was read just now; None where none was.
        answer: with which it came.
        failure: in place of a page.
        serial: of the project, as the root list says.
        finished: whether nothing is left to do with its releases.
    """

    how: Literal["read", "unchanged", "settled", "resumed", "failed", "later", "left", "kept"]
    site: Site
    own: bool = False
    known: PageState | None = None
    mark: Mark = NO_MARK
    packed: bytes = b""
    listing: Listing | None = None
    answer: Answer | None = None
    failure: Failure | None = None
    serial: int | None = None
    finished: bool = False

    def stored_files(self) -> tuple[PageFile, ...]:
        """Return the files that the store had."""
        return unpack_page(self.packed, self.site.base or "") if self.packed else ()

    def sha256(self) -> str | None:
        """Return the hash of the page's body."""
        return _sha256(self.answer) if self.answer is not None else None


class PageReader:
    """Reads the pages of the indexes."""

    def __init__(self, options: Options, store: Store, source: Source, sites: Sites) -> None:
        self._options = options
        self._store = store
        self._source = source
        self._sites = sites
        self.root = Discovered()
        self._near: dict[ProjectName, PageState] = {}
        self._looked_up: frozenset[ProjectName] = frozenset()

    def look_up(self, projects: Collection[ProjectName]) -> None:
        """Read what the store has of projects that come next, at once."""
        self._near = self._store.pages(projects)
        self._looked_up = frozenset(projects)

    async def read(self, project: ProjectName) -> Page:
        """Return the page of the project."""
        page = self.stored(project)
        if page is not None:
            return page
        site = self._sites.of(project)
        if site.proven:
            return await self._asked(project, site)
        async with site.first:  # one after the other until it is known where files lie and that this is an index
            return await self._asked(project, site)

    async def again(self, project: ProjectName, site: Site) -> Page:
        """Ask for a page whatever the store has of it, to see how the index answers."""
        return await self._asked(project, site)

    def stored(self, project: ProjectName) -> Page | None:
        """Return the page where the store answers, None where the index is to be asked."""
        site = self._sites.of(project)
        known, mark, packed = self._stored(project)
        if mark.index != site.key:
            if is_kept(mark, site.key, named=self._sites.names(project)):
                return Page(how="kept", site=site, known=known, mark=mark, packed=packed, finished=True)
            known, mark, packed = None, NO_MARK, b""
        serial = self.root.serials.get(project) if site is self._sites.default else None
        what = verdict(known, mark, self._options, project, serial)
        if what == "ask":
            return None
        if known is not None and known.problem is None:
            site.health.known_before()
        done = known is not None and known.fetched_at >= self._options.since
        return Page(
            how="later" if what == "later" else "resumed" if done else "settled",
            site=site,
            own=self._own(project, site, mark),
            known=known,
            mark=mark,
            packed=packed,
            serial=serial,
            finished=what != "look",
        )

    def unchanged(self, project: ProjectName) -> Page | None:
        """Return the page as it will be if the index says that it is as the store has it; None where it has none."""
        site = self._sites.of(project)
        known, mark, packed = self._known(project, site)
        if known is None or known.gone is not None or (known.problem is not None and not packed):
            return None
        return Page(
            how="unchanged",
            site=site,
            own=self._own(project, site, mark),
            known=known,
            mark=mark,
            packed=packed,
            finished=known.problem is None and finished(known, mark, self._options, project),
        )

    def _known(self, project: ProjectName, site: Site) -> tuple[PageState | None, Mark, bytes]:
        """Return what the store has; of another index it means nothing here."""
        known, mark, packed = self._stored(project)
        return (known, mark, packed) if mark.index == site.key else (None, NO_MARK, b"")

    def _stored(self, project: ProjectName) -> tuple[PageState | None, Mark, bytes]:
        known = self._near.get(project) if project in self._looked_up else self._store.page(project)
        return (known, *split_mark(known.content if known is not None else None))

    def _own(self, project: ProjectName, site: Site, mark: Mark) -> bool:
        """Return whether the index is one of the project's own; it stays so until an option says otherwise."""
        return site is not self._sites.default or (mark.own and not self._sites.names(project))

    async def _asked(self, project: ProjectName, site: Site) -> Page:
        known, mark, packed = self._known(project, site)
        serial = self.root.serials.get(project) if site is self._sites.default else None
        own = self._own(project, site, mark)
        base = Page(how="left", site=site, own=own, known=known, mark=mark, packed=packed, serial=serial)
        if self._source.stopped is not None or site.health.gave_up:
            return base
        there = known is not None and bool(packed) and known.gone is None
        headers = {"Accept": ACCEPT}
        if known is not None and known.etag is not None and there:
            headers["If-None-Match"] = known.etag
        url = f"{site.address}{project}/"
        answer = await self._source.get(Request(url=url, lane="index", cap=_MOST_PAGE, headers=headers))
        if isinstance(answer, Failure):
            return self._failed(base, answer)
        if known is not None and there and (answer.status == 304 or _sha256(answer) == known.sha256):
            site.health.answered()
            whole = finished(known, mark, self._options, project)
            return replace(base, how="unchanged", answer=answer, finished=whole)
        large = len(answer.body) > _LARGE
        listing = await asyncio.to_thread(_parsed, answer) if large else _parsed(answer)
        if isinstance(listing, Failure):
            return self._failed(base, listing)
        site.health.answered()
        if site.base is None:
            urls = (one.url for one in listing.files if one.url and parse_filename(one.name, project) is not None)
            first = next(urls, None)
            if first is not None:
                site.learn_from(first)
        return replace(base, how="read", answer=answer, listing=listing)

    def _failed(self, base: Page, failure: Failure) -> Page:
        if failure.code == "stopped":
            return base
        base.site.health.failed(failure)
        return replace(base, how="failed", failure=failure)


def _sha256(answer: Answer) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _parsed(answer: Answer) -> Listing | Failure:
    if answer.status != 200:
        return Failure("bad-page", f"status {answer.status} without being asked for it")
    try:
        return parse_page(answer.body, answer.url)
    except BadPage as error:
        return Failure(error.code, error.detail)
    except Exception as error:  # noqa: BLE001 - one page that breaks the reader must not end the crawl for all
        return Failure("reader-broken", type(error).__name__)
