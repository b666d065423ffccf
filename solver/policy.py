"""What did the curators decide? Weights, overrides of edges and of projects, each with its reason."""

from dataclasses import dataclass, field
from typing import Any, Literal

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name

SCHEMA = 1

EdgeAction = Literal["force", "forbid", "drop", "replace"]
_EDGE_ACTIONS: tuple[EdgeAction, ...] = ("force", "forbid", "drop", "replace")
ProjectAction = Literal["pin", "hold", "exclude", "prerelease", "yanked"]
_PROJECT_ACTIONS: tuple[ProjectAction, ...] = ("pin", "hold", "exclude", "prerelease", "yanked")


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOverride:
    """A decision about one edge, scoped ``depender:dependency``, ``depender==1.2.3:dependency`` or ``*:dependency``.

    Attributes:
        depender: None stands for every depender.
        versions: the depender's versions that it is about; empty accepts all.
        action: ``force`` relaxes the upper part and the exclusions at no price, ``forbid`` never relaxes, ``drop``
            removes the requirement, ``replace`` puts another specifier in its place.
        replacement: the specifier that ``replace`` puts there.
        reason: why, for the reader of the plan; ``link`` and ``expires`` (a day) are optional.
    """

    depender: ProjectName | None
    versions: SpecifierSet
    dependency: ProjectName
    action: EdgeAction
    replacement: SpecifierSet | None = None
    reason: str
    link: str | None = None
    expires: str | None = None


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
            if one.dependency != dependency or one.depender not in (None, depender):
                continue
            if len(one.versions) and not one.versions.contains(version, prereleases=True):
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
                sentences.append(f"the override {_scope(edge)} expired on {edge.expires}: {edge.reason}")
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


def _scope(edge: EdgeOverride) -> str:
    return f"{edge.depender or '*'}{edge.versions}:{edge.dependency}"


def policy_from_toml(data: Any, *, where: str = "policy.toml") -> Policy:
    """Read the decoded TOML.

    Raises:
        UsageError: a key or value is wrong; the sentence holds the path to it (``policy.toml: edge[2].action``).
    """
    root = Decoder(data, where)
    root.only("schema", "weights", "edge", "project")
    root.schema(SCHEMA)
    return Policy(
        weights=_weights(Decoder(root.raw("weights") or {}, f"{where}: weights")),
        edges=tuple(_edge(one) for one in root.tables("edge")),
        projects=tuple(_project(one) for one in root.tables("project")),
    )


def _weights(one: Decoder) -> Weights:
    one.only("lifted", "precautionary", "deliberate", "pin")
    default = Weights()
    return Weights(
        lifted=one.number("lifted", default=default.lifted) or 0,
        precautionary=one.number("precautionary", default=default.precautionary) or 0,
        deliberate=one.number("deliberate", default=default.deliberate) or 0,
        pin=one.number("pin", default=default.pin) or 0,
    )


def _edge(one: Decoder) -> EdgeOverride:
    one.only("scope", "action", "with", "reason", "link", "expires")
    scope = one.text("scope")
    depender, colon, dependency = scope.partition(":")
    if not colon:
        raise UsageError(
            f"{one.where}.scope: {scope!r} has no ':'",
            hint="write depender:dependency, depender==1.2.3:dependency or *:dependency",
        )
    name = depender
    versions = SpecifierSet()
    for i, character in enumerate(depender):
        if character in "=<>!~":
            name, versions = depender[:i], _specifiers(depender[i:], f"{one.where}.scope")
            break
    action = one.choice("action", _EDGE_ACTIONS, "force")
    replacement = one.optional_text("with")
    if (action == "replace") != (replacement is not None):
        raise UsageError(f"{one.where}.with: 'replace' needs it, and no other action takes it")
    return EdgeOverride(
        depender=None if name.strip() == "*" else _named(name, f"{one.where}.scope"),
        versions=versions,
        dependency=_named(dependency, f"{one.where}.scope"),
        action=action,
        replacement=None if replacement is None else _specifiers(replacement, f"{one.where}.with"),
        reason=one.text("reason"),
        link=one.optional_text("link"),
        expires=_day(one),
    )


def _project(one: Decoder) -> ProjectOverride:
    one.only("name", "action", "versions", "reason", "link", "expires")
    action = one.choice("action", _PROJECT_ACTIONS, "hold")
    versions = one.optional_text("versions")
    if versions is None and action in ("pin", "exclude"):
        raise UsageError(f"{one.where}.versions: {action!r} needs it")
    return ProjectOverride(
        project=_named(one.text("name"), f"{one.where}.name"),
        action=action,
        versions=_specifiers(versions or "", f"{one.where}.versions"),
        reason=one.text("reason"),
        link=one.optional_text("link"),
        expires=_day(one),
    )


def _named(text: str, where: str) -> ProjectName:
    try:
        return project_name(text.strip())
    except UsageError as error:
        raise UsageError(f"{where}: {error.sentence}", hint=error.hint) from None


def _specifiers(text: str, where: str) -> SpecifierSet:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        raise UsageError(f"{where}: {text!r} is not a version specifier", hint="for example '>=1.2,<2'") from None


def _day(one: Decoder) -> str | None:
    day = one.optional_text("expires")
    if day is None:
        return None
    digits = day.replace("-", "")
    if len(day) != len("2027-01-31") or not (digits.isascii() and digits.isdigit()):
        raise UsageError(
            f"{one.where}.expires: {day!r} is not a day", hint="write it as text, for example '2027-01-31'"
        )
    return day
