"""Is this formula satisfiable? The one place that calls pycosat."""

from collections.abc import Callable, Iterable, Sequence

import pycosat

Clause = Sequence[int]
"""Literals: the number of a variable, from 1, or its negation."""

_LARGEST = 2**30
"""PicoSAT aborts the whole process on literals near 2**31, so larger ones are refused here."""


def solve(clauses: Iterable[Clause], variables: int) -> list[bool] | None:
    """Return a model (the truth of variable ``i`` at index ``i``; index 0 is unused), or None where there is none.

    The same clauses in the same order give the same model.

    Raises:
        ValueError: a literal is 0, or larger than the number of variables or than PicoSAT can take.
    """
    if not 0 <= variables < _LARGEST:
        raise ValueError(f"{variables} variables")
    formula = [list(clause) for clause in clauses]
    for clause in formula:
        for literal in clause:
            if not 1 <= abs(literal) <= variables:
                raise ValueError(f"literal {literal} of {variables} variables")
    if not variables:
        return None if formula else [False]
    outcome = pycosat.solve(formula, vars=variables)
    if isinstance(outcome, str):
        assert outcome == "UNSAT", outcome
        return None
    model = [False] * (variables + 1)
    for literal in outcome:
        if literal > 0:
            model[literal] = True
    return model


def core(hard: Sequence[Clause], selectors: Sequence[int], variables: int) -> list[int] | None:
    """Return a minimal set of selectors that cannot hold together with the hard clauses; None where all can.

    Minimal: any one of them left out, the rest can hold. Found by QuickXplain (Junker 2004), which asks few questions
    where the core is small; the order of the selectors decides which minimal core is found.
    """

    def holds(chosen: Sequence[int]) -> bool:
        return solve([*hard, *([literal] for literal in chosen)], variables) is not None

    if holds(selectors):
        return None
    if not holds(()):
        return []
    return _explain([], list(selectors), fresh=False, holds=holds)


def _explain(
    background: list[int], chosen: list[int], *, fresh: bool, holds: Callable[[Sequence[int]], bool]
) -> list[int]:
    if fresh and not holds(background):
        return []
    if len(chosen) == 1:
        return chosen
    half = len(chosen) // 2
    first, second = chosen[:half], chosen[half:]
    from_second = _explain(background + first, second, fresh=bool(first), holds=holds)
    from_first = _explain(background + from_second, first, fresh=bool(from_second), holds=holds)
    return from_first + from_second
