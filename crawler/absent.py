"""What does a page mean that cannot be had? That depends on whether its index shows the pages of other projects."""

import asyncio
from collections.abc import Iterable
from itertools import islice

from crawler.discover import listed_projects
from crawler.locations import shown
from crawler.order import Options
from crawler.pagecache import split_mark
from crawler.pagereader import Page, PageReader
from crawler.planning import Missing, without_page
from crawler.sites import Site, Sites
from crawler.source import Source
from dataset.store import Store
from normalize.projects import ProjectName

_FEW = 5
"""So many projects that were there before may all be gone at once."""

_IN_VAIN = 20
"""After so many pages that were not found, before any was, an index must show that it is one; the others are not asked
for in vain."""

_TRIED, _LOOKED_THROUGH = 3, 1_000
"""Pages that are asked for to see whether this is an index, and stored projects among which they are looked for."""


class Absent:
    """Holds the pages that were not found until their level ends.

    What is made of them depends on all of the level's answers, never on their order. Until then nothing of them is
    stored: a crawl that was interrupted asks again.

    Attributes:
        doubts: of each index that is not believed, why.
    """

    def __init__(self, options: Options, store: Store, source: Source, sites: Sites, pages: PageReader) -> None:
        self._options = options
        self._store = store
        self._source = source
        self._sites = sites
        self._pages = pages
        self._held: dict[Site, dict[ProjectName, Page]] = {}
        self._failed: set[ProjectName] = set()
        self._looking = asyncio.Lock()
        self.doubts: dict[Site, str] = {}

    async def take(self, project: ProjectName, page: Page) -> None:
        """Hold a page that was not found."""
        site = page.site
        held = self._held.setdefault(site, {})
        held[project] = page
        if len(held) == _IN_VAIN and not await self._is_index(site):
            site.health.gave_up = True

    async def decided(self) -> list[Missing]:
        """Return what to store of the pages that were held; nothing where the index is not believed."""
        found: list[Missing] = []
        for site in self._sites.all():
            if site in self._held and await self._is_index(site):
                found += await self._believed(site)
        self._held.clear()
        return found

    async def failed(self, project: ProjectName, site: Site) -> None:
        """Count a page that failed otherwise; its project may be stuck, or the index down.

        Raises:
            OutsideError: no other page is good either.
        """
        self._failed.add(project)
        await self.check(site)

    async def check(self, site: Site, *, ended: bool = False) -> None:
        """Ask for other pages where so many failed that the index itself may be wrong, or down.

        Args:
            site: the index.
            ended: whether all pages of the level have been asked for.

        Raises:
            OutsideError: none of them is good either.
        """
        health = site.health
        if not health.doubtful(ended=ended):
            return
        async with self._looking:  # others that failed meanwhile wait for what this one finds
            if health.doubtful(ended=ended) and not health.looked_elsewhere:
                health.looked_elsewhere = True
                await self._try(site, self._known(site))
                if health.doubtful(ended=ended) and site is self._sites.default:
                    await self._try(site, sorted(self._pages.root.projects))
            if health.hopeless(ended=ended) and self._source.stopped is None and not health.gave_up:
                raise health.give_up()

    async def _believed(self, site: Site) -> list[Missing]:
        """Return what to store; nothing where so much is gone that the index is more likely to be broken or wrong."""
        held, believed = self._held[site], self._pages.root.believed
        found = [without_page(one, held[one], self._options, self._store, believed=believed) for one in sorted(held)]
        gone, there = sum(bool(one.changes) for one in found), site.health.good
        if gone < _FEW:
            return found
        if gone <= there:
            await self._try(site, self._known(site))  # an index that was good may have broken since
            if site.health.good > there:
                return found
            there = 0
        if self._source.stopped is None:
            what = f"{gone:,} projects of the dataset were not found at {shown(site.address)}"
            self.doubts[site] = f"{what}; pages that were{' in the end' if not there else ''}: {there:,}"
        return []

    async def _is_index(self, site: Site) -> bool:
        """Return whether pages are found there; where none has been, some others are asked for."""
        if site in self.doubts:
            return False
        if not site.health.proven:
            await self._try(site, self._known(site))
        if not site.health.proven:
            listed = self._pages.root.projects if site is self._sites.default else ()
            await self._try(site, sorted(listed) or await listed_projects(self._source, site))
        if not site.health.proven and self._source.stopped is None:
            self.doubts[site] = f"no project page was found at {shown(site.address)}"
        return site.health.proven

    async def _try(self, site: Site, projects: Iterable[ProjectName]) -> None:
        """Ask for pages until one is good."""
        asked = {*self._held.get(site, ()), *self._failed}
        others = (one for one in projects if one not in asked and self._sites.of(one) is site)
        async with site.first:  # who has pages to ask for waits
            for project in islice(others, _TRIED):
                good = site.health.good
                await self._pages.again(project, site)
                if site.health.good > good:
                    return

    def _known(self, site: Site) -> list[ProjectName]:
        """Return projects whose pages were found there before."""
        stored = self._store.pages(self._store.projects()[:_LOOKED_THROUGH])
        good = (one for one in stored.values() if one.problem is None and one.gone is None)
        return sorted(one.project for one in good if split_mark(one.content)[0].index == site.key)
