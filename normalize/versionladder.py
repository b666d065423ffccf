"""Which of many versions violate a specifier? Sorted once, their violations are found by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any

from packaging.specifiers import Specifier
from packaging.version import Version

from normalize.specifiers import Bounds, Part
from normalize.versions import parse_version

Parts = tuple[frozenset[Part], ...]
"""For each of several versions the parts of a specifier that it violates."""

NOTHING: frozenset[Part] = frozenset()

_ALONE = {part: frozenset({part}) for part in Part}


class Ladder:
    """Versions that many specifiers are asked about.

    A specifier accepts a run of the final versions in their order, less single exclusions, so it is compared with a few
    of them. Pre-releases, post-releases and local versions have rules of their own and are asked about one by one.

    Args:
        versions: in any order; None violates nothing.
    """

    __slots__ = ("_final", "_known", "_others", "_places", "_versions")

    def __init__(self, versions: Sequence[Version | None]) -> None:
        self._versions = versions
        final: list[tuple[_Key, int]] = []
        self._others: list[tuple[Version, int]] = []
        for place, version in enumerate(versions):
            if version is None:
                continue
            key = final_key(version)
            if key is None:
                self._others.append((version, place))
            else:
                final.append((key, place))
        final.sort()
        self._final = [key for key, _ in final]
        self._places = [place for _, place in final]
        self._known: dict[Bounds, Parts | None] = {}

    def violated(self, bounds: Bounds) -> Parts | None:
        """Return what each version violates, or None where none violates anything."""
        try:
            return self._known[bounds]
        except KeyError:
            found = self._known[bounds] = self._judged(bounds)
            return found

    def ceiling(self, bounds: Bounds) -> int:
        """Return the place of the first version that violates the upper part, or how many there are.

        An upper part that forbids a version forbids every later one too. The versions must ascend.
        """
        versions = self._versions
        steps = None if self._others else _steps(bounds)
        if steps is None or len(self._final) < len(versions):
            return bisect_left(versions, True, key=lambda one: one is not None and Part.UPPER in bounds.violated(one))  # noqa: FBT003
        ceilings = [_position(self._final, *start) for part, start, _ in steps if part is Part.UPPER and start]
        return min(ceilings, default=len(versions))

    def _judged(self, bounds: Bounds) -> Parts | None:
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
                alone = _ALONE[part]
                for place in places[first:last]:
                    found[place] = found[place] | alone if place in found else alone
            for version, place in self._others:
                parts = bounds.violated(version)
                if parts:
                    found[place] = parts
        if not found:
            return None
        every = [NOTHING] * len(self._versions)
        for place, parts in found.items():
            every[place] = parts
        return tuple(every)


_Key = tuple[int, tuple[int, ...]]
"""Orders final versions as PEP 440 does, and is compared faster than a Version."""

_Bound = tuple[_Key, bool]
"""A place between final versions: that of one of them, and whether the place is behind it."""

_Step = tuple[Part, _Bound | None, _Bound | None]
"""A part, and the run of final versions that violate it: from the first bound up to the second one."""


@cache
def final_key(version: Version) -> _Key | None:
    """Return what places a version among final ones; None for one that is no final version itself."""
    if version.is_prerelease or version.is_postrelease or version.local is not None:
        return None
    return _key(version)


def is_prerelease(version: Version) -> bool:
    """Return whether a version is a pre-release, which hardly any is: quicker than to ask each."""
    return final_key(version) is None and version.is_prerelease


def sort_keys(versions: Sequence[Version]) -> Sequence[Any]:
    """Return what orders versions as PEP 440 does: plain tuples where all of them are final, else the versions.

    A comparison of two versions is a call, of which sorting makes several for each.
    """
    keys = [key for version in versions if (key := final_key(version)) is not None]
    return keys if len(keys) == len(versions) else versions


def _key(version: Version) -> _Key:
    release = version.release
    end = len(release)
    while end and not release[end - 1]:
        end -= 1
    return version.epoch, release[:end]


def _before(version: Version) -> _Bound:
    """Return the place before a version among final ones, which is behind its final release if that is lower."""
    if version.pre is not None or (version.dev is not None and version.post is None):
        return _key(version), False
    return _key(version), version.post is not None or version.local is not None


def _behind(version: Version) -> _Bound:
    """Return the place behind a version among final ones, which is before its final release if that is higher."""
    return _key(version), version.pre is None and (version.dev is None or version.post is not None)


def _position(final: Sequence[_Key], key: _Key, after: bool) -> int:  # noqa: FBT001
    return bisect_right(final, key) if after else bisect_left(final, key)


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
        if final_key(version) is None:
            return None
        end = _next(version.epoch, version.release if prefix else version.release[:-1])
        if one.operator == "!=":
            return [(Part.EXCLUSION, _before(version), _before(end))]
        return [(Part.LOWER, None, _before(version)), (Part.UPPER, _before(end), None)]
    match one.operator:
        case ">=":
            return [(Part.LOWER, None, _before(version))]
        case ">":
            return [(Part.LOWER, None, _behind(version))]
        case "<":
            return [(Part.UPPER, _before(version), None)]
        case "<=":
            return [(Part.UPPER, _behind(version), None)]
        case "!=":
            return [(Part.EXCLUSION, _before(version), _behind(version))]
    return [(Part.LOWER, None, _before(version)), (Part.UPPER, _behind(version), None)]


def _next(epoch: int, prefix: tuple[int, ...]) -> Version:
    """Return the first final version behind all that begin with the prefix."""
    text = ".".join(map(str, (*prefix[:-1], prefix[-1] + 1)))
    return Version(f"{epoch}!{text}")
