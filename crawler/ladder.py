"""Which texts tell a release's requirements? Fetched rung by rung: sidecar, wheel tail, small whole wheel, sdist.

What the texts say is not judged here but in `crawler.facts`, which replay asks too.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from crawler.archive import MOST_METADATA, MOST_SDIST, BadArchive
from crawler.depth import PageRelease, stored_file
from crawler.facts import Facts, facts
from crawler.headers import header_part
from crawler.imports import importable
from crawler.locations import path_below
from crawler.pages import PageFile
from crawler.parts import Parts, Unread
from crawler.sdist import SdistTexts, packing
from crawler.source import Answer, Failure, Request
from crawler.source import Source as Place
from crawler.tarstream import TarReader
from crawler.wheeltail import Directory, metadata_entry, read_member
from dataset.crawlstate import Problem, SourceText
from dataset.records import Release, Source, Trust

MOST_WHEELS = 2
"""A second wheel of a release is asked where the first cannot be read; a third would hardly know better."""

MOST_AUDITED = 16
"""Wheels of a release whose sidecars are compared; some have hundreds, mostly with the same metadata."""


@dataclass(slots=True)
class Reading:
    """The reading of one release: what was found, and what went wrong on the way.

    Attributes:
        source: what is asked.
        base: where files lie; nothing else is asked for.
        wants_imports: whether the wheel's directory is to be read even where a sidecar tells the requirements.
        wants_builds: whether an sdist is to be read for what building it requires, even where a wheel tells the rest.
        hosts: of indexes; an address there is not kept.
        audit: whether the sidecars of all wheels are to be read and compared by their meaning, up to 16.
        problems: what could not be read, or was read and not believed.
        texts: what the facts were read from.
        unreached: whether something failed that may well work later.
        unaudited: so many wheels were not compared, because there are so many.
    """

    source: Place
    release: PageRelease
    base: str
    wants_imports: bool
    wants_builds: bool = False
    audit: bool = False
    hosts: Collection[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    texts: list[SourceText] = field(default_factory=list)
    unreached: bool = False
    unaudited: int = 0
    _how: dict[str, tuple[Source, Trust]] = field(default_factory=dict)
    _told: Facts | None = None

    async def run(self) -> Release:
        """Return the release with its requirements, or with the reason why they are unknown."""
        wheels = [one for one, said in self.release.files if said.kind == "wheel"]
        sdists = [one for one, said in self.release.files if said.kind == "sdist"]
        for wheel in wheels[:MOST_WHEELS]:
            await self._wheel(wheel)
            if self._known():
                break
        if self.audit and len(wheels) > 1:
            self.unaudited = len(wheels[MOST_AUDITED:])
            for wheel in wheels[:MOST_AUDITED]:
                if wheel.name not in self._how and not self._is_foreign(wheel):
                    await self._sidecar(wheel)
        reason = "wheel-unreadable" if wheels else "no-readable-file"
        known = self._known()
        if sdists and (not known or self.wants_builds):
            unread = await self._sdist(sdists[0], known=known)
            reason = reason if wheels else unread or self._facts().unknown or "sdist-dynamic"
        return self._release(self._facts(), "unreachable" if self.unreached else reason)

    def broken(self, error: Exception) -> Release:
        """Return the release as unknown, because reading it failed in a way that nobody foresaw."""
        name = self.release.files[0][0].name
        self.problems.append(
            Problem(self.release.project, self.release.version, name, "reader-broken", type(error).__name__)
        )
        return self._release(Facts(), "reader-broken")

    def _facts(self) -> Facts:
        if self._told is None:
            self._told = facts(self.release.project, self.release.version, self.texts, self.hosts)
        return self._told

    def _known(self) -> bool:
        return self._facts().metadata is not None

    async def _wheel(self, wheel: PageFile) -> None:
        if self._is_foreign(wheel):
            return
        await self._sidecar(wheel)
        found = self._facts()
        if found.metadata is not None and (not self.wants_imports or found.imports_from == "declared"):
            return
        try:
            try:
                await self._parts(wheel, known=found.metadata is not None)
            except BadArchive:  # no hash tells whether parts came as they lie there: what is bad twice is bad
                await self._parts(wheel, known=found.metadata is not None)
        except BadArchive as error:
            self._note(wheel, error.code if found.metadata is None else "imports-unread", error.detail)
        except Unread as error:
            if found.metadata is None:
                self._failed(wheel, error.failure)
            else:
                self._note(wheel, "imports-unread", error.failure.detail)

    async def _parts(self, wheel: PageFile, *, known: bool) -> None:
        """Read the wheel's directory, and its metadata where that is not known."""
        parts = Parts(self.source, wheel)
        directory = await parts.directory()
        members = importable(entry.name for entry in directory.entries)
        if not any(one.file == wheel.name and one.kind == "members" for one in self.texts):
            self._text(wheel, "members", members)
        if not known:
            await self._metadata(wheel, parts, directory)

    async def _metadata(self, wheel: PageFile, parts: Parts, directory: Directory) -> None:
        entry = metadata_entry(directory, self.release.project, self.release.version)
        self._text(wheel, "metadata", header_part(await parts.run(read_member(directory, entry))))
        if parts.whole is None:
            self._how[wheel.name] = ("wheel", "unverified")
        else:
            self._how[wheel.name] = ("file", "unverified" if wheel.sha256 is None else "verified")

    async def _sidecar(self, wheel: PageFile) -> None:
        request = Request(url=f"{wheel.url}.metadata", lane="files", cap=MOST_METADATA, sha256=wheel.metadata_sha256)
        answer = await self.source.get(request)
        if isinstance(answer, Answer):
            self._text(wheel, "sidecar", header_part(answer.body))
            self._how[wheel.name] = ("sidecar", "unverified" if wheel.metadata_sha256 is None else "verified")
        elif answer.code != "not-found" or wheel.metadata_sha256 is not None:
            self._note(wheel, f"sidecar-{answer.code}", answer.detail)

    async def _sdist(self, sdist: PageFile, *, known: bool) -> str | None:
        """Read an sdist; return why it could not be read."""
        if self._is_foreign(sdist):
            return "foreign-file"
        if sdist.size is not None and sdist.size > MOST_SDIST:
            self._note(sdist, "too-large", f"{sdist.size} bytes")
            return "too-large"
        wants = {"pyproject"} if self.wants_builds else set()
        wants |= {"top-level"} if self.wants_imports and not known else set()
        collector = SdistTexts(self.release.project, self.release.version, frozenset(wants))
        try:
            failure = await self._collect(sdist, collector)
        except BadArchive as error:
            self._note(sdist, error.code, error.detail)
            return error.code
        if failure is not None:
            self._failed(sdist, failure)
            return failure.code
        for kind, content in collector.texts().items():
            self._text(sdist, kind, content)
        return None

    async def _collect(self, sdist: PageFile, collector: SdistTexts) -> Failure | None:
        packed = packing(sdist.name)
        if packed is None:
            return await self._collect_by_parts(sdist, collector)
        reader = TarReader(packed, collector.take, collector.keep)
        request = Request(url=sdist.url, lane="files", cap=MOST_SDIST, sha256=sdist.sha256)
        answer = await self.source.stream(request, reader.feed)
        if isinstance(answer, Failure):
            return answer
        if answer.complete:
            reader.close()
        return None

    async def _collect_by_parts(self, sdist: PageFile, collector: SdistTexts) -> Failure | None:
        parts = Parts(self.source, sdist, MOST_SDIST)
        try:
            directory = await parts.directory()
            for entry in directory.entries:
                most = collector.take(entry.name)
                if most is not None:
                    collector.keep(entry.name, await parts.run(read_member(directory, entry, most)))
        except Unread as error:
            return error.failure
        return None

    def _text(self, file: PageFile, kind: str, content: bytes) -> None:
        project, version = self.release.project, self.release.version
        self._told = None
        self.texts.append(SourceText(project=project, version=version, file=file.name, kind=kind, content=content))

    def _is_foreign(self, file: PageFile) -> bool:
        foreign = path_below(file.url, self.base) is None
        if foreign:
            self._note(file, "foreign-file", "the file does not lie where the index keeps its files")
        return foreign

    def _failed(self, file: PageFile, failure: Failure) -> None:
        self.unreached = self.unreached or failure.transient
        self._note(file, failure.code, failure.detail)

    def _note(self, file: PageFile, code: str, detail: str) -> None:
        problem = Problem(self.release.project, self.release.version, file.name, code, detail)
        if problem not in self.problems:
            self.problems.append(problem)

    def _release(self, found: Facts, unknown: str) -> Release:
        self.problems += [one for one in found.problems if one not in self.problems]
        files = sorted(
            (stored_file(one, path_below(one.url, self.base)) for one, _ in self.release.files),
            key=lambda one: one.name,
        )
        return found.on(
            self.release.listed(), tuple(files), self._how.get(found.file, (found.source, "claimed")), unknown
        )
