"""Which versions would an application have if it carried its own? Fewest private ones, and those nearest to the set's.

The problem holds what the application can need and nothing else: every project may be absent, every requirement counts
in full (upper parts, and what nixpkgs relaxes today), and a version costs by how far it is from the shared set's. The
order of the goals is: no requirement violated, fewest releases whose requirements nobody has read, fewest private
versions, least distance from the shared versions (counted
in candidates), siblings in step, newest.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.version import Version

from dataset.records import LISTED
from normalize.interpreters import supports
from normalize.projects import ProjectName
from normalize.targets import Target
from normalize.versions import parse_version
from solver.candidates import ABSENT, Kind, Value
from solver.compile import Problem
from solver.decide import Decision, decide
from solver.edges import NO_EXTRA, EdgeRows, Lines, Node
from solver.effort import USUAL, Effort
from solver.ledger import Ledger
from solver.levels import FREE, Costs
from solver.question import Question
from solver.seats import Seat
from solver.tables import Pair, edge_table, extra_table, sum_of, tie_table

MODE = "changed,staleness,risky,cheap"
"""Fewest private versions first, then the least distance."""


def shared_values(decision: Decision) -> dict[ProjectName, Value]:
    """Return the versions that a set has, by project."""
    found = {}
    for node in decision.choice:
        value = decision.value(node)
        if node[0] and not node[1] and value.kind is not Kind.ABSENT:
            found[node[0]] = value
    return found


def strict_question(question: Question, targets: Sequence[Target]) -> Question:
    """Return the question in which nothing is relaxed: not by price, not as nixpkgs does today, not by policy."""
    attributes = tuple(replace(one, relaxed=()) if one.relaxed else one for one in question.current.attributes)
    edges = tuple(one for one in question.policy.edges if one.action != "force")
    return replace(
        question,
        current=replace(question.current, attributes=attributes),
        policy=replace(question.policy, edges=edges),
        targets=tuple(targets),
        strict=True,
    )


def decide_privately(
    question: Question,
    seat: Seat,
    shared: Mapping[ProjectName, Value],
    effort: Effort = USUAL,
    ledger: Ledger | None = None,
) -> Decision:
    """Return the best choice of versions for the application alone.

    Releases that are only listed take part where nothing else satisfies: nobody knows what they require.

    Args:
        question: of :func:`strict_question`, in which the application has its seat.
        seat: the application.
        shared: what the set has.
        effort: how hard to try.
        ledger: what is known already of the question, or of one that differs only in its current set.
    """
    known = ledger or Ledger(question)
    found = decide(_compile(Problem(question=question, ledger=known), seat, shared, listed=False), MODE, effort)
    if found.broken:
        other = decide(_compile(Problem(question=question, ledger=known), seat, shared, listed=True), MODE, effort)
        return found if other.broken else other
    return found


def runs(value: Value, targets: Sequence[Target]) -> bool:
    """Return whether a release's requires-python accepts all targets."""
    needs = None if value.release is None else value.release.requires_python
    return not needs or all(supports(needs, target.python) for target in targets)


def same(value: Value, other: Value | None) -> bool:
    """Return whether two values stand for the same version of a project, whichever problem they are of."""
    if other is None:
        return False
    return value is other or (value.kind is other.kind and value.text == other.text)


def _compile(problem: Problem, seat: Seat, shared: Mapping[ProjectName, Value], *, listed: bool) -> Problem:
    """Fill a problem that is empty but for its question and ledger."""
    question = problem.question
    needed: dict[Node, list[Node]] = {}
    queue: list[Node] = [(seat.project, NO_EXTRA)]
    projects: dict[ProjectName, tuple[Value, ...]] = {}
    while queue:
        node = queue.pop()
        if node in needed:
            continue
        project, extra = node
        if project not in projects:
            values = _values(problem, seat, project, shared)
            projects[project] = _with_listed(problem, project, values) if listed and project != seat.project else values
        values = projects[project]
        if extra and values[0].kind is not Kind.ABSENT:
            values = (ABSENT, *values)
        if extra:
            queue.append((project, NO_EXTRA))
        attribute = question.members.get(project)
        problem.values[node] = values
        problem.lines[node] = problem.ledger.rows(values, node, attribute)
        problem.edges[node] = EdgeRows([value.release for value in values], problem.lines[node])
        needed[node] = _needed(problem.lines[node], node)
        queue += needed[node]
    problem.values = {node: problem.values[node] for node in sorted(problem.values)}
    for node, values in problem.values.items():
        problem.unary[node] = _unary(node, values, seat, shared)
        for other in needed[node]:
            _add(problem, node, other)
        if node[1]:
            _add(problem, node, (node[0], NO_EXTRA), tie=True)
    return problem


