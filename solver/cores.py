"""Which sentences contradict each other, and which of them would have to go? Cores and the sets that hit them all."""

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush

from solver.sat import Engine

MOST_CORES = 5
"""So many conflicts are told apart; what lies behind them shows once they are solved."""

_ROUNDS = 60
"""So many questions are asked at most for the ways out."""

_TRIED = 5_000
"""So many sets are looked at before the ways out found so far must do."""

Core = tuple[int, ...]


def minimal_core(engine: Engine, assumptions: Sequence[int]) -> list[int] | None:
    """Return assumptions that clash, none of which can be left out; None where all can hold.

    One pass of deletion, which goes on with what the engine says clashes (Marques-Silva et al., "On computing minimally
    unsatisfiable subformulas", 2012).
    """
    if engine.solve(assumptions):
        return None
    found = engine.failed()
    at = 0
    while at < len(found):
        rest = found[:at] + found[at + 1 :]
        if engine.solve(rest):
            at += 1
        else:
            clash = set(engine.failed())
            kept = [literal for literal in found[:at] if literal in clash]
            found, at = [literal for literal in rest if literal in clash], len(kept)
    return found


def disjoint_cores(engine: Engine, selectors: Sequence[int]) -> tuple[Core, ...]:
    """Return minimal cores that share no selector; none where all can hold together."""
    found: list[Core] = []
    left = list(selectors)
    while len(found) < MOST_CORES:
        core = minimal_core(engine, left)
        if core is None:
            break
        found.append(tuple(core))
        left = [selector for selector in left if selector not in core]
        if not core:  # what nobody is to blame for cannot be helped
            break
    return tuple(found)


def cheapest_corrections(
    engine: Engine, selectors: Sequence[int], cores: Iterable[Core], price: Callable[[int], int], number: int
) -> tuple[frozenset[int], ...]:
    """Return the cheapest minimal sets of selectors without which the others can hold, cheapest first.

    The cheapest set that hits all known cores is either one, or leaves a core that was not known (Davies & Bacchus,
    "Solving MAXSAT by solving a sequence of simpler SAT instances", 2011).

    Args:
        engine: the formula.
        selectors: all of them.
        cores: those known already.
        price: of a selector, above 0.
        number: of sets wanted.
    """
    known = list(cores)
    found: list[frozenset[int]] = []
    for _ in range(_ROUNDS):
        hitting = None if len(found) == number or () in known else _cheapest_hitting(known, price, found)
        if hitting is None:
            break
        core = minimal_core(engine, [selector for selector in selectors if selector not in hitting])
        if core is None:
            found.append(hitting)
        else:
            known.append(tuple(core))
    return tuple(found)


def _cheapest_hitting(
    cores: Sequence[Core], price: Callable[[int], int], but: Sequence[frozenset[int]]
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
