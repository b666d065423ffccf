"""How far is an application from the set? Its pins against the set's versions, and the bounds that the set violates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dataset.lock import Lock, LockedBound, Pin
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.targets import Target
from normalize.versions import parse_version
from solver.lockedbounds import COUNTED, Violated, violated_bounds, violates
from solver.lockedrisk import graded
from solver.lockedwhere import installed_on, mask_of, runs_on
from solver.setversions import SetVersions

Relation = Literal["same", "newer", "older", "fits", "missing", "elsewhere", "direct", "unknown"]
"""Of the set to the lock: the set's version is the pinned one, newer, older, or fits where the lock only bounds it; the
set does not hold the project (``elsewhere``: nixpkgs has the attribute, but this extract of it does not); the lock
names a source in place of a release; the set's version is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinDistance:
    """One pin, or one project that the lock only bounds, against the set.

    Attributes:
        locked: the pinned version; None where the lock names a source or a bound alone.
        asked: the bound, where the lock has no pin.
        there: the set's version as the set spells it, or None.
        series: an attribute of the set that has the pinned version in place of ``attribute``, or None.
        source, address: where the lock takes it from.
        targets: those on which the application needs it, where these are not all; None for all.
    """

    project: ProjectName
    locked: str | None
    asked: str
    attribute: str | None
    there: str | None
    relation: Relation
    series: str | None = None
    source: str = "index"
    address: str = ""
    targets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """What serving an application from the set means.

    Attributes:
        name, kind: of the lock file; ``set_name`` says what it is compared with.
        pins: by project.
        nowhere: pins that no target installs, as ``(project, version)``.
        violated: bounds that the set's versions violate, the counted ones first.
        unknown: releases that would be brought along and whose requirements are not known.
        bounded: whether the lock says what the application itself asks for.
        python: what the lock says of interpreters, and ``excluded`` are the targets that it excludes.
    """

    name: str
    kind: str
    set_name: str
    pins: tuple[PinDistance, ...]
    nowhere: tuple[tuple[ProjectName, str | None], ...]
    violated: tuple[Violated, ...]
    unknown: tuple[tuple[ProjectName, str], ...]
    bounded: bool
    python: str
    excluded: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def counted(self) -> tuple[Violated, ...]:
        """The violated bounds that stand in the way."""
        return tuple(one for one in self.violated if one.weight in COUNTED)

    def bridge(self, pin: PinDistance) -> tuple[Violated, ...]:
        """Return the bounds in the way of taking the set's version in the place of a pin."""
        return tuple(one for one in self.counted if one.dependency == pin.project)

    @property
    def served(self) -> bool:
        """Whether the set can serve the application as it is: it holds everything, and no bound is in the way."""
        lacking = any(one.relation in ("missing", "elsewhere") for one in self.pins)
        return not (lacking or self.counted or self.excluded)


def distance(
    lock: Lock, the_set: SetVersions, releases: Mapping[ProjectName, Sequence[Release]], targets: tuple[Target, ...]
) -> Distance:
    """Compare the pins of a lock with a set.

    Args:
        lock: what the application pins.
        the_set: what it is compared with.
        releases: what the dataset knows of the pinned projects and of what they require: for the bounds that the lock
            does not record, and for the risk of relaxing them.
        targets: those of the set. Extras and groups of the application all count; those of its dependencies do not.
    """
    masks = installed_on(lock, targets)
    installed = [pin for pin in lock.pins if masks[pin]]
    whole = (1 << len(targets)) - 1
    pins = [_pin(pin, the_set, _names(masks[pin], targets) if masks[pin] != whole else None) for pin in installed]
    pinned = {pin.project for pin in lock.pins}
    bounded: dict[ProjectName, list[LockedBound]] = {}
    for bound in lock.bounds:
        if bound.depender is None and bound.dependency not in pinned and mask_of(bound.marker, targets):
            bounded.setdefault(bound.dependency, []).append(bound)
    pins += [_only_bounded(project, several, the_set) for project, several in bounded.items()]
    found, unknown = violated_bounds(lock, installed, the_set, releases, targets)
    violated = graded(found, the_set, releases, targets)
    ranks = {weight: i for i, weight in enumerate((*COUNTED, "kept", "replaced"))}
    return Distance(
        name=lock.name,
        kind=lock.kind,
        set_name=the_set.name,
        pins=tuple(sorted(pins, key=lambda one: (one.project, one.locked or ""))),
        nowhere=tuple((pin.project, pin.version) for pin in lock.pins if not masks[pin]),
        violated=tuple(
            sorted(
                violated,
                key=lambda one: (
                    ranks[one.weight],
                    not one.lower,
                    one.depender or "",
                    one.dependency,
                    one.text,
                    one.part,
                ),
            )
        ),
        unknown=tuple(sorted(unknown)),
        bounded=any(one.depender is None for one in lock.bounds),
        python=lock.python,
        excluded=tuple(str(target) for target in targets if not runs_on(lock.python, target)),
        notes=lock.notes,
    )


def _pin(pin: Pin, the_set: SetVersions, targets: tuple[str, ...] | None) -> PinDistance:
    held = the_set.held.get(pin.project)
    version = parse_version(pin.version) if pin.version else None
    relation: Relation
    if held is None:
        relation = "elsewhere" if pin.project in the_set.elsewhere else "missing"
    elif pin.source not in ("index", "path"):
        relation = "direct"
    elif version is None:
        relation = "direct" if pin.version is None else "unknown"
    elif held.version is None:
        relation = "unknown"
    elif held.version == version:
        relation = "same" if held.text is not None and parse_version(held.text) else "newer"  # or a snapshot after it
    else:
        relation = "newer" if held.version > version else "older"
    others = the_set.series.get(pin.project, ())
    return PinDistance(
        project=pin.project,
        locked=pin.version,
        asked="",
        attribute=held.attribute if held else None,
        there=held.text if held else None,
        relation=relation,
        series=next((one.attribute for one in others if version is not None and one.version == version), None),
        source=pin.source,
        address=pin.address,
        targets=targets,
    )


def _only_bounded(project: ProjectName, bounds: Sequence[LockedBound], the_set: SetVersions) -> PinDistance:
    held = the_set.held.get(project)
    relation: Relation
    if held is None:
        relation = "elsewhere" if project in the_set.elsewhere else "missing"
    elif held.version is None:
        relation = "unknown"
    else:
        parts = [part for one in bounds if (part := violates(one.accepted, held.version)) is not None]
        relation = "fits" if not parts else "older" if any(parts) else "newer"
    return PinDistance(
        project=project,
        locked=None,
        asked=", ".join(dict.fromkeys(one.text or "any version" for one in bounds)),
        attribute=held.attribute if held else None,
        there=held.text if held else None,
        relation=relation,
    )


def _names(mask: int, targets: tuple[Target, ...]) -> tuple[str, ...]:
    return tuple(str(target) for i, target in enumerate(targets) if mask >> i & 1)
