"""On which targets does an application install which of its pins?"""

from collections.abc import Sequence

from packaging.markers import Marker

from dataset.lock import Lock, Pin
from normalize.projects import ProjectName
from normalize.specifiers import is_specifier, parse_bounds
from normalize.targets import Target

_Key = tuple[ProjectName, str | None]
"""A pinned release; forks of a project differ in the version."""

_MINORS = range(30)
"""The minor releases of Python 3 that a lock may be for."""


def installed_on(lock: Lock, targets: tuple[Target, ...]) -> dict[Pin, int]:
    """Return for each pin the targets that install it, as a bit mask."""
    whole = (1 << len(targets)) - 1
    own = {pin: _any_mask(pin.markers, targets) for pin in lock.pins}
    if not lock.members or not lock.links:
        return own
    links: dict[_Key, list[tuple[ProjectName, str | None, int]]] = {}
    for link in lock.links:
        found = (link.dependency, link.chosen, mask_of(link.marker, targets))
        links.setdefault((link.depender, link.version), []).append(found)
    versions: dict[ProjectName, list[Pin]] = {}
    for pin in lock.pins:
        versions.setdefault(pin.project, []).append(pin)
    reached = dict.fromkeys(lock.pins, 0)
    queue = [(key, whole) for key in links if key[0] in lock.members]
    while queue:
        key, mask = queue.pop()
        for project, chosen, where in links.get(key, ()):
            for pin in versions.get(project, ()):
                more = mask & where & own[pin] & ~reached[pin]
                if more and chosen in (None, pin.version):
                    reached[pin] |= more
                    queue.append(((project, pin.version), more))
    return reached


def _any_mask(markers: Sequence[str], targets: tuple[Target, ...]) -> int:
    whole = (1 << len(targets)) - 1
    found = 0 if markers else whole
    for one in markers:
        found |= mask_of(one, targets)
    return found


def mask_of(marker: str, targets: tuple[Target, ...]) -> int:
    """Return the targets on which a marker holds; which extras and groups are asked for is not known, so all are."""
    if not marker or "extra" in marker or "dependency_groups" in marker:
        return (1 << len(targets)) - 1
    parsed = Marker(marker)
    return sum(parsed.evaluate(dict(target.environment())) << i for i, target in enumerate(targets))


def admits(lock: Lock, target: Target) -> bool:
    """Return whether a lock is for a target, by its word on interpreters and by its environments."""
    return _runs_on(lock.python, target) and (
        not lock.environments or any(mask_of(one, (target,)) for one in lock.environments)
    )


def nearest_admitted(lock: Lock, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return the targets' systems with the interpreter that is nearest to theirs of those that a lock is for.

    Empty where the lock is for none: it names patch releases alone, or other systems.
    """
    systems = dict.fromkeys(target.system for target in targets)
    minors = [_minor(target) for target in targets]
    for minor in sorted(_MINORS, key=lambda one: (min(abs(one - other) for other in minors), one)):
        found = tuple(one for system in systems if admits(lock, one := Target(f"3.{minor}", system)))
        if found:
            return found
    return ()


def _minor(target: Target) -> int:
    return int(target.python.split(".")[1])


def _runs_on(python: str, target: Target) -> bool:
    """Return whether a lock's word on interpreters, with `` || `` between alternatives, admits the target's."""
    alternatives = python.split(" || ")
    known = [one for one in alternatives if is_specifier(one)]
    return not known or any(parse_bounds(one).specifiers.contains(target.full_version) for one in known)
