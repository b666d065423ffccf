"""What is a proposal? The plan of least change that contains an update, as a value."""

from dataclasses import dataclass
from typing import Any, Literal

from normalize.projects import ProjectName
from solver.answervalues import Level, Unknown
from solver.conflictjson import conflict_to_json
from solver.consequences import Because
from solver.following import LeftBehind
from solver.plan import Addition, LeftOut, Relaxation, StaleRelaxation, UpdateFirst
from solver.planconflict import Conflict
from solver.planjson import plain
from solver.rebuilds import Rebuilds

Outcome = Literal["possible", "impossible", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One project that the proposal moves.

    Attributes:
        attribute: nixpkgs' attribute, or the one that its rules want for a new project.
        before: the current version; None for a project that joins the set.
        after: the proposed one.
        newest: the newest candidate.
        asked: whether it was asked for.
        elsewhere: whether nixpkgs has it outside of the current set, which does not say its version.
        because: the requirements that keep it from staying, all else as proposed.
        changelog: where it is told what is new, if somebody says so.
    """

    project: ProjectName
    attribute: str
    before: str | None
    after: str | None
    newest: str | None
    asked: bool = False
    elsewhere: bool = False
    because: tuple[Because, ...] = ()
    changelog: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A project that was asked for and does not get its newest candidate.

    Attributes:
        because: the requirements that the newest candidate would violate, all else as proposed.
    """

    project: ProjectName
    chosen: str
    newest: str
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxList:
    """What ``pythonRelaxDeps`` of an attribute becomes.

    Attributes:
        before, after: all its names, as nixpkgs and METADATA spell them; the latter without those that are stale.
    """

    attribute: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The plan of least change that contains an update.

    Attributes:
        asked: the requirements, as the user wrote them or as they are meant.
        outcome: ``impossible`` where no set contains the update without a violated lower part or a requirement that no
            plan may violate: then the rest tells of the nearest set, and ``breaks`` what it would break.
        proven: whether no set takes less.
        ladder, back: how far others were allowed to move.
        steps: the projects that move, by name; those that were asked for first.
        relaxed: what must be relaxed and is not violated today.
        standing: what is violated today already, and the proposal leaves so though one of both projects moves.
        behind: lower parts that are violated today already, and still are though one of both projects moves.
        mended: requirements that are violated today and are met then, as sentences.
        stale: relaxations of nixpkgs that a project which moves does not need any more.
        relax_deps: what becomes of the lists of relaxations that change.
        short: the projects that were asked for, below their newest candidate.
        passed_over: for a name alone, why releases newer than its newest candidate are none, as sentences.
        left_behind: the applications that fix an interpreter which cannot run what moves.
        breaks: what an impossible update would violate, and of a possible one who cannot follow it, as sentences.
        levels: the objective's levels, counted from today: only ``risky``, ``changed`` and ``cheap``.
        applications: those that use, directly or not, something that changes.
        conflict: why there is no such set and what would allow one.
        wider: the option that would make an impossible update possible by letting others move further; "" for none.
        instead: for an impossible update, the newest other release that would be possible, as a requirement; "" for
            none.
    """

    asked: tuple[str, ...]
    outcome: Outcome
    proven: bool
    ladder: str
    back: bool
    steps: tuple[Step, ...]
    relaxed: tuple[Relaxation, ...] = ()
    standing: tuple[Relaxation, ...] = ()
    behind: tuple[UpdateFirst, ...] = ()
    mended: tuple[str, ...] = ()
    stale: tuple[StaleRelaxation, ...] = ()
    relax_deps: tuple[RelaxList, ...] = ()
    short: tuple[Short, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()
    passed_over: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    added: tuple[Addition, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    levels: tuple[Level, ...] = ()
    rebuilds: Rebuilds | None = None
    applications: tuple[str, ...] = ()
    conflict: Conflict | None = None
    wider: str = ""
    instead: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        data: dict[str, Any] = {"schema": 1, **plain(self)}
        return data | {"conflict": None if self.conflict is None else conflict_to_json(self.conflict)}
