"""Which assumptions contradict each other already by unit propagation? Most cores of a search are of this kind."""

from collections.abc import Iterable, Sequence

ASSUMED: list[int] = []
"""The reason of a literal that is true because it was assumed."""


class Propagator:
    """Unit propagation with two watched literals per clause (Moskewicz et al. 2001).

    Args:
        variables: the number of variables; :meth:`grow` raises it.
        clauses: the first clauses; :meth:`add` brings further ones.
    """

    def __init__(self, variables: int, clauses: Iterable[Sequence[int]]) -> None:
        self._value = [0] * (variables + 1)
        self._reason: list[list[int] | None] = [None] * (variables + 1)
        self._trail: list[int] = []
        self._watched: dict[int, list[list[int]]] = {}
        self._units: list[int] = []
        for clause in clauses:
            self.add(clause)

    def grow(self, variables: int) -> None:
        """Make room for more variables."""
        missing = variables + 1 - len(self._value)
        self._value += [0] * missing
        self._reason += [None] * missing

    def add(self, clause: Sequence[int]) -> None:
        """Add a clause of one or more literals."""
        own = list(clause)
        if len(own) == 1:
            self._units.append(own[0])
            return
        for literal in own[:2]:
            self._watched.setdefault(literal, []).append(own)

    def core(self, assumptions: Sequence[int]) -> list[int] | None:
        """Return assumptions that contradict each other, or None where propagation finds no contradiction.

        No assumption is needed where the clauses contradict each other.
        """
        self._forget()
        for literal in self._units:
            if self._is(-literal):
                return []
            if not self._is(literal):
                self._set(literal, None)
        if self._propagate(0) is not None:
            return []
        for literal in assumptions:
            if self._is(literal):
                continue
            if self._is(-literal):
                return [literal, *(one for one in self._culprits([-literal]) if one != literal)]
            start = len(self._trail)
            self._set(literal, ASSUMED)
            conflict = self._propagate(start)
            if conflict is not None:
                return self._culprits(conflict)
        return None

    def _is(self, literal: int) -> bool:
        return self._value[literal] == 1 if literal > 0 else self._value[-literal] == -1

    def _set(self, literal: int, reason: list[int] | None) -> None:
        self._value[abs(literal)] = 1 if literal > 0 else -1
        self._reason[abs(literal)] = reason
        self._trail.append(literal)

    def _forget(self) -> None:
        for literal in self._trail:
            self._value[abs(literal)] = 0
            self._reason[abs(literal)] = None
        self._trail.clear()

    def _propagate(self, start: int) -> list[int] | None:
        """Propagate the trail from a position; return a clause that became false, or None."""
        while start < len(self._trail):
            false = -self._trail[start]
            start += 1
            clauses = self._watched.get(false, [])
            kept: list[list[int]] = []
            for at, clause in enumerate(clauses):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], clause[0]
                if self._is(clause[0]) or not self._watch_another(clause, false):
                    kept.append(clause)
                    if self._is(clause[0]):
                        continue
                    if self._is(-clause[0]):
                        self._watched[false] = kept + clauses[at + 1 :]
                        return clause
                    self._set(clause[0], clause)
            self._watched[false] = kept
        return None

    def _watch_another(self, clause: list[int], false: int) -> bool:
        """Watch a literal that is not false in place of the second one; return whether there was any."""
        for k in range(2, len(clause)):
            if not self._is(-clause[k]):
                clause[1], clause[k] = clause[k], false
                self._watched.setdefault(clause[1], []).append(clause)
                return True
        return False

    def _culprits(self, literals: Sequence[int]) -> list[int]:
        """Return the assumptions from which the truth of these literals' variables follows."""
        stack = [abs(literal) for literal in literals]
        seen: set[int] = set()
        found: list[int] = []
        while stack:
            variable = stack.pop()
            if variable in seen:
                continue
            seen.add(variable)
            reason = self._reason[variable]
            if reason is ASSUMED:
                found.append(variable if self._value[variable] == 1 else -variable)
            elif reason is not None:
                stack += [abs(literal) for literal in reason if abs(literal) != variable]
        return sorted(found, key=abs)
