"""Does a host fail so often that it should be left alone? First for a while, in the end for this crawl."""

from collections import deque
from dataclasses import dataclass, field

WINDOW = 100
"""So many of the last requests are looked at; more than half of them failed: one round."""

FIRST_REST, LONGEST_REST = 60.0, 900.0
ROUNDS = 3


@dataclass(slots=True)
class Breaker:
    """Counts what came of the last requests to one host.

    Attributes:
        rounds: how often the host was left alone since it was last well.
        open: whether it is not to be asked any more.
    """

    rounds: int = 0
    open: bool = False
    _last: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def succeeded(self) -> None:
        """Count a request that the host answered, be it with a no."""
        self._last.append(True)
        if len(self._last) == WINDOW:
            self.rounds = 0

    def failed(self) -> float:
        """Count a request that failed for the host's sake; return for how long to leave it alone, mostly 0."""
        self._last.append(False)
        if self._last.count(False) * 2 <= WINDOW:
            return 0.0
        self._last.clear()
        if self.rounds == ROUNDS:
            self.open = True
            return 0.0
        self.rounds += 1
        return min(FIRST_REST * 2.0 ** (self.rounds - 1), LONGEST_REST)
