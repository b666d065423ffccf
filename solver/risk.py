"""How risky is it to relax this edge? The dataset shows it; nothing is guessed (docs/model.md)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from packaging.version import Version

from dataset.records import DAY, Release, Timestamp
from normalize.projects import ExtraName, ProjectName
from normalize.specifiers import Bounds, Part
from normalize.versionladder import Ladder, sort_keys
from normalize.versions import parse_version
from solver.candidates import Value
from solver.edges import Edge, Line, Lines
from solver.planwords import RiskClass

UNDATED = "upload times do not show which came first"
"""The evidence of a class that stands for what nobody knows."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk class and the sentence that says what shows it."""

    name: RiskClass
    evidence: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a final release requires of some dependency."""

    version: Version
    bounds: tuple[Bounds, ...]
    text: str


Upload = tuple[Timestamp | None, str]
"""When a version was uploaded, and the version."""

Standing = tuple[RiskClass, int]
"""The class that the dates give a line of a release, and how many of the line's lifters are not later."""

Final = Callable[[ProjectName, ExtraName], Sequence[tuple[Value, Lines]]]
"""The final releases of a project that show something, by version, each with what it or an extra of it requires."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What shows the risk of a line, whichever release has it; it keeps the line, so that its id is not another's.

    Attributes:
        first: the earliest upload that the upper part forbids, None where that is not known.
        undated, later: the classes of a release of unknown date, and of one that came before that upload.
    """

    line: Line
    lifters: Sequence[Acceptance]
    first: Timestamp | None
    undated: RiskClass
    later: RiskClass


_Run = tuple[tuple[Bounds, ...], Version | None, list[Acceptance]]
"""Releases that require the same of some dependency, in a row: the bounds, their highest floor, and the releases."""


