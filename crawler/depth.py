"""Which releases does a page hold, and whose metadata is worth asking for?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crawler.filenames import Distribution, parse_filename
from crawler.pages import PageFile
from dataset.records import LISTED, File, Release
from normalize.projects import ProjectName
from normalize.versions import parse_version


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
        return Release(
            project=self.project,
            version=self.version,
            uploaded=min((one.uploaded for one, _ in self.files if one.uploaded is not None), default=None),
            yanked=None if None in yanked else min(one for one in yanked if one is not None),
            requires_python=pythons[0] if pythons else None,
            unknown=LISTED,
        )


def releases(project: ProjectName, files: Iterable[PageFile]) -> tuple[tuple[PageRelease, ...], tuple[str, ...]]:
    """Return the releases on the page, sorted by version, and the names of the files that belong to none.

    Versions that PEP 440 holds equal (``1.0`` and ``1.0.0``) are one release, under the spelling that sorts first.
    """
    grouped: dict[object, list[tuple[PageFile, Distribution]]] = {}
    strange: set[str] = set()
    seen: set[str] = set()
    for file in files:
        said = parse_filename(file.name, project)
        if said is None or file.name in seen:
            strange.add(file.name)
            continue
        seen.add(file.name)
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
    return tuple(found), tuple(sorted(strange))


def planned(found: Collection[PageRelease], *, newest: int, keep: Collection[str] = ()) -> tuple[PageRelease, ...]:
    """Return the releases whose metadata to ask for, newest first.

    These are the newest final releases that are not yanked, and those that are asked for by version.

    Args:
        found: the releases on the page.
        newest: how many final releases.
        keep: versions to have besides, compared as PEP 440, whatever their age and state.
    """
    kept = {parse_version(text) or text for text in keep}
    ordered = sorted(
        ((version, one) for one in found if (version := parse_version(one.version)) is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    finals = [
        one.version
        for version, one in ordered
        if not version.is_prerelease and any(f.yanked is None for f, _ in one.files)
    ]
    chosen = {*finals[:newest], *(one.version for version, one in ordered if version in kept)}
    odd = tuple(one for one in found if one.version in kept)
    return (*(one for _, one in ordered if one.version in chosen), *odd)


def stored_file(file: PageFile, path: str | None) -> File:
    """Return the file as the dataset keeps it."""
    return File(name=file.name, path=path, sha256=file.sha256, size=file.size)
