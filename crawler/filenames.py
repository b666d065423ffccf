"""Which release does a file belong to, and how good a witness of its requirements is it? Only its name is read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from packaging.tags import Tag
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion

from normalize.projects import ProjectName, extra_name
from normalize.versions import parse_version

Kind = Literal["wheel", "sdist", "other"]

_OLD_SDIST = (".tar.bz2", ".tar.xz", ".tar.Z", ".tgz", ".tar.gz", ".zip")
_READABLE = (".tar.gz", ".tgz", ".tar.bz2", ".zip")
_BUILT = re.compile(r"-py\d(\.\d+)?(-[-\w.]+)?\.egg$|[-.](linux|win|macosx)[-\w.]*\.(exe|msi|zip|tar\.gz|tgz|dmg|rpm)$")
_RPM = re.compile(r"-\d+\.(noarch|src|x86_64|i\d86)\.rpm$")
_WHEEL = re.compile(r"(?P<project>[\w.]+)-(?P<version>[^-]+)-(?P<rest>.+)\.whl")
_CPYTHON = re.compile(r"cp3(\d{1,3})t?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """What a file's name says.

    Attributes:
        version: PEP 440 in its normal form, or as spelled where it is not PEP 440.
        kind: only wheels and sdists can tell requirements.
        rank: files of one release compare by it; the smallest is the best witness.
    """

    project: ProjectName
    version: str
    kind: Kind
    rank: tuple[int, int]


def parse_filename(name: str, project: ProjectName) -> Distribution | None:
    """Return what the name of a file on the project's page says, or None where it names no release of the project.

    >>> parse_filename("pytz-2004d.tar.gz", ProjectName("pytz")).version
    '2004d'
    >>> parse_filename("PyYAML-06.0-cp313-cp313-win32.whl", ProjectName("pyyaml")).version
    '6.0'
    """
    if any(c in name for c in "/\\\0") or len(name) > 400:
        return None
    if name.endswith(".whl"):
        return _wheel(name, project)
    try:
        found, version = parse_sdist_filename(name)
    except (InvalidSdistFilename, InvalidVersion):
        pass
    else:
        if ProjectName(found) == project and not _BUILT.search(name):
            return Distribution(project=project, version=str(version), kind="sdist", rank=(4, 0))
    return _old(name, project)


def _wheel(name: str, project: ProjectName) -> Distribution | None:
    parts = _WHEEL.fullmatch(name)
    if parts is None or "__" in parts["project"]:
        return None
    version = _normal_version(parts["version"])
    rank = _rank_of(parts["rest"])
    named = parts["project"]
    if version is None or rank is None or (named != project and ProjectName(extra_name(named)) != project):
        return None
    return Distribution(project=project, version=version, kind="wheel", rank=rank)


@lru_cache(10_000)
def _normal_version(text: str) -> str | None:
    """Return the normal form; None where the text is not PEP 440. Most projects have the same few versions."""
    version = parse_version(text)
    return None if version is None else str(version)


@lru_cache(10_000)
def _rank_of(rest: str) -> tuple[int, int] | None:
    """Return the rank of wheels whose names end like this (build number, tags); None where that is not allowed.

    Few endings make up an index, so packaging is asked about each once.
    """
    try:
        tags = parse_wheel_filename(f"x-1-{rest}.whl")[3]
    except InvalidWheelFilename:
        return None
    return min(map(_rank, tags))


def _rank(tag: Tag) -> tuple[int, int]:
    """Order the wheels of a release as nixpkgs would: pure, built for x86_64-linux, for the stable ABI, any other."""
    if tag.platform == "any" and tag.interpreter == "py3":
        return (0, 0)
    cpython = _CPYTHON.fullmatch(tag.interpreter)
    minor = int(cpython[1]) if cpython else 0
    linux = "linux" in tag.platform and tag.platform.endswith("x86_64")
    if tag.abi == "abi3":
        return (2, -minor if linux else 0)
    if linux and minor:
        return (1, -minor)
    return (3, -minor)


def _old(name: str, project: ProjectName) -> Distribution | None:
    """Read names that today's rules refuse: versions that are not PEP 440, eggs, installers, other archives."""
    stem, built = _BUILT.subn("", name)
    if not built:
        stem, built = _RPM.subn("", name)
    kind: Kind = "other"
    if not built:
        suffix = next((one for one in _OLD_SDIST if name.endswith(one)), None)
        if suffix is None:
            return None
        stem = name.removesuffix(suffix)
        kind = "sdist" if suffix in _READABLE else "other"
    for match in re.finditer("-", stem):
        version = stem[match.end() :]
        if version and ProjectName(extra_name(stem[: match.start()])) == project:
            parsed = _normal(version)
            return Distribution(project=project, version=parsed, kind=kind, rank=(4 if kind == "sdist" else 9, 0))
    return None


def _normal(version: str) -> str:
    parsed = _normal_version(version)
    return version if parsed is None else parsed
