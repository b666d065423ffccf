"""What did the curators decide? Weights, overrides of edges and of projects, each with its reason."""

from dataclasses import dataclass, field
from typing import Literal

from packaging.specifiers import SpecifierSet

from normalize.projects import ProjectName
from normalize.specifierparts import lower_part, upper_part
from normalize.specifiers import Bounds, Part, parse_bounds

EdgeAction = Literal["force", "forbid", "drop", "replace"]
EDGE_ACTIONS: tuple[EdgeAction, ...] = ("force", "forbid", "drop", "replace")
EdgePart = Literal["upper", "lower", "both"]
EDGE_PARTS: tuple[EdgePart, ...] = ("upper", "lower", "both")
_COVERED: dict[EdgePart, frozenset[Part]] = {
    "upper": frozenset({Part.UPPER, Part.EXCLUSION}),
    "lower": frozenset({Part.LOWER}),
    "both": frozenset(Part),
}
NOTHING: frozenset[Part] = frozenset()
ProjectAction = Literal["pin", "hold", "exclude", "prerelease", "yanked"]
PROJECT_ACTIONS: tuple[ProjectAction, ...] = ("pin", "hold", "exclude", "prerelease", "yanked")
NARROWING: tuple[ProjectAction, ...] = ("pin", "hold", "exclude")
"""The actions that take candidates away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOverride:
    """A decision about one edge, scoped ``depender:dependency``, ``depender==1.2.3:dependency`` or ``*:dependency``.

    Attributes:
        depender: None stands for every depender.
        versions: the depender's versions that it is about; empty accepts all.
        action: ``force`` lets the part be violated at no price, ``forbid`` never lets it be violated, ``drop`` takes
            the part away (``both``: the requirement itself), ``replace`` puts another specifier in the part's place.
        part: which part of the specifier it is about; exclusions (``!=``) belong to the upper one.
        replacement: the specifier that ``replace`` puts there.
        reason: why, for the reader of the plan; ``link`` and ``expires`` (a day) are optional.
    """

    depender: ProjectName | None
    versions: SpecifierSet
    dependency: ProjectName
    action: EdgeAction
    part: EdgePart = "upper"
    replacement: SpecifierSet | None = None
    reason: str
    link: str | None = None
    expires: str | None = None

    @property
    def scope(self) -> str:
        """Return the scope as the file writes it."""
        return f"{self.depender or '*'}{self.versions}:{self.dependency}"

    @property
    def forced(self) -> frozenset[Part]:
        """Return the parts that may be violated at no price."""
        return _COVERED[self.part] if self.action == "force" else NOTHING

    @property
    def forbidden(self) -> frozenset[Part]:
        """Return the parts that must not be violated."""
        return _COVERED[self.part] if self.action == "forbid" else NOTHING

    def covers(self, depender: ProjectName, version: str, dependency: ProjectName) -> bool:
        """Return whether the scope holds an edge."""
        if self.dependency != dependency or self.depender not in (None, depender):
            return False
        return not len(self.versions) or self.versions.contains(version, prereleases=True)

    def left(self, bounds: Bounds) -> Bounds | None:
        """Return what counts of an edge's bounds, or None where the requirement itself does not."""
        if self.action not in ("drop", "replace"):
            return bounds
        if self.part == "both":
            return None if self.replacement is None else parse_bounds(str(self.replacement))
        kept = lower_part(bounds.specifiers) if self.part == "upper" else upper_part(bounds.specifiers)
        return parse_bounds(str(kept & (self.replacement or SpecifierSet())))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOverride:
    """A decision about one project.

    Attributes:
        action: ``pin`` keeps to the versions given, ``hold`` keeps nixpkgs' current version, ``exclude`` takes the
            versions given out of the candidates, ``prerelease`` and ``yanked`` let such releases (of the versions
            given, or all) be candidates.
        versions: a specifier; empty accepts all.
    """

    project: ProjectName
    action: ProjectAction
    versions: SpecifierSet
    reason: str
    link: str | None = None
    expires: str | None = None

    @property
    def scope(self) -> str:
        """Return the project and the versions that it is about."""
        return f"{self.project}{self.versions}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What one relaxed pair of projects costs, by risk class, on its level of the objective."""

    lifted: int = 1
    precautionary: int = 2
    deliberate: int = 2
    pin: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All decisions, in the order of the file."""

    weights: Weights = field(default_factory=Weights)
    edges: tuple[EdgeOverride, ...] = ()
    projects: tuple[ProjectOverride, ...] = ()

    def for_edge(self, depender: ProjectName, version: str, dependency: ProjectName) -> EdgeOverride | None:
        """Return the most specific override of an edge (by version, by depender, ``*``), the first of equals."""
        found: EdgeOverride | None = None
        rank = -1
        for one in self.edges:
            if not one.covers(depender, version, dependency):
                continue
            here = (one.depender is not None) + (len(one.versions) > 0)
            if here > rank:
                found, rank = one, here
        return found

    def for_project(self, project: ProjectName) -> tuple[ProjectOverride, ...]:
        """Return the overrides of a project, in the order of the file."""
        return tuple(one for one in self.projects if one.project == project)

    def without_expired(self, day: str) -> "tuple[Policy, tuple[str, ...]]":
        """Return the policy without the entries that expired before the day, and a sentence for each of those."""
        sentences = []
        edges, projects = [], []
        for edge in self.edges:
            if edge.expires is not None and edge.expires < day:
                sentences.append(f"the override {edge.scope} expired on {edge.expires}: {edge.reason}")
            else:
                edges.append(edge)
        for project in self.projects:
            if project.expires is not None and project.expires < day:
                sentences.append(
                    f"{project.action} of {project.project} expired on {project.expires}: {project.reason}"
                )
            else:
                projects.append(project)
        return Policy(weights=self.weights, edges=tuple(edges), projects=tuple(projects)), tuple(sentences)
