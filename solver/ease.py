"""How easy is an update of the current set? What it takes, told so briefly that all updates fit into one table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from normalize.projects import ProjectName
from solver.candidates import Kind, Value
from solver.edges import NO_EXTRA, Lines, Node
from solver.effort import USUAL, Effort
from solver.neighbourhood import wanted
from solver.plan import Relaxation
from solver.proposal import proposed
from solver.proposalparts import Proposal
from solver.scope import ANYWHERE, Scope
from solver.statusquo import StatusQuo

Ease = Literal["free", "relaxing", "others", "vendoring", "impossible"]
EASES: tuple[Ease, ...] = ("free", "relaxing", "others", "vendoring", "impossible")
"""In the order of effort: nothing but the update itself, with relaxations, with other projects, with private versions
for an application that cannot follow (whatever else it takes), not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update that is available: a project, and what to ask of the set to have it."""

    project: ProjectName
    attribute: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A project that moves; None stands for not being in the set.

    Attributes:
        elsewhere: whether nixpkgs has the attribute, though the current set (an extract of nixpkgs) does not hold it;
            perhaps nothing is to be done then.
    """

    project: ProjectName
    attribute: str
    before: str | None
    after: str | None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosened:
    """A requirement that must be relaxed and is not violated today.

    Attributes:
        already: whether nixpkgs relaxes it today, so that nothing is to be written.
    """

    project: ProjectName
    attribute: str
    version: str
    dependency: ProjectName
    specifier: str
    chosen: str
    risk: str
    already: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one update takes.

    Attributes:
        ease: how easy it is.
        proven: whether no set takes less.
        shifts: the projects that move, the update first.
        loosened: what must be relaxed.
        breaks: what an impossible update would violate, or who cannot follow a possible one, as sentences.
        mended: how many requirements that are violated today are met then.
        built: how many attributes of the set are built again; a lower bound.
        kernels: for each kernel, how many attribute paths are built again.
        applications: those that use something which changes.
        touched: the projects whose package files change: they move, or a requirement of theirs is relaxed.
        around: the projects that have a requirement on one that moves, or the other way round.
    """

    update: Update
    ease: Ease
    proven: bool
    shifts: tuple[Shift, ...]
    loosened: tuple[Loosened, ...]
    breaks: tuple[str, ...]
    mended: int
    built: int
    kernels: tuple[tuple[str, int], ...]
    applications: tuple[str, ...]
    touched: tuple[ProjectName, ...]
    around: tuple[ProjectName, ...]

    @property
    def others(self) -> tuple[Shift, ...]:
        """The projects that move along."""
        return tuple(one for one in self.shifts if one.project != self.update.project)

    @property
    def written(self) -> tuple[Loosened, ...]:
        """The relaxations that nixpkgs does not have yet."""
        return tuple(one for one in self.loosened if not one.already)


def available(quo: StatusQuo, scope: Scope = ANYWHERE) -> tuple[Update, ...]:
    """Return every update of the set that is available: its newest candidate in reach, where that is newer.

    Args:
        quo: the current set.
        scope: how far any project may move.
    """
    found = []
    for project, attribute in sorted(quo.question.members.items()):
        domain = quo.ledger.domain(project, attribute)
        now = domain.current
        newer = [one for one in domain.values if _newer(one, now) and (now is None or scope.reaches(now, one))]
        if newer and newer[-1].text is not None:
            before = now.text if now is not None else None
            found.append(Update(project=project, attribute=attribute.name, before=before, after=newer[-1].text))
    return tuple(found)


def _newer(one: Value, now: Value | None) -> bool:
    if one is now or one.kind is not Kind.RELEASE or one.version is None:
        return False
    return now is None or now.version is None or one.version > now.version


def effect(quo: StatusQuo, update: Update, scope: Scope = ANYWHERE, effort: Effort = USUAL) -> Effect:
    """Return what an update takes: the proposal for it, without the explanation of what is impossible."""
    told = proposed(quo, (f"{update.project}=={update.after}",), scope, effort=effort, why=False)
    elsewhere = quo.question.current.elsewhere
    shifts = tuple(
        Shift(
            project=one.project,
            attribute=one.attribute,
            before=one.before,
            after=one.after,
            elsewhere=one.before is None and one.attribute in elsewhere,
        )
        for one in told.steps
    )
    loosened = tuple(_loosened(one) for one in told.relaxed)
    moved = {one.project for one in shifts}
    written = {one.project for one in loosened if not one.already}
    members = quo.question.members
    return Effect(
        update=update,
        ease=_ease(told, shifts, written),
        proven=told.proven,
        shifts=shifts,
        loosened=loosened,
        breaks=told.breaks,
        mended=len(told.mended),
        built=told.rebuilds.attributes if told.rebuilds else 0,
        kernels=told.rebuilds.kernels if told.rebuilds else (),
        applications=told.applications,
        touched=tuple(sorted(moved | written | {p for p in members if members[p].name in _tidied(told)})),
        around=tuple(sorted(_around(quo, told) - moved)),
    )


def _tidied(told: Proposal) -> set[str]:
    return {one.attribute for one in told.stale}


def _ease(told: Proposal, shifts: tuple[Shift, ...], written: set[ProjectName]) -> Ease:
    if told.outcome == "impossible":
        return "impossible"
    if told.left_behind:
        return "vendoring"
    if len(shifts) > 1:
        return "others"
    return "relaxing" if written else "free"


def _loosened(one: Relaxation) -> Loosened:
    return Loosened(
        project=one.project,
        attribute=one.attribute,
        version=one.version,
        dependency=one.dependency,
        specifier=one.specifier,
        chosen=one.chosen,
        risk=one.risk,
        already=one.already,
    )


def _around(quo: StatusQuo, told: Proposal) -> set[ProjectName]:
    """Return the projects at the other end of every requirement that a move can meet or break, moved ones included."""
    after: dict[ProjectName, Value] = {}
    for step in told.steps:
        values = quo.ledger.domain(step.project, quo.question.members.get(step.project)).values
        after[step.project] = next(
            (one for one in values if one.text == step.after), quo.value((step.project, NO_EXTRA))
        )
    found: set[ProjectName] = set()
    queue: list[Node] = [(project, extra) for project in after for extra in (NO_EXTRA, *quo.extras.get(project, ()))]
    seen: set[Node] = set(queue)
    for project in after:
        found.update(depender[0] for depender in quo.dependers.get(project, ()))
    while queue:
        node = queue.pop()
        value = after.get(node[0]) or quo.value((node[0], NO_EXTRA))
        for lines in _lines(quo, node, value):
            found.update(lines)
            for other in wanted(node, lines):
                if other[1] and other not in seen and other not in quo.values:  # an extra that is asked for anew
                    seen.add(other)
                    queue.append(other)
    return found


def _lines(quo: StatusQuo, node: Node, value: Value) -> Iterator[Lines]:
    attribute = quo.question.members.get(node[0])
    yield quo.lines_of(node)
    yield quo.ledger.lines(value.release, node[1], attribute)
