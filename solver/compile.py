"""What is to be decided, and what does each choice cost? Releases, current set and policy become a problem."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release, Timestamp
from normalize.projects import ExtraName, ProjectName
from normalize.requirements import Requirement
from normalize.specifiers import Part, violated_parts
from normalize.targets import Target
from solver.candidates import Domain, Kind, Rules, Value, guest_domain, member_domain
from solver.edges import NO_EXTRA, Edge, Node, edges_of
from solver.levels import FREE, Costs
from solver.plan import CHEAP, Exclusion
from solver.policy import Policy
from solver.risk import RiskBook

Table = list[list[Costs]]
"""Costs by the depender's value (row) and the dependency's value (column)."""

ASKED: Node = (ProjectName(""), NO_EXTRA)
"""The node that stands for the user: its one value requires what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that a plan depends on.

    Attributes:
        releases: all releases of each project in the dataset.
        current: nixpkgs' set; every attribute of it stays in the plan.
        asked: requirements that the plan must meet beside the current set.
        strict: whether upper parts are as hard as lower ones.
        before: only earlier uploads are candidates.
    """

    releases: Mapping[ProjectName, Sequence[Release]]
    current: CurrentSet
    policy: Policy
    targets: tuple[Target, ...]
    asked: tuple[Requirement, ...] = ()
    strict: bool = False
    before: Timestamp | None = None


@dataclass(slots=True, kw_only=True)
class Problem:
    """A binary weighted constraint problem: nodes with values, costs of values and of pairs of values.

    Attributes:
        question: what the problem was compiled from.
        values: the values of each node, oldest first; nodes in sorted order.
        unary: the cost of each value.
        tables: the costs of pairs, for (depender, dependency) nodes; pairs that never cost anything are left out.
        edges: the requirements of each value of each node, by dependency project.
        brought: the requirements of each release by the extra that brings them, whether or not that is asked for.
        members: the attribute of each project that nixpkgs has.
        others: attributes whose project another attribute stands for already.
        risks: classifies relaxations.
    """

    question: Question
    values: dict[Node, tuple[Value, ...]] = field(default_factory=dict)
    unary: dict[Node, list[Costs]] = field(default_factory=dict)
    tables: dict[tuple[Node, Node], Table] = field(default_factory=dict)
    edges: dict[Node, list[Mapping[ProjectName, tuple[Edge, ...]]]] = field(default_factory=dict)
    brought: dict[tuple[ProjectName, str], Mapping[ExtraName, tuple[Edge, ...]]] = field(default_factory=dict)
    excluded: dict[ProjectName, tuple[Exclusion, ...]] = field(default_factory=dict)
    members: dict[ProjectName, Attribute] = field(default_factory=dict)
    others: tuple[Attribute, ...] = ()
    risks: RiskBook = field(default_factory=lambda: RiskBook({}, {}))


def compile_problem(question: Question) -> Problem:
    """Compile the question: discover the projects that can be needed, then price every choice."""
    problem = Problem(question=question)
    problem.members, problem.others = _members(question.current)
    _discover(problem)
    problem.values = {node: problem.values[node] for node in sorted(problem.values)}
    problem.risks = RiskBook(question.releases, _acceptances(problem))
    dependents = _dependents(problem)
    for node, values in problem.values.items():
        problem.unary[node] = _unary(node, values, node[0] in problem.members, len(dependents.get(node[0], ())))
    for node in problem.values:
        for dependency in sorted(_dependencies(problem, node)):
            _add(problem, node, dependency, _priced(problem, node, dependency))
        if node[1]:
            _add(problem, node, (node[0], NO_EXTRA), _tie(problem, node))
    return problem


def pair_costs(problem: Problem, edges: Sequence[Edge], value: Value) -> Costs:
    """Return what the edges of one depender release on one dependency cost when that dependency has the value.

    One pair of projects is relaxed once, however many of its requirement lines are violated (``pythonRelaxDeps`` names
    the dependency, not the line), so a pair costs what its dearest line costs.
    """
    if value.kind is Kind.ABSENT:
        return (1, *FREE[1:])
    if value.version is None:
        return FREE
    weights = problem.question.policy.weights
    broken = update_first = risky = cheap = 0
    for edge in edges:
        parts = violated_parts(edge.specifier, value.version)
        if not parts:
            continue
        action = edge.override.action if edge.override else None
        if Part.LOWER in parts:
            update_first = 1
        if parts == {Part.LOWER} or action == "force":
            continue
        if Part.EXCLUSION in parts or action == "forbid" or edge.depender is None:
            broken = 1
        elif Part.UPPER in parts and not edge.relaxed:
            if problem.question.strict:
                broken = 1
            risk = problem.risks.classify(edge, value.version).name
            if risk in CHEAP:
                cheap = max(cheap, getattr(weights, risk))
            else:
                risky = max(risky, getattr(weights, risk))
    if problem.question.strict and update_first:
        broken = 1
    return (broken, update_first, risky, 0, 0 if risky else cheap, 0, 0, 0)


def _members(current: CurrentSet) -> tuple[dict[ProjectName, Attribute], tuple[Attribute, ...]]:
    """Choose the attribute that stands for each project: the unversioned one where there are several."""
    members: dict[ProjectName, Attribute] = {}
    others: list[Attribute] = []
    for attribute in sorted(current.attributes, key=lambda one: (one.series is not None, one.name)):
        if attribute.project is None:
            continue
        if attribute.project in members:
            others.append(attribute)
        else:
            members[attribute.project] = attribute
    return members, tuple(others)


def _discover(problem: Problem) -> None:
    """Find every node that some choice can need, with its values and their edges."""
    question = problem.question
    domains: dict[ProjectName, Domain] = {}

    def domain(project: ProjectName) -> Domain:
        if project not in domains:
            releases = question.releases.get(project, ())
            rules = Rules(
                targets=question.targets, before=question.before, overrides=question.policy.for_project(project)
            )
            attribute = problem.members.get(project)
            found = member_domain(project, attribute, releases, rules) if attribute else None
            domains[project] = found or guest_domain(project, releases, rules)
            problem.excluded[project] = domains[project].excluded
        return domains[project]

    def edges(value: Value, project: ProjectName, extra: ExtraName) -> tuple[Edge, ...]:
        if value.release is None:
            return ()
        key = (project, value.release.version)
        if key not in problem.brought:
            attribute = problem.members.get(project)
            problem.brought[key] = edges_of(value.release, attribute, question.policy, question.targets)
        return problem.brought[key].get(extra, ())

    queue: list[Node] = [(project, NO_EXTRA) for project in sorted(problem.members)]
    if question.asked:
        problem.values[ASKED] = (Value(kind=Kind.EXPRESSION, current=True),)
        asked = tuple(
            Edge(depender=None, extra=NO_EXTRA, requirement=one, specifier=one.specifier, targets=_everywhere(question))
            for one in question.asked
        )
        problem.edges[ASKED] = [_by_dependency(asked)]
        queue += sorted(_dependencies(problem, ASKED))
    while queue:
        node = queue.pop()
        if node in problem.values:
            continue
        project, extra = node
        values = domain(project).values
        if extra:
            absent = Value(kind=Kind.ABSENT)
            values = (absent, *(value for value in values if value.kind is not Kind.ABSENT))
            queue.append((project, NO_EXTRA))
        problem.values[node] = values
        problem.edges[node] = [_by_dependency(edges(value, project, extra)) for value in values]
        queue += sorted(_dependencies(problem, node))


def _everywhere(question: Question) -> int:
    return (1 << len(question.targets)) - 1


def _by_dependency(edges: Sequence[Edge]) -> Mapping[ProjectName, tuple[Edge, ...]]:
    found: dict[ProjectName, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.requirement.project, []).append(edge)
    return {project: tuple(found[project]) for project in sorted(found)}


def _dependencies(problem: Problem, node: Node) -> set[Node]:
    """Return the nodes that the node's values require: projects, and the extras of projects that are asked for."""
    found: set[Node] = set()
    for by_dependency in problem.edges[node]:
        for project, edges in by_dependency.items():
            if project != node[0]:
                found.add((project, NO_EXTRA))
            found.update((project, extra) for edge in edges for extra in edge.requirement.extras)
    found.discard(node)
    return found


