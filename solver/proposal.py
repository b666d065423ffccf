"""What takes it to get an update into the current set, and what does it break? The plan of least change with it."""

from dataclasses import dataclass
from typing import Any, Literal

from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.requirements import Requirement, parse_requirement
from normalize.versions import parse_version
from solver.candidates import Domain, Kind, Value
from solver.consequences import Because, Told, breaks, forced_by, told_of, unmet_today
from solver.describe import additions, attribute_of, left_out, relaxations, unknowns
from solver.edges import NO_EXTRA
from solver.effort import USUAL, Effort
from solver.impossible import explained
from solver.neighbourhood import Neighbourhood
from solver.plan import Addition, LeftOut, Level, Relaxation, StaleRelaxation, Unknown
from solver.planconflict import Conflict
from solver.planjson import plain
from solver.rebuilds import Rebuilds, rebuilds
from solver.scope import ANYWHERE, Scope
from solver.sentences import listed
from solver.statusquo import StatusQuo

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
        because: the requirements that keep it from staying, all else as proposed.
    """

    project: ProjectName
    attribute: str
    before: str | None
    after: str | None
    newest: str | None
    asked: bool = False
    because: tuple[Because, ...] = ()


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
        mended: requirements that are violated today and are met then, as sentences.
        stale: relaxations of nixpkgs that a project which moves does not need any more.
        short: the projects that were asked for, below their newest candidate.
        breaks: what an impossible update would violate, as sentences.
        levels: the objective's levels, counted from today: only ``risky``, ``changed`` and ``cheap``.
        applications: those that use, directly or not, something that changes.
        conflict: why there is no such set and what would allow one.
    """

    asked: tuple[str, ...]
    outcome: Outcome
    proven: bool
    ladder: str
    back: bool
    steps: tuple[Step, ...]
    relaxed: tuple[Relaxation, ...] = ()
    standing: tuple[Relaxation, ...] = ()
    mended: tuple[str, ...] = ()
    stale: tuple[StaleRelaxation, ...] = ()
    short: tuple[Short, ...] = ()
    breaks: tuple[str, ...] = ()
    added: tuple[Addition, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    levels: tuple[Level, ...] = ()
    rebuilds: Rebuilds | None = None
    applications: tuple[str, ...] = ()
    conflict: Conflict | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"schema": 1} | {key: value for key, value in _plain(self).items() if key != "conflict"} | self._why()

    def _why(self) -> dict[str, Any]:
        return {"conflict": None if self.conflict is None else _plain(self.conflict)}


def _plain(value: object) -> dict[str, Any]:
    found: dict[str, Any] = plain(value)
    return found


def proposed(
    quo: StatusQuo, asked: tuple[str, ...], scope: Scope = ANYWHERE, *, effort: Effort = USUAL, why: bool = True
) -> Proposal:
    """Return the plan of least change that meets some requirements.

    Args:
        quo: the current set; one serves any number of proposals, and a worker makes its own from the question.
        asked: requirements; a project's name alone stands for its newest candidate.
        scope: how far other projects may move.
        effort: how hard to try.
        why: whether to explain what is impossible, which takes further solves.

    Raises:
        UsageError: a text is no requirement, nothing is known of its project, or no candidate meets it.
    """
    requirements = tuple(meant(quo, text, scope) for text in asked)
    hood = Neighbourhood(quo, requirements, scope)
    decision = hood.settle(effort)
    values = {level.name: level.value for level in decision.levels}
    impossible = decision.broken > 0 or values["update_first"] > 0
    told = told_of(quo, decision)
    steps = _steps(quo, told, requirements)
    moved = {one.project for one in steps}
    unmet = unmet_today(quo, told)
    new: list[Relaxation] = []
    standing: list[Relaxation] = []
    for one in relaxations(told.decision):
        if one.project in moved or one.dependency in moved:
            known = one.project not in moved and (one.project, one.extra, one.dependency) in unmet
            (standing if known else new).append(one)
    elsewhere = quo.question.current.elsewhere  # of these nobody knows whether nixpkgs has them new enough
    attributes = [one.attribute for one in steps if one.after is not None and one.attribute not in elsewhere]
    built = rebuilds(quo.question.current, attributes, quo.question.targets, quo.rebuilt)
    return Proposal(
        asked=tuple(one.text for one in requirements),
        outcome="impossible" if impossible else "possible" if steps else "unchanged",
        proven=decision.proven,
        ladder=scope.ladder,
        back=scope.back,
        steps=steps,
        relaxed=tuple(new),
        standing=tuple(standing),
        mended=told.mended(unmet, moved),
        stale=told.stale(moved),
        short=_short(told, requirements),
        breaks=breaks(told) if impossible else (),
        added=tuple(one for one in additions(told.decision) if one.project in moved),
        left_out=tuple(one for one in left_out(told.decision) if one.project in moved),
        unknown=tuple(one for one in unknowns(told.decision) if one.project in moved),
        levels=tuple(level for level in decision.levels if level.name in ("risky", "changed", "cheap")),
        rebuilds=built,
        applications=_applications(quo, built),
        conflict=explained(hood, decision, effort) if impossible and why else None,
    )


