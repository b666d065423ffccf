"""Which sentences contradict each other, and which of them would have to go? Cores and the sets that hit them all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from solver.sat import Engine

MOST_CORES = 5
"""So many conflicts are told apart; what lies behind them shows once they are solved."""

_ROUNDS = 60
"""So many questions are asked at most for the ways out."""

_TRIED = 5_000
"""So many sets are looked at before the ways out found so far must do."""

_TOGETHER = 30_000
"""Decisions for all questions about one conflict; real conflicts need hundreds."""

_EACH = 2_000
"""Decisions for the question whether a core can do without one of its sentences."""

_ASKING = 20
"""What a question counts besides."""


class Spent(Exception):  # noqa: N818 - a finding, on its way to whoever can do without the answer
    """It was not found out within the effort whether sentences clash."""


class Questions:
    """Questions about one formula, which may spend so many decisions together, as counted without a clock.

    Args:
        engine: the formula.
        decisions: for all of them; of more than is of use for one conflict so many are taken.
    """

    def __init__(self, engine: Engine, decisions: int) -> None:
        self._engine = engine
        self._left = min(decisions, _TOGETHER)

    def clash(self, assumptions: Sequence[int], most: int | None = None) -> list[int] | None:
        """Return assumptions that clash, None where all can hold.

        Raises:
            Spent: that was not found out with ``most`` decisions, or with those that are left.
        """
        decisions = self._left if most is None else min(self._left, most)
        self._left -= _ASKING
        answer = self._engine.solve(assumptions, decisions) if decisions > 0 else None
        if answer is None:
            self._left -= max(decisions, 0)
            raise Spent
        return None if answer else self._engine.failed()


@dataclass(frozen=True, slots=True)
class Clash:
    """Selectors that cannot all hold.

    Attributes:
        minimal: whether it is known that each of them is needed.
    """

    selectors: tuple[int, ...]
    minimal: bool = True


def minimal_core(questions: Questions, assumptions: Sequence[int]) -> Clash | None:
    """Return assumptions that clash, none of which can be left out as far as the effort tells; None for no clash.

    One pass of deletion, which goes on with what the engine says clashes (Marques-Silva et al., "On computing minimally
    unsatisfiable subformulas", 2012).

    Raises:
        Spent: it was not found out whether they clash.
    """
    found = questions.clash(assumptions)
    if found is None:
        return None
    at, minimal = 0, True
    while at < len(found):
        rest = found[:at] + found[at + 1 :]
        try:
            clashing = questions.clash(rest, _EACH)
        except Spent:
            clashing, minimal = None, False
        if clashing is None:
            at += 1
        else:
            clash = set(clashing)
            kept = [literal for literal in found[:at] if literal in clash]
            found, at = [literal for literal in rest if literal in clash], len(kept)
    return Clash(tuple(found), minimal)


def disjoint_cores(questions: Questions, selectors: Sequence[int]) -> tuple[Clash, ...]:
    """Return minimal cores that share no selector; none where all can hold together.

    Raises:
        Spent: it was not found out whether they can.
    """
    found: list[Clash] = []
    left = list(selectors)
    while len(found) < MOST_CORES:
        try:
            core = minimal_core(questions, left)
        except Spent:
            if not found:
                raise
            break
        if core is None:
            break
        found.append(core)
        left = [selector for selector in left if selector not in core.selectors]
        if not core.selectors:  # what nobody is to blame for cannot be helped
            break
    return tuple(found)


def cheapest_corrections(
    questions: Questions, selectors: Sequence[int], cores: Iterable[Clash], price: Callable[[int], int], number: int
) -> tuple[frozenset[int], ...]:
    """Return the cheapest minimal sets of selectors without which the others can hold, cheapest first.

    The cheapest set that hits all known cores is either one, or leaves a core that was not known (Davies & Bacchus,
    "Solving MAXSAT by solving a sequence of simpler SAT instances", 2011). Where the effort is spent there are fewer.

    Args:
        questions: about the formula.
        selectors: all of them.
        cores: those known already.
        price: of a selector, above 0.
        number: of sets wanted.
    """
    known = [core.selectors for core in cores]
    found: list[frozenset[int]] = []
    for _ in range(_ROUNDS):
        hitting = None if len(found) == number or () in known else _cheapest_hitting(known, price, found)
        if hitting is None:
            break
        try:
            core = minimal_core(questions, [selector for selector in selectors if selector not in hitting])
        except Spent:
            break
        if core is None:
            found.append(hitting)
        else:
            known.append(core.selectors)
    return tuple(found)


def _cheapest_hitting(
    cores: Sequence[tuple[int, ...]], price: Callable[[int], int], but: Sequence[frozenset[int]]
) -> frozenset[int] | None:
    """Return the cheapest set that shares an element with each core and holds none of the sets that are known."""
    heap: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    seen: set[tuple[int, ...]] = set()
    while heap and len(seen) < _TRIED:
        cost, chosen = heappop(heap)
        if chosen in seen or any(one <= set(chosen) for one in but):
            continue
        seen.add(chosen)
        missed = next((core for core in cores if not set(core) & set(chosen)), None)
        if missed is None:
            return frozenset(chosen)
        for one in missed:
            heappush(heap, (cost + price(one), tuple(sorted((*chosen, one)))))
    return None
