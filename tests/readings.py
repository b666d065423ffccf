"""The releases of one project on a loopback index, read by the ladder alone."""

import asyncio

from fakeindex import FakeClock

from crawler.depth import releases
from crawler.fetch import Fetcher, Manners
from crawler.ladder import Reading
from crawler.pages import parse_page
from crawler.source import Request


def read(fake, project, *, wants_imports=False, **wants):
    """Return (release, reading) of every release, sorted by version."""

    async def run():
        async with fake.serve() as url:
            manners = Manners(agent="coset/test", rates={"index": 1e9, "files": 1e9}, contact="a test")
            async with Fetcher(manners, FakeClock()) as fetcher:
                fetcher.allow(url)
                page = await fetcher.get(Request(url=f"{url}{project}/", lane="index", cap=1 << 26))
                found, _ = releases(project, parse_page(page.body, page.url).files)
                readings = [Reading(fetcher, one, f"{fake.url}/", wants_imports, **wants) for one in found]
                return [(await reading.run(), reading) for reading in readings]

    return asyncio.run(run())
