"""What do the releases of the dataset say about names? Import names, what shows them, and how projects are ranked."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataset.records import DAY, SDIST_SOURCES, Release
from normalize.confidence import Confidence
from normalize.importnames import is_beside, is_import_name
from normalize.nameanswers import Standing
from normalize.names import Kind, Link
from normalize.projects import ProjectName, extra_name
from normalize.versions import parse_version

_REQUIRED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

_SHOWN_BY = {
    "declared": "Import-Name in the metadata of release",
    "members": "contents of a wheel of release",
    "top-level": "top_level.txt of release",
    "": "contents of release",
}

_STUBS = "-stubs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNames:
    """What the releases say.

    Attributes:
        links: import names, modules that stubs are for, and projects that install nothing.
        projects: all projects, whether or not anything is known of them.
        standings: how each project is ranked among several that provide the same module.
    """

    links: tuple[Link, ...]
    projects: frozenset[ProjectName]
    standings: Mapping[str, Standing]


def names_of_releases(releases: Iterable[Release]) -> ReleaseNames:
    """Return what the releases say; of each project the newest one counts that shows import names.

    A namespace (``google``) is only the first part of an import name; the map finds out which names are namespaces.
    Folders that a wheel carries along by mistake (``tests``) are left out where it holds anything else.
    """
    shows: dict[ProjectName, tuple[tuple[Any, ...], Release]] = {}
    newest: dict[ProjectName, tuple[tuple[Any, ...], Release]] = {}
    since: dict[ProjectName, str] = {}
    for release in releases:
        project, version = release.project, _version(release)
        worth = (bool(release.imports), *version)
        if project not in shows or worth > shows[project][0]:
            shows[project] = worth, release
        if release.requires is not None and (project not in newest or version > newest[project][0]):
            newest[project] = version, release
        if release.uploaded is not None:
            since[project] = min(since.get(project, release.uploaded), release.uploaded)
    required = Counter(name for _, release in newest.values() for name in _requires(release))
    return ReleaseNames(
        links=tuple(link for project in sorted(shows) for link in _links(shows[project][1])),
        projects=frozenset(shows),
        standings={
            project: Standing(dependents=required[project], since=since.get(project, "")[:DAY])
            for project in sorted(shows)
        },
    )


def _requires(release: Release) -> set[str]:
    found = (_REQUIRED.match(line) for line in release.requires or ())
    return {extra_name(one.group()) for one in found if one is not None}


def _links(release: Release) -> Iterator[Link]:
    names = [name for name in release.imports if is_import_name(name)]
    strength: Confidence = "certain"
    if release.source in {*SDIST_SOURCES, "import"} or release.imports_from == "top-level":
        strength = "likely"
    because = f"{_SHOWN_BY[release.imports_from]} {release.version}"
    for name in [name for name in names if not is_beside(name)] or names:
        kind: Kind = "import" if "." in name else "top-level"
        yield _link(release.project, kind, name, strength, because)
    for name in release.imports:
        if name.endswith(_STUBS) and is_import_name(module := name.removesuffix(_STUBS)):
            yield _link(release.project, "stubs", module, strength, because)
    if not release.imports and release.imports_from in {"declared", "members"}:
        yield _link(release.project, "metapackage", release.project, strength, f"{because}: no module is among them")


def _link(project: ProjectName, kind: Kind, name: str, strength: Confidence, because: str) -> Link:
    return Link(project=project, kind=kind, name=name, strength=strength, source="index", because=because)


def _version(release: Release) -> tuple[bool, Any, str]:
    version = parse_version(release.version)
    return version is not None, 0 if version is None else version, release.version
