"""Which risk class has a violated line, and who is released together? The dataset's evidence, weighed again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from packaging.version import Version

from dataset.records import LISTED, Release
from normalize.projects import ProjectName
from normalize.versions import parse_version
from solver.planwords import RiskClass
from solver.recountlines import Line, Lines

_DAY = 86_400
_LEAST, _LATEST = 3, 3
"""How many versions must be named, and how many may follow the last: docs/decisions/0017-families.md."""


@dataclass(slots=True)
class Evidence:
    """Looks up what later releases accept and what was there when a line was written."""

    releases: Mapping[ProjectName, Sequence[Release]]
    lines: Lines
    before: str | None

    def classify(self, line: Line, version: Version) -> RiskClass:
        """Return the class of violating a line's upper part with a version."""
        violated = line.violated(version)
        if line.override is not None and line.override.action == "force" and violated <= line.free():
            return "override"
        if "exclusion" in violated:
            return "exclusion"
        if self._lifted(line, version):
            return "lifted"
        forbidden = [
            one.uploaded
            for one in self.releases.get(line.dependency, ())
            if (at := parse_version(one.version)) is not None and "upper" in line.violated(at)
        ]
        mine = line.release.uploaded
        times = [one for one in forbidden if one is not None]
        if mine is None or not times or len(times) < len(forbidden):
            return "pin" if line.pins() else "deliberate"
        if min(times) <= mine:
            return "deliberate"
        return "pin" if line.pins() else "precautionary"

    def _lifted(self, line: Line, version: Version) -> bool:
        own, asked = parse_version(line.release.version), line.floor()
        for release in self.releases.get(line.release.project, ()):
            at = parse_version(release.version)
            if own is None or at is None or at <= own or not self._shows(release, at):
                continue
            later = [one for one in self.lines.of(release, line.extra, line.kind) if one.dependency == line.dependency]
            if not later or any(one.violated(version) for one in later):
                continue
            floors = [floor for one in later if (floor := one.floor()) is not None]
            if not floors or (asked is not None and max(floors) <= asked):
                return True
        return False

    def _shows(self, release: Release, version: Version) -> bool:
        """Return whether a release counts, be it a candidate or not: final, read, there to be had, early enough."""
        if version.is_prerelease or release.unknown == LISTED or not (release.yanked is None is release.gone):
            return False
        return self.before is None or "" < (release.uploaded or "") < self.before


def ties(
    releases: Mapping[ProjectName, Sequence[Release]], lines: Lines, before: str | None
) -> Iterator[tuple[ProjectName, ProjectName]]:
    """Yield the pairs of projects whose releases are cut together: who names the other, and the other."""

    def counts(release: Release) -> bool:
        return release.yanked is None and (before is None or (release.uploaded or before) < before)

    def final(several: Sequence[Release]) -> list[tuple[Version, Release]]:
        found = [(version, one) for one in several if counts(one) and (version := parse_version(one.version))]
        return sorted(
            [pair for pair in found if not pair[0].is_prerelease] or found, key=lambda pair: pair[0], reverse=True
        )

    def together(version: Version, release: Release, named: Version, dependency: ProjectName) -> bool:
        siblings = [one for one in releases[dependency] if parse_version(one.version) == named]
        if not siblings or not counts(siblings[0]):
            return False
        mine, theirs = release.uploaded, siblings[0].uploaded
        near = mine and theirs and abs((datetime.fromisoformat(mine) - datetime.fromisoformat(theirs)).total_seconds())
        return named == version or (isinstance(near, float) and near < _DAY)

    for project in releases:
        known = final([one for one in releases[project] if one.requires is not None])
        if len(known) < _LEAST:
            continue
        for dependency in sorted(namings := _namings(known[0][1], lines)):
            if dependency == project or dependency not in releases:
                continue
            if not together(*known[0], namings[dependency], dependency):
                continue
            if sum(version > namings[dependency] for version, _ in final(releases[dependency])) > _LATEST:
                continue
            named = [
                (at, together(version, one, at, dependency))
                for version, one in known
                if (at := _namings(one, lines).get(dependency)) is not None
            ]
            good = [at for at, same in named if same]
            if len(set(good)) >= _LEAST and 5 * len(good) >= 4 * len(named):
                yield project, dependency


def _namings(release: Release, lines: Lines) -> dict[ProjectName, Version]:
    pinned: dict[ProjectName, tuple[Version, bool]] = {}
    for text in release.requires or ():
        requirement = lines.parse(text)
        if requirement is None or "extra" in str(requirement.marker or ""):
            continue
        line = Line(release, "", "run", text, requirement, relaxed=False, override=None)
        named = line.named()
        if named is not None:
            naming = (named, line.pins())
            pinned[line.dependency] = max(naming, pinned.get(line.dependency, naming))
    return {project: version for project, (version, _) in pinned.items()}
