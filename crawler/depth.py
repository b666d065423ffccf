"""Which releases does a page hold, and whose metadata is worth asking for?"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from crawler.filenames import Distribution, parse_filename
from crawler.pagenotes import Note
from crawler.pages import PageFile
from dataset.facts import listed_facts, release_of
from dataset.records import File, Release, Timestamp
from normalize.projects import ProjectName
from normalize.versions import parse_version

NOTHING_ACCEPTED = "nothing-accepted"
"""The code of the problem that no release is accepted by a specifier, which is its detail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRelease:
    """One release as the page shows it.

    Attributes:
        files: with what their names say, the best witness of the requirements first.
    """

    project: ProjectName
    version: str
    files: tuple[tuple[PageFile, Distribution], ...]

    def listed(self) -> Release:
        """Return what is known without any metadata."""
        yanked = [one.yanked for one, _ in self.files]
        pythons = sorted({one.requires_python for one, _ in self.files if one.requires_python is not None})
        return release_of(
            self.project,
            self.version,
            min((one.uploaded for one, _ in self.files if one.uploaded is not None), default=None),
            None if None in yanked else min(one for one in yanked if one is not None),
            None,
            listed_facts(pythons[0] if pythons else None),
            (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """Which releases of one project are wanted: those that any of these rules takes.

    Attributes:
        newest: so many of the newest final releases that are not yanked.
        since: all releases that were uploaded from this time on.
        everything: all releases.
        keep: these versions, compared as PEP 440, whatever their age and state.
        accepted: of those that each specifier accepts, so many of the newest as ``newest`` says; where there is one,
            the newest releases are not wanted besides.
        also: what is wanted of each release beyond its requirements; part of the name alone.
    """

    newest: int = 8
    since: Timestamp | None = None
    everything: bool = False
    keep: frozenset[str] = frozenset()
    accepted: tuple[str, ...] = ()
    also: str = ""

    def name(self) -> str:
        """Return a text that is the same for the same depth."""
        rules = [str(self.newest), f"since {self.since}" if self.since else "", "all" if self.everything else ""]
        rules += sorted(self.keep) + sorted(self.accepted) + [self.also]
        return ",".join(filter(None, rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a depth makes of the releases of a page.

    Attributes:
        releases: those whose metadata to ask for, newest first.
        skipped: why not the others -> number.
        unmet: what was asked for by version or specifier and is not there.
    """

    releases: tuple[PageRelease, ...]
    skipped: Mapping[str, int]
    unmet: tuple[Note, ...]


def releases(project: ProjectName, files: Iterable[PageFile]) -> tuple[tuple[PageRelease, ...], tuple[Note, ...]]:
    """Return the releases on the page, sorted by version, and what is odd about the files that belong to none.

    Versions that PEP 440 holds equal (``1.0`` and ``1.0.0``) are one release, under the spelling that sorts first.
    """
    grouped: dict[object, list[tuple[PageFile, Distribution]]] = {}
    odd: set[Note] = set()
    seen: dict[str, PageFile] = {}
    for file in files:
        said = parse_filename(file.name, project)
        if said is None:
            odd.add(Note("strange-file", file.name[:200], "names no release"))
            continue
        first = seen.setdefault(file.name, file)
        if first is not file:
            same = first.sha256 == file.sha256
            odd.add(Note("duplicate-file", file.name, "listed twice" if same else _two(first.sha256, file.sha256)))
            continue
        grouped.setdefault(parse_version(said.version) or said.version, []).append((file, said))
    found = [
        PageRelease(
            project=project,
            version=min(said.version for _, said in several),
            files=tuple(sorted(several, key=lambda one: (one[1].rank, one[0].name))),
        )
        for several in grouped.values()
    ]
    found.sort(key=lambda one: one.version)
    return tuple(found), tuple(sorted(odd))


def _two(first: str | None, other: str | None) -> str:
    return f"listed with two hashes, {first or 'none'} and {other or 'none'}; the first one counts"


def wanted(found: Collection[PageRelease], depth: Depth) -> Wanted:
    """Return the releases whose metadata to ask for."""
    ordered = sorted(
        ((version, one) for one in found if (version := parse_version(one.version)) is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    odd = [one for one in found if parse_version(one.version) is None]
    kept = {parse_version(text) or text for text in depth.keep}
    chosen = {
        one.version for one in found if _recent(one, depth) or (parse_version(one.version) or one.version) in kept
    }
    if not depth.accepted:
        chosen |= {one.version for _, one in [pair for pair in ordered if _is_final(*pair)][: depth.newest]}
    unmet: list[Note] = []
    for text in depth.accepted:
        accepted = _accepted(ordered, text)[: depth.newest]
        chosen.update(accepted)
        if not accepted:
            unmet.append(Note(NOTHING_ACCEPTED, "", text))
    there = {parse_version(one.version) or one.version for one in found}
    unmet += [
        Note("version-not-on-index", "", text)
        for text in sorted(depth.keep)
        if (parse_version(text) or text) not in there
    ]
    skipped = Counter(_reason(version, one) for version, one in ordered if one.version not in chosen)
    skipped += Counter("not-pep440" for one in odd if one.version not in chosen)
    return Wanted(
        releases=(
            *(one for _, one in ordered if one.version in chosen),
            *(one for one in odd if one.version in chosen),
        ),
        skipped=skipped,
        unmet=tuple(unmet),
    )


def _recent(one: PageRelease, depth: Depth) -> bool:
    since = depth.since
    return depth.everything or (
        since is not None and any(file.uploaded is not None and file.uploaded >= since for file, _ in one.files)
    )


def _is_final(version: Version, one: PageRelease) -> bool:
    return not version.is_prerelease and any(file.yanked is None for file, _ in one.files)


def _accepted(ordered: list[tuple[Version, PageRelease]], text: str) -> list[str]:
    """Return the versions that a specifier accepts, newest first; pre-releases where it names one."""
    try:
        specifier = SpecifierSet(text)
    except InvalidSpecifier:
        return []
    there = [(version, one) for version, one in ordered if any(file.yanked is None for file, _ in one.files)]
    return [
        one.version for version, one in there if specifier.contains(version, prereleases=bool(specifier.prereleases))
    ]


def _reason(version: Version, one: PageRelease) -> str:
    if all(file.yanked is not None for file, _ in one.files):
        return "yanked"
    return "pre-release" if version.is_prerelease else "older"


def stored_file(file: PageFile, path: str | None) -> File:
    """Return a file of the page as the dataset keeps it."""
    return File(name=file.name, path=path, sha256=file.sha256, size=file.size)
