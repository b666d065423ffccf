"""Which of many versions violate a specifier? Sorted once, their violations are found by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from packaging.specifiers import Specifier
from packaging.version import Version

from normalize.specifiers import Bounds, Part
from normalize.versions import parse_version

Parts = tuple[frozenset[Part], ...]
"""For each of several versions the parts of a specifier that it violates."""

NOTHING: frozenset[Part] = frozenset()

_SHARED = {parts: parts for parts in map(frozenset, ([], [Part.LOWER], [Part.UPPER], [Part.EXCLUSION]))}


class Ladder:
    """Versions that many specifiers are asked about.

    A specifier accepts a run of the final versions in their order, less single exclusions, so it is compared with a few
    of them. Pre-releases, post-releases and local versions have rules of their own and are asked about one by one.

    Args:
        versions: in any order; None violates nothing.
    """

    __slots__ = ("_final", "_others", "_places", "_versions")

    def __init__(self, versions: Sequence[Version | None]) -> None:
        self._versions = versions
        known = [(version, place) for place, version in enumerate(versions) if version is not None]
        final = sorted((one for one in known if _is_final(one[0])), key=lambda one: one[0])
        self._final = [version for version, _ in final]
        self._places = [place for _, place in final]
        self._others = [one for one in known if not _is_final(one[0])]

    def violated(self, bounds: Bounds) -> Parts | None:
        """Return what each version violates, or None where none violates anything."""
        steps = _steps(bounds)
        found: dict[int, frozenset[Part]] = {}
        if steps is None:
            found = {
                place: parts
                for place, version in enumerate(self._versions)
                if version is not None and (parts := bounds.violated(version))
            }
        else:
            final, places = self._final, self._places
            for part, start, end in steps:
                first = 0 if start is None else _position(final, *start)
                last = len(final) if end is None else _position(final, *end)
                for place in places[first:last]:
                    parts = found.get(place, NOTHING) | {part}
                    found[place] = _SHARED.get(parts, parts)
            for version, place in self._others:
                parts = bounds.violated(version)
                if parts:
                    found[place] = parts
        if not found:
            return None
        return tuple(found.get(place, NOTHING) for place in range(len(self._versions)))


_Step = tuple[Part, tuple[Version, bool] | None, tuple[Version, bool] | None]
"""A part, and the run of final versions that violate it: from the first bound up to before the second one. A bound is
a version and whether it follows that version itself."""


def _is_final(version: Version) -> bool:
    return not version.is_prerelease and not version.is_postrelease and version.local is None


def _position(final: Sequence[Version], version: Version, after: bool) -> int:  # noqa: FBT001
    return bisect_right(final, version) if after else bisect_left(final, version)


@cache
def _steps(bounds: Bounds) -> tuple[_Step, ...] | None:
    """Return the runs of final versions that violate the bounds; None where these are none of the plain kinds."""
    found: list[_Step] = []
    for one in bounds.specifiers:
        steps = _steps_of(one)
        if steps is None:
            return None
        found += steps
    return tuple(found)


def _steps_of(one: Specifier) -> list[_Step] | None:
    prefix = one.version.endswith(".*")
    version = parse_version(one.version.removesuffix(".*"))
    if version is None or one.operator == "===":
        return None
    if prefix or one.operator == "~=":
        if not _is_final(version):
            return None
        end = _next(version.epoch, version.release if prefix else version.release[:-1])
        if one.operator == "!=":
            return [(Part.EXCLUSION, (version, False), (end, False))]
        return [(Part.LOWER, None, (version, False)), (Part.UPPER, (end, False), None)]
    match one.operator:
        case ">=":
            return [(Part.LOWER, None, (version, False))]
        case ">":
            return [(Part.LOWER, None, (version, True))]
        case "<":
            return [(Part.UPPER, (version, False), None)]
        case "<=":
            return [(Part.UPPER, (version, True), None)]
        case "!=":
            return [(Part.EXCLUSION, (version, False), (version, True))]
    return [(Part.LOWER, None, (version, False)), (Part.UPPER, (version, True), None)]


def _next(epoch: int, prefix: tuple[int, ...]) -> Version:
    """Return the first final version behind all that begin with the prefix."""
    text = ".".join(map(str, (*prefix[:-1], prefix[-1] + 1)))
    return Version(f"{epoch}!{text}")
