"""Which packages of a plan can be locked, with which files and on which targets? And why can the others not?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dataset.records import Release
from nixpkgs.lockedfiles import LockedPackage, file_tags, fits, locked_package
from nixpkgs.targetmarkers import marker_of
from normalize.projects import ProjectName
from normalize.targets import Target, parse_target
from normalize.versions import parse_nix_version
from solver.plan import Plan
from solver.setversions import release_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LockPlan:
    """What a lock file of a plan holds.

    Attributes:
        targets: the plan's.
        packages: sorted by project.
        left_out: projects that cannot be locked, as ``(project, version, why)``, sorted; the version is None where it
            is not known.
        gaps: projects that have no file for some target that needs them -> those targets, sorted.
    """

    targets: tuple[Target, ...]
    packages: tuple[LockedPackage, ...]
    left_out: tuple[tuple[ProjectName, str | None, str], ...]
    gaps: tuple[tuple[ProjectName, tuple[Target, ...]], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What cannot be locked, one sentence each."""
        return tuple(f"{' '.join(filter(None, (project, version)))}: {why}" for project, version, why in self.left_out)


def lock_plan(plan: Plan, releases: Mapping[ProjectName, Iterable[Release]], *, addressed: bool = True) -> LockPlan:
    """Return what a lock file of the plan holds.

    Args:
        plan: the plan, which is no conflict.
        releases: what the dataset knows of its projects, with their files.
        addressed: whether a file counts only where the dataset knows where it lies.
    """
    targets = tuple(parse_target(one) for one in plan.targets)
    packages, left_out, gaps = [], [], []
    for package in plan.packages:
        wanted = targets if package.targets is None else tuple(parse_target(one) for one in package.targets)
        if not wanted:
            continue
        release = release_of(releases.get(package.project, ()), package.version)
        if release is None:
            left_out.append((package.project, package.version, _why_not(package.version)))
            continue
        locked = locked_package(release, wanted, marker_of(wanted, targets), addressed=addressed)
        if isinstance(locked, str):
            left_out.append((package.project, package.version, locked))
            continue
        packages.append(locked)
        if missing := _without_file(locked, release, wanted):
            gaps.append((package.project, missing))
    return LockPlan(targets=targets, packages=tuple(packages), left_out=tuple(left_out), gaps=tuple(gaps))


def _why_not(version: str | None) -> str:
    if version is None:
        return "its version is not known"
    if parse_nix_version(version).snapshot is not None:
        return "nixpkgs has a snapshot of it, which is no release"
    return "the index has no such release"


def _without_file(locked: LockedPackage, release: Release, wanted: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return the targets that have neither a wheel nor an sdist to build one from."""
    if locked.sdist is not None:
        return ()
    tags = [file_tags(wheel.name, release) or frozenset() for wheel in locked.wheels]
    return tuple(target for target in wanted if not any(fits(one, [target]) for one in tags))
