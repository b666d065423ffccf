"""What takes it to get an update into the current set, and what does it break? The plan of least change with it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from normalize.projects import ProjectName
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Part
from solver.answervalues import Unknown
from solver.candidates import Kind, meets
from solver.consequences import Told, breaks, forced_by, told_of, unmet_today
from solver.decide import Decision
from solver.describe import additions, attribute_of, left_out, relaxations, updates_first
from solver.edges import BUILD, NO_EXTRA
from solver.effort import USUAL, Effort
from solver.following import LeftBehind, left_behind
from solver.impossible import explained
from solver.links import links_of
from solver.neighbourhood import Neighbourhood
from solver.passedover import passed_over
from solver.plan import Relaxation, StaleRelaxation
from solver.proposalparts import Proposal, RelaxList, Short, Step
from solver.rebuilds import Rebuilds, rebuilds
from solver.request import meant
from solver.scope import ANYWHERE, LADDER, Scope
from solver.statusquo import StatusQuo
from solver.unknowns import unknowns

MOST_TRIED = 12
"""So many other releases of what was asked for are tried where it is impossible."""


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
        UsageError: a text is no requirement, or nothing is known of its project.
    """
    requirements = tuple(meant(quo, text, scope) for text in asked)
    hood = Neighbourhood(quo, requirements, scope)
    decision = hood.settle(effort)
    found = replace(_described(hood, decision), passed_over=_passed_over(quo, asked))
    if found.outcome != "impossible" or not why:
        return found
    return replace(
        found,
        conflict=explained(hood, found.breaks, effort),
        wider=_wider(quo, asked, scope, effort),
        instead=_instead(hood, effort),
    )


def _passed_over(quo: StatusQuo, asked: Sequence[str]) -> tuple[str, ...]:
    """Return for each name that stands for its newest candidate why newer releases are none, as sentences."""
    found: list[str] = []
    for text in dict.fromkeys(asked):
        requirement = parse_requirement(text)
        if requirement is not None and not len(requirement.specifier):
            domain = quo.ledger.domain(requirement.project, quo.question.members.get(requirement.project))
            found += passed_over(requirement.project, domain)
    return tuple(found)


def _described(hood: Neighbourhood, decision: Decision) -> Proposal:
    quo, requirements, scope = hood.quo, hood.asked, hood.scope
    first = {level.name: level.value for level in decision.levels}["update_first"]
    impossible = decision.broken > 0 or first > 0
    told = told_of(quo, decision)
    steps = _steps(quo, told, requirements)
    moved = {one.project for one in steps}
    unmet = unmet_today(quo, told)
    new: list[Relaxation] = []
    standing: list[Relaxation] = []
    for one in relaxations(told.decision):
        if one.project in moved or one.dependency in moved:
            known = (one.project, BUILD if one.kind == "build" else one.extra, one.dependency) in unmet
            (standing if known else new).append(one)
    behind = () if impossible else updates_first(told.decision)
    stale = told.stale(moved)
    elsewhere = quo.question.current.elsewhere  # of these nobody knows whether nixpkgs has them new enough
    attributes = [one.attribute for one in steps if one.after is not None and one.attribute not in elsewhere]
    alone = () if impossible else _left_behind(quo, told)
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
        behind=tuple(one for one in behind if one.project in moved or one.dependency in moved),
        mended=told.mended(unmet, moved),
        stale=stale,
        relax_deps=_relax_lists(quo, new, stale),
        short=_short(told, requirements),
        left_behind=alone,
        breaks=breaks(told) if impossible else tuple(map(str, alone)),
        added=tuple(one for one in additions(told.decision) if one.project in moved),
        left_out=tuple(one for one in left_out(told.decision) if one.project in moved),
        unknown=(*(one for one in unknowns(told.decision) if one.project in moved), *_unread(told, moved)),
        levels=tuple(level for level in decision.levels if level.name in ("risky", "changed", "cheap")),
        rebuilds=built,
        applications=_applications(quo, built),
    )


def _left_behind(quo: StatusQuo, told: Told) -> tuple[LeftBehind, ...]:
    moves = [
        (node[0], attribute_of(told.decision, node[0]), quo.value(node), value)
        for node, value in told.moves()
        if value.kind is not Kind.ABSENT
    ]
    return tuple(left_behind(quo.fixed, moves))


