"""Why does nothing satisfy an ad hoc list? Imported where that is asked, which it seldom is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from solver.conflict import explain_conflict
from solver.conflictjson import conflict_to_json
from solver.decide import Decision
from solver.effort import Effort
from solver.planconflict import Conflict


@dataclass(frozen=True, slots=True)
class Explained:
    """A conflict that can be told: a :class:`coset.adhocanswer.Refusal`."""

    conflict: Conflict

    def document(self) -> Mapping[str, Any]:
        """Return what JSON says of it."""
        return conflict_to_json(self.conflict)

    def lines(self) -> Iterable[str]:
        """Return what people read of it."""
        from report.conflict import conflict_lines  # noqa: PLC0415 -- JSON needs no words

        return conflict_lines(self.conflict)


def explained(decision: Decision, effort: Effort) -> Explained:
    """Return why a decision is broken, and what would mend it."""
    return Explained(explain_conflict(decision, "fresh", effort))