def _values(
    problem: Problem, seat: Seat, project: ProjectName, shared: Mapping[ProjectName, Value]
) -> tuple[Value, ...]:
    """Return what the application may have of a project: itself as it is, others at any candidate that runs, or not."""
    question = problem.question
    domain = problem.ledger.domain(project, question.members.get(project))
    present = tuple(one for one in domain.values if one.kind is not Kind.ABSENT)
    if project == seat.project:
        mine = [one for one in present if same(one, shared.get(project))] or [one for one in present if one.current]
        return tuple(mine[:1])
    return (ABSENT, *(one for one in present if runs(one, question.targets)))


def _with_listed(problem: Problem, project: ProjectName, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the values and, by version among them, the final releases of which only the index page is known."""
    question = problem.question
    if any(one.kind is Kind.OUTSIDE for one in values):
        return values
    known = {one.version for one in values}
    found = []
    for release in question.releases.get(project, ()):
        version = parse_version(release.version)
        if release.unknown != LISTED or release.yanked is not None or release.gone is not None:
            continue
        if version is None or version.is_prerelease or version in known:
            continue
        early = question.before is None or (release.uploaded is not None and release.uploaded < question.before)
        value = Value(kind=Kind.RELEASE, version=version, text=release.version, release=release)
        if early and runs(value, question.targets):
            found.append(value)
    absent, *present = values
    return (absent, *sorted((*present, *found), key=lambda one: (one.version or Version("0"), one.kind.value)))


def _needed(lines: Sequence[Lines], node: Node) -> list[Node]:
    found = {(project, NO_EXTRA) for one in lines for project in one}
    several = {id(line): line for one in lines for group in one.values() for line in group}
    found.update((line.requirement.project, extra) for line in several.values() for extra in line.requirement.extras)
    found -= {node, (node[0], NO_EXTRA)}
    return sorted(found)


def _unary(node: Node, values: tuple[Value, ...], seat: Seat, shared: Mapping[ProjectName, Value]) -> list[Costs]:
    project, extra = node
    if extra:
        return [FREE if value.kind is Kind.ABSENT else (0, 0, 0, 0, 0, 0, 1, 0, 0) for value in values]
    mine = shared.get(project)
    digits = int(hashlib.sha256(project.encode()).hexdigest()[:8], 16)
    at = place(values, mine)
    costs: list[Costs] = []
    for i, value in enumerate(values):
        if value.kind is Kind.ABSENT or project == seat.project or same(value, mine) or value.kind is Kind.OUTSIDE:
            costs.append(FREE)
            continue
        rank = len(values) - i
        blind = int(value.release is not None and value.release.unknown == LISTED)
        costs.append((0, blind, 0, distance(at, i), 0, 1, rank, rank * digits, 0))
    return costs


def place(values: Sequence[Value], mine: Value | None) -> float:
    """Return where the set's version is among the values, or would be; beyond the newest where the set has none."""
    for i, value in enumerate(values):
        if same(value, mine):
            return i
    if mine is None or mine.version is None:
        return len(values)
    older = sum(value.kind is not Kind.ABSENT and value.version is not None and value.version < mine.version
                for value in values)  # fmt: skip
    return older + 0.5


def distance(at: float, i: int) -> int:
    """Return how many candidates lie between the set's version and a value, that value counted."""
    return int(abs(at - i) + 0.5)


def _add(problem: Problem, node: Node, other: Node, *, tie: bool = False) -> None:
    pair = Pair(
        question=problem.question,
        ledger=problem.ledger,
        depender=node,
        rows=problem.values[node],
        lines=problem.lines[node],
        dependency=other,
        columns=problem.values[other],
    )
    make = tie_table if tie else extra_table if other[1] else edge_table
    table = make(pair)
    if table is None:
        return
    if (node, other) in problem.tables:
        old = problem.tables[node, other]
        table = [
            tuple(sum_of(a, b) for a, b in zip(one, more, strict=True)) for one, more in zip(old, table, strict=True)
        ]
    problem.tables[node, other] = table