def _unread(told: Told, moved: set[ProjectName]) -> Iterator[Unknown]:
    """Yield the releases that move to and of which nobody knows what building them requires, where that counts."""
    if told.quo.question.build_requirements:
        for node in told.decision.choice:
            release = told.decision.value(node).release
            if node[0] in moved and not node[1] and release is not None and release.builds is None:
                reason = "what building it requires is not known"
                yield Unknown(project=node[0], version=release.version, reason=reason)


def _wider(quo: StatusQuo, asked: tuple[str, ...], scope: Scope, effort: Effort) -> str:
    """Return the option that would let others move far enough."""
    rungs = LADDER[LADDER.index(scope.ladder) + 1 :]
    tries = [(Scope(rung, scope.back), f"--ladder {rung}") for rung in rungs]
    tries += [(Scope(scope.ladder, back=True), "--downgrades")] * (not scope.back)
    for wider, option in tries:
        if proposed(quo, asked, wider, effort=effort, why=False).outcome == "possible":
            return option
    return ""


def _instead(hood: Neighbourhood, effort: Effort) -> str:
    """Return the newest release above the current one that could be had in the place of one that was asked for."""
    quo = hood.quo
    for requirement in dict.fromkeys(hood.asked):
        now = quo.value((requirement.project, NO_EXTRA))
        others = [one for one in hood.domain(requirement.project).values if not meets(one, requirement)]
        if len(others) == len(hood.domain(requirement.project).values):  # then only a release that is too old is near
            others = [one for one in others if one.version and Part.LOWER in requirement.bounds.violated(one.version)]
        rest = tuple(one.text for one in hood.asked if one is not requirement)
        for value in others[::-1][:MOST_TRIED]:
            if value.version is None or value is now or (now.version is not None and value.version < now.version):
                continue
            text = f"{requirement.project}=={value.version}"
            if proposed(quo, (text, *rest), hood.scope, effort=effort, why=False).outcome == "possible":
                return text
    return ""


def _relax_lists(quo: StatusQuo, new: Sequence[Relaxation], stale: Sequence[StaleRelaxation]) -> tuple[RelaxList, ...]:
    """Return the lists of relaxations that change; what building requires is no part of the METADATA that they edit."""
    before = {one.name: one.relaxed for one in quo.question.members.values()}
    gone = {(one.attribute, one.name) for one in stale}
    spelled: dict[str, list[str]] = {}
    for edge in new:
        if edge.kind == "run" and not edge.already:
            spelled.setdefault(edge.attribute, []).append(edge.spelling)
    found = []
    for attribute in sorted({*spelled, *(name for name, _ in gone)}):
        now = before.get(attribute, ())
        kept = [name for name in now if (attribute, name) not in gone]
        names = {*kept, *spelled.get(attribute, ())}
        after = tuple(sorted(names, key=lambda name: (name.lower(), name)))
        if set(after) != set(now):
            found.append(RelaxList(attribute=attribute, before=now, after=after))
    return tuple(found)


def _steps(quo: StatusQuo, told: Told, asked: tuple[Requirement, ...]) -> tuple[Step, ...]:
    wanted = {one.project for one in asked}
    found = []
    for node, value in told.moves():
        before = quo.value(node)
        member = quo.question.members.get(node[0])
        domain = quo.ledger.domain(node[0], member)
        links = links_of(value.release, (one.release for one in reversed(domain.values) if one.release), member)
        found.append(
            Step(
                project=node[0],
                attribute=attribute_of(told.decision, node[0]),
                before=before.text or "unknown" if before.kind is not Kind.ABSENT else None,
                after=value.text if value.kind is not Kind.ABSENT else None,
                newest=domain.values[-1].text,
                asked=node[0] in wanted,
                elsewhere=node[0] in quo.question.current.elsewhere,
                because=() if node[0] in wanted else forced_by(told, node, before),
                changelog=None if links is None or value.kind is Kind.ABSENT else links.changelog,
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.asked, one.project)))


def _short(told: Told, asked: tuple[Requirement, ...]) -> tuple[Short, ...]:
    """Return what was asked for and stays below its newest candidate that meets the requirement."""
    found = []
    for requirement in dict.fromkeys(asked):
        node = (requirement.project, NO_EXTRA)
        values = [one for one in told.decision.problem.values[node] if meets(one, requirement)]
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
