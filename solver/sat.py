"""Is a formula satisfiable under assumptions, and if not, which of them clash? The one place that uses pycosat.

pycosat's documented interface takes a whole formula and answers with a model or "UNSAT". The extension module that it
installs also exports the C interface of PicoSAT, the solver inside, which keeps what it learned between questions and
names the assumptions that clash. `Incremental` uses that where it is there, `Documented` does without.
"""

import ctypes
import weakref
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import Protocol

import pycosat

from normalize.errors import UsageError
from solver.engines import EngineName
from solver.propagate import Propagator

Clause = Sequence[int]
"""Literals: the number of a variable, from 1, or its negation."""

_LARGEST = 2**30
"""PicoSAT aborts the whole process on literals near 2**31, so larger ones are refused here."""

_SLICE = 5_000
"""Decisions between two looks at whether to stop; PicoSAT makes them in well under a second."""

_PROPAGATIONS = 200
"""Propagations that stand for one decision, where only these can be limited."""


class Engine(Protocol):
    """A formula that grows, and questions about it."""

    def add(self, clause: Clause) -> None:
        """Add a clause.

        Raises:
            ValueError: a literal is 0 or larger than PicoSAT can take.
        """

    def solve(self, assumptions: Sequence[int] = (), decisions: int | None = None) -> bool | None:
        """Return whether the clauses hold together with the assumptions; None where the decisions ran out.

        Args:
            assumptions: literals that hold for this question only.
            decisions: about how many to spend at most; None for as many as it takes.
        """

    def model(self) -> list[bool]:
        """Return the truth of variable ``i`` at index ``i`` (index 0 is unused); only after an answer of True."""

    def failed(self) -> list[int]:
        """Return assumptions that clash, in their order; only after an answer of False."""

    def prefer(self, model: Sequence[bool]) -> None:
        """Try this model's values first where nothing speaks for others."""


def make_engine(name: EngineName = "auto", stop: Callable[[], bool] = lambda: False) -> Engine:
    """Return an engine without any clause.

    Args:
        name: ``auto`` takes ``incremental`` where pycosat's extension module allows it.
        stop: asked now and then; where it returns True, a question under way is given up.

    Raises:
        UsageError: it is not there.
    """
    library = _picosat() if name != "documented" else None
    if library is not None:
        return Incremental(library, stop)
    if name == "incremental":
        raise UsageError(
            "the engine 'incremental' is not there: this build of pycosat does not export PicoSAT's interface",
            hint="use --engine auto",
        )
    return Documented(stop)


def _checked(clause: Iterable[int]) -> list[int]:
    literals = list(clause)
    if literals and (0 in literals or min(literals) <= -_LARGEST or max(literals) >= _LARGEST):
        wrong = next(literal for literal in literals if not 1 <= abs(literal) < _LARGEST)
        raise ValueError(f"literal {wrong}")
    return literals


class Documented:
    """The engine on pycosat's documented interface: every question is a new formula.

    Unit propagation is tried first, because a core by propagation is one question and one by search many.
    """

    def __init__(self, stop: Callable[[], bool] = lambda: False) -> None:
        self._stop = stop
        self._clauses: list[list[int]] = []
        self._variables = 0
        self._propagator = Propagator(0, [])
        self._model: list[bool] | None = None
        self._assumed: list[int] | None = None
        self._core: list[int] | None = None

    def add(self, clause: Clause) -> None:
        """Add a clause."""
        literals = _checked(clause)
        self._clauses.append(literals)
        if literals:
            self._grow(literals)
            self._propagator.add(literals)

    def solve(self, assumptions: Sequence[int] = (), decisions: int | None = None) -> bool | None:
        """Return whether the clauses hold together with the assumptions."""
        assumed = _checked(assumptions)
        self._model = self._assumed = self._core = None
        if self._stop():
            return None
        self._grow(assumed)
        self._core = self._propagator.core(assumed) if all(self._clauses) else []
        if self._core is not None:
            self._assumed = assumed
            return False
        limit = 0 if decisions is None else max(1, decisions) * _PROPAGATIONS
        formula = [*self._clauses, *([one] for one in assumed)]
        outcome = pycosat.solve(formula, vars=self._variables, prop_limit=limit)
        if outcome == "UNKNOWN":
            return None
        if outcome == "UNSAT":
            self._assumed = assumed
            return False
        self._model = [False] * (self._variables + 1)
        for literal in outcome:
            if literal > 0:
                self._model[literal] = True
        return True

    def model(self) -> list[bool]:
        """Return the model."""
        assert self._model is not None
        return self._model

    def failed(self) -> list[int]:
        """Return a core: by propagation, else a minimal one by QuickXplain (Junker 2004), the quicker the smaller."""
        assert self._assumed is not None
        assumed = list(dict.fromkeys(self._assumed))
        core = self._core
        if core is None:
            core = [] if self.solve(()) is False else self._explain([], assumed, fresh=False)
        self._assumed, self._core = assumed, core
        return sorted(core, key=assumed.index)

    def prefer(self, model: Sequence[bool]) -> None:
        """Do nothing: the documented interface has no way to."""

    def _grow(self, literals: Sequence[int]) -> None:
        self._variables = max([self._variables, *map(abs, literals)])
        self._propagator.grow(self._variables)

    def _explain(self, background: list[int], chosen: list[int], *, fresh: bool) -> list[int]:
        if fresh and self.solve(background) is False:
            return []
        if len(chosen) == 1:
            return chosen
        half = len(chosen) // 2
        first, second = chosen[:half], chosen[half:]
        from_second = self._explain(background + first, second, fresh=bool(first))
        from_first = self._explain(background + from_second, first, fresh=bool(from_second))
        return from_first + from_second