def meant(quo: StatusQuo, text: str, scope: Scope = ANYWHERE) -> Requirement:
    """Return the requirement that a text stands for.

    Raises:
        UsageError: it is no requirement, nothing is known of its project, or no candidate meets it.
    """
    parsed = parse_requirement(text)
    if parsed is None:
        raise UsageError(f"{text!r} is not a requirement", hint="write it by PEP 508, for example 'numpy==2.4.1'")
    if parsed.url is not None:
        raise UsageError(f"{text!r} names an address; only the dataset is asked", hint="name a version instead")
    if parsed.project not in quo.question.members and not quo.question.releases.get(parsed.project):
        crawl = "crawl it with 'coset crawl', and name the dataset with --db"
        raise UsageError(f"the dataset knows nothing of {str(parsed.project)!r}, asked for by you", hint=crawl)
    domain = quo.ledger.domain(parsed.project, quo.question.members.get(parsed.project))
    if not len(parsed.specifier):
        parsed = _newest(domain, parsed, scope)
    if not any(_meets(value, parsed) for value in domain.values):
        raise _no_candidate(domain, parsed)
    return parsed


def _newest(domain: Domain, bare: Requirement, scope: Scope) -> Requirement:
    now = domain.current
    reached = [
        one
        for one in domain.values
        if one.kind is not Kind.ABSENT and (now is None or one is now or scope.reaches(now, one))
    ]
    newest = reached[-1] if reached else None
    if newest is None or newest.version is None or newest.text is None:
        return bare
    extras = f"[{','.join(bare.extras)}]" if bare.extras else ""
    return parse_requirement(f"{bare.project}{extras}=={newest.version}") or bare


def _meets(value: Value, requirement: Requirement) -> bool:
    if value.kind is Kind.ABSENT:
        return False
    return value.version is None or not requirement.bounds.violated(value.version)


def _no_candidate(domain: Domain, asked: Requirement) -> UsageError:
    """Say why no candidate meets a requirement: the releases that would, and why they are none."""
    by_reason: dict[str, list[str]] = {}
    for text, reason in domain.excluded:
        version = parse_version(text)
        if version is not None and not asked.bounds.violated(version):
            by_reason.setdefault(reason, []).append(text)
    sentences = [
        f"{asked.project} {texts[-1]}{f' and {len(texts) - 1} before it' if len(texts) > 1 else ''}: {reason}"
        for reason, texts in by_reason.items()
    ]
    texts = [value.text for value in domain.values if value.text is not None]
    hint = f"candidates: {listed(texts[-8:])}" if texts else "the dataset holds no candidate of it at all"
    first = f"no candidate meets {asked.text}"
    if len(sentences) == 1:
        return UsageError(f"{first}; {sentences[0]}", hint=hint)
    return UsageError("\n".join([first, *sentences]), hint=hint)


def _steps(quo: StatusQuo, told: Told, asked: tuple[Requirement, ...]) -> tuple[Step, ...]:
    wanted = {one.project for one in asked}
    found = []
    for node, value in told.moves():
        before = quo.value(node)
        domain = quo.ledger.domain(node[0], quo.question.members.get(node[0]))
        found.append(
            Step(
                project=node[0],
                attribute=attribute_of(told.decision, node[0]),
                before=before.text or "unknown" if before.kind is not Kind.ABSENT else None,
                after=value.text if value.kind is not Kind.ABSENT else None,
                newest=domain.values[-1].text,
                asked=node[0] in wanted,
                because=() if node[0] in wanted else forced_by(told, node, before),
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.asked, one.project)))


def _short(told: Told, asked: tuple[Requirement, ...]) -> tuple[Short, ...]:
    """Return what was asked for and stays below its newest candidate that meets the requirement."""
    found = []
    for requirement in dict.fromkeys(asked):
        node = (requirement.project, NO_EXTRA)
        values = [one for one in told.decision.problem.values[node] if _meets(one, requirement)]
        chosen = told.decision.value(node)
        if values and chosen is not values[-1] and chosen.kind is not Kind.ABSENT:
            newest = values[-1]
            because = forced_by(told, node, newest)
            found.append(
                Short(
                    project=node[0],
                    chosen=chosen.text or "unknown",
                    newest=newest.text or "unknown",
                    because=because,
                )
            )
    return tuple(found)


def _applications(quo: StatusQuo, built: Rebuilds) -> tuple[str, ...]:
    every = {*built.changed, *built.dependents}
    return tuple(
        app.name
        for app in quo.question.current.applications
        if app.attribute in every or app.name in built.applications
    )
