"""What are the requirements of one release? Rung by rung: sidecar, wheel tail, small whole wheel, sdist, unknown."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TypeVar

from crawler.archive import MOST_METADATA, MOST_SDIST, SMALL_FILE, BadArchive
from crawler.depth import PageRelease, stored_file
from crawler.fetch import Answer, Failure, Fetcher, Request, Span
from crawler.imports import import_names
from crawler.locations import path_below
from crawler.metadata import Metadata, parse_metadata
from crawler.pages import PageFile
from crawler.sdist import sdist_metadata
from crawler.wheeltail import Directory, metadata_entry, read_directory, read_member
from dataset.crawlstate import Problem
from dataset.records import Release, Source, Trust

_MOST_WHEELS = 2
"""A second wheel of a release is asked where the first cannot be read; a third would hardly know better."""

Result = TypeVar("Result")


class _Stop(Exception):  # noqa: N818 - carries a failure out of nested reads
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


@dataclass(slots=True)
class Reading:
    """The reading of one release: what was found, and what went wrong on the way.

    Attributes:
        base: where files lie; nothing else is asked for.
        wants_imports: whether the wheel's directory is to be read even where a sidecar tells the requirements.
        unreached: whether something failed that may well work later.
    """

    fetcher: Fetcher
    release: PageRelease
    base: str
    wants_imports: bool
    problems: list[Problem] = field(default_factory=list)
    unreached: bool = False

    async def run(self) -> Release:
        """Return the release with its requirements, or with the reason why they are unknown."""
        wheels = [one for one, said in self.release.files if said.kind == "wheel"]
        sdists = [one for one, said in self.release.files if said.kind == "sdist"]
        for wheel in wheels[:_MOST_WHEELS]:
            found = await self._wheel(wheel)
            if found is not None:
                return found
        reason = "no-readable-file" if not wheels and not sdists else "wheel-unreadable"
        for sdist in sdists[:1]:
            outcome = await self._sdist(sdist)
            if isinstance(outcome, Release):
                return outcome
            reason = outcome if not wheels else reason
        return self._release(None, unknown="unreachable" if self.unreached else reason)

    def broken(self, error: Exception) -> Release:
        """Return the release as unknown, because reading it failed in a way that nobody foresaw."""
        name = self.release.files[0][0].name
        self.problems.append(
            Problem(self.release.project, self.release.version, name, "reader-broken", type(error).__name__)
        )
        return self._release(None, unknown="reader-broken")

    async def _wheel(self, wheel: PageFile) -> Release | None:
        if path_below(wheel.url, self.base) is None:
            self._note(wheel, "foreign-file", "the file does not lie where the index keeps its files")
            return None
        sidecar = await self._sidecar(wheel)
        if sidecar is not None and not self.wants_imports:
            return self._release(sidecar, source="sidecar", trust=_sidecar_trust(wheel))
        tail = _Tail(self.fetcher, wheel)
        if sidecar is not None:
            try:
                directory = await tail.directory()
            except (BadArchive, _Stop) as error:
                self._imports_unread(wheel, error)
                return self._release(sidecar, source="sidecar", trust=_sidecar_trust(wheel))
            names = import_names(entry.name for entry in directory.entries)
            return self._release(sidecar, source="sidecar", trust=_sidecar_trust(wheel), imports=names)
        try:
            directory = await tail.directory()
            entry = metadata_entry(directory, self.release.project, self.release.version)
            data = await tail.run(read_member(directory, entry))
        except BadArchive as error:
            self._note(wheel, error.code, error.detail)
            return None
        except _Stop as stop:
            self._failed(wheel, stop.failure)
            return None
        metadata = self._believed(wheel, parse_metadata(data))
        if metadata is None:
            return None
        names = import_names(one.name for one in directory.entries)
        source: Source = "wheel" if tail.whole is None else "file"
        trust: Trust = "verified" if tail.whole is not None and wheel.sha256 is not None else "unverified"
        return self._release(metadata, source=source, trust=trust, imports=names)

    async def _sidecar(self, wheel: PageFile) -> Metadata | None:
        request = Request(url=f"{wheel.url}.metadata", lane="files", cap=MOST_METADATA, sha256=wheel.metadata_sha256)
        answer = await self.fetcher.get(request)
        if isinstance(answer, Answer):
            return self._believed(wheel, parse_metadata(answer.body))
        if answer.code != "not-found" or wheel.metadata_sha256 is not None:
            self._note(wheel, f"sidecar-{answer.code}", answer.detail)
        return None

    async def _sdist(self, sdist: PageFile) -> Release | str:
        if path_below(sdist.url, self.base) is None:
            self._note(sdist, "foreign-file", "the file does not lie where the index keeps its files")
            return "foreign-file"
        if sdist.size is not None and sdist.size > MOST_SDIST:
            self._note(sdist, "too-large", f"{sdist.size} bytes")
            return "too-large"
        answer = await self.fetcher.get(Request(url=sdist.url, lane="files", cap=MOST_SDIST, sha256=sdist.sha256))
        if isinstance(answer, Failure):
            self._failed(sdist, answer)
            return answer.code
        try:
            metadata = await asyncio.to_thread(
                sdist_metadata, answer.body, sdist.name, self.release.project, self.release.version
            )
        except BadArchive as error:
            if error.code != "sdist-dynamic":  # that is not a fault, and the release says it
                self._note(sdist, error.code, error.detail)
            return error.code
        self._doubt(sdist, metadata)
        return self._release(metadata, source="sdist", trust="claimed")

    def _believed(self, file: PageFile, metadata: Metadata) -> Metadata | None:
        if not metadata.belongs_to(self.release.project, self.release.version):
            said = f"{(metadata.name or '')[:100]!r} {(metadata.version or '')[:100]!r}"
            self._note(file, "other-release", f"the metadata describes {said}")
            return None
        self._doubt(file, metadata)
        return metadata

    def _doubt(self, file: PageFile, metadata: Metadata) -> None:
        for code, detail in metadata.doubts:
            self._note(file, code, detail)
        for line in metadata.unusable:
            self._note(file, "unusable-requirement", line[:500])

    def _imports_unread(self, wheel: PageFile, error: "BadArchive | _Stop") -> None:
        detail = error.failure.detail if isinstance(error, _Stop) else error.detail
        self._note(wheel, "imports-unread", detail)

    def _failed(self, file: PageFile, failure: Failure) -> None:
        self.unreached = self.unreached or failure.transient
        self._note(file, failure.code, failure.detail)

    def _note(self, file: PageFile, code: str, detail: str) -> None:
        problem = Problem(self.release.project, self.release.version, file.name, code, detail)
        if problem not in self.problems:
            self.problems.append(problem)

    def _release(
        self,
        metadata: Metadata | None,
        *,
        source: Source = "index",
        trust: Trust = "none",
        unknown: str | None = None,
        imports: tuple[str, ...] = (),
    ) -> Release:
        listed = self.release.listed()
        files = sorted(
            (stored_file(one, path_below(one.url, self.base)) for one, _ in self.release.files),
            key=lambda one: one.name,
        )
        return Release(
            project=listed.project,
            version=listed.version,
            uploaded=listed.uploaded,
            yanked=listed.yanked,
            requires_python=(metadata.requires_python if metadata is not None else None) or listed.requires_python,
            requires=None if metadata is None else metadata.requires,
            unusable=() if metadata is None else metadata.unusable,
            unknown=unknown,
            extras=() if metadata is None else metadata.extras,
            imports=(metadata.imports if metadata is not None else ()) or imports,
            source=source,
            trust=trust,
            files=tuple(files),
        )


class _Tail:
    """Reads parts of one wheel; the whole wheel where it is small and the host gives no parts."""

    def __init__(self, fetcher: Fetcher, wheel: PageFile) -> None:
        self._fetcher = fetcher
        self._wheel = wheel
        self.whole: bytes | None = None

    async def directory(self) -> Directory:
        total = self._wheel.size
        if total is None:  # only a GET tells; some hosts answer HEAD with another size
            total = await self._total()
        return await self.run(read_directory(total))

    async def run(self, reads: Generator[Span, bytes, Result]) -> Result:
        """Serve a reader of `crawler.wheeltail` from the wheel."""
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
        assert self.whole is not None
        return self.whole[span.start : span.stop]

    async def _ask(self, span: Span) -> Answer:
        request = Request(url=self._wheel.url, lane="files", cap=SMALL_FILE, span=span, sha256=self._wheel.sha256)
        answer = await self._fetcher.get(request)
        if isinstance(answer, Failure) and answer.code == "range-refused" and (self._wheel.size or 0) <= SMALL_FILE:
            whole = Request(url=self._wheel.url, lane="files", cap=SMALL_FILE, sha256=self._wheel.sha256)
            answer = await self._fetcher.get(whole)
        if isinstance(answer, Failure):
            raise _Stop(answer)
        if self._wheel.size is not None and self._wheel.size != answer.total:
            raise _Stop(Failure("size-mismatch", f"expected {self._wheel.size} bytes, found {answer.total}"))
        return answer


def _sidecar_trust(wheel: PageFile) -> Trust:
    return "unverified" if wheel.metadata_sha256 is None else "verified"