class Incremental:
    """The engine on PicoSAT's own interface: what was learned is kept.

    PicoSAT aborts the process where it is asked in a wrong state, so the state is kept here and asserted.
    """

    def __init__(self, library: ctypes.CDLL, stop: Callable[[], bool] = lambda: False) -> None:
        self._library = library
        self._stop = stop
        self._picosat = library.picosat_init()
        weakref.finalize(self, library.picosat_reset, self._picosat)
        self._variables = 0
        self._answer: bool | None = None
        self._assumed: list[int] = []
        self._preferred: dict[int, bool] = {}

    def add(self, clause: Clause) -> None:
        """Add a clause."""
        literals = [*clause, 0]
        most = max(-min(literals), *literals)
        if most >= _LARGEST or literals.index(0) != len(literals) - 1:
            _checked(clause)
        if most > self._variables:
            self._grow(literals)
        self._answer = None
        # bytes, because an array of ctypes takes longer to make than PicoSAT to read
        self._library.picosat_add_lits(self._picosat, array("i", literals).tobytes())

    def solve(self, assumptions: Sequence[int] = (), decisions: int | None = None) -> bool | None:
        """Return whether the clauses hold together with the assumptions."""
        self._assumed = _checked(assumptions)
        self._grow(self._assumed)
        self._answer = None
        left = decisions
        while left is None or left > 0:
            if self._stop():
                return None
            assume, picosat = self._library.picosat_assume, self._picosat
            for literal in self._assumed:
                assume(picosat, literal)
            few = _SLICE if left is None else min(left, _SLICE)
            outcome = self._library.picosat_sat(self._picosat, few)
            if outcome != _UNKNOWN:
                self._answer = outcome == _SATISFIABLE
                return self._answer
            left = None if left is None else left - few
        return None

    def model(self) -> list[bool]:
        """Return the model."""
        assert self._answer is True
        values = map(self._library.picosat_deref, repeat(self._picosat), range(1, self._variables + 1))
        return [False, *[value > 0 for value in values]]

    def failed(self) -> list[int]:
        """Return the assumptions that PicoSAT used to show the clash."""
        assert self._answer is False
        listed = self._library.picosat_failed_assumptions(self._picosat)
        failed: set[int] = set()
        at = 0
        while (literal := listed[at]) != 0:
            failed.add(literal)
            at += 1
        return [literal for literal in dict.fromkeys(self._assumed) if literal in failed]

    def prefer(self, model: Sequence[bool]) -> None:
        """Try this model's values first."""
        set_phase, picosat, preferred = self._library.picosat_set_default_phase_lit, self._picosat, self._preferred
        for variable in range(1, min(len(model), self._variables + 1)):
            value = model[variable]
            if preferred.get(variable) is not value:  # one model differs little from the next
                preferred[variable] = value
                set_phase(picosat, variable, 1 if value else -1)

    def _grow(self, literals: Sequence[int]) -> None:
        most = max(-min(literals), *literals) if literals else 0
        if most > self._variables:
            self._library.picosat_adjust(self._picosat, most)
            self._variables = most


_UNKNOWN, _SATISFIABLE = 0, 10
"""What ``picosat_sat`` answers; 20 means unsatisfiable."""


@cache
def _picosat() -> ctypes.CDLL | None:
    """Return the extension module as a C library, or None where it does not export what is needed."""
    number, pointer = ctypes.c_int, ctypes.c_void_p
    signatures: dict[str, tuple[object, list[object]]] = {
        "picosat_init": (pointer, []),
        "picosat_reset": (None, [pointer]),
        "picosat_adjust": (None, [pointer, number]),
        "picosat_add_lits": (number, [pointer, ctypes.c_char_p]),
        "picosat_assume": (None, [pointer, number]),
        "picosat_sat": (number, [pointer, number]),
        "picosat_deref": (number, [pointer, number]),
        "picosat_failed_assumptions": (ctypes.POINTER(number), [pointer]),
        "picosat_set_default_phase_lit": (None, [pointer, number, number]),
    }
    try:
        library = ctypes.CDLL(pycosat.__file__)
        for name, (result, arguments) in signatures.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (AttributeError, OSError, TypeError):
        return None
    return library
