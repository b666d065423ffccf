"""How far is an application from the set? Its pins against the set's versions, and the bounds that the set violates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import permutations
from operator import or_
from typing import Literal

from dataset.lock import Lock, LockedBound, Pin
from dataset.records import Release
from normalize.errors import UsageError
from normalize.interpreters import supports
from normalize.projects import ProjectName
from normalize.targets import Target
from normalize.versions import parse_version, same_version
from solver.lockedbounds import COUNTED, Violated, violated_bounds, violates
from solver.lockedrisk import graded
from solver.lockedwhere import admits, installed_on, mask_of, nearest_admitted
from solver.setversions import SetVersions, release_of

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
        requires_python: of the set's release, where that refuses an interpreter of the application; else "".
        refused: the interpreters that it refuses.
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
    requires_python: str = ""
    refused: tuple[str, ...] = ()


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
        instead: the interpreter that was taken for those of the targets, where the lock excludes all; else "".
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
    instead: str
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
        """Whether the set can serve the application as it is: it holds and runs everything, no bound in the way."""
        lacking = any(one.relation in ("missing", "elsewhere") or one.refused for one in self.pins)
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
            Where the lock is for none of them, the nearest interpreter that it is for stands in the place of theirs.

    Raises:
        UsageError: the lock pins a project to two versions where nothing keeps them apart.
    """
    excluded = tuple(str(target) for target in targets if not admits(lock, target))
    instead = nearest_admitted(lock, targets) if len(excluded) == len(targets) else ()
    targets = instead or targets
    masks = installed_on(lock, targets)
    _refuse_contradictions(lock, masks)
    installed = [pin for pin in lock.pins if masks[pin]]
    whole = (1 << len(targets)) - 1
    judge = _Judge(the_set, releases, tuple(target if admits(lock, target) else None for target in targets))
    pins = [
        judge.judged(_pin(pin, the_set, _names(masks[pin], targets) if masks[pin] != whole else None), masks[pin])
        for pin in installed
    ]
    pinned = {pin.project for pin in lock.pins}
    bounded: dict[ProjectName, list[LockedBound]] = {}
    for bound in lock.bounds:
        if bound.depender is None and bound.dependency not in pinned and mask_of(bound.marker, targets):
            bounded.setdefault(bound.dependency, []).append(bound)
    for project, several in bounded.items():
        where = reduce(or_, (mask_of(one.marker, targets) for one in several))
        pins.append(judge.judged(_only_bounded(project, several, the_set), where))
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
        excluded=excluded,
        instead=instead[0].python if instead else "",
        notes=lock.notes,
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """Tells whether the application's interpreters run the set's versions; a target it is not for is None."""

    the_set: SetVersions
    releases: Mapping[ProjectName, Sequence[Release]]
    targets: tuple[Target | None, ...]

    def judged(self, pin: PinDistance, mask: int) -> PinDistance:
        """Return the pin with the interpreters that the set's release refuses."""
        held = self.the_set.held.get(pin.project)
        if held is None or held.version is None or pin.relation == "direct":
            return pin
        release = release_of(self.releases.get(pin.project, ()), str(held.version))
        needs = (release and release.requires_python) or ""
        pythons = dict.fromkeys(
            target.python for i, target in enumerate(self.targets) if target is not None and mask >> i & 1
        )
        refused = tuple(python for python in pythons if not supports(needs, python))
        return replace(pin, requires_python=needs, refused=refused) if refused else pin


def _refuse_contradictions(lock: Lock, masks: Mapping[Pin, int]) -> None:
    """Refuse a lock that has two versions of a project on one target.

    uv and poetry keep two versions apart by extras and groups as well, which one of them chooses at a time: theirs are
    left alone, and so is whatever a marker on extras or groups keeps apart.
    """
    if lock.kind not in ("requirements", "pylock"):
        return
    found: dict[ProjectName, list[Pin]] = {}
    for pin in lock.pins:
        if pin.version is not None and not any("extra" in one or "dependency_groups" in one for one in pin.markers):
            found.setdefault(pin.project, []).append(pin)
    clashes = []
    for project, pins in found.items():
        against = {
            one.version
            for one, other in permutations(pins, 2)
            if masks[one] & masks[other] and not same_version(one.version, other.version)
        }
        if against:
            clashes.append(f"{project} {' and '.join(sorted(filter(None, against)))}")
    if clashes:
        raise UsageError(
            f"{lock.name} contradicts itself, for it pins to two versions where one is installed: {', '.join(clashes)}",
            hint="leave one of them, or keep them apart by markers",
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
