"""What is the cheapest model? Stratified core-guided search over pycosat, exact and with a bound at every moment.

A core is a set of soft literals that cannot all hold. Each core raises the lower bound by its least weight and is
replaced by softer literals that may fail once less (PMRES: Narodytska & Bacchus, "Maximum satisfiability using
core-guided MaxSAT resolution", 2014). Heavy literals come first (stratification: Ansotegui et al. 2012), and a literal
that weighs more than the gap becomes hard.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.effort import Effort
from solver.formula import Formula
from solver.sat import Engine, make_engine

_TRIMS = 3
"""How often a core is asked for again under itself alone, which often drops half of it."""

_SMALL = 40
"""Cores of so few literals are made smaller one literal after the other, each with at most `_TRY` decisions."""

_TRY = 300


@dataclass(frozen=True, slots=True)
class Found:
    """The best model found, what it costs, and the cost below which no model can be."""

    model: list[bool]
    cost: int
    bound: int


def minimise(formula: Formula, effort: Effort) -> Found:
    """Return the cheapest model; ``cost == bound`` where that is proven.

    Args:
        formula: its clauses must be satisfiable; the search adds variables and clauses of its own to copies.
        effort: where it is spent, the best model so far is returned with its bound.
    """
    return _Search(formula, effort).run()


class _Search:
    """One formula that becomes softer with each core."""

    def __init__(self, formula: Formula, effort: Effort) -> None:
        self._formula = formula
        self._effort = effort
        self._work = Formula(formula.variables, [list(clause) for clause in formula.clauses], dict(formula.soft))
        self._engine: Engine = make_engine(effort.engine, effort.stop)
        for clause in formula.clauses:
            self._engine.add(clause)
        self._left = effort.decisions

    def run(self) -> Found:
        best = self._improved(Found([], 0, 0), self._any_model())
        stratum = max(self._work.soft.values(), default=0)
        while best.bound < best.cost and self._left > 0 and not self._effort.stop():
            answer = self._ask(_active(self._work, stratum))
            if answer is None:
                break
            if answer:
                best = self._improved(best, self._engine.model())
                self._harden(best.cost - best.bound)
                stratum = _next_stratum(self._work, stratum)
                if not stratum:
                    return replace(best, bound=best.cost)
                continue
            core = self._smaller(self._engine.failed())
            best = replace(best, bound=best.bound + self._relax(core))
            self._effort.tell(best.cost, best.bound)
        return best

    def _any_model(self) -> list[bool]:
        engine = self._engine
        if engine.solve() is None:  # stopped, but some answer there must be
            engine = make_engine(self._effort.engine)
            for clause in self._work.clauses:
                engine.add(clause)
            engine.solve()
        return engine.model()

    def _ask(self, assumptions: Sequence[int], decisions: int | None = None) -> bool | None:
        self._left -= 100 + len(assumptions) // 10  # what a question costs besides its decisions
        return self._engine.solve(assumptions, self._left if decisions is None else decisions)

    def _improved(self, best: Found, model: list[bool]) -> Found:
        cost = self._formula.cost(model)
        if best.model and cost >= best.cost:
            return best
        self._engine.prefer(model)
        self._effort.tell(cost, best.bound)
        return replace(best, model=model, cost=cost)

    def _smaller(self, core: list[int]) -> list[int]:
        """Return a core that is part of this one: its literals asked for alone, then each left out in turn."""
        for _ in range(_TRIMS):
            if self._ask(core, _TRY) is not False:
                break
            smaller = self._engine.failed()
            if len(smaller) == len(core):
                break
            core = smaller
        if len(core) > _SMALL:
            return core
        at = 0
        while at < len(core) and len(core) > 1:
            rest = core[:at] + core[at + 1 :]
            if self._ask(rest, _TRY) is False:
                clash = set(self._engine.failed())
                at = sum(literal in clash for literal in core[:at])
                core = [literal for literal in rest if literal in clash]
            else:
                at += 1
        return core

    def _harden(self, gap: int) -> None:
        for literal in [literal for literal, weight in self._work.soft.items() if weight > gap]:
            del self._work.soft[literal]
            self._add([literal])

    def _add(self, clause: list[int]) -> None:
        self._work.clauses.append(clause)
        self._engine.add(clause)

    def _relax(self, core: Sequence[int]) -> int:
        """Replace a core by softer literals; return by how much the bound rises."""
        soft = self._work.soft
        least = min(soft[literal] for literal in core)
        for literal in core:
            soft[literal] -= least
            if not soft[literal]:
                del soft[literal]
        self._add([-literal for literal in core])
        later = 0  # the conjunction of all literals behind the current one
        for i in range(len(core) - 2, -1, -1):
            following = core[i + 1]
            if later:
                both = self._work.new_variable()
                self._add([-both, following])
                self._add([-both, later])
                self._add([both, -following, -later])
                later = both
            else:
                later = following
            either = self._work.new_variable()  # this literal, or all behind it
            self._add([-either, core[i], later])
            self._add([either, -core[i]])
            self._add([either, -later])
            soft[either] = least
        return least


def _active(work: Formula, stratum: int) -> list[int]:
    """Return the literals of the stratum, heaviest first, of equal ones the older first."""
    soft = work.soft
    heavy = [literal for literal, weight in soft.items() if weight >= stratum]
    return sorted(heavy, key=soft.__getitem__, reverse=True)


def _next_stratum(work: Formula, stratum: int) -> int:
    """Return a lower weight to go on with, or 0 where all literals were active.

    The step passes over at most three quarters of the distinct weights that are left: few calls, small cores first.
    """
    lighter = sorted({weight for weight in work.soft.values() if weight < stratum}, reverse=True)
    return lighter[len(lighter) // 4] if lighter else 0
