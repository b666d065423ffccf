"""Why is each private version there? What the set's version would violate, and which private version leads to which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from normalize.projects import ProjectName
from solver.candidates import Kind, Value
from solver.decide import Decision
from solver.edges import NO_EXTRA, Edge, Node
from solver.privateproblem import distance, place, runs, same
from solver.privateversions import PYTHON, Cause, PrivateVersion
from solver.question import Question
from solver.seats import Seat

_SHOWN = 3
"""How many causes of one private version are told."""


def attribute_of(question: Question, project: ProjectName) -> str:
    """Return the project's attribute, or the one that nixpkgs' rules want."""
    member = question.members.get(project)
    return member.name if member else project


def is_unknown(value: Value) -> bool:
    """Return whether nobody has read what a version requires."""
    return value.release is None or value.release.requires is None


@dataclass(frozen=True, slots=True)
class Reasons:
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
            attribute=attribute_of(question, project),
            version=values[at].text or "",
            shared=None if mine is None else mine.text,
            elsewhere=mine is None and project in question.current.elsewhere,
            distance=distance(place(values, mine), at),
            causes=tuple(ordered[:_SHOWN]),
            nearer=None if mine is None else self._nearer(node),
            step=steps[project],
            unread=is_unknown(values[at]),
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
                dependency=PYTHON,
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
