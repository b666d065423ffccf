"""Which files of a release belong in a lock file? Its sdist, and the wheels that fit a target; each with its hash."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packaging.tags import Tag
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

from dataset.records import File, Release
from normalize.projects import ProjectName
from normalize.targets import Target
from normalize.versions import parse_version

_CPYTHON = re.compile(r"cp3([0-9]{1,3})")
_PLAIN = re.compile(r"py3([0-9]{0,3})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """One release as a lock file has it.

    Attributes:
        version: PEP 440.
        requires_python: the specifier as published, or None.
        marker: where it is installed; None for everywhere.
        sdist: its source archive; None where it has none.
        wheels: those that fit a target, sorted by name.
    """

    project: ProjectName
    version: str
    requires_python: str | None = None
    marker: str | None = None
    sdist: File | None = None
    wheels: tuple[File, ...] = ()

    @property
    def files(self) -> tuple[File, ...]:
        """All of its files."""
        return (*self.wheels, *((self.sdist,) if self.sdist is not None else ()))


def locked_package(
    release: Release, targets: Sequence[Target], marker: str | None = None, *, addressed: bool = True
) -> LockedPackage | str:
    """Return what a lock file says of a release, or why it cannot have it.

    Files of which the dataset has no hash, eggs and installers are left out: no installer takes them from a lock file.

    Args:
        release: what is known of it, its files included.
        targets: those that the lock file is for.
        marker: where it is installed; None for everywhere.
        addressed: whether a file counts only where the dataset knows where it lies.
    """
    version = parse_version(release.version)
    if version is None:
        return "its version is not PEP 440"
    wheels: dict[str, File] = {}
    sdists: dict[str, File] = {}
    lacking = ""
    for file in release.files:
        tags = file_tags(file.name, release)
        if tags is None or (tags and not fits(tags, targets)):
            continue
        if file.sha256 is None or not _SHA256.fullmatch(file.sha256):
            lacking = "the dataset has no hashes of its files"
            continue
        if addressed and file.path is None:
            lacking = "the dataset does not know where its files lie"
            continue
        (wheels if tags else sdists)[file.name] = file
    if not wheels and not sdists:
        nothing = "it has no sdist, and no wheel that fits a target"
        return lacking or (nothing if release.files else "the dataset does not know its files")
    return LockedPackage(
        project=release.project,
        version=str(version),
        requires_python=release.requires_python,
        marker=marker,
        sdist=min(sdists.values(), key=lambda file: (not file.name.endswith(".tar.gz"), file.name), default=None),
        wheels=tuple(wheels[name] for name in sorted(wheels)),
    )


def file_tags(name: str, release: Release) -> frozenset[Tag] | None:
    """Return what a wheel fits, nothing for an sdist, or None for what is neither or belongs to another release."""
    tags: frozenset[Tag] = frozenset()
    try:
        if name.endswith(".whl"):
            project, version, _, tags = parse_wheel_filename(name)
        else:
            project, version = parse_sdist_filename(name)
    except (InvalidWheelFilename, InvalidSdistFilename, ValueError):  # ValueError: a version that is none
        return None
    return tags if (ProjectName(project), version) == (release.project, parse_version(release.version)) else None


def fits(tags: Iterable[Tag], targets: Sequence[Target]) -> bool:
    """Return whether a wheel with these tags can be installed on one of the targets.

    How new a system has to be for it (glibc, macOS) is for the installer to say.
    """
    return any(_fits(tag, target) for tag in tags for target in targets)


def _fits(tag: Tag, target: Target) -> bool:
    minor = int(target.python.split(".")[1])
    cpython, plain = _CPYTHON.fullmatch(tag.interpreter), _PLAIN.fullmatch(tag.interpreter)
    if cpython is not None:
        if tag.abi == tag.interpreter:
            right = int(cpython[1]) == minor
        else:
            right = tag.abi in ("abi3", "none") and int(cpython[1]) <= minor
    else:
        right = plain is not None and tag.abi == "none" and int(plain[1] or 0) <= minor
    return right and _runs(tag.platform, target.system)


def _runs(platform: str, system: str) -> bool:
    if platform == "any":
        return True
    machine, _, kernel = system.partition("-")
    if kernel == "linux":
        return "linux" in platform and platform.endswith(f"_{machine}")
    machine = {"aarch64": "arm64"}.get(machine, machine)
    return platform.startswith("macosx_") and platform.endswith((f"_{machine}", "_universal2"))
