"""What does coset propose? The plan as a value; its JSON form is in :mod:`solver.planjson`."""

from dataclasses import dataclass
from typing import Literal

from normalize.projects import ProjectName
from solver.answervalues import Level, MissingExtra, Unknown
from solver.links import Links
from solver.planconflict import Conflict
from solver.planlayers import BuildLayer, Family, Nowhere, PartialEdge, PolicyHold
from solver.planwords import EdgeKind, RiskClass, State, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One project of the plan.

    Attributes:
        attribute: the attribute in nixpkgs, or the one that nixpkgs' rules want for an added project.
        version: the chosen version; None where the project is in the set, but its version is not known.
        current: the version as nixpkgs spells it, or None for an added project.
        newest: the newest candidate, or None where the index has none.
        state: ``updated`` above the current version (perhaps still below the newest: then there is a hold as well),
            ``held`` at the current version and below the newest candidate, ``unchanged`` at both.
        targets: the targets that need it, where it is added and not all of them do; None for all.
        links: where to read on; None where nobody says it.
    """

    project: ProjectName
    attribute: str
    version: str | None
    current: str | None
    newest: str | None
    state: State
    targets: tuple[str, ...] | None = None
    links: Links | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """By how much one level would differ: above 0 is worse than in the plan, below 0 is better."""

    level: str
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a relaxation buys: the cheapest single move that would do without it, all else as planned.

    Attributes:
        project, version: what would move, and where to: the dependency to a version that the edge accepts, or the
            depender to a release that accepts the dependency's version.
        chosen: where it is in the plan, which the relaxation buys.
        changes: what the move would change, most important level first; levels that stay are left out.
    """

    project: ProjectName
    version: str
    chosen: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """An edge whose upper part the plan violates.

    Attributes:
        project, version: the depender release.
        attribute: the depender's attribute.
        dependency: the dependency, and ``spelling`` is its name as the depender's METADATA writes it.
        specifier: the whole specifier.
        chosen: the dependency's chosen version.
        risk: the risk class, and ``evidence`` is one sentence that says what shows it.
        already: whether nixpkgs relaxes this edge today, which makes it free.
        extra, marker: the depender's extra that brings the edge, and the requirement's marker, or None.
        gain: what it buys, or None where no single move would do without it.
        kind: whether the depender requires it to run or to be built; ``pythonRelaxDeps`` undoes the first alone.
        targets: those on which the requirement applies, where these are not all; None for all.
        hits: the release's other requirements that ``pythonRelaxDeps`` takes for this one, as METADATA spells them.
    """

    project: ProjectName
    version: str
    attribute: str
    dependency: ProjectName
    spelling: str
    specifier: str
    chosen: str
    risk: RiskClass
    evidence: str
    already: bool = False
    extra: str | None = None
    marker: str | None = None
    gain: Gain | None = None
    kind: EdgeKind = "run"
    targets: tuple[str, ...] | None = None
    hits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """An edge that a held project's newest candidate would violate.

    Attributes:
        project, version: the depender release whose requirement it is; the held project itself where its newest
            release requires what the plan does not have.
        requires: the requirement, as METADATA spells it.
        dependency: the project that the requirement names.
        chosen: the version of the dependency that the requirement would meet.
        risk: the class that relaxing would have, or ``update-first`` for a lower part.
        level, price: the level on which violating it counts, and what it costs there.
        policy: where an entry of the policy forbids to violate it, that entry's reason, else "".
    """

    project: ProjectName
    version: str
    requires: str
    dependency: ProjectName
    chosen: str
    risk: RiskClass | Literal["update-first", "missing"]
    level: str = ""
    price: int = 0
    kind: EdgeKind = "run"
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A project kept below its newest candidate, and the edges that keep it there.

    Attributes:
        because: the edges that the newest candidate would violate, all else as planned.
        moving: what moving it there alone would change, most important level first: what it would break above 0, what
            the hold costs below 0. The first is above 0, because the plan is the best one.
    """

    project: ProjectName
    attribute: str
    chosen: str
    newest: str
    because: tuple[Blocker, ...]
    moving: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFirst:
    """A violated lower part: the dependency must be updated before the depender can be right."""

    project: ProjectName
    version: str
    attribute: str
    dependency: ProjectName
    specifier: str
    chosen: str
    kind: EdgeKind = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A project that the plan needs and nixpkgs' set does not hold.

    Attributes:
        version: the chosen version, or None where the dataset does not hold the project.
        elsewhere: whether nixpkgs has the attribute, though the current set (an extract of nixpkgs) does not hold it.
        because: the requirements that bring it, as ``(depender, depender's version, requirement)``.
    """

    project: ProjectName
    attribute: str
    version: str | None
    because: tuple[tuple[ProjectName, str, str], ...]
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A requirement that nixpkgs builds without today, and which the plan therefore does not count.

    nixpkgs has the current release of the project without this dependency: it is needed by wheels only, or at build
    time, or not at all.
    """

    project: ProjectName
    version: str
    attribute: str
    dependency: ProjectName
    requires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleRelaxation:
    """A name in an attribute's ``pythonRelaxDeps`` that the plan does not need."""

    attribute: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A release that is not a candidate, with the reason."""

    project: ProjectName
    version: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A project whose version changes when an application leaves the set."""

    project: ProjectName
    together: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendoring:
    """What one application costs the shared set.

    Attributes:
        application: its name; ``version``, ``python`` (the interpreter it fixes, or None) are facts of nixpkgs.
        uses: how many attributes of the set it uses, directly or not.
        exclusive: the attributes that only it uses within this set (dominated by it), sorted.
        violated: relaxations whose depender is the application or exclusive to it.
        obeyed: holds that vanish when the application and what only it uses leave the set.
        newer: projects that become newer without it.
        coherent: relaxations of others that vanish without it, beside those of its own.
        unsupported: ``(project, version, requires-python)`` of chosen releases that its interpreter cannot run.
        recommendation: ``keep`` or ``vendor``, with ``reason`` as one sentence.
    """

    application: str
    version: str
    python: str | None
    uses: int
    exclusive: tuple[str, ...]
    violated: tuple[Relaxation, ...]
    obeyed: tuple[Hold, ...]
    newer: tuple[Difference, ...]
    coherent: tuple[Relaxation, ...]
    unsupported: tuple[tuple[ProjectName, str, str], ...]
    recommendation: Literal["keep", "vendor"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The set that coset proposes, with its reasons; every tuple is sorted by project (or attribute).

    Attributes:
        dataset: what the plan rests on: a digest of the dataset, the nixpkgs revision, the day.
        cycles: strongly connected groups of two or more projects in the plan's dependency graph.
        families: projects that are released together.
        partial, nowhere: where targets differ: requirements of some targets, and projects that no target needs.
        missing_extras: extras that are asked for in vain.
        held_by_policy: projects whose newest release is no candidate because policy says so; ``held`` has the others.
            None where the plan does not say, as those that earlier releases of coset wrote.
        builds: None where build requirements do not count.
    """

    status: Status
    mode: str
    targets: tuple[str, ...]
    dataset: tuple[tuple[str, str], ...]
    levels: tuple[Level, ...]
    packages: tuple[Package, ...]
    relaxed: tuple[Relaxation, ...] = ()
    held: tuple[Hold, ...] = ()
    update_first: tuple[UpdateFirst, ...] = ()
    added: tuple[Addition, ...] = ()
    dropped: tuple[ProjectName, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    cycles: tuple[tuple[ProjectName, ...], ...] = ()
    stale_relaxations: tuple[StaleRelaxation, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    vendoring: tuple[Vendoring, ...] = ()
    conflict: Conflict | None = None
    families: tuple[Family, ...] = ()
    partial: tuple[PartialEdge, ...] = ()
    nowhere: tuple[Nowhere, ...] = ()
    missing_extras: tuple[MissingExtra, ...] = ()
    held_by_policy: tuple[PolicyHold, ...] | None = ()
    builds: BuildLayer | None = None
