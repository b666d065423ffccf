"""Which versions could a plan have chosen? The candidates of each project, found again by what docs/model.md says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from dataset.currentset import Attribute
from dataset.records import LISTED, Release
from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version
from solver.policy import Policy


@dataclass(frozen=True, slots=True)
class Option:
    """One version that a project could have; ``version`` is None where nothing is known of it."""

    text: str | None
    version: Version | None
    release: Release | None
    current: bool = False


@dataclass(slots=True)
class Domains:
    """The options of each project, oldest first; being absent is none of them."""

    releases: Mapping[ProjectName, Sequence[Release]]
    members: Mapping[ProjectName, Attribute]
    policy: Policy
    pythons: Sequence[str]
    before: str | None
    _known: dict[ProjectName, list[Option]] = field(default_factory=dict)

    def of(self, project: ProjectName) -> list[Option]:
        """Return the options of a project."""
        if project not in self._known:
            member = self.members.get(project)
            self._known[project] = self._member(project, member) if member else self._guest(project)
        return self._known[project]

    def _member(self, project: ProjectName, attribute: Attribute) -> list[Option]:
        nix = parse_nix_version(attribute.version) if attribute.version is not None else None
        if nix is None or (nix.release is None and nix.snapshot is None):
            return [Option(attribute.version, None, None, current=True)]
        several = self.releases.get(project, ())
        own = None
        if nix.snapshot is None:
            own = next((one for one in several if parse_version(one.version) == nix.release), None)
        now = Option(nix.text, nix.release, own, current=True)
        if any(one.action == "hold" for one in self.policy.for_project(project)):
            return [now]
        supported = [python for python in self.pythons if own is None or supports(own, python)] or self.pythons
        found = []
        for release in several:
            version = parse_version(release.version)
            if release is own or version is None or not self._candidate(release, version, supported):
                continue
            series = [int(number) for number in (attribute.series or "").split("_") if number]
            if list(version.release[: len(series)]) == series:
                found.append(Option(release.version, version, release))
        if not found or now.version is None or not self._refused(project, now.version):
            found.append(now)
        return sorted(found, key=lambda one: (one.version or Version("0.dev0"), one.release is None))

    def _guest(self, project: ProjectName) -> list[Option]:
        several = self.releases.get(project, ())
        if all(release.unknown == LISTED for release in several):
            return [Option(None, None, None)]
        found = [
            Option(release.version, version, release)
            for release in several
            if (version := parse_version(release.version)) is not None
            and self._candidate(release, version, self.pythons)
        ]
        return sorted(found, key=lambda one: one.version or Version("0.dev0"))

    def _candidate(self, release: Release, version: Version, pythons: Sequence[str]) -> bool:
        entries = self.policy.for_project(release.project)
        allowed = {one.action for one in entries if one.versions.contains(version, prereleases=True)}
        early = self.before is None or (release.uploaded is not None and release.uploaded < self.before)
        return (
            not self._refused(release.project, version)
            and (not version.is_prerelease or "prerelease" in allowed)
            and (release.yanked is None or "yanked" in allowed)
            and release.gone is None
            and release.unknown != LISTED
            and early
            and all(supports(release, python) for python in pythons)
        )

    def _refused(self, project: ProjectName, version: Version) -> bool:
        return any(
            one.versions.contains(version, prereleases=True) == (one.action == "exclude")
            for one in self.policy.for_project(project)
            if one.action in ("exclude", "pin")
        )


def supports(release: Release, python: str) -> bool:
    """Return whether a release runs on an interpreter; what cannot be read accepts all."""
    try:
        return SpecifierSet(release.requires_python or "").contains(python, prereleases=True)
    except ValueError:
        return True
