"""How does one project's page come to be known? From the store where it is fresh, else from the index."""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urljoin

from crawler.fetch import Answer, Failure, Fetcher, Request
from crawler.filenames import parse_filename
from crawler.health import Health
from crawler.locations import base_of, shown
from crawler.order import Options
from crawler.pagecache import pack_page, unpack_page
from crawler.pages import ACCEPT, BadPage, PageFile, parse_page
from dataset.crawlstate import PageState
from dataset.store import Store
from normalize.projects import ProjectName

_MOST_PAGE = 64 << 20

FILES_BASE, INDEX = "files_base", "index"
"""Settings of the store: where files lie, and which index was read. They stay on this machine."""


@dataclass(frozen=True, slots=True)
class Page:
    """One project's page.

    Attributes:
        how: ``resumed``: read before the crawl was interrupted; ``unchanged``: since the last crawl.
        state: what to store.
        files: None where there are none to know.
        detail: of a failure.
    """

    how: Literal["read", "unchanged", "resumed", "failed"]
    state: PageState
    files: tuple[PageFile, ...] | None
    detail: str = ""


class PageReader:
    """Reads the pages of one index.

    Attributes:
        trusts_store: whether the store was filled from this index; what it says of another one means nothing here.
        base: where files lie; None until a page has shown it.
    """

    def __init__(self, options: Options, store: Store, fetcher: Fetcher, health: Health) -> None:
        self._options = options
        self._store = store
        self._fetcher = fetcher
        self._health = health
        self._index = options.index.rstrip("/") + "/"
        fetcher.allow(self._index)
        self.trusts_store = store.setting(INDEX) == shown(self._index)
        self.base: str | None = None
        self._set_base(options.files_base or (store.setting(FILES_BASE) if self.trusts_store else None))
        if not self.trusts_store:
            store.set_setting(INDEX, shown(self._index))

    async def read(self, project: ProjectName) -> Page:
        """Return the page of the project.

        Raises:
            OutsideError: the index is down or is not an index.
        """
        known = self._store.page(project) if self.trusts_store else None
        if known is not None and known.fetched_at >= self._options.since and known.problem != "unreachable":
            self._health.known_before()
            content = None if known.problem is not None else known.content
            return Page("resumed", known, None if content is None else self._unpacked(content))
        answer = await self._asked(project, known)
        if known is not None and known.content is not None and _same(answer, known):
            self._health.answered()
            state = replace(known, fetched_at=self._options.started, problem=None)
            return Page("unchanged", state, self._unpacked(known.content))
        if isinstance(answer, Failure):
            return self._failed(project, known, answer)
        parsed = _parsed(answer)
        if isinstance(parsed, Failure):
            return self._failed(project, known, parsed)
        return self._new(project, answer, parsed)

    async def _asked(self, project: ProjectName, known: PageState | None) -> Answer | Failure:
        headers = {"Accept": ACCEPT}
        if known is not None and known.etag is not None and known.content is not None:
            headers["If-None-Match"] = known.etag
        url = urljoin(self._index, f"{project}/")
        return await self._fetcher.get(Request(url=url, lane="index", cap=_MOST_PAGE, headers=headers))

    def _failed(self, project: ProjectName, known: PageState | None, failure: Failure) -> Page:
        self._health.failed(failure)
        state = PageState(
            project=project,
            fetched_at=self._options.started,
            etag=known.etag if known is not None else None,
            sha256=known.sha256 if known is not None else None,
            problem=failure.code,
            content=known.content if known is not None else None,
        )
        return Page("failed", state, None, failure.detail)

    def _new(self, project: ProjectName, answer: Answer, files: tuple[PageFile, ...]) -> Page:
        self._health.answered()
        if self.base is None:
            urls = (one.url for one in files if one.url and parse_filename(one.name, project) is not None)
            self._set_base(next((base_of(url) for url in urls), None))
        packed = pack_page(files, self.base or "")
        state = PageState(
            project=project,
            fetched_at=self._options.started,
            etag=answer.etag,
            sha256=_sha256(answer),
            content=packed,
        )
        return Page("read", state, self._unpacked(packed))

    def _unpacked(self, content: bytes) -> tuple[PageFile, ...]:
        return unpack_page(content, self.base or "")

    def _set_base(self, base: str | None) -> None:
        if base is None:
            return
        self.base = base
        self._fetcher.allow(base)
        if self._store.setting(FILES_BASE) != shown(base):
            self._store.set_setting(FILES_BASE, shown(base))


def _same(answer: Answer | Failure, known: PageState) -> bool:
    return isinstance(answer, Answer) and (answer.status == 304 or _sha256(answer) == known.sha256)


def _sha256(answer: Answer) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _parsed(answer: Answer) -> tuple[PageFile, ...] | Failure:
    if answer.status != 200:
        return Failure("bad-page", f"status {answer.status} without being asked for it")
    try:
        return parse_page(answer.body, answer.url)
    except BadPage as error:
        return Failure(error.code, error.detail)
    except Exception as error:  # noqa: BLE001 - one page that breaks the reader must not end the crawl for all
        return Failure("reader-broken", type(error).__name__)
