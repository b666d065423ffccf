"""In which order do the goals count? Lexicographic levels, folded into one exact integer and unfolded again."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Literal

from normalize.errors import UsageError

LevelName = Literal["broken", "update_first", "risky", "staleness", "cheap", "changed", "rank", "name", "unaligned"]

Costs = tuple[int, int, int, int, int, int, int, int, int]
"""The costs of one choice, by level, in the order of :data:`LEVELS`."""

LEVELS: tuple[LevelName, ...] = (
    *("broken", "update_first", "risky", "staleness", "cheap", "changed"),
    *("rank", "name", "unaligned"),
)
"""``broken``: requirements that no plan may violate; above 0 means conflict. ``update_first``: violated lower parts.
``risky``, ``cheap``: weighted relaxations. ``staleness``: candidates skipped, weighted by dependents. ``changed``:
projects that do not stay at their current version. ``rank`` and ``name`` break ties: the current version, then the
newest, then by a number that each project's name gives. ``unaligned``: projects that are released together and are not
in step; it follows ``risky`` wherever a mode has that (docs/decisions/0017-families.md). Ad hoc, where nothing is kept
in step, it counts last resorts (:mod:`solver.newestfirst`)."""

FREE: Costs = (0, 0, 0, 0, 0, 0, 0, 0, 0)

UNALIGNED: Costs = (0, 0, 0, 0, 0, 0, 0, 0, 1)

MODES: dict[str, tuple[LevelName, ...]] = {
    "fresh": ("risky", "staleness", "cheap", "changed"),
    "stable": ("risky", "changed", "staleness", "cheap"),
    "repair": ("changed", "risky", "cheap", "staleness"),
}
"""The order of the goals by mode; what must hold comes before them and the ties after them."""


def order_of(mode: str) -> tuple[LevelName, ...]:
    """Return all levels of a mode, most important first.

    Args:
        mode: the name of one, or its four goals in an order of one's own: ``staleness,risky,changed,cheap``.

    Raises:
        UsageError: there is no such mode.
    """
    goals = MODES.get(mode)
    if goals is None:
        named = {str(one): one for one in MODES["fresh"]}
        texts = [text.strip() for text in mode.split(",")]
        if sorted(texts) != sorted(named):
            own = "or an order of all four goals: staleness,risky,changed,cheap"
            raise UsageError(f"there is no mode {mode!r}", hint=f"modes: {', '.join(MODES)}; {own}")
        goals = tuple(named[text] for text in texts)
    after = goals.index("risky") + 1
    return ("broken", "update_first", *goals[:after], "unaligned", *goals[after:], "rank", "name")


@dataclass(frozen=True, slots=True)
class Fold:
    """Levels as digits of one integer: each level's unit exceeds everything that all later levels can sum up to.

    Args:
        order: the levels, most important first.
        units: the unit of each level, in the order of :data:`LEVELS`.
    """

    order: tuple[LevelName, ...]
    units: tuple[int, ...]

    def fold(self, costs: Costs) -> int:
        """Return the integer that orders as the levels do."""
        return sum(map(mul, self.units, costs))

    def unfold(self, total: int) -> dict[LevelName, int]:
        """Return the value per level of a folded sum."""
        values: dict[LevelName, int] = {}
        for level in self.order:
            values[level], total = divmod(total, self.units[LEVELS.index(level)])
        return values


def make_fold(order: tuple[LevelName, ...], greatest: Sequence[int]) -> Fold:
    """Return the fold for levels whose sums are at most ``greatest`` (in the order of :data:`LEVELS`)."""
    units = [0] * len(LEVELS)
    unit = 1
    for level in reversed(order):
        at = LEVELS.index(level)
        units[at] = unit
        unit *= greatest[at] + 1
    return Fold(order, tuple(units))
