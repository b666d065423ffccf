"""What does each release require, read again with packaging? Shares no code with what the solver compiled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from dataset.currentset import Attribute
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import absurd
from normalize.specifierparts import lower_part, upper_part
from normalize.versions import parse_nix_version, parse_version
from solver.planwords import EdgeKind
from solver.policy import EdgeOverride, Policy

_SIDES = {"upper": ("upper", "exclusion"), "lower": ("lower",), "both": ("lower", "upper", "exclusion")}
"""What each part of a requirement consists of."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of a release that counts, with what nixpkgs and policy say of it."""

    release: Release
    extra: str
    kind: EdgeKind
    text: str
    requirement: Requirement
    relaxed: bool
    override: EdgeOverride | None

    @property
    def dependency(self) -> ProjectName:
        """The project that it names."""
        return ProjectName(canonicalize_name(self.requirement.name))

    @property
    def specifier(self) -> str:
        """What counts of its specifier, as text."""
        own, override = self.requirement.specifier, self.override
        if override is None or override.action not in ("drop", "replace"):
            return str(own)
        put = override.replacement or SpecifierSet()
        if override.part == "both":
            return str(put)
        return str((lower_part(own) if override.part == "upper" else upper_part(own)) & put)

    def clauses(self) -> Iterator[tuple[Specifier, bool, bool]]:
        """Yield the clauses, and for each whether its lower side and whether its upper side counts."""
        override = self.override
        if override is None or override.action not in ("drop", "replace"):
            yield from ((one, True, True) for one in self.requirement.specifier)
            return
        if override.part != "both":
            yield from ((one, override.part == "upper", override.part == "lower") for one in self.requirement.specifier)
        yield from ((one, True, True) for one in override.replacement or ())

    def violated(self, version: Version) -> set[str]:
        """Return which of ``lower``, ``upper`` and ``exclusion`` a version violates."""
        found = set()
        for clause, lower, upper in self.clauses():
            if not clause.contains(version, prereleases=True):
                side = side_of(clause, version)
                if lower if side == "lower" else upper:
                    found.add(side)
        return found

    def free(self) -> set[str]:
        """Return what policy lets be violated at no price."""
        if self.override is None or self.override.action != "force":
            return set()
        return set(_SIDES[self.override.part])

    def forbidden(self) -> set[str]:
        """Return what policy lets no plan violate."""
        if self.override is None or self.override.action != "forbid":
            return set()
        return set(_SIDES[self.override.part])

    def floor(self) -> Version | None:
        """Return the highest version that the lower part starts at."""
        found = [
            bound
            for clause, lower, _ in self.clauses()
            if lower and clause.operator in (">", ">=", "~=", "==") and (bound := _bound(clause)) is not None
        ]
        return max(found, default=None)

    def pins(self) -> bool:
        """Return whether a clause names one full version."""
        return any(
            lower and upper and clause.operator in ("==", "===") and not clause.version.endswith(".*")
            for clause, lower, upper in self.clauses()
        )

    def named(self) -> Version | None:
        """Return the version that the line names: a pin's, else an inclusive floor's."""
        clauses = [clause for clause in self.requirement.specifier if clause.operator in ("==", "===", ">=", "~=")]
        pins = [one for one in clauses if one.operator in ("==", "===") and not one.version.endswith(".*")]
        for some in (pins, clauses):
            found = [bound for clause in some if (bound := _bound(clause)) is not None]
            if found:
                return max(found)
        return None


def side_of(clause: Specifier, version: Version) -> str:
    """Return the side of a violated clause that the version is on."""
    if clause.operator == "!=":
        return "exclusion"
    if clause.operator in ("<", "<="):
        return "upper"
    bound = _bound(clause)
    return "lower" if clause.operator in (">", ">=") or (bound is not None and version < bound) else "upper"


def _bound(clause: Specifier) -> Version | None:
    return parse_version(clause.version.removesuffix(".*"))


