"""Which private versions does an application need, why each of them, and what must be rebuilt around them?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from normalize.projects import ProjectName
from normalize.targets import Target
from solver.candidates import Kind, Value
from solver.compile import compile_problem
from solver.conflict import explain_conflict
from solver.decide import Decision, decide
from solver.edges import NO_EXTRA, Edge, Node
from solver.effort import USUAL, Effort
from solver.graph import reachable
from solver.planconflict import Conflict
from solver.privateproblem import decide_privately, distance, place, runs, same, strict_question
from solver.question import Question
from solver.reasons import violated
from solver.seats import Seat

_SHOWN = 3
"""How many causes of one private version are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a version will not do: a requirement that it would violate, or an interpreter that cannot run it.

    Attributes:
        project, version: the depender; where it is the application, ``reason`` says what asks for a pin of it.
        requires: the requirement, as METADATA spells it; the specifier of requires-python where ``met`` is None.
        dependency, met: what the requirement names, and the version that it would meet; None for the interpreter.
    """

    project: ProjectName
    version: str
    requires: str
    dependency: ProjectName
    met: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateVersion:
    """A version that the application carries for itself.

    Attributes:
        shared: the set's version; None where the set does not have the project.
        elsewhere: whether nixpkgs has the attribute, though this current set (an extract) does not hold it.
        distance: how many candidates it is away from the set's version.
        causes: why the set's version will not do; at most a few, the first of them the nearest to the application.
        nearer: why the candidate that is one step nearer to the set's version will not do; None where that is the
            set's version itself, or where the set has none.
        step: how many private versions lead to it: 1 where the application itself, or a shared project, asks.
        unread: whether nobody has read what this version requires.
    """

    project: ProjectName
    attribute: str
    version: str
    shared: str | None
    elsewhere: bool
    distance: int
    causes: tuple[Cause, ...]
    nearer: Cause | None
    step: int
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """A project at the set's version that must be built once more, because something that it uses is private.

    Attributes:
        against: the projects that it uses directly and that are private or rebuilt themselves.
    """

    project: ProjectName
    attribute: str
    version: str | None
    against: tuple[ProjectName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateSet:
    """What the application would have if it carried its own.

    Attributes:
        targets: the interpreter, on all systems of the question.
        versions: the private versions, by the step that they follow from.
        rebuilds: what stands between the application and a private version, the application itself left aside.
        closure: everything that the application then uses, itself included: project -> version, None for unknown.
        unknown: projects of which the dataset knows no requirements at the version that is used.
        conflict: why not even private versions satisfy it; None where they do.
        proven: whether no smaller and no nearer set exists.
    """

    targets: tuple[Target, ...]
    versions: tuple[PrivateVersion, ...]
    rebuilds: tuple[Rebuild, ...]
    closure: tuple[tuple[ProjectName, str | None], ...]
    unknown: tuple[ProjectName, ...]
    conflict: Conflict | None
    proven: bool

    @property
    def builds(self) -> int:
        """How many packages are built for the application alone, itself left aside."""
        return len(self.versions) + len(self.rebuilds)


def private_set(
    question: Question,
    seat: Seat,
    shared: Mapping[ProjectName, Value],
    targets: Sequence[Target],
    effort: Effort = USUAL,
) -> PrivateSet:
    """Return the smallest set of private versions with which every requirement around the application holds.

    Args:
        question: in whose current set the application has its seat.
        seat: the application.
        shared: what the set has of each project where the application's bounds do not count.
        targets: where it must run.
        effort: how hard to try.
    """
    strict = strict_question(question, targets)
    decision = decide_privately(strict, seat, shared, effort)
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
    work = _Reasons(decision, seat, shared, used)
    versions = work.versions()
    return PrivateSet(
        targets=tuple(targets),
        versions=versions,
        rebuilds=_rebuilds(decision, seat, used, {one.project for one in versions}),
        closure=tuple((project, used[project].text) for project in sorted(used)),
        unknown=tuple(project for project in sorted(used) if _is_unknown(used[project]) and project != seat.project),
        conflict=None,
        proven=decision.proven,
    )


def _is_unknown(value: Value) -> bool:
    return value.release is None or value.release.requires is None


def _used(decision: Decision, root: ProjectName) -> dict[ProjectName, Value]:
    """Return the projects that the application needs at the chosen versions."""
    graph: dict[ProjectName, list[ProjectName]] = {}
    for node, edge, chosen in decision.edges():
        if chosen.kind is not Kind.ABSENT and decision.value(node).kind is not Kind.ABSENT:
            graph.setdefault(node[0], []).append(edge.requirement.project)
    return {project: decision.value((project, NO_EXTRA)) for project in sorted(reachable(graph, [root]))}


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
            attribute=_attribute(question, project),
            version=used[project].text,
            against=tuple(sorted(uses[project] & touched - {project})),
        )
        for project in sorted(touched - private - {seat.project})
    )


def _attribute(question: Question, project: ProjectName) -> str:
    member = question.members.get(project)
    return member.name if member else project


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Says of each private version why it is there.

    Args:
        used: what the application uses.
    """

    decision: Decision
    seat: Seat
    shared: Mapping[ProjectName, Value]
    used: Mapping[ProjectName, Value]

    def versions(self) -> tuple[PrivateVersion, ...]:
        """Return the private versions, those that the application asks for first."""
        private = {
            project
            for project, value in self.used.items()
            if project != self.seat.project
            and value.kind is not Kind.OUTSIDE
            and not same(value, self.shared.get(project))
        }
        causes = {project: self._causes(project) for project in private}
        steps: dict[ProjectName, int] = {}
        step = 0
        while len(steps) < len(private):
            step += 1
            found = [
                project
                for project in private - steps.keys()
                if step > len(private)  # only for a circle, which nothing outside leads into
                or any(_other(one, project) not in private or _other(one, project) in steps for one in causes[project])
            ]
            steps |= dict.fromkeys(found, step)
        return tuple(
            self._version(project, causes[project], steps) for project in sorted(private, key=lambda p: (steps[p], p))
        )

    def _version(
        self, project: ProjectName, causes: Sequence[Cause], steps: Mapping[ProjectName, int]
    ) -> PrivateVersion:
        question = self.decision.problem.question
        node = (project, NO_EXTRA)
        values, at = self.decision.problem.values[node], self.decision.choice[node]
        mine = self.shared.get(project)
        ordered = sorted(
            causes,
            key=lambda one: (steps.get(_other(one, project), 0), one.project != self.seat.project, one.project),
        )
        return PrivateVersion(
            project=project,
            attribute=_attribute(question, project),
            version=values[at].text or "",
            shared=None if mine is None else mine.text,
            elsewhere=mine is None and project in question.current.elsewhere,
            distance=distance(place(values, mine), at),
            causes=tuple(ordered[:_SHOWN]),
            nearer=None if mine is None else self._nearer(node),
            step=steps[project],
            unread=_is_unknown(values[at]),
        )

    def _causes(self, project: ProjectName) -> list[Cause]:
        mine = self.shared.get(project)
        if mine is None:
            return [self._cause(node, edge, None) for node, edge in self._incoming(project)]
        return list(self._against((project, NO_EXTRA), mine))

    def _nearer(self, node: Node) -> Cause | None:
        """Return why the next candidate on the way to the set's version will not do."""
        values, at = self.decision.problem.values[node], self.decision.choice[node]
        middle = place(values, self.shared.get(node[0]))
        step = at + (1 if middle > at else -1)
        if not 0 <= step < len(values) or abs(step - middle) < 1 or values[step].kind is Kind.ABSENT:
            return None
        return next(self._against(node, values[step]), None)

    def _against(self, node: Node, value: Value) -> Iterator[Cause]:
        """Yield what a value of a project would violate, all else as it is."""
        project = node[0]
        problem = self.decision.problem
        if not runs(value, problem.question.targets):
            assert value.release is not None
            yield Cause(
                project=project,
                version=value.text or "",
                requires=value.release.requires_python or "",
                dependency=ProjectName("python"),
                met=None,
            )
        if value.version is not None:
            for depender, edge in self._incoming(project):
                if edge.bounds.violated(value.version):
                    yield self._cause(depender, edge, value.text)
        ledger, question = problem.ledger, problem.question
        for edge in ledger.edges(value.release, NO_EXTRA, question.members.get(project)):
            dependency = edge.requirement.project
            met = self.decision.value((dependency, NO_EXTRA)) if (dependency, NO_EXTRA) in problem.values else None
            if met is not None and met.version is not None and edge.bounds.violated(met.version):
                yield self._cause(node, edge, met.text)

    def _incoming(self, project: ProjectName) -> Iterator[tuple[Node, Edge]]:
        for node, i in self.decision.choice.items():
            if node[0] in self.used and node[0] != project:
                for edge in self.decision.problem.edges[node][i].get(project, ()):
                    yield node, edge

    def _cause(self, node: Node, edge: Edge, met: str | None) -> Cause:
        assert edge.depender is not None
        text = edge.requirement.text
        pins = self.seat.demand.pins if node[0] == self.seat.project else ()
        return Cause(
            project=node[0],
            version=self.seat.demand.application.version if node[0] == self.seat.project else edge.depender.version,
            requires=text,
            dependency=edge.requirement.project,
            met=met,
            reason=next((pin.reason for pin in pins if pin.requirement.text == text), None),
        )


def _other(cause: Cause, project: ProjectName) -> ProjectName:
    """Return the project at the other end of a cause."""
    return cause.project if cause.project != project else cause.dependency


def _conflict(strict: Question, seat: Seat, decision: Decision, effort: Effort) -> Conflict:
    """Return why nothing satisfies the application: resolved alone, as a list of what it asks for."""
    mine = next(one for one in strict.releases[seat.project] if one is decision.value((seat.project, NO_EXTRA)).release)
    lines = decision.problem.ledger.edges(mine, NO_EXTRA, seat.attribute)
    alone = replace(
        strict,
        current=replace(strict.current, attributes=(), applications=()),
        asked=tuple(edge.requirement for edge in lines),
    )
    other = decide(compile_problem(alone), "fresh", effort)
    if other.broken:
        return explain_conflict(other, "fresh", effort)
    sentences = violated(decision)
    return Conflict(core=sentences, correction=sentences)
