"""What is the cheapest model? Stratified core-guided search over pycosat, exact and with a bound at every moment.

A core is a set of soft literals that cannot all hold. Each core raises the lower bound by its least weight and is
replaced by softer literals that may fail once less (PMRES: Narodytska & Bacchus, "Maximum satisfiability using
core-guided MaxSAT resolution", 2014). Heavy literals come first (stratification: Ansotegui et al. 2012), and a literal
that weighs more than the gap becomes hard.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.formula import Formula
from solver.propagate import Propagator
from solver.sat import core as sat_core
from solver.sat import solve


@dataclass(frozen=True, slots=True)
class Found:
    """The best model found, what it costs, and the cost below which no model can be."""

    model: list[bool]
    cost: int
    bound: int


def minimise(formula: Formula, *, budget: int) -> Found:
    """Return the cheapest model; ``cost == bound`` where that is proven.

    Args:
        formula: its clauses must be satisfiable; the search adds variables and clauses of its own to copies.
        budget: how many cores may be found by search before the best model so far is returned with its bound.
    """
    work = Formula(formula.variables, [list(clause) for clause in formula.clauses], dict(formula.soft))
    propagator = Propagator(work.variables, work.clauses)
    model = solve(work.clauses, work.variables)
    assert model is not None, "a network always has a solution"
    best = Found(model, formula.cost(model), 0)
    stratum = max(work.soft.values(), default=0)
    while best.bound < best.cost:
        active = _active(work, stratum)
        found = propagator.core(active)
        if found is not None:
            found = _shrink(propagator, found)
        else:
            model = solve([*work.clauses, *([literal] for literal in active)], work.variables)
            if model is None:
                if not budget:
                    return best
                budget -= 1
                found = sat_core(work.clauses, active, work.variables)
            else:
                cost = formula.cost(model)
                if cost < best.cost:
                    best = Found(model, cost, best.bound)
                _harden(work, propagator, best.cost - best.bound)
                stratum = _next_stratum(work, stratum)
                if not stratum:
                    return Found(best.model, best.cost, best.cost)
        if found is not None:
            best = Found(best.model, best.cost, best.bound + _relax(work, propagator, found))
    return best


def _active(work: Formula, stratum: int) -> list[int]:
    heavy = [literal for literal, weight in work.soft.items() if weight >= stratum]
    return sorted(heavy, key=lambda literal: (-work.soft[literal], abs(literal), literal))


def _shrink(propagator: Propagator, found: list[int]) -> list[int]:
    """Propagate a core again from its other end, which often shows that fewer literals are enough."""
    while True:
        smaller = propagator.core(found[::-1])
        if smaller is None or len(smaller) >= len(found):
            return found
        found = smaller


def _next_stratum(work: Formula, stratum: int) -> int:
    """Return a lower weight to go on with, or 0 where all literals were active.

    The step passes over at most three quarters of the distinct weights that are left: few calls, small cores first.
    """
    lighter = sorted({weight for weight in work.soft.values() if weight < stratum}, reverse=True)
    return lighter[len(lighter) // 4] if lighter else 0


def _harden(work: Formula, propagator: Propagator, gap: int) -> None:
    for literal in [literal for literal, weight in work.soft.items() if weight > gap]:
        del work.soft[literal]
        _add(work, propagator, [literal])


def _add(work: Formula, propagator: Propagator, clause: list[int]) -> None:
    work.clauses.append(clause)
    propagator.add(clause)


def _relax(work: Formula, propagator: Propagator, found: Sequence[int]) -> int:
    """Replace a core by softer literals; return by how much the bound rises."""
    least = min(work.soft[literal] for literal in found)
    for literal in found:
        work.soft[literal] -= least
        if not work.soft[literal]:
            del work.soft[literal]
    _add(work, propagator, [-literal for literal in found])
    later = 0  # the conjunction of all literals behind the current one
    for i in range(len(found) - 2, -1, -1):
        following = found[i + 1]
        if later:
            both = work.new_variable()
            propagator.grow(work.variables)
            _add(work, propagator, [-both, following])
            _add(work, propagator, [-both, later])
            _add(work, propagator, [both, -following, -later])
            later = both
        else:
            later = following
        either = work.new_variable()  # this literal, or all behind it
        propagator.grow(work.variables)
        _add(work, propagator, [-either, found[i], later])
        _add(work, propagator, [either, -found[i]])
        _add(work, propagator, [either, -later])
        work.soft[either] = least
    return least
