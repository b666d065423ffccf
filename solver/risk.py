"""How risky is it to relax this edge? The dataset shows it; nothing is guessed (DESIGN.md, section 4)."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.version import Version

from dataset.records import Release, Timestamp
from normalize.projects import ExtraName, ProjectName
from normalize.specifiers import Bounds, Part
from normalize.versions import parse_version
from solver.edges import Edge, Line
from solver.plan import RiskClass


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk class and the sentence that says what shows it."""

    name: RiskClass
    evidence: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a final candidate requires of some dependency: its bounds, and the highest of their floors."""

    version: Version
    bounds: tuple[Bounds, ...]
    floor: Version | None
    text: str


Acceptances = Sequence[Acceptance]
"""By version."""

Accepted = Callable[[ProjectName, ExtraName, ProjectName], Acceptances]
"""For a project, an extra of it and a dependency."""


@dataclass(slots=True)
class RiskBook:
    """Classifies edges from the releases in the dataset; each distinct question is answered once.

    Args:
        releases: all releases of each project, listed ones included: an old release that nobody would choose still
            shows what its dependers' authors could have tested.
        accepted: what later releases of a depender accept.
    """

    releases: Mapping[ProjectName, Sequence[Release]]
    accepted: Accepted
    _last: tuple[Release, Line, list[Acceptance]] | None = None
    _history: dict[ProjectName, tuple[list[Version], list[tuple[Timestamp | None, str]]]] = field(default_factory=dict)
    _first: dict[tuple[ProjectName, Bounds], tuple[Timestamp | None, str] | None] = field(default_factory=dict)

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

    def grades(self, depender: Release, line: Line, versions: Sequence[Version]) -> list[RiskClass]:
        """Return the names of the classes alone, for versions that violate the upper part and are not excluded."""
        by_date = self._date_class(depender, line)
        lifters = self._lifters(depender, line)
        if not lifters:
            return [by_date] * len(versions)
        return ["lifted" if _first(lifters, version) is not None else by_date for version in versions]

    def _lifters(self, depender: Release, line: Line) -> list[Acceptance]:
        """Return the depender's later final releases that ask for nothing newer, oldest first.

        Those that have the same bounds accept nothing else, and are left out.
        """
        if self._last is not None and self._last[0] is depender and self._last[1] is line:
            return self._last[2]
        found: list[Acceptance] = []
        version = parse_version(depender.version)
        if version is not None:
            asked = line.bounds.floor
            same = (line.bounds,)
            for one in reversed(self.accepted(depender.project, line.extra, line.requirement.project)):
                if one.version <= version:
                    break
                if one.bounds != same and (one.floor is None or (asked is not None and one.floor <= asked)):
                    found.append(one)
            found.reverse()
        self._last = (depender, line, found)
        return found

    def _date_class(self, depender: Release | None, line: Line) -> RiskClass:
        pin = line.bounds.is_pin
        uploaded, _ = self._first_forbidden(line.requirement.project, line.bounds) or (None, "")
        if depender is None or depender.uploaded is None or uploaded is None:
            return "pin" if pin else "deliberate"
        if uploaded <= depender.uploaded:
            return "deliberate"
        return "pin" if pin else "precautionary"

    def _by_date(self, edge: Edge) -> Risk:
        depender = edge.depender
        dependency = edge.requirement.project
        name = self._date_class(depender, edge)
        uploaded, text = self._first_forbidden(dependency, edge.bounds) or (None, "")
        if depender is None or depender.uploaded is None or uploaded is None:
            return Risk(name, "upload times do not show which came first")
        depender_day, day = depender.uploaded[:10], uploaded[:10]
        if name == "deliberate":
            return Risk(
                name, f"{dependency} {text} of {day} existed when {depender.version} was uploaded on {depender_day}"
            )
        if name == "pin":
            return Risk(name, f"{edge.bounds} names one version")
        return Risk(name, f"{dependency} {text} of {day} came after {depender.version} of {depender_day}")

    def _first_forbidden(self, project: ProjectName, bounds: Bounds) -> tuple[Timestamp | None, str] | None:
        """Return the earliest upload among the releases that the upper part forbids, None where it forbids none.

        The time is None where one of these releases has none, because it might be the first.
        """
        key = (project, bounds)
        if key not in self._first:
            history, earliest = self._sorted(project)
            # An upper part that forbids a version forbids every later one too.
            start = bisect_left(history, True, key=lambda one: Part.UPPER in bounds.violated(one))  # noqa: FBT003
            self._first[key] = earliest[start] if start < len(history) else None
        return self._first[key]

    def _sorted(self, project: ProjectName) -> tuple[list[Version], list[tuple[Timestamp | None, str]]]:
        """Return the project's PEP 440 versions, and for each the earliest upload from it on and what that uploaded.

        The time is None where one of these releases has none.
        """
        if project not in self._history:
            releases = sorted(
                (
                    (version, release)
                    for release in self.releases.get(project, ())
                    if (version := parse_version(release.version)) is not None
                ),
                key=lambda one: one[0],
            )
            earliest: list[tuple[Timestamp | None, str]] = []
            for _, release in reversed(releases):
                upload: tuple[Timestamp | None, str] = (release.uploaded, release.version)
                if release.uploaded is None or (earliest and earliest[-1][0] is None):
                    upload = (None, "")
                elif earliest:
                    upload = min(upload, earliest[-1], key=lambda one: (one[0] or "", one[1]))
                earliest.append(upload)
            self._history[project] = ([version for version, _ in releases], earliest[::-1])
        return self._history[project]


def _first(lifters: Sequence[Acceptance], chosen: Version) -> Acceptance | None:
    """Return the first release that accepts the version."""
    return next((one for one in lifters if not any(bounds.violated(chosen) for bounds in one.bounds)), None)
