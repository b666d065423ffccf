"""What may differ between two plans or snapshots? Values; the differences are found in :mod:`report.plandiff`."""

from dataclasses import dataclass
from typing import Literal

from normalize.projects import ProjectName
from report.diffrelaxations import RelaxationChange
from solver.proposalparts import RelaxList
from solver.rebuilds import Rebuilds


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """An attribute that is added (no ``old``), removed (no ``new``), or whose version changes.

    Attributes:
        down: whether the new version is the older one.
        reason: why, where a side knows it.
        maintainers: their names in nixpkgs' list, sorted; None where the current set does not say.
        changelog: the address of the new version's, or None.
    """

    attribute: str
    project: ProjectName | None
    old: str | None
    new: str | None
    down: bool = False
    reason: str | None = None
    maintainers: tuple[str, ...] | None = None
    changelog: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChange:
    """A hold that is new, freed, or has another cause.

    Attributes:
        chosen: where the project is now.
        newest: the newest candidate of the plan that holds it, or held it.
        why: what keeps it back there, or kept it; None where no requirement does and the mode alone decides.
        mode: of that plan.
    """

    kind: Literal["new", "freed", "changed"]
    attribute: str
    chosen: str
    newest: str
    why: str | None
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationChange:
    """A fact of an application that differs: its version, its interpreter, or whether it should be vendored."""

    application: str
    fact: Literal["version", "python", "vendoring"]
    old: str | None
    new: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyChange:
    """An attribute that depends on others than before; only snapshots know."""

    attribute: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """What two sides rest on, or reach, and where that differs: a level, the mode, the dataset's digest."""

    fact: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceChange:
    """A sentence that only one of two plans says: on what must be updated first, or what is unknown."""

    kind: Literal["new", "gone"]
    topic: Literal["update first", "unknown"]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDiff:
    """What differs; every tuple is sorted by what it is about.

    Attributes:
        old, new: what kind of thing each side is.
        rests_on: where what the two rest on differs; ``levels``: what their objectives reach, where both are plans.
        relax_deps: the lists of ``pythonRelaxDeps`` that change, whole.
        holds: None where a side is a snapshot, which knows none.
        dependencies: None where a side is a plan, which knows none.
        rebuilds: of what is added or changes, in the current set.
        maintainers: ``(maintainer, attributes)`` of what changes or goes, and ``unmaintained``, which have none.
        unsaid: of how many of these attributes the current set does not say who maintains them.
    """

    old: Literal["plan", "snapshot"]
    new: Literal["plan", "snapshot"]
    rests_on: tuple[FactChange, ...]
    levels: tuple[FactChange, ...]
    changed: tuple[VersionChange, ...]
    added: tuple[VersionChange, ...]
    removed: tuple[VersionChange, ...]
    relaxations: tuple[RelaxationChange, ...]
    relax_deps: tuple[RelaxList, ...]
    holds: tuple[HoldChange, ...] | None
    applications: tuple[ApplicationChange, ...]
    dependencies: tuple[DependencyChange, ...] | None
    sentences: tuple[SentenceChange, ...]
    rebuilds: Rebuilds
    maintainers: tuple[tuple[str, tuple[str, ...]], ...]
    unmaintained: tuple[str, ...]
    unsaid: int

    @property
    def same(self) -> bool:
        """Whether the two sides propose or hold the same."""
        lists = (self.changed, self.added, self.removed, self.relaxations, self.holds, self.applications)
        return not any((*lists, self.dependencies, self.sentences))
