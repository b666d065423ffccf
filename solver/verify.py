"""Is this plan right? Every edge is checked again with :mod:`packaging` alone; no code is shared with the solver."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import absurd
from normalize.targets import parse_target
from solver.plan import Package, Plan
from solver.policy import EdgeOverride, Policy
from solver.recount import recount


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what is wrong.

    Attributes:
        packages, edges: how many were checked.
        satisfied, relaxed, update_first, unjudged: how the edges stand; unjudged ones meet a version that nobody knows.
        problems: one sentence per fault; a right plan has none.
    """

    packages: int
    edges: int
    satisfied: int
    relaxed: int
    update_first: int
    unjudged: int
    problems: tuple[str, ...]


def verify(
    plan: Plan, releases: Mapping[ProjectName, Sequence[Release]], current: CurrentSet, policy: Policy
) -> Verification:
    """Check that the plan is coherent (DESIGN.md, section 4) and that it lists exactly what it violates.

    Raises:
        UsageError: the plan names a target that does not exist.
    """
    work = _Check(plan, releases, current, policy)
    work.environments = [parse_target(target).environment() for target in plan.targets]
    work.check_members()
    work.check_packages()
    work.check_edges()
    work.check_lists()
    work.check_levels()
    if plan.status != "conflict" and len(work.chosen()) == len(plan.packages):
        work.problems += recount(plan, releases, current, policy, work.members())
    counts = work.counts
    return Verification(
        packages=len(plan.packages),
        edges=sum(counts.values()),
        satisfied=counts["satisfied"],
        relaxed=counts["relaxed"],
        update_first=counts["update_first"],
        unjudged=counts["unjudged"],
        problems=tuple(work.problems),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Met:
    """A requirement and the version that violates it."""

    depender: ProjectName
    dependency: ProjectName
    specifier: SpecifierSet
    version: Version
    override: EdgeOverride | None
    sentence: str


@dataclass(slots=True)
class _Check:
    plan: Plan
    releases: Mapping[ProjectName, Sequence[Release]]
    current: CurrentSet
    policy: Policy
    environments: list[Mapping[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("satisfied", "relaxed", "update_first", "unjudged"), 0)
    )
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    """The violated edges that were met, as ``(list, depender, dependency)``."""

    def members(self) -> dict[ProjectName, Attribute]:
        found: dict[ProjectName, Attribute] = {}
        for attribute in sorted(self.current.attributes, key=lambda one: (one.series is not None, one.name)):
            if attribute.project is not None:
                found.setdefault(attribute.project, attribute)
        return found

    def chosen(self) -> dict[ProjectName, Package]:
        return {package.project: package for package in self.plan.packages}

    def check_members(self) -> None:
        chosen = self.chosen()
        if len(chosen) != len(self.plan.packages):
            self.problems.append("a project has more than one version")
        for project, attribute in self.members().items():
            package = chosen.get(project)
            if package is None:
                self.problems.append(f"{project} is in nixpkgs' set (attribute {attribute.name}) and not in the plan")
            elif package.attribute != attribute.name or package.current != attribute.version:
                self.problems.append(f"{project}: the plan's attribute or current version is not nixpkgs'")

    def release(self, package: Package) -> Release | None:
        """Return the release that a package of the plan stands for; None for what is not on the index."""
        wanted = _version(package.version or "")
        if wanted is None:
            return None
        for release in self.releases.get(package.project, ()):
            if _version(release.version) == wanted:
                return release
        return None

    def check_packages(self) -> None:
        members = self.members()
        for package in self.plan.packages:
            is_current = package.project in members and package.version == members[package.project].version
            release = self.release(package)
            name = f"{package.project} {package.version}"
            if is_current:
                if package.state not in ("unchanged", "held"):
                    self.problems.append(f"{name}: state {package.state}, but it is nixpkgs' current version")
                continue
            if release is None:
                if package.version is not None or package.state != "added":
                    self.problems.append(f"{name} is neither a release in the dataset nor nixpkgs' current version")
                continue
            if package.state not in ("updated", "downgraded", "added"):
                self.problems.append(f"{name}: state {package.state}, but it is not nixpkgs' current version")
            self._check_candidate(package, release)

    def _check_candidate(self, package: Package, release: Release) -> None:
        name = f"{package.project} {package.version}"
        version = _version(release.version)
        decisions = [one for one in self.policy.projects if one.project == package.project]
        allowed = {one.action for one in decisions}
        for one in decisions:
            accepted = version is not None and one.versions.contains(version, prereleases=True)
            if one.action == "hold" or (one.action == "exclude" and accepted) or (one.action == "pin" and not accepted):
                self.problems.append(f"{name}: policy says {one.action} {one.versions}".rstrip())
        if release.yanked is not None and "yanked" not in allowed:
            self.problems.append(f"{name} is yanked")
        if version is not None and version.is_prerelease and "prerelease" not in allowed:
            self.problems.append(f"{name} is a pre-release")
        held = self.members().get(package.project)
        present = self._release_of(package.project, held.version) if held and held.version else None
        for environment in self.environments:
            python = environment["python_full_version"]
            if not _supports(release, python) and (present is None or _supports(present, python)):
                self.problems.append(f"{name} requires Python {release.requires_python}, a target has {python}")

    def _release_of(self, project: ProjectName, text: str) -> Release | None:
        wanted = _version(text)
        return next((one for one in self.releases.get(project, ()) if wanted and _version(one.version) == wanted), None)

    def active_extras(self) -> dict[ProjectName, set[str]]:
        """Return the extras of each project that the plan's releases ask for, to a fixpoint."""
        active: dict[ProjectName, set[str]] = {package.project: set() for package in self.plan.packages}
        grown = True
        while grown:
            grown = False
            for package, _, requirement in self.requirements(active):
                project = ProjectName(canonicalize_name(requirement.name))
                wanted = {canonicalize_name(extra) for extra in requirement.extras} & self._declared(project)
                if project in active and not wanted <= active[project]:
                    active[project] |= wanted
                    grown = True
                assert package
        return active

    def _declared(self, project: ProjectName) -> set[str]:
        package = self.chosen().get(project)
        release = self.release(package) if package else None
        return {canonicalize_name(extra) for extra in release.extras} if release else set()

    def requirements(
        self, active: Mapping[ProjectName, set[str]]
    ) -> Iterator[tuple[Package, EdgeOverride | None, Requirement]]:
        """Yield the requirements of the plan's releases that apply on some target, as nixpkgs and policy leave them."""
        members = self.members()
        for package in self.plan.packages:
            release = self.release(package)
            attribute = members.get(package.project)
            removed = self._not_counted(attribute) if attribute else set()
            for text in (release.requires if release else None) or ():
                requirement = _requirement(text)
                if requirement is None:
                    continue
                dependency = canonicalize_name(requirement.name)
                if "*" in removed or dependency in removed:
                    continue
                extras = ("", *sorted(active.get(package.project, ())))
                if not any(self._applies(requirement.marker, extra) for extra in extras):
                    continue
                assert release is not None
                override = self.policy.for_edge(package.project, release.version, ProjectName(dependency))
                if override is None or (override.action, override.part) != ("drop", "both"):
                    yield package, override, requirement

    def _not_counted(self, attribute: Attribute) -> set[str]:
        """Return what nixpkgs removes, and what it builds the current release without."""
        found = {name if name == "*" else canonicalize_name(name) for name in attribute.removed}
        members = self.members()
        provided = {*attribute.dependencies, *(name for name, _ in attribute.conditional)}
        assert attribute.project is not None
        present = self._release_of(attribute.project, attribute.version) if attribute.version else None
        for text in (present.requires if present else None) or ():
            requirement = _requirement(text)
            if requirement is None:
                continue
            name = ProjectName(canonicalize_name(requirement.name))
            if name not in members and name not in provided and self._applies(requirement.marker, ""):
                found.add(name)
        return found

    def _applies(self, marker: Marker | None, extra: str) -> bool:
        return marker is None or any(marker.evaluate({**one, "extra": extra}) for one in self.environments)

    def check_edges(self) -> None:
        chosen, members = self.chosen(), self.members()
        for package, override, requirement in self.requirements(self.active_extras()):
            project = ProjectName(canonicalize_name(requirement.name))
            if project == package.project:
                continue
            if requirement.url is not None:  # not from the index, so no version of the plan meets or violates it
                self.counts["unjudged"] += 1
                continue
            sentence = f"{package.project} {package.version} requires {requirement}"
            met = chosen.get(project)
            if met is None:
                self.problems.append(f"{sentence}, and the plan does not hold {project}")
                continue
            version = _comparable(met, members.get(project))
            specifier = requirement.specifier
            if version is None:
                self.counts["unjudged"] += 1
            elif not _broken(specifier, override, version):
                self.counts["satisfied"] += 1
            else:
                self._check_violation(
                    _Met(
                        depender=package.project,
                        dependency=project,
                        specifier=specifier,
                        version=version,
                        override=override,
                        sentence=f"{sentence}, met by {met.version}",
                    )
                )

    def _check_violation(self, met: _Met) -> None:
        key = (met.depender, met.dependency)
        broken = _broken(met.specifier, met.override, met.version)
        action, part = (met.override.action, met.override.part) if met.override else (None, "upper")
        lower_forced = action == "force" and part != "upper"
        below = [one for one in broken if _is_lower(one, met.version) and not lower_forced]
        above = [one for one in broken if one not in below]
        self.counts["update_first" if below else "relaxed"] += 1
        if below:
            self.seen.add(("update_first", *key))
            if key not in {(one.project, one.dependency) for one in self.plan.update_first}:
                self.problems.append(f"{met.sentence}: a lower part is violated, and the plan does not list it")
            if action == "forbid" and part != "upper":
                self.problems.append(f"{met.sentence}: policy forbids to violate it")
        if above:
            self.seen.add(("relaxed", *key))
            if key not in {(one.project, one.dependency) for one in self.plan.relaxed}:
                self.problems.append(f"{met.sentence}: violated, and the plan does not list it as relaxed")
            if action == "forbid" and part != "lower":
                self.problems.append(f"{met.sentence}: policy forbids to relax it")
            if (action != "force" or part == "lower") and any(one.operator == "!=" for one in above):
                self.problems.append(f"{met.sentence}: an exclusion is violated")

    def check_lists(self) -> None:
        """The plan lists nothing that it does not violate."""
        for relaxation in self.plan.relaxed:
            if ("relaxed", relaxation.project, relaxation.dependency) not in self.seen:
                self.problems.append(
                    f"{relaxation.project} -> {relaxation.dependency} is listed as relaxed, and is not violated"
                )
        for one in self.plan.update_first:
            if ("update_first", one.project, one.dependency) not in self.seen:
                self.problems.append(
                    f"{one.project} -> {one.dependency} is listed as update first, and is not violated"
                )

    def check_levels(self) -> None:
        """The levels that can be counted from the plan's own lists say the same."""
        values = {level.name: level.value for level in self.plan.levels}
        changed = sum(package.state in ("updated", "downgraded", "added") for package in self.plan.packages)
        if values.get("changed", changed) != changed:
            self.problems.append(f"level changed says {values['changed']}, the plan changes {changed} projects")
        for level in self.plan.levels:
            if level.bound > level.value or (self.plan.status == "optimal" and level.bound != level.value):
                self.problems.append(f"level {level.name} has value {level.value} and bound {level.bound}")


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # not PEP 440, or a number of more digits than Python reads
        return None


def _requirement(text: str) -> Requirement | None:
    try:
        return None if absurd(text) else Requirement(text)
    except InvalidRequirement:
        return None


def _comparable(package: Package, attribute: Attribute | None) -> Version | None:
    """Return the version that requirements are compared with: for a snapshot the release that it follows."""
    version = _version(package.version or "")
    if version is None and attribute is not None and package.version == attribute.version:
        base = (package.version or "").partition("-")[0]
        return _version(base) if base != "0" else None
    return version


def _supports(release: Release, python: str) -> bool:
    try:
        return SpecifierSet(release.requires_python or "").contains(python, prereleases=True)
    except ValueError:
        return True


def _broken(specifier: SpecifierSet, override: EdgeOverride | None, version: Version) -> list[Specifier]:
    """Return the clauses that a version violates, of those that policy leaves or puts in their place."""
    broken = [one for one in specifier if not one.contains(version, prereleases=True)]
    if override is None or override.action not in ("drop", "replace"):
        return broken
    if override.part == "both":
        broken = []
    else:
        broken = [one for one in broken if _is_lower(one, version) == (override.part == "upper")]
    instead = override.replacement or SpecifierSet()
    return broken + [one for one in instead if not one.contains(version, prereleases=True)]


def _is_lower(specifier: Specifier, version: Version) -> bool:
    """Return whether a violated specifier is violated from below; ``<`` and ``!=`` never are."""
    if specifier.operator in (">", ">="):
        return True
    limit = _version(specifier.version.removesuffix(".*"))
    return specifier.operator in ("~=", "==", "===") and limit is not None and version < limit
