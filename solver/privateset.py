"""Which private versions does an application need, why each of them, and what must be rebuilt around them?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dataset.records import LISTED, Release
from normalize.projects import ProjectName
from normalize.targets import Target
from normalize.versions import parse_version
from solver.candidates import Kind, Value
from solver.compile import compile_problem
from solver.conflict import explain_conflict
from solver.decide import Decision, decide
from solver.edges import NO_EXTRA, Edge
from solver.effort import USUAL, Effort
from solver.graph import reachable
from solver.ledger import Ledger
from solver.planconflict import Conflict
from solver.privateproblem import decide_privately, strict_question
from solver.privatereasons import Reasons, attribute_of, is_unknown
from solver.privateversions import PrivateSet, Rebuild, Used
from solver.question import Question
from solver.reasons import violated
from solver.seats import Seat

_UNREAD = "unread"
"""Why the requirements of a listed release are unknown where it is a candidate."""


def private_set(  # noqa: PLR0913 -- the last says what several applications share
    question: Question,
    seat: Seat,
    shared: Mapping[ProjectName, Value],
    targets: Sequence[Target],
    effort: Effort = USUAL,
    *,
    ledger: Ledger | None = None,
) -> PrivateSet:
    """Return the smallest set of private versions with which every requirement around the application holds.

    Args:
        question: in whose current set the application has its seat.
        seat: the application.
        shared: what the set has of each project where the application's bounds do not count.
        targets: where it must run.
        effort: how hard to try.
        ledger: of the strict question about the set in which no application has its seat, for the same targets; several
            applications share it.
    """
    strict = strict_question(question, targets)
    decision = decide_privately(strict, seat, shared, effort, ledger)
    if decision.broken:
        return PrivateSet(
            targets=tuple(targets),
            versions=(),
            rebuilds=(),
            closure=(),
            unknown=(),
            conflict=_conflict(strict, seat, decision, effort),
            proven=decision.proven,
        )
    used = _used(decision, seat.project)
    work = Reasons(decision, seat, shared, used)
    versions = work.versions()
    return PrivateSet(
        targets=tuple(targets),
        versions=versions,
        rebuilds=_rebuilds(decision, seat, used, {one.project for one in versions}),
        closure=_closure(decision, seat, used),
        unknown=tuple(project for project in sorted(used) if is_unknown(used[project]) and project != seat.project),
        conflict=None,
        proven=decision.proven,
    )


def _used(decision: Decision, root: ProjectName) -> dict[ProjectName, Value]:
    """Return the projects that the application needs at the chosen versions."""
    graph: dict[ProjectName, list[ProjectName]] = {}
    for node, edge, chosen in decision.edges():
        if chosen.kind is not Kind.ABSENT and decision.value(node).kind is not Kind.ABSENT:
            graph.setdefault(node[0], []).append(edge.requirement.project)
    return {project: decision.value((project, NO_EXTRA)) for project in sorted(reachable(graph, [root]))}


def _closure(decision: Decision, seat: Seat, used: Mapping[ProjectName, Value]) -> tuple[Used, ...]:
    """Return what is used, each with the targets on which something that is used there needs it."""
    question = decision.problem.question
    masks = dict.fromkeys(used, 0) | {seat.project: (1 << len(question.targets)) - 1}
    edges = [
        (node[0], edge.requirement.project, edge.targets)
        for node, edge, chosen in decision.edges()
        if node[0] in used and decision.value(node).kind is not Kind.ABSENT and chosen.kind is not Kind.ABSENT
    ]
    grown = True
    while grown:
        grown = False
        for project, dependency, targets in edges:
            more = masks[dependency] | (masks[project] & targets)
            grown = grown or more != masks[dependency]
            masks[dependency] = more
    return tuple(
        Used(project=project, version=value.text, targets=question.some_targets(masks[project]))
        for project, value in used.items()
        if project != seat.project or seat.own or seat.demand.project is not None
    )


def _rebuilds(
    decision: Decision, seat: Seat, used: Mapping[ProjectName, Value], private: set[ProjectName]
) -> tuple[Rebuild, ...]:
    """Return what uses a private version, directly or not: by metadata, and by what nixpkgs builds it with."""
    question = decision.problem.question
    project_of = {one.name: one.project for one in question.current.attributes if one.project is not None}
    uses: dict[ProjectName, set[ProjectName]] = {project: set() for project in used}
    for node, edge, chosen in decision.edges():
        if node[0] in used and decision.value(node).kind is not Kind.ABSENT and chosen.kind is not Kind.ABSENT:
            uses[node[0]].add(edge.requirement.project)
    for project in used:
        member = question.members.get(project)
        names = () if member is None or project in private else member.dependencies
        uses[project].update(found for name in names if (found := project_of.get(name)) in used and found is not None)
    users: dict[ProjectName, list[ProjectName]] = {}
    for project, several in uses.items():
        for one in several:
            users.setdefault(one, []).append(project)
    touched = reachable(users, private)
    return tuple(
        Rebuild(
            project=project,
            attribute=attribute_of(question, project),
            version=used[project].text,
            against=tuple(sorted(uses[project] & touched - {project})),
        )
        for project in sorted(touched - private - seat.itself)
    )


def _read(decision: Decision, project: ProjectName) -> tuple[Value, ...]:
    """Return the values of a project of which it is known what they require."""
    question = decision.problem.question
    return decision.problem.ledger.domain(project, question.members.get(project)).values


def _candidate(release: Release, edge: Edge) -> Release:
    """Return a listed release that the application accepts as a candidate: it could take part, so is not to blame."""
    version = parse_version(release.version) if release.unknown == LISTED else None
    if version is None or edge.bounds.violated(version):
        return release
    return replace(release, unknown=_UNREAD)


def _conflict(strict: Question, seat: Seat, decision: Decision, effort: Effort) -> Conflict:
    """Return why nothing satisfies the application: resolved alone, as a list of what it asks for."""
    mine = next(one for one in strict.releases[seat.project] if one is decision.value((seat.project, NO_EXTRA)).release)
    lines = decision.problem.ledger.edges(mine, NO_EXTRA, seat.attribute)
    releases = dict(strict.releases)
    for edge in lines:
        project = edge.requirement.project
        if not any(value.version and not edge.bounds.violated(value.version) for value in _read(decision, project)):
            releases[project] = tuple(_candidate(one, edge) for one in releases.get(project, ()))
    alone = replace(
        strict,
        releases=releases,
        current=replace(strict.current, attributes=(), applications=()),
        asked=tuple(edge.requirement for edge in lines),
    )
    other = decide(compile_problem(alone), "fresh", effort)
    if other.broken:
        return explain_conflict(other, "fresh", effort)
    sentences = violated(decision)
    return Conflict(core=sentences, correction=sentences)