def _dependents(problem: Problem) -> Mapping[ProjectName, set[ProjectName]]:
    found: dict[ProjectName, set[ProjectName]] = {}
    for node in problem.values:
        for project, _ in _dependencies(problem, node):
            if project != node[0]:
                found.setdefault(project, set()).add(node[0])
    return found


def _acceptances(
    problem: Problem,
) -> Mapping[tuple[ProjectName, str, ProjectName], Sequence[tuple[Version, str, tuple[SpecifierSet, ...]]]]:
    found: dict[tuple[ProjectName, str, ProjectName], list[tuple[Version, str, tuple[SpecifierSet, ...]]]] = {}
    for (project, extra), values in problem.values.items():
        for value, by_dependency in zip(values, problem.edges[project, extra], strict=True):
            if value.release is None or value.version is None or value.version.is_prerelease:
                continue
            for dependency, edges in by_dependency.items():
                specifiers = tuple(edge.specifier for edge in edges)
                found.setdefault((project, extra, dependency), []).append((value.version, value.text or "", specifiers))
    return found


def _unary(node: Node, values: tuple[Value, ...], member: bool, dependents: int) -> list[Costs]:  # noqa: FBT001
    project, extra = node
    if extra:  # the extra's version is its project's; only its presence is decided here
        return [FREE if value.kind is Kind.ABSENT else (0, 0, 0, 0, 0, 0, 1, 0) for value in values]
    if node == ASKED:
        return [FREE]
    newest = len(values) - 1
    digits = int(hashlib.sha256(project.encode()).hexdigest()[:8], 16)
    costs: list[Costs] = []
    preferred = sorted(range(len(values)), key=lambda i: (not values[i].current, values[i].kind is not Kind.ABSENT, -i))
    for i, value in enumerate(values):
        present = value.kind is not Kind.ABSENT
        staleness = (newest - i) * (1 + dependents) if present else 0
        changed = int(not value.current if member else present)
        rank = preferred.index(i)
        costs.append((0, 0, 0, staleness, 0, changed, rank, rank * digits))
    return costs


