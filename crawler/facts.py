"""What do the texts of one release say? The same answer while crawling and, from stored texts, years later.

Wheels go before sdists, and a file that is a better witness before another; what is refused is said.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from crawler.about import without
from crawler.archive import BadArchive
from crawler.differences import difference
from crawler.filenames import parse_filename
from crawler.imports import import_names, top_level_names
from crawler.metadata import Metadata, Requirements, parse_metadata
from crawler.pyproject import build_requirements
from crawler.sdist import static_about, static_metadata
from dataset.crawlstate import Problem, SourceText
from dataset.facts import release_of
from dataset.records import About, File, ImportsFrom, Release, Source, Trust
from normalize.projects import ProjectName

OF_REQUIREMENTS = frozenset({"sidecar", "metadata", "pkg-info", "pyproject", "setup-cfg", "requires-txt"})
"""The kinds of texts that may tell requirements."""

OF_TEXTS = frozenset(
    {"odd-header", "odd-field", "not-utf8", "parser-disagreement", "other-release", "too-large"}
    | {"unusable-requirement", "unusable-build-requirement", "files-differ"}
)
"""The codes of problems that reading the texts alone can show. Some of them a crawl finds in other ways too."""

_OF_WHEELS = frozenset({"sidecar", "metadata", "members"})
_SOURCES: tuple[tuple[str, Source], ...] = (("sidecar", "sidecar"), ("metadata", "wheel"))
_LONGEST_DETAIL = 500
_UNTOLD = Metadata(name=None, version=None, requirements=Requirements())


@dataclass(slots=True)
class Facts:
    """What the texts of a release say.

    Attributes:
        metadata: the requirements and what stands beside them; None where no text tells them.
        file, source: which file tells them, and which of its texts; of a wheel ``sidecar`` or ``wheel``.
        imports, imports_from: the import names.
        builds: what building requires, or None.
        about: what people are told.
        problems: what is odd about the texts that count.
        unknown: why an sdist does not tell the requirements.
    """

    metadata: Metadata | None = None
    file: str = ""
    source: Source = "index"
    imports: tuple[str, ...] = ()
    imports_from: ImportsFrom = ""
    builds: tuple[str, ...] | None = None
    about: About | None = None
    problems: list[Problem] = field(default_factory=list)
    unknown: str | None = None

    def on(self, release: Release, files: tuple[File, ...], how: tuple[Source, Trust], unknown: str) -> Release:
        """Return the release with these facts in the place of its own.

        Args:
            release: its listed facts stay.
            files: of the release.
            how: where the requirements were read and how far that can be trusted, where they are known.
            unknown: why the requirements are unknown where they are.
        """
        metadata = self.metadata or _UNTOLD
        known = self.metadata is not None
        told = (
            metadata.requires_python or release.requires_python,
            metadata.requires if known else None,
            metadata.unusable,
            None if known else unknown,
            metadata.extras,
            self.imports if self.imports_from else release.imports,
            how[0] if known else "index",
            how[1] if known else "none",
            metadata.repaired,
            release.builds if self.builds is None else self.builds,
            self.imports_from or release.imports_from,
            self.about or release.about,
        )
        return release_of(release.project, release.version, release.uploaded, release.yanked, release.gone, told, files)


def facts(
    project: ProjectName, version: str, texts: Iterable[SourceText], hosts: Collection[str] = frozenset()
) -> Facts:
    """Read the texts of one release.

    Args:
        project: whose texts they are.
        version: likewise.
        texts: in any order.
        hosts: of indexes; an address there is not kept.
    """
    by_file: dict[str, dict[str, bytes]] = {}
    for text in texts:
        by_file.setdefault(text.file, {})[text.kind] = text.content
    ordered = list(by_file)
    if len(ordered) > 1:
        ordered.sort(key=lambda name: (_rank(name, project), name))
    wheels = [file for file in ordered if _OF_WHEELS & by_file[file].keys()]
    reading = _Reading(project, version)
    for file in wheels:
        reading.wheel(file, by_file[file])
    for file in ordered:
        if file not in wheels:
            reading.sdist(file, by_file[file])
    found = reading.done()
    found.about = without(found.about, hosts)
    return found


def _rank(name: str, project: ProjectName) -> tuple[int, int]:
    said = parse_filename(name, project)
    return (99, 0) if said is None else said.rank


class _Reading:
    def __init__(self, project: ProjectName, version: str) -> None:
        self._project = project
        self._version = version
        self._found = Facts()
        self._told: dict[str, Metadata] = {}

    def wheel(self, file: str, texts: Mapping[str, bytes]) -> None:
        for kind, source in _SOURCES:
            metadata = self._belonging(file, texts[kind]) if kind in texts else None
            if metadata is None:
                continue
            self._told.setdefault(file, metadata)
            self._found.about = self._found.about or metadata.about
            if self._found.metadata is None:
                self._believe(file, source, metadata)
        if "members" in texts and not self._found.imports_from:
            self._found.imports = import_names(texts["members"].decode("utf-8", "replace").split("\n"))
            self._found.imports_from = "members"

    def sdist(self, file: str, texts: Mapping[str, bytes]) -> None:
        found = self._found
        if found.metadata is None:
            try:
                self._believe(file, *static_metadata(texts, self._project, self._version))
            except BadArchive as error:
                found.unknown = found.unknown or error.code
                if error.code != "sdist-dynamic":  # that is not a fault, and the release says it
                    self._note(file, error.code, error.detail)
        if found.about is None:
            found.about = static_about(texts, self._project, self._version)
        if "top-level" in texts and not found.imports_from:
            found.imports, found.imports_from = top_level_names(texts["top-level"]), "top-level"
        if "pyproject" in texts and found.builds is None:
            self._builds(file, texts["pyproject"])

    def done(self) -> Facts:
        found = self._found
        if found.metadata is not None and found.metadata.imports is not None:
            found.imports, found.imports_from = found.metadata.imports, "declared"
        differing = difference(self._told)
        if differing is not None:
            self._note(differing[0], "files-differ", differing[1])
        return found

    def _belonging(self, file: str, text: bytes) -> Metadata | None:
        try:
            metadata = parse_metadata(text)
        except BadArchive as error:
            self._note(file, error.code, error.detail)
            return None
        if metadata.belongs_to(self._project, self._version):
            return metadata
        said = f"{(metadata.name or '')[:100]!r} {(metadata.version or '')[:100]!r}"
        self._note(file, "other-release", f"the metadata describes {said}")
        return None

    def _believe(self, file: str, source: Source, metadata: Metadata) -> None:
        self._found.metadata, self._found.file, self._found.source = metadata, file, source
        for code, detail in metadata.doubts:
            self._note(file, code, detail)
        for line in metadata.unusable:
            self._note(file, "unusable-requirement", line)

    def _builds(self, file: str, text: bytes) -> None:
        try:
            requirements = build_requirements(text)
        except BadArchive as error:
            self._note(file, error.code, error.detail)
            return
        if requirements is not None:
            self._found.builds = requirements.texts()
            for line in requirements.unusable:
                self._note(file, "unusable-build-requirement", line)

    def _note(self, file: str, code: str, detail: str) -> None:
        problem = Problem(self._project, self._version, file, code, detail[:_LONGEST_DETAIL])
        if problem not in self._found.problems:
            self._found.problems.append(problem)
