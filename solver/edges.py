"""What does each candidate require, on which targets and through which extra?"""

from collections.abc import Callable
from dataclasses import dataclass

from dataset.records import Release
from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Bounds, Part
from solver.plan import EdgeKind
from solver.policy import NOTHING, EdgeOverride, Policy

Node = tuple[ProjectName, ExtraName]
"""A variable of the problem: a project, or ``project[extra]``. The extra is "" for the project itself."""

NO_EXTRA = ExtraName("")
BUILD = ExtraName("build-system.requires")
"""Stands in an edge for the extra that brings what building the release requires. No extra has a dot in its name."""

EVERYTHING = "*"
"""Stands in a current set's ``relaxed`` and ``removed`` for nixpkgs' ``true``: all dependencies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One requirement of one depender release that applies on some target.

    Attributes:
        depender: the release that requires; None for the user's own requirements.
        extra: the depender's extra that brings the requirement, or ""; :data:`BUILD` where building needs it.
        requirement: as METADATA has it.
        bounds: what counts: the requirement's own, or what policy put in its place.
        targets: bit mask over the targets on which it applies.
        relaxed: whether nixpkgs relaxes it today.
        override: the policy's word on it, or None.
    """

    depender: Release | None
    extra: ExtraName
    requirement: Requirement
    bounds: Bounds
    targets: int
    relaxed: bool = False
    override: EdgeOverride | None = None

    @property
    def forced(self) -> frozenset[Part]:
        """Return the parts that policy lets be violated at no price."""
        return NOTHING if self.override is None else self.override.forced

    @property
    def forbidden(self) -> frozenset[Part]:
        """Return the parts that policy never lets be violated."""
        return NOTHING if self.override is None else self.override.forbidden

    @property
    def kind(self) -> EdgeKind:
        """Whether the requirement is there to run the depender or to build it."""
        return "build" if self.extra == BUILD else "run"

    def __str__(self) -> str:
        """Return the sentence that the edge's constraints stand for."""
        if self.depender is None:
            return f"{self.requirement.text} is asked for"
        if self.kind == "build":
            return f"{self.depender.project} {self.depender.version} needs {self.requirement.text} to build"
        extra = f"[{self.extra}]" if self.extra else ""
        return f"{self.depender.project}{extra} {self.depender.version} requires {self.requirement.text}"


Reach = Callable[[Requirement, ExtraName], int]
"""The targets on which a requirement applies when an extra is asked for, as a bit mask."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What nixpkgs does to the requirements of a project of its set.

    Attributes:
        relaxed, removed: the names in ``pythonRelaxDeps`` and ``pythonRemoveDeps``, normalised; ``*`` for all.
        left_out: projects that the current release requires and nixpkgs builds it without.
    """

    relaxed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    left_out: frozenset[ProjectName] = frozenset()

    def relaxes(self, project: ProjectName) -> bool:
        """Return whether nixpkgs relaxes requirements on the project."""
        return project in self.relaxed or EVERYTHING in self.relaxed

    def drops(self, project: ProjectName) -> bool:
        """Return whether a requirement on the project does not count in nixpkgs."""
        return project in self.removed or EVERYTHING in self.removed or project in self.left_out


UNTOUCHED = Treatment()
"""The treatment of a project that nixpkgs does not have."""


def names(attribute_names: tuple[str, ...]) -> frozenset[str]:
    """Return the names of ``pythonRelaxDeps`` or ``pythonRemoveDeps``, normalised."""
    return frozenset(name if name == EVERYTHING else extra_name(name) for name in attribute_names)


def edges_of(
    release: Release, extra: ExtraName, treatment: Treatment, policy: Policy, reach: Reach
) -> tuple[Edge, ...]:
    """Return the edges of a release that an extra brings; the extra "" stands for those that no extra brings.

    Requirements that nixpkgs or policy drops are no edges. Requirements on the project itself without an extra say
    nothing and are left out, and so is an extra that the release does not declare. A direct URL is no edge either: no
    version meets or violates it.
    """
    if extra == BUILD:
        return _read(release, BUILD, release.builds or (), treatment, policy, lambda one: reach(one, NO_EXTRA))
    if extra and extra not in {extra_name(declared) for declared in release.extras}:
        return ()

    def mask(requirement: Requirement) -> int:
        always = reach(requirement, NO_EXTRA)
        return reach(requirement, extra) & ~always if extra else always

    return _read(release, extra, release.requires or (), treatment, policy, mask)


def _read(  # noqa: PLR0913, PLR0917 -- all that decides about a line
    release: Release,
    extra: ExtraName,
    texts: tuple[str, ...],
    treatment: Treatment,
    policy: Policy,
    reach: Callable[[Requirement], int],
) -> tuple[Edge, ...]:
    found: list[Edge] = []
    for text in texts:
        requirement = parse_requirement(text)
        if requirement is None or requirement.url is not None or treatment.drops(requirement.project):
            continue
        if requirement.project == release.project and not requirement.extras:
            continue
        mask = reach(requirement)
        override = policy.for_edge(release.project, release.version, requirement.project)
        bounds = requirement.bounds if override is None else override.left(requirement.bounds)
        if not mask or bounds is None:
            continue
        found.append(
            Edge(
                depender=release,
                extra=extra,
                requirement=requirement,
                bounds=bounds,
                targets=mask,
                relaxed=treatment.relaxes(requirement.project),
                override=override,
            )
        )
    return tuple(found)