def _priced(problem: Problem, node: Node, dependency: Node) -> Callable[[int, int], Costs]:
    """Return the costs of the requirements between two nodes, by the indexes of their values."""
    rows = problem.edges[node]
    columns = problem.values[dependency]

    def costs(i: int, j: int) -> Costs:
        edges = rows[i].get(dependency[0], ())
        if dependency[1]:
            wanted = any(dependency[1] in edge.requirement.extras for edge in edges)
            return (1, *FREE[1:]) if wanted and columns[j].kind is Kind.ABSENT else FREE
        return pair_costs(problem, edges, columns[j]) if edges else FREE

    return costs


def _tie(problem: Problem, node: Node) -> Callable[[int, int], Costs]:
    """Return the costs that keep ``project[extra]`` at the version of its project."""
    rows, columns = problem.values[node], problem.values[node[0], NO_EXTRA]

    def costs(i: int, j: int) -> Costs:
        return FREE if rows[i].kind is Kind.ABSENT or rows[i] is columns[j] else (1, *FREE[1:])

    return costs


def _add(problem: Problem, node: Node, other: Node, costs: Callable[[int, int], Costs]) -> None:
    rows, columns = len(problem.values[node]), len(problem.values[other])
    table = [[costs(i, j) for j in range(columns)] for i in range(rows)]
    if not any(cost is not FREE and cost != FREE for row in table for cost in row):
        return
    if (node, other) in problem.tables:  # an extra that requires its own project: both costs count
        old = problem.tables[node, other]
        table = [[_sum(a, b) for a, b in zip(r, s, strict=True)] for r, s in zip(old, table, strict=True)]
    problem.tables[node, other] = table


def _sum(a: Costs, b: Costs) -> Costs:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], a[6] + b[6], a[7] + b[7])
