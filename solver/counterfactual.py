"""What would another choice cost? The problem solved again with the choice forced, and compared level by level."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.versions import parse_version
from solver.candidates import Kind
from solver.decide import Decision, decide
from solver.describe import relaxations, updates_first
from solver.edges import NO_EXTRA, Node
from solver.effort import USUAL, Effort
from solver.passedover import passed_over
from solver.plan import Blocker, Change, Relaxation, UpdateFirst
from solver.reasons import violated
from solver.sentences import listed
from solver.whatif import Rows, lines_of, never_relaxed, only, without

NEWEST = "newest"
"""Stands for the newest candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A project that would be at another version; None stands for not being in the set."""

    project: ProjectName
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """The best plan under one more condition, compared with the best plan.

    Attributes:
        condition: the condition, in words.
        possible: whether a set exists under it.
        proven: whether both plans are proven best, so that the difference is exact.
        changes: the difference per level, most important level first; empty where both plans cost the same.
        moves: the projects that would be elsewhere, by name.
        appear, vanish: relaxations that only the one plan and only the other has.
        update_first: lower parts that would be violated and are not.
        breaks: the requirements that would be violated although no plan may; empty where a set exists.
        passed_over: where the newest candidate is forced, why newer releases are none; where a release is forced that
            is known and no candidate, why it is none; as sentences.
    """

    condition: str
    possible: bool
    proven: bool
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    appear: tuple[Relaxation, ...] = ()
    vanish: tuple[Relaxation, ...] = ()
    update_first: tuple[UpdateFirst, ...] = ()
    breaks: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Solver:
    """How the decision was found, and how to find others to compare it with."""

    mode: str
    effort: Effort = USUAL
    show: Callable[[str], None] = lambda _: None


def forced(decision: Decision, project: ProjectName, version: str, solver: Solver) -> Counterfactual:
    """Return what it would take to have a version of a project.

    Args:
        decision: the best choice.
        project: one that the decision's problem knows.
        version: a candidate's version, or ``newest``.
        solver: how the decision was found.

    A version that is known and no candidate has no set, and nothing is solved for it.

    Raises:
        UsageError: the dataset does not know the version.
    """
    node = (project, NO_EXTRA)
    index = _candidate(decision, node, version)
    if index is None:
        return _no_candidate(decision, node, version)
    text = decision.problem.values[node][index].text or version
    solver.show(f"solving with {project} {text}")
    other = decide(only(decision.problem, node, index), solver.mode, solver.effort, solver.show, decision.folding)
    found = compare(decision, other, f"{project} {text}")
    if version != NEWEST:
        return found
    question = decision.problem.question
    domain = decision.problem.ledger.domain(project, question.members.get(project))
    return replace(found, passed_over=passed_over(project, domain))


def without_relaxing(
    decision: Decision, project: ProjectName, dependency: ProjectName, solver: Solver
) -> Counterfactual:
    """Return what relaxing a project's upper part on a dependency buys: what would be lost without it."""
    solver.show(f"solving without relaxing {dependency} for {project}")
    problem = never_relaxed(decision.problem, project, dependency)
    other = decide(problem, solver.mode, solver.effort, solver.show)
    return compare(decision, other, f"{project} without relaxing {dependency}")


def unblocked(decision: Decision, blocker: Blocker, solver: Solver) -> Counterfactual:
    """Return what would be gained if a requirement that holds a project were relaxed at no price.

    The requirement goes from every release of its project that spells it alike.
    """
    solver.show(f"solving without {blocker.requires} of {blocker.project}")
    problem = decision.problem
    for node in [one for one in problem.values if one[0] == blocker.project]:
        lines = {
            lines_of(problem, node, (blocker.dependency, NO_EXTRA), i)
            for i, by_dependency in enumerate(problem.edges[node])
            if any(edge.requirement.text == blocker.requires for edge in by_dependency.get(blocker.dependency, ()))
        }
        texts = frozenset(value.text for value in problem.values[node] if value.text is not None)
        for several in sorted(lines):
            rows = Rows(node=node, dependency=blocker.dependency, texts=texts, lines=several)
            problem = without(problem, rows)
    other = decide(problem, solver.mode, solver.effort, solver.show, decision.folding)
    return compare(decision, other, f"{blocker.project} without {blocker.requires}")


def compare(decision: Decision, other: Decision, condition: str) -> Counterfactual:
    """Return by what another decision, about the same nodes and values, differs."""
    before = {"broken": decision.broken} | {level.name: level.value for level in decision.levels}
    after = {"broken": other.broken} | {level.name: level.value for level in other.levels}
    # Where neither end of an edge moves, nothing about it differs.
    near = frozenset(node[0] for node in decision.choice if decision.value(node) is not other.value(node))
    here, yonder = replace(decision, near=near), replace(other, near=near)
    old, new = relaxations(here), relaxations(yonder)
    there = set(updates_first(here))
    broken = other.broken > decision.broken
    return Counterfactual(
        condition=condition,
        possible=not broken,
        proven=decision.proven and other.proven,
        changes=tuple(
            Change(level=level, by=after.get(level, 0) - value)
            for level, value in before.items()
            if after.get(level, 0) != value
        ),
        moves=_moves(decision, other),
        appear=tuple(one for one in new if one not in old),
        vanish=tuple(one for one in old if one not in new),
        update_first=tuple(one for one in updates_first(yonder) if one not in there),
        breaks=violated(other) if broken else (),
    )


def _candidate(decision: Decision, node: Node, version: str) -> int | None:
    """Return the place of a candidate, or None where the version is not that of one."""
    values = decision.problem.values[node]
    if version == NEWEST:
        return len(values) - 1
    wanted = parse_version(version)
    spelled = [i for i, value in enumerate(values) if value.text == version]
    equal = [i for i, value in enumerate(values) if wanted is not None and value.version == wanted]
    if spelled or equal:
        return (*spelled, *equal)[0]
    return None


def _no_candidate(decision: Decision, node: Node, version: str) -> Counterfactual:
    """Return that no set has a version, because it is no candidate."""
    wanted = parse_version(version)
    member = decision.problem.question.members.get(node[0])
    for text, reason in decision.problem.ledger.domain(node[0], member).excluded:
        if text == version or (wanted is not None and parse_version(text) == wanted):
            return Counterfactual(
                condition=f"{node[0]} {text}",
                possible=False,
                proven=True,
                changes=(),
                moves=(),
                passed_over=(f"{node[0]} {text} is no candidate: {reason}", _hint(decision, node)),
            )
    raise UsageError(f"the dataset knows no {node[0]} {version}", hint=_hint(decision, node))


def _hint(decision: Decision, node: Node) -> str:
    texts = [value.text for value in decision.problem.values[node] if value.text is not None]
    return f"candidates: {listed(texts[-8:])}" if texts else "it has no candidate at all"


def _moves(decision: Decision, other: Decision) -> tuple[Move, ...]:
    found = []
    for node in decision.choice:
        before, after = decision.value(node), other.value(node)
        if node[0] and not node[1] and before is not after:
            found.append(
                Move(
                    project=node[0],
                    before=None if before.kind is Kind.ABSENT else before.text or "unknown",
                    after=None if after.kind is Kind.ABSENT else after.text or "unknown",
                )
            )
    return tuple(found)
