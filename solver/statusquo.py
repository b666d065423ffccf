"""What does nixpkgs have now, and who requires what of it? The place from which a proposal starts."""

from collections import defaultdict
from dataclasses import dataclass, field

from normalize.projects import ExtraName, ProjectName
from solver.candidates import ABSENT, Kind, Value
from solver.compile import with_builds
from solver.edges import NO_EXTRA, Lines, Node
from solver.following import Fixed, fixed
from solver.ledger import Ledger
from solver.question import Question
from solver.rebuilds import Dependents, dependents

_NOTHING: Lines = {}


@dataclass(slots=True)
class StatusQuo:
    """The current set as a choice: read once, asked for many proposals.

    Args:
        question: about the current set, with nothing asked for.

    Attributes:
        values: what each node is now: every project of the set, and the extras that the set asks for. All other nodes
            are absent.
        lines: what each of these requires.
        dependers: the nodes that require a project now, in sorted order.
        rebuilt: which attributes are built with which.
        fixed: the applications that fix their interpreter.
    """

    question: Question
    ledger: Ledger = field(init=False)
    values: dict[Node, Value] = field(init=False)
    lines: dict[Node, Lines] = field(init=False)
    dependers: dict[ProjectName, list[Node]] = field(init=False)
    extras: dict[ProjectName, list[ExtraName]] = field(init=False)
    rebuilt: Dependents = field(init=False)
    fixed: tuple[Fixed, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read what each project has now, and follow the extras that are asked for."""
        self.ledger = Ledger(self.question)
        self.values, self.lines = {}, {}
        self.rebuilt = dependents(self.question.current)
        self.fixed = fixed(self.question.current)
        queue: list[Node] = [(project, NO_EXTRA) for project in sorted(self.question.members, reverse=True)]
        while queue:
            node = queue.pop()
            if node not in self.values and node[0] in self.question.members:
                queue += self._read(node)
        found = defaultdict[ProjectName, list[Node]](list)
        extras = defaultdict[ProjectName, list[ExtraName]](list)
        for node in sorted(self.values):
            for project in self.lines[node]:
                if project != node[0]:
                    found[project].append(node)
            if node[1]:
                extras[node[0]].append(node[1])
        self.dependers, self.extras = dict(found), dict(extras)
        self.ledger.ties()  # every proposal asks for these; processes that are forked later share them

    def _read(self, node: Node) -> list[Node]:
        """Read what a node is now; return the extras that it asks for."""
        project, extra = node
        attribute = self.question.members[project]
        value = self.ledger.domain(project, attribute).current
        assert value is not None, "every project of the set has a current version"
        self.values[node] = value
        self.lines[node] = self.ledger.lines(value.release, extra, attribute)
        if self.question.build_requirements and not extra:
            (self.lines[node],) = with_builds(self.ledger, (value,), (self.lines[node],), attribute)
        several = self.lines[node].values()
        return [
            (line.requirement.project, asked)
            for lines in several
            for line in lines
            if line.requirement.extras
            for asked in line.requirement.extras
        ]

    def value(self, node: Node) -> Value:
        """Return what a node is now."""
        return self.values.get(node, ABSENT)

    def lines_of(self, node: Node) -> Lines:
        """Return what a node requires now."""
        return self.lines.get(node, _NOTHING)

    def dependents(self, project: ProjectName) -> int:
        """Return how many projects require a project now."""
        return len({node[0] for node in self.dependers.get(project, ())})

    def present(self, project: ProjectName) -> bool:
        """Return whether the current set has a project."""
        return self.value((project, NO_EXTRA)).kind is not Kind.ABSENT
