"""How is a part of a wheel or a zip sdist had? By range; the whole where it is small and there are no ranges."""

from collections.abc import Generator
from typing import TypeVar

from crawler.archive import SMALL_FILE
from crawler.pages import PageFile
from crawler.source import Answer, Failure, Request, Source, Span
from crawler.wheeltail import Directory, read_directory

Result = TypeVar("Result")


class Unread(Exception):  # noqa: N818 - carries a failure out of nested reads
    """A part could not be had."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Parts:
    """Reads parts of one file.

    Attributes:
        whole: the file, where it came whole and so was compared with its hash.
    """

    def __init__(self, source: Source, file: PageFile, most: int = SMALL_FILE) -> None:
        self._source = source
        self._file = file
        self._most = most
        self.whole: bytes | None = None

    async def directory(self) -> Directory:
        """Return the central directory.

        Raises:
            Unread: the index does not give the bytes.
            BadArchive: they are not a zip archive that can be believed.
        """
        total = self._file.size
        if total is None:  # only a GET tells; some hosts answer HEAD with another size
            total = await self._total()
        return await self.run(read_directory(total))

    async def run(self, reads: Generator[Span, bytes, Result]) -> Result:
        """Serve a reader of `crawler.wheeltail` from the file.

        Raises:
            Unread: the index does not give the bytes.
        """
        try:
            span = next(reads)
            while True:
                span = reads.send(await self._part(span))
        except StopIteration as done:
            result: Result = done.value
            return result

    async def _total(self) -> int:
        answer = await self._ask(Span(start=0, stop=1))
        if answer.status == 200:
            self.whole = answer.body
        assert answer.total is not None  # every 200 and 206 says it
        return answer.total

    async def _part(self, span: Span) -> bytes:
        if self.whole is None:
            answer = await self._ask(span)
            if answer.status == 206:
                return answer.body
            self.whole = answer.body
        return self.whole[span.start : span.stop]

    async def _ask(self, span: Span) -> Answer:
        file = self._file
        request = Request(url=file.url, lane="files", cap=self._most, span=span, sha256=file.sha256)
        answer = await self._source.get(request)
        if isinstance(answer, Failure) and answer.code == "range-refused" and (file.size or 0) <= self._most:
            answer = await self._source.get(Request(url=file.url, lane="files", cap=self._most, sha256=file.sha256))
        if isinstance(answer, Failure):
            raise Unread(answer)
        if file.size is not None and file.size != answer.total:
            raise Unread(Failure("size-mismatch", f"expected {file.size} bytes, found {answer.total}"))
        return answer
