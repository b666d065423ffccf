"""How do sentences contradict each other? Step by step, each said once and referred to by its number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from solver.candidates import Kind
from solver.compile import ASKED
from solver.edges import Node
from solver.planconflict import Step
from solver.reasons import Arc, Case, Suspect
from solver.sentences import ranged


def derivation(case: Case, core: Sequence[Suspect]) -> tuple[Step, ...]:
    """Return the steps that lead from the sentences of a core to a project without any version.

    Each step removes values that cannot be chosen any more. Cores that only a search can refute have no steps.
    """
    way = _Way(case, core)
    while True:
        moved = False
        for suspect in core:
            for node in way.narrowed_by(suspect):
                moved = True
                if not way.left[node]:
                    return _needed(way.steps)
        if not moved:
            return ()


class _Way:
    """What is left of each node, and the step that left it so."""

    def __init__(self, case: Case, core: Sequence[Suspect]) -> None:
        self._case = case
        nodes = {node for suspect in core for arc in suspect.arcs for node in (arc.node, arc.other)}
        nodes |= {arc.other for arc in case.ties if arc.node in nodes}
        self.left = {node: frozenset(range(len(case.problem.values.get(node, (None,))))) for node in sorted(nodes)}
        self._last = dict.fromkeys(self.left, 0)
        self._ties = [arc for arc in case.ties if arc.node in nodes and arc.other in nodes]
        self._tables = {id(suspect): _tables(suspect.arcs) for suspect in core}
        self.steps: list[Step] = []

    def narrowed_by(self, suspect: Suspect) -> Iterator[Node]:
        """Apply a sentence as far as it goes; yield each node that it leaves fewer values."""
        for (node, other), arcs in self._tables[id(suspect)].items():
            yield from self._narrow(suspect, other, self._forward(node, other, arcs), node)
            if node != ASKED:
                yield from self._narrow(suspect, node, self._backward(node, other, arcs), other)

    def _narrow(self, suspect: Suspect, at: Node, values: frozenset[int], by: Node) -> Iterator[Node]:
        if values != self.left[at]:
            self.left[at] = values
            number = len(self.steps) + 1
            after = tuple(sorted({self._last[at], self._last[by]} - {0}))
            self.steps.append(Step(number=number, reason=suspect.id, after=after, so=self._says(at)))
            self._last[at] = number
            self._tie(number)
            yield at

    def _forward(self, node: Node, other: Node, arcs: Mapping[int, frozenset[int]]) -> frozenset[int]:
        everything = self.left[other]
        return everything & frozenset().union(*(arcs.get(i, everything) for i in self.left[node]))

    def _backward(self, node: Node, other: Node, arcs: Mapping[int, frozenset[int]]) -> frozenset[int]:
        return frozenset(i for i in self.left[node] if i not in arcs or arcs[i] & self.left[other])

    def _tie(self, number: int) -> None:
        """Keep extras at the versions of their projects, without a step of its own."""
        moved = True
        while moved:
            moved = False
            for (node, other), arcs in _tables(self._ties).items():
                for at, values in (
                    (other, self._forward(node, other, arcs)),
                    (node, self._backward(node, other, arcs)),
                ):
                    if values != self.left[at]:
                        self.left[at], self._last[at], moved = values, number, True

    def _says(self, node: Node) -> str:
        name = f"{node[0]}[{node[1]}]" if node[1] else str(node[0])
        values = [self._case.problem.values[node][i] for i in sorted(self.left[node])]
        texts = [value.text or "an unknown version" for value in values if value.kind is not Kind.ABSENT]
        if not values:
            return f"no version of {name} is left"
        if not texts:
            return f"{name} is not there"
        absent = len(texts) < len(values)
        return f"{name} is not there, or is {ranged(texts)}" if absent else f"{name} is {ranged(texts)}"


def _tables(arcs: Sequence[Arc]) -> dict[tuple[Node, Node], dict[int, frozenset[int]]]:
    found: dict[tuple[Node, Node], dict[int, frozenset[int]]] = {}
    for arc in arcs:
        found.setdefault((arc.node, arc.other), {})[arc.index] = arc.allowed
    return found


def _needed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps that the last one rests on, numbered anew."""
    needed = {len(steps)}
    for step in reversed(steps):
        if step.number in needed:
            needed.update(step.after)
    numbers = {old: new for new, old in enumerate(sorted(needed), 1)}
    return tuple(
        replace(step, number=numbers[step.number], after=tuple(numbers[one] for one in step.after))
        for step in steps
        if step.number in needed
    )
