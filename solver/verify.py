"""Is this plan right? Every edge is checked again with :mod:`packaging` alone; no code is shared with the solver."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.targets import parse_target
from solver.plan import Package, Plan
from solver.policy import Policy
from solver.recount import recount
from solver.recountlines import Line, Lines

_GOALS = {
    "fresh": ["risky", "staleness", "cheap", "changed"],
    "stable": ["risky", "changed", "staleness", "cheap"],
    "repair": ["changed", "risky", "cheap", "staleness"],
}
"""The modes of docs/model.md, each with its goals, the most important first."""


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
    """Check that the plan is coherent (docs/model.md) and that it lists exactly what it violates.

    Raises:
        UsageError: the plan names a target that does not exist.
    """
    environments = [parse_target(target).environment() for target in plan.targets]
    members = members_of(current)
    work = _Check(plan, policy, members, Lines(releases, policy, environments, members))
    work.check_members()
    work.check_packages()
    work.check_edges()
    work.check_lists()
    work.check_attributes()
    work.check_mode()
    work.check_levels()
    if plan.status != "conflict" and len(work.chosen()) == len(plan.packages):
        work.problems += recount(plan, work.lines)
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


@dataclass(slots=True)
class _Check:
    plan: Plan
    policy: Policy
    members: Mapping[ProjectName, Attribute]
    lines: Lines
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("satisfied", "relaxed", "update_first", "unjudged"), 0)
    )
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    """The violated edges that were met, as ``(list, depender, dependency)``."""

    def chosen(self) -> dict[ProjectName, Package]:
        return {package.project: package for package in self.plan.packages}

    def check_members(self) -> None:
        chosen = self.chosen()
        if len(chosen) != len(self.plan.packages):
            self.problems.append("a project has more than one version")
        for project, attribute in self.members.items():
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
        for release in self.lines.releases.get(package.project, ()):
            if _version(release.version) == wanted:
                return release
        return None

    def check_packages(self) -> None:
        members = self.members
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
            if one.action == "hold" and package.project not in self.members:
                continue  # there is no current version to hold
            if one.action == "hold" or (one.action == "exclude" and accepted) or (one.action == "pin" and not accepted):
                self.problems.append(f"{name}: policy says {one.action} {one.versions}".rstrip())
        if release.yanked is not None and "yanked" not in allowed:
            self.problems.append(f"{name} is yanked")
        if version is not None and version.is_prerelease and "prerelease" not in allowed:
            self.problems.append(f"{name} is a pre-release")
        held = self.members.get(package.project)
        present = self._release_of(package.project, held.version) if held and held.version else None
        for environment in self.lines.environments:
            python = environment["python_full_version"]
            if not _supports(release, python) and (present is None or _supports(present, python)):
                self.problems.append(f"{name} requires Python {release.requires_python}, a target has {python}")

    def _release_of(self, project: ProjectName, text: str) -> Release | None:
        wanted = _version(text)
        return next(
            (one for one in self.lines.releases.get(project, ()) if wanted and _version(one.version) == wanted), None
        )

    def lines_of(self, package: Package, extra: str) -> list[Line]:
        """Return the lines of a package's release that count, those to build it too where the plan says so."""
        release = self.release(package)
        if release is None:
            return []
        builds = self.lines.of(release, "", "build") if self.plan.builds is not None and not extra else []
        return [*self.lines.of(release, extra), *builds]

    def edges(self) -> Iterator[tuple[Package, Line]]:
        """Yield the lines of the plan's releases, with the extras that others of them ask for."""
        chosen = self.chosen()
        queue = [(package, "") for package in self.plan.packages]
        seen = {(package.project, "") for package in self.plan.packages}
        for package, extra in queue:  # grows while it is read
            for line in self.lines_of(package, extra):
                yield package, line
                for one in line.requirement.extras:
                    node = (line.dependency, canonicalize_name(one))
                    if line.dependency in chosen and node not in seen:
                        seen.add(node)
                        queue.append((chosen[line.dependency], node[1]))

    def check_edges(self) -> None:
        chosen, members = self.chosen(), self.members
        for package, line in self.edges():
            if line.dependency == package.project:
                continue
            verb = "needs" if line.kind == "build" else "requires"
            sentence = f"{package.project} {package.version} {verb} {line.requirement}"
            met = chosen.get(line.dependency)
            if met is None:
                self.problems.append(f"{sentence}, and the plan does not hold {line.dependency}")
                continue
            version = _comparable(met, members.get(line.dependency))
            if version is None:
                self.counts["unjudged"] += 1
            elif not line.violated(version):
                self.counts["satisfied"] += 1
            else:
                self._check_violation(line, version, f"{sentence}, met by {met.version}")

    def _check_violation(self, line: Line, version: Version, sentence: str) -> None:
        key = (line.release.project, line.dependency)
        sides = line.violated(version)
        below = "lower" in sides - line.free()
        above = bool(sides - {"lower"}) or (sides == {"lower"} and not below)
        forbids = line.override.part if line.override is not None and line.override.action == "forbid" else None
        self.counts["update_first" if below else "relaxed"] += 1
        if below:
            self.seen.add(("update_first", *key))
            if key not in {(one.project, one.dependency) for one in self.plan.update_first}:
                self.problems.append(f"{sentence}: a lower part is violated, and the plan does not list it")
            if forbids in ("lower", "both"):
                self.problems.append(f"{sentence}: policy forbids to violate it")
        if above:
            self.seen.add(("relaxed", *key))
            if key not in {(one.project, one.dependency) for one in self.plan.relaxed}:
                self.problems.append(f"{sentence}: violated, and the plan does not list it as relaxed")
            if forbids in ("upper", "both"):
                self.problems.append(f"{sentence}: policy forbids to relax it")
            if "exclusion" in sides - line.free():
                self.problems.append(f"{sentence}: an exclusion is violated")

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

    def check_attributes(self) -> None:
        """Every list names the attributes as nixpkgs does; what it does not have is named as its project."""
        plan = self.plan
        for several in (plan.relaxed, plan.held, plan.update_first, plan.added, plan.held_by_policy or ()):
            for one in several:
                member = self.members.get(one.project)
                if one.attribute != (member.name if member else one.project):
                    self.problems.append(f"{one.project}: {one.attribute} is not its attribute")
        for package in plan.packages:
            if package.project not in self.members and (package.attribute, package.current) != (package.project, None):
                self.problems.append(f"{package.project}: nixpkgs has no attribute and no version of it")

    def check_mode(self) -> None:
        """The mode is a known one, or an order of all goals, and the levels are in its order."""
        goals = _GOALS.get(self.plan.mode) or [one.strip() for one in self.plan.mode.split(",")]
        if sorted(goals) != sorted(_GOALS["fresh"]):
            self.problems.append(f"there is no mode {self.plan.mode!r}")
        else:
            named = [level.name for level in self.plan.levels if level.name in goals]
            if named != [goal for goal in goals if goal in named]:
                self.problems.append(f"the levels are not in the order of the mode {self.plan.mode!r}")

    def check_levels(self) -> None:
        """The levels that can be counted from the plan's own lists say the same."""
        values = {level.name: level.value for level in self.plan.levels}
        changed = sum(package.state in ("updated", "downgraded", "added") for package in self.plan.packages)
        if values.get("changed", changed) != changed:
            self.problems.append(f"level changed says {values['changed']}, the plan changes {changed} projects")
        for level in self.plan.levels:
            if level.bound > level.value or (self.plan.status == "optimal" and level.bound != level.value):
                self.problems.append(f"level {level.name} has value {level.value} and bound {level.bound}")


def members_of(current: CurrentSet) -> Mapping[ProjectName, Attribute]:
    """Return the attribute that stands for each project of the current set: the unversioned one of several."""
    found: dict[ProjectName, Attribute] = {}
    for attribute in sorted(current.attributes, key=lambda one: (one.series is not None, one.name)):
        if attribute.project is not None:
            found.setdefault(attribute.project, attribute)
    return found


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # not PEP 440, or a number of more digits than Python reads
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
