"""How risky is it to relax this edge? The dataset shows it; nothing is guessed (DESIGN.md, section 4)."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.version import Version

from dataset.records import Release, Timestamp
from normalize.projects import ExtraName, ProjectName
from normalize.specifiers import Bounds, Part, is_pin
from normalize.versions import parse_version
from solver.candidates import Value
from solver.edges import Edge
from solver.plan import RiskClass


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk class and the sentence that says what shows it."""

    name: RiskClass
    evidence: str


Acceptances = Sequence[tuple[Value, tuple[Bounds, ...]]]
"""Final candidates, oldest first, with their bounds on some dependency."""

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
    _known: dict[tuple[ProjectName, ExtraName, ProjectName, Version], list[tuple[Value, Version | None]]] = field(
        default_factory=dict
    )
    _history: dict[ProjectName, list[tuple[Version, Timestamp | None, str]]] = field(default_factory=dict)
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
        lifted = self._lifted(edge, chosen)
        if lifted is not None:
            return lifted
        return self._by_date(edge)

    def _lifted(self, edge: Edge, chosen: Version) -> Risk | None:
        depender = edge.depender
        if depender is None:
            return None
        version = parse_version(depender.version)
        asked = edge.bounds.floor
        for later, highest in self._accepting(depender.project, edge.extra, edge.requirement.project, chosen):
            if version is None or later.version is None or later.version <= version:
                continue
            if highest is not None and (asked is None or highest > asked):
                continue
            return Risk("lifted", f"{depender.project} {later.text} accepts {edge.requirement.project} {chosen}")
        return None

    def _accepting(
        self, project: ProjectName, extra: ExtraName, dependency: ProjectName, chosen: Version
    ) -> list[tuple[Value, Version | None]]:
        """Return the final candidates that accept the version, oldest first, with their floors on the dependency."""
        key = (project, extra, dependency, chosen)
        if key not in self._known:
            self._known[key] = [
                (value, max((one.floor for one in bounds if one.floor is not None), default=None))
                for value, bounds in self.accepted(project, extra, dependency)
                if not any(one.violated(chosen) for one in bounds)
            ]
        return self._known[key]

    def _by_date(self, edge: Edge) -> Risk:
        depender = edge.depender
        dependency = edge.requirement.project
        pin = is_pin(edge.bounds.specifiers)
        first = self._first_forbidden(dependency, edge.bounds)
        uploaded, text = first or (None, "")
        if depender is None or depender.uploaded is None or uploaded is None:
            return Risk("pin" if pin else "deliberate", "upload times do not show which came first")
        depender_day, day = depender.uploaded[:10], uploaded[:10]
        if uploaded <= depender.uploaded:
            return Risk(
                "deliberate",
                f"{dependency} {text} of {day} existed when {depender.version} was uploaded on {depender_day}",
            )
        if pin:
            return Risk("pin", f"{edge.bounds} names one version")
        return Risk("precautionary", f"{dependency} {text} of {day} came after {depender.version} of {depender_day}")

    def _first_forbidden(self, project: ProjectName, bounds: Bounds) -> tuple[Timestamp | None, str] | None:
        """Return the earliest upload among the releases that the upper part forbids, None where it forbids none.

        The time is None where one of these releases has none, because it might be the first.
        """
        key = (project, bounds)
        if key not in self._first:
            history = self._sorted(project)
            # An upper part that forbids a version forbids every later one too.
            start = bisect_left(history, True, key=lambda one: Part.UPPER in bounds.violated(one[0]))  # noqa: FBT003
            forbidden = [(uploaded, text) for _, uploaded, text in history[start:]]
            if not forbidden:
                self._first[key] = None
            elif any(uploaded is None for uploaded, _ in forbidden):
                self._first[key] = (None, "")
            else:
                self._first[key] = min((uploaded or Timestamp(""), text) for uploaded, text in forbidden)
        return self._first[key]

    def _sorted(self, project: ProjectName) -> list[tuple[Version, Timestamp | None, str]]:
        """Return the project's PEP 440 releases by version, with their upload times and spellings."""
        if project not in self._history:
            self._history[project] = sorted(
                (
                    (version, release.uploaded, release.version)
                    for release in self.releases.get(project, ())
                    if (version := parse_version(release.version)) is not None
                ),
                key=lambda one: one[0],
            )
        return self._history[project]