class RiskBook:
    """Classifies edges from the releases in the dataset; each distinct question is answered once.

    Args:
        releases: all releases of each project, listed ones included: an old release that nobody would choose still
            shows what its dependers' authors could have tested.
        final: what later releases of a depender require.
    """

    def __init__(self, releases: Mapping[ProjectName, Sequence[Release]], final: Final) -> None:
        self._releases = releases
        self._final = final
        self._facts: dict[int, _Facts] = {}
        self._history: dict[ProjectName, tuple[Ladder, list[Upload]]] = {}
        self._by_run: dict[tuple[ProjectName, ExtraName, ProjectName], list[_Run]] = {}
        self._first: dict[tuple[ProjectName, Bounds], Upload | None] = {}

    def classify(self, edge: Edge, chosen: Version) -> Risk:
        """Return the class of relaxing the edge's upper part so that the chosen version of the dependency is used.

        The classes are tried in the order of their price. ``precautionary`` needs both upload times and is never
        given to ``==`` on a full version: every later release is newer than a pin, so the dates show nothing (see
        docs/decisions/0007-pins-are-not-precautionary.md).
        """
        if edge.override is not None and edge.forced >= edge.bounds.violated(chosen):
            return Risk("override", edge.override.reason)
        if Part.EXCLUSION in edge.bounds.violated(chosen):
            return Risk("exclusion", f"{edge.bounds} excludes {chosen} by name")
        lifted = None if edge.depender is None else _first(self._lifters(edge.depender, edge), chosen)
        if edge.depender is not None and lifted is not None:
            return Risk("lifted", f"{edge.depender.project} {lifted.text} accepts {edge.requirement.project} {chosen}")
        return self._by_date(edge)

    def standing(self, depender: Release, line: Line) -> Standing:
        """Return all that the class depends on besides the version: the same for most releases that have the line."""
        facts = self._facts.get(id(line)) or self._look_up(depender, line)
        start = 0
        if facts.lifters:
            version = parse_version(depender.version)
            start = len(facts.lifters) if version is None else _after(facts.lifters, version)
        if depender.uploaded is None or facts.first is None:
            return facts.undated, start
        return ("deliberate" if facts.first <= depender.uploaded else facts.later), start

    def _look_up(self, depender: Release, line: Line) -> _Facts:
        lifters = self._relevant(depender, line)
        forbidden = self._first_forbidden(line.requirement.project, line.bounds)
        first = None if forbidden is None else forbidden[0]
        found = self._facts[id(line)] = _Facts(line, lifters, first, *_classes(line))
        return found

    def grades(self, depender: Release, line: Line, versions: Sequence[Version]) -> list[RiskClass]:
        """Return the names of the classes alone, for versions that violate the upper part and are not excluded."""
        by_date, start = self.standing(depender, line)
        lifters = self._facts[id(line)].lifters[start:]
        if not lifters:
            return [by_date] * len(versions)
        several = list(dict.fromkeys([one.bounds for one in lifters]))  # of many lifters few differ
        return ["lifted" if any(_accept(one, version) for one in several) else by_date for version in versions]

    def _lifters(self, depender: Release, line: Line) -> Sequence[Acceptance]:
        """Return the depender's later final releases that ask for nothing newer, oldest first.

        Those that have the same bounds accept nothing else, and are left out.
        """
        version = parse_version(depender.version)
        if version is None:
            return ()
        found = self._relevant(depender, line)
        return found[_after(found, version) :]

    def _relevant(self, depender: Release, line: Line) -> Sequence[Acceptance]:
        """Return the lifters of a line, later than the depender or not."""
        asked = line.bounds
        found: list[Acceptance] = []
        for bounds, floor, several in self._runs(depender.project, line):
            newer = floor is not None and (asked.floor is None or floor > asked.floor)
            if not newer and bounds != (asked,):  # they differ from what is asked for, and have no higher floor
                found += several
        return found

    def _runs(self, project: ProjectName, line: Line) -> list[_Run]:
        """Return the final releases of a depender that require the same of the line's dependency, run by run."""
        key = (project, line.extra, line.requirement.project)
        found = self._by_run.get(key)
        if found is None:
            found = self._by_run[key] = []
            before = None
            for value, by_dependency in self._final(project, line.extra):
                lines = by_dependency.get(line.requirement.project)
                if lines is None:
                    continue
                if lines is not before:
                    before = lines
                    bounds = tuple([one.bounds for one in lines])
                    floor = max([one.floor for one in bounds if one.floor is not None], default=None)
                    found.append((bounds, floor, []))
                if value.version is not None:
                    found[-1][2].append(Acceptance(value.version, found[-1][0], value.text or ""))
        return found

    def _by_date(self, edge: Edge) -> Risk:
        depender = edge.depender
        dependency = edge.requirement.project
        forbidden = self._first_forbidden(dependency, edge.bounds) or (None, "")
        name = _date_class(depender, edge, forbidden)
        uploaded, text = forbidden
        if depender is None or depender.uploaded is None or uploaded is None:
            return Risk(name, UNDATED)
        depender_day, day = depender.uploaded[:DAY], uploaded[:DAY]
        if name == "deliberate":
            return Risk(
                name, f"{dependency} {text} of {day} existed when {depender.version} was uploaded on {depender_day}"
            )
        if name == "pin":
            return Risk(name, f"{edge.bounds} names one version")
        return Risk(name, f"{dependency} {text} of {day} came after {depender.version} of {depender_day}")

    def _first_forbidden(self, project: ProjectName, bounds: Bounds) -> Upload | None:
        """Return the earliest upload among the releases that the upper part forbids, None where it forbids none.

        The time is None where one of these releases has none, because it might be the first.
        """
        key = (project, bounds)
        if key not in self._first:
            history, earliest = self._sorted(project)
            start = history.ceiling(bounds)
            self._first[key] = earliest[start] if start < len(earliest) else None
        return self._first[key]

    def _sorted(self, project: ProjectName) -> tuple[Ladder, list[Upload]]:
        """Return the project's PEP 440 versions, and for each the earliest upload from it on and what that uploaded.

        The time is None where one of these releases has none.
        """
        if project not in self._history:
            releases = [
                (version, release)
                for release in self._releases.get(project, ())
                if (version := parse_version(release.version)) is not None
            ]
            keys = sort_keys([version for version, _ in releases])
            ascending = [releases[i] for i in sorted(range(len(releases)), key=keys.__getitem__)]
            earliest: list[Upload] = []
            for _, release in reversed(ascending):
                upload: Upload = (release.uploaded, release.version)
                if release.uploaded is None or (earliest and earliest[-1][0] is None):
                    upload = (None, "")
                elif earliest:
                    upload = min(upload, earliest[-1])
                earliest.append(upload)
            self._history[project] = (Ladder([version for version, _ in ascending]), earliest[::-1])
        return self._history[project]


def shows(release: Release, before: Timestamp | None) -> bool:
    """Return whether what a release requires counts as evidence: it was not withdrawn, nor uploaded too late.

    Whether it could be chosen does not matter, so that a class never depends on policy, on a hold or on interpreters.
    """
    if release.yanked is not None or release.gone is not None:
        return False
    return before is None or (release.uploaded is not None and release.uploaded < before)


def _first(lifters: Sequence[Acceptance], chosen: Version) -> Acceptance | None:
    """Return the first release that accepts the version."""
    return next((one for one in lifters if _accept(one.bounds, chosen)), None)


def _accept(several: Sequence[Bounds], version: Version) -> bool:
    return not any([bounds.violated(version) for bounds in several])  # noqa: C419 - nearly always one: no generator


def _after(lifters: Sequence[Acceptance], version: Version) -> int:
    return bisect_right(lifters, version, key=lambda one: one.version)


def _date_class(depender: Release | None, line: Line, forbidden: Upload | None) -> RiskClass:
    undated, later = _classes(line)
    uploaded = None if forbidden is None else forbidden[0]
    if depender is None or depender.uploaded is None or uploaded is None:
        return undated
    return "deliberate" if uploaded <= depender.uploaded else later


def _classes(line: Line) -> tuple[RiskClass, RiskClass]:
    return ("pin", "pin") if line.bounds.is_pin else ("deliberate", "precautionary")
