"""Which bounds behind an application's pins would the versions of a set violate?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from packaging.version import Version

from dataset.lock import Lock, LockedBound, Pin
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import applies, parse_requirement
from normalize.specifiers import Part, parse_bounds
from normalize.targets import Target
from normalize.versions import parse_version
from solver.lockedwhere import mask_of
from solver.planwords import RiskClass
from solver.setversions import SetVersions, release_of

Weight = Literal["application", "brought", "kept", "replaced"]
"""Whose bound it is: the application's, that of a release which the set lacks and the application would bring along,
that of a release which the set has at this very version, or that of one which the set has at another version."""

COUNTED: tuple[Weight, ...] = ("application", "brought")
"""The bounds that serving the application from the set would have to undo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violated:
    """A bound of the lock's releases that the set's version violates.

    Attributes:
        depender: None for the application itself.
        chosen: the set's version.
        lower: whether a lower part is violated, which is never relaxed.
        part: the application's extra or group, or "".
        risk: the class that relaxing it would have; None for a lower part.
        evidence: what shows the class.
        shown: whether anything does: where no upload times tell, ``deliberate`` stands for what is not known.
    """

    depender: ProjectName | None
    version: str | None
    dependency: ProjectName
    text: str
    chosen: str
    lower: bool
    weight: Weight
    part: str = ""
    risk: RiskClass | None = None
    evidence: str = ""
    shown: bool = True


def violated_bounds(
    lock: Lock,
    installed: Sequence[Pin],
    the_set: SetVersions,
    releases: Mapping[ProjectName, Sequence[Release]],
    targets: tuple[Target, ...],
) -> tuple[dict[Violated, LockedBound], set[tuple[ProjectName, str]]]:
    """Return the bounds that the set violates, and the releases brought along whose requirements are not known.

    Each bound is there as it is told, and as it is read.

    Args:
        lock: what the application pins, and the bounds that it records.
        installed: the pins that some target installs.
        the_set: whose versions are looked at.
        releases: what the dataset knows of the pinned projects, where the lock does not record a pin's bounds.
        targets: those of the set; a bound counts where it applies on one of them.
    """
    weights = {(pin.project, pin.version): _weight(pin, the_set) for pin in installed}
    bounds = [
        one
        for one in lock.bounds
        if (one.depender is None or ((one.depender, one.version) in weights and "extra" not in one.marker))
        and mask_of(one.marker, targets)
    ]
    unknown: set[tuple[ProjectName, str]] = set()
    for key, weight in weights.items():
        project, version = key
        if key in lock.recorded or version is None:
            continue
        release = release_of(releases.get(project, ()), version)
        if release is None or release.requires is None:
            if weight == "brought":
                unknown.add((project, version))
            continue
        bounds += _bounds_of(release, version, targets)
    violated: dict[Violated, LockedBound] = {}
    for one in bounds:
        held = the_set.held.get(one.dependency)
        if held is None or held.version is None or one.dependency == one.depender:
            continue
        lower = violates(one.accepted, held.version)
        if lower is not None:
            told = Violated(
                depender=one.depender,
                version=one.version,
                dependency=one.dependency,
                text=one.text,
                chosen=held.text or str(held.version),
                lower=lower,
                weight="application" if one.depender is None else weights[one.depender, one.version],
                part=one.part,
            )
            violated.setdefault(told, one)
    return violated, unknown


def _weight(pin: Pin, the_set: SetVersions) -> Weight:
    held = the_set.held.get(pin.project)
    if held is None:
        return "brought"
    same = pin.version is not None and held.version is not None and parse_version(pin.version) == held.version
    return "kept" if same else "replaced"


def _bounds_of(release: Release, version: str, targets: tuple[Target, ...]) -> Iterable[LockedBound]:
    for text in release.requires or ():
        found = parse_requirement(text)
        if found is not None and found.bounds.text and found.url is None and applies(found, targets):
            yield LockedBound(
                depender=release.project,
                version=version,
                dependency=found.project,
                text=found.bounds.text,
                accepted=(found.bounds.text,),
            )


def violates(accepted: Iterable[str], version: Version) -> bool | None:
    """Return None where one of the specifiers accepts the version, else whether each has a lower part against it."""
    parts = [parse_bounds(one).violated(version) for one in accepted]
    return None if not all(parts) else all(Part.LOWER in one for one in parts)
