"""How risky is it to relax this edge? The dataset shows it; nothing is guessed (DESIGN.md, section 4)."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from dataset.records import Release, Timestamp
from normalize.projects import ExtraName, ProjectName
from normalize.specifiers import Part, floor, is_pin, violated_parts
from normalize.versions import parse_version
from solver.candidates import Value
from solver.edges import Edge
from solver.plan import RiskClass


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk class and the sentence that says what shows it."""

    name: RiskClass
    evidence: str


Accepted = Callable[[ProjectName, ExtraName, ProjectName], Sequence[tuple[Value, tuple[SpecifierSet, ...]]]]
"""For a project, an extra of it and a dependency: the final candidates with their specifiers on it, oldest first."""


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
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)
    _history: dict[ProjectName, list[tuple[Version, Timestamp | None, str]]] = field(default_factory=dict)
    _first: dict[tuple[ProjectName, str], tuple[Timestamp | None, str] | None] = field(default_factory=dict)

    def classify(self, edge: Edge, chosen: Version) -> Risk:
        """Return the class of relaxing the edge's upper part so that the chosen version of the dependency is used.

        The classes are tried in the order of their price. ``precautionary`` needs both upload times and is never
        given to ``==`` on a full version: every later release is newer than a pin, so the dates show nothing (see
        docs/decisions/0007-pins-are-not-precautionary.md).
        """
        if edge.override is not None and edge.override.action == "force":
            return Risk("override", edge.override.reason)
        if Part.EXCLUSION in violated_parts(edge.specifier, chosen):
            return Risk("exclusion", f"{edge.specifier} excludes {chosen} by name")
        lifted = self._lifted(edge, chosen)
        if lifted is not None:
            return lifted
        return self._by_date(edge)

    def _lifted(self, edge: Edge, chosen: Version) -> Risk | None:
        depender = edge.depender
        if depender is None:
            return None
        version = parse_version(depender.version)
        asked = floor(edge.specifier)
        for later, specifiers in self.accepted(depender.project, edge.extra, edge.requirement.project):
            if version is None or later.version is None or later.version <= version:
                continue
            floors = [bound for one in specifiers if (bound := floor(one)) is not None]
            if any(self._violated(one, chosen) for one in specifiers):
                continue
            if floors and (asked is None or max(floors) > asked):
                continue
            return Risk("lifted", f"{depender.project} {later.text} accepts {edge.requirement.project} {chosen}")
        return None

    def _violated(self, specifier: SpecifierSet, version: Version) -> bool:
        key = (str(specifier), str(version))
        if key not in self._known:
            self._known[key] = bool(violated_parts(specifier, version))
        return self._known[key]

    def _by_date(self, edge: Edge) -> Risk:
        depender = edge.depender
        dependency = edge.requirement.project
        pin = is_pin(edge.specifier)
        first = self._first_forbidden(dependency, edge.specifier)
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
            return Risk("pin", f"{edge.specifier} names one version")
        return Risk("precautionary", f"{dependency} {text} of {day} came after {depender.version} of {depender_day}")

    def _first_forbidden(self, project: ProjectName, specifier: SpecifierSet) -> tuple[Timestamp | None, str] | None:
        """Return the earliest upload among the releases that the upper part forbids, None where it forbids none.

        The time is None where one of these releases has none, because it might be the first.
        """
        key = (project, str(specifier))
        if key not in self._first:
            history = self._sorted(project)
            # An upper part that forbids a version forbids every later one too.
            start = bisect_left(history, True, key=lambda one: Part.UPPER in violated_parts(specifier, one[0]))  # noqa: FBT003
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