@dataclass(slots=True)
class Lines:
    """Reads the requirements of releases as nixpkgs and policy leave them; each text and each marker once."""

    releases: Mapping[ProjectName, Sequence[Release]]
    policy: Policy
    environments: Sequence[Mapping[str, str]]
    members: Mapping[ProjectName, Attribute]
    _parsed: dict[str, Requirement | None] = field(default_factory=dict)
    _applies: dict[tuple[str, str], tuple[bool, ...]] = field(default_factory=dict)
    _dropped: dict[tuple[ProjectName, EdgeKind], tuple[set[str], set[str]]] = field(default_factory=dict)
    _known: dict[tuple[ProjectName, str, str, EdgeKind], list[Line]] = field(default_factory=dict)

    def of(self, release: Release, extra: str = "", kind: EdgeKind = "run") -> list[Line]:
        """Return the lines that an extra brings; for "" those that need none."""
        key = (release.project, release.version, extra, kind)
        if key not in self._known:
            self._known[key] = list(self._read(release, extra, kind))
        return self._known[key]

    def _read(self, release: Release, extra: str, kind: EdgeKind) -> Iterator[Line]:
        if extra and extra not in {canonicalize_name(one) for one in release.extras}:
            return
        relaxed, dropped = self._treatment(release.project, kind)
        for text in (release.builds if kind == "build" else release.requires) or ():
            requirement = self.parse(text)
            if requirement is None or requirement.url is not None:
                continue
            name = ProjectName(canonicalize_name(requirement.name))
            if {"*", name} & dropped or (name == release.project and not requirement.extras):
                continue
            reach = self._reach(requirement, extra)
            override = self.policy.for_edge(release.project, release.version, name)
            if not any(reach) or (override and (override.action, override.part) == ("drop", "both")):
                continue
            yield Line(release, extra, kind, text, requirement, bool({"*", name} & relaxed), override)

    def reach(self, line: Line) -> tuple[bool, ...]:
        """Return for each target whether a line applies there because of its extra."""
        return self._reach(line.requirement, line.extra)

    def _reach(self, requirement: Requirement, extra: str) -> tuple[bool, ...]:
        found = self.applies(requirement.marker, extra)
        if extra:
            without = self.applies(requirement.marker, "")
            found = tuple(a and not b for a, b in zip(found, without, strict=True))
        return found

    def parse(self, text: str) -> Requirement | None:
        """Return the requirement, or None where the text is not PEP 508."""
        if text not in self._parsed:
            try:
                self._parsed[text] = None if absurd(text) else Requirement(text)
            except InvalidRequirement:
                self._parsed[text] = None
        return self._parsed[text]

    def applies(self, marker: Marker | None, extra: str) -> tuple[bool, ...]:
        """Return for each target whether a marker holds there with an extra."""
        if marker is None:
            return (True,) * len(self.environments)
        key = (str(marker), extra)
        if key not in self._applies:
            self._applies[key] = tuple(marker.evaluate({**one, "extra": extra}) for one in self.environments)
        return self._applies[key]

    def _treatment(self, project: ProjectName, kind: EdgeKind) -> tuple[set[str], set[str]]:
        """Return what nixpkgs relaxes for a project, and what does not count for it."""
        key = (project, kind)
        if key not in self._dropped:
            attribute = self.members.get(project)
            if attribute is None:
                self._dropped[key] = (set(), set())
            elif kind == "run":
                self._dropped[key] = self._run_treatment(attribute)
            else:
                self._dropped[key] = self._build_treatment(attribute)
        return self._dropped[key]

    def _run_treatment(self, attribute: Attribute) -> tuple[set[str], set[str]]:
        relaxed, removed = (
            {name if name == "*" else canonicalize_name(name) for name in names}
            for names in (attribute.relaxed, attribute.removed)
        )
        provided = {*attribute.dependencies, *(name for name, _ in attribute.conditional)}
        for name, _ in self._required_now(attribute, "run"):
            if name not in self.members and name not in provided:
                removed.add(name)
        return relaxed, removed

    def _build_treatment(self, attribute: Attribute) -> tuple[set[str], set[str]]:
        relaxed: set[str] = set()
        dropped: set[str] = set()
        for name, requirement in self._required_now(attribute, "build"):
            member = self.members.get(ProjectName(name))
            if member is None:
                dropped.add(name)
                continue
            nix = parse_nix_version(member.version) if member.version else None
            now = nix.release if nix else None
            broken = [one for one in requirement.specifier if now and not one.contains(now, prereleases=True)]
            if any(one.operator == "!=" for one in broken):
                dropped.add(name)
            elif broken:
                relaxed.add(name)
        return relaxed, dropped

    def _required_now(self, attribute: Attribute, kind: EdgeKind) -> Iterator[tuple[str, Requirement]]:
        assert attribute.project is not None
        version = parse_version(attribute.version or "")
        now = next(
            (
                one
                for one in self.releases.get(attribute.project, ())
                if version and parse_version(one.version) == version
            ),
            None,
        )
        for text in ((now.builds if kind == "build" else now.requires) if now else None) or ():
            requirement = self.parse(text)
            if requirement is not None and any(self.applies(requirement.marker, "")):
                yield canonicalize_name(requirement.name), requirement
