"""Which attribute needs which? A graph without cycles, and the order in which each comes after its needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Needs:
    """What each attribute needs.

    Attributes:
        edges: attribute -> those that it needs.
        cut: edges that were not taken.
    """

    edges: dict[str, set[str]]
    cut: set[tuple[str, str]] = field(default_factory=set)

    def add(self, one: str, other: str) -> bool:
        """Add an edge, and return whether it is there: one that would make a cycle is not."""
        if one == other or self._reaches(other, one):
            self.cut.add((one, other))
            return False
        self.edges.setdefault(one, set()).add(other)
        return True

    def _reaches(self, start: str, goal: str) -> bool:
        seen, queue = {start}, [start]
        while queue:
            for other in self.edges.get(queue.pop(), ()):
                if other == goal:
                    return True
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
        return False

    def first_needs(self, names: Iterable[str]) -> list[str]:
        """Return the names, each after those that it needs; by name where nothing else decides."""
        wanted = sorted(set(names))
        order: dict[str, None] = {}
        for name in wanted:
            stack: list[tuple[str, Iterator[str]]] = [(name, iter(sorted(self.edges.get(name, ()))))]
            seen = {name}
            while stack:
                at, rest = stack[-1]
                below = next((one for one in rest if one not in seen and one not in order), None)
                if below is not None:
                    seen.add(below)
                    stack.append((below, iter(sorted(self.edges.get(below, ())))))
                else:
                    stack.pop()
                    order.setdefault(at)
        return [name for name in order if name in set(wanted)]
