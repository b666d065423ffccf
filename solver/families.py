"""Which projects are released together, and does a plan keep them in step? The releases show it, never their names.

A release that is cut together with a sibling names it: by a pin, or by a floor that moves with every release. Both ask
for the sibling of the same version or of the same day, release after release (docs/decisions/0017-families.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from dataset.records import Release, Timestamp
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.specifiers import Bounds
from normalize.versionladder import is_prerelease, sort_keys
from normalize.versions import parse_version
from solver.candidates import Value
from solver.edges import Line

LEAST_NAMED = 3
"""So many different releases of the sibling must be named: a floor that stays where it is shows nothing."""

SHARE = (4, 5)
"""At least this share of the depender's releases that require the sibling must name one of the same version or day."""

LATEST = 3
"""So many final releases of the sibling may follow the one that the depender's newest release names; with more, the
depender does not keep up any more and must not hold its sibling back."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two projects whose releases are cut together, with the evidence.

    Attributes:
        depender, dependency: the one that names the other.
        releases: how many of the depender's releases name a version of the dependency by a pin or a floor.
        together: how many of them name a dependency's release of the same version or uploaded within a day.
        pinned: how many of those name it by ``==``; the others by a floor.
    """

    depender: ProjectName
    dependency: ProjectName
    releases: int
    together: int
    pinned: int

    @property
    def evidence(self) -> str:
        """Say what shows the tie, in one sentence without a full stop."""
        how = {0: "by their floors", self.together: "by pins"}.get(self.pinned, f"{self.pinned} by pins")
        return (
            f"{self.together} of {self.releases} releases of {self.depender} name the {self.dependency} of the same "
            f"version or day, {how}"
        )


Ties = Mapping[tuple[ProjectName, ProjectName], Tie]
"""By depender and dependency."""


def find_ties(releases: Mapping[ProjectName, Sequence[Release]], before: Timestamp | None = None) -> Ties:
    """Return the ties between the projects, sorted.

    Args:
        releases: all releases of each project, listed ones included.
        before: later uploads are not looked at.
    """
    shelf = _Shelf(releases, before)
    return {(tie.depender, tie.dependency): tie for project in sorted(releases) for tie in _ties_of(project, shelf)}


def named_version(specifiers: SpecifierSet) -> Version | None:
    """Return the version that a requirement names: that of its pin, else its highest inclusive floor.

    >>> named_version(SpecifierSet(">=1.42.3,<1.43")), named_version(SpecifierSet("<2"))
    (<Version('1.42.3')>, None)
    """
    named = [
        (one.operator in ("==", "===") and not one.version.endswith(".*"), version)
        for one in specifiers
        if one.operator in ("==", "===", ">=", "~=")
        and (version := parse_version(one.version.removesuffix(".*"))) is not None
    ]
    return max(named, default=(False, None))[1]


def wanted(edges: Sequence[Line]) -> Version | None:
    """Return the sibling's version that a release names; None where it names none, or nixpkgs or policy decide."""
    if any(edge.relaxed or edge.override is not None for edge in edges):
        return None
    named = [naming[0] for edge in edges if (naming := _naming(edge.bounds)) is not None]
    return max(named, default=None)


def out_of_step(edges: Sequence[Line], values: Sequence[Value]) -> list[bool]:
    """Return for each value of the sibling whether it is another version than the release names."""
    version = wanted([edge for edge in edges if edge.kind == "run"])
    return [version is not None and value.version is not None and value.version != version for value in values]


_Naming = tuple[Version, bool, str]
"""A version that is named, whether by a pin, and its canonical spelling."""


@dataclass(slots=True)
class _Shelf:
    """The releases of a dataset that count, read as little as possible: most pairs of projects are told apart early."""

    releases: Mapping[ProjectName, Sequence[Release]]
    before: Timestamp | None
    _by_text: dict[ProjectName, dict[str, Release]] = field(default_factory=dict)

    def known(self, project: ProjectName) -> list[tuple[Version, Release]]:
        """Return the releases whose requirements are known, newest first: final ones, or all where none is final."""
        return self._final([one for one in self.releases[project] if one.requires is not None])

    def release(self, project: ProjectName, naming: _Naming) -> Release | None:
        """Return the release that is named, or None where the dataset holds none that counts."""
        by_text = self._by_text.get(project)
        if by_text is None:
            by_text = self._by_text[project] = {one.version: one for one in self.releases[project]}
        version, _, text = naming
        found = by_text.get(text)
        if found is None:
            found = next((one for one in self.releases[project] if parse_version(one.version) == version), None)
        return found if found is not None and self._counts(found) else None

    def later(self, project: ProjectName, version: Version) -> int:
        """Return how many final releases follow a version."""
        count = 0
        for one, _ in self._final(self.releases[project]):  # newest first
            if one <= version:
                break
            count += 1
        return count

    def _final(self, several: Sequence[Release]) -> list[tuple[Version, Release]]:
        found = [(version, one) for one in several if self._counts(one) and (version := parse_version(one.version))]
        final = [pair for pair in found if not is_prerelease(pair[0])] or found
        keys = sort_keys([version for version, _ in final])
        return [final[i] for i in sorted(range(len(final)), key=keys.__getitem__, reverse=True)]

    def _counts(self, one: Release) -> bool:
        return one.yanked is None and (self.before is None or (one.uploaded or self.before) < self.before)


def _ties_of(project: ProjectName, shelf: _Shelf) -> Iterator[Tie]:
    if len({one.requires for one in shelf.releases[project]}) < LEAST_NAMED:  # quickly told for most
        return
    known = shelf.known(project)
    if len(known) < LEAST_NAMED:
        return
    for dependency, newest in sorted(_namings(known[0][1]).items()):
        if dependency == project or dependency not in shelf.releases:
            continue
        if not _together(*known[0], newest[0], shelf.release(dependency, newest)):
            continue
        if shelf.later(dependency, newest[0]) > LATEST:
            continue
        named = [
            (naming, _together(version, one, naming[0], shelf.release(dependency, naming)))
            for version, one in known
            if (naming := _namings(one).get(dependency)) is not None
        ]
        good = [naming for naming, together in named if together]
        if len({version for version, _, _ in good}) < LEAST_NAMED or len(good) * SHARE[1] < len(named) * SHARE[0]:
            continue
        yield Tie(
            depender=project,
            dependency=dependency,
            releases=len(named),
            together=len(good),
            pinned=sum(pinned for _, pinned, _ in good),
        )


def _namings(release: Release) -> dict[ProjectName, _Naming]:
    """Return for each required project the version that the release names."""
    found: dict[ProjectName, _Naming] = {}
    for text in release.requires or ():
        if "=" not in text:
            continue
        requirement = parse_requirement(text)
        if requirement is None or "extra" in requirement.condition:
            continue
        naming = _naming(requirement.bounds)
        if naming is not None:
            before = found.get(requirement.project)
            found[requirement.project] = naming if before is None or naming[:2] >= before[:2] else before
    return found


@cache
def _naming(bounds: Bounds) -> _Naming | None:
    """Return the version that bounds name."""
    version = named_version(bounds.specifiers)
    if version is None:
        return None
    pinned = any(one.operator == "==" and parse_version(one.version) == version for one in bounds.specifiers)
    return version, pinned, str(version)


def _together(version: Version, release: Release, named: Version, sibling: Release | None) -> bool:
    if sibling is None:
        return False
    if named == version:
        return True
    if release.uploaded is None or sibling.uploaded is None:
        return False
    return abs(datetime.fromisoformat(release.uploaded) - datetime.fromisoformat(sibling.uploaded)) < DAY
