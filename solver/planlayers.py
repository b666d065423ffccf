"""What does a plan say besides versions and requirements? Families, targets, policy's holds and the build layer."""

from dataclasses import dataclass

from normalize.projects import ProjectName
from solver.planwords import EdgeKind
from solver.policy import ProjectAction


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTie:
    """Two projects of a plan that are released together.

    Attributes:
        project, version: the depender and its chosen version.
        dependency: the sibling that it names.
        names: the sibling's version that this release names; None where nixpkgs or policy let the two part.
        chosen: the sibling's version in the plan.
        aligned: whether they are the same.
        evidence: one sentence that says what shows that they are released together.
    """

    project: ProjectName
    version: str
    dependency: ProjectName
    names: str | None
    chosen: str | None
    aligned: bool
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Projects that are released together, sorted, and whether the plan keeps all of them in step."""

    projects: tuple[ProjectName, ...]
    aligned: bool
    ties: tuple[FamilyTie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialEdge:
    """A requirement of a chosen release that applies on some targets only."""

    project: ProjectName
    version: str
    dependency: ProjectName
    requires: str
    targets: tuple[str, ...]
    kind: EdgeKind = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """A project that chosen releases name and that no target needs, with the requirements that name it."""

    project: ProjectName
    because: tuple[tuple[ProjectName, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHold:
    """A project that an entry of the policy keeps below its newest release.

    Attributes:
        action: what the entry does: ``pin``, ``hold`` or ``exclude``.
        chosen: the version in the plan.
        newest: what would be the newest candidate without such entries.
        reason: the entry's.
    """

    project: ProjectName
    attribute: str
    action: ProjectAction
    chosen: str
    newest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildLayer:
    """Of how many chosen releases it is known what building them requires; there where build requirements count."""

    known: int
    unknown: int
