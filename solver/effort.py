"""How hard may the solver try, and who hears how far it is?"""

from collections.abc import Callable
from dataclasses import dataclass

from solver.engines import EngineName


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a search may spend; the same effort gives the same answer on every machine, for no clock is asked.

    Attributes:
        engine: how pycosat is used, see `solver.sat`.
        decisions: of the SAT solver, per component of the network.
        nodes: of branch and bound, per component, where the decisions did not suffice.
        stop: asked often; where it returns True, the best answer so far is taken.
        tell: hears the cost and the bound of what is being searched whenever one of them gets better.
    """

    engine: EngineName = "auto"
    decisions: int = 300_000
    nodes: int = 5_000
    stop: Callable[[], bool] = lambda: False
    tell: Callable[[int, int], None] = lambda _cost, _bound: None


USUAL = Effort()
"""Measured: real data needs none of it, generated sets of 10,000 projects a fifteenth (benchmarks/RESULTS.md)."""
