"""When are workers worth their start? Measured by the first tasks, which are done in this process."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")

LOOK = 8
"""So many tasks are done before what is left is estimated; the first ones work out what later ones share."""

WORTH = 1.0
"""A process is started for so much work (processor seconds). It costs a fifth of that, until it has worked out anew
what the others know already; and one that cannot be forked reads everything again."""


class Trial(Generic[Task]):
    """Does tasks in this process until what is left is worth workers.

    Args:
        function: does a task.
        clock: the seconds that this process has worked; workers share the work, not the waiting.
    """

    def __init__(self, function: Callable[[Task], Any], clock: Callable[[], float] = time.process_time) -> None:
        self._function, self._clock = function, clock
        self._seconds, self._number = 0.0, 0

    def done(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
        """Yield tasks with their results, in order, until the others are worth workers, or there are no others."""
        for number, task in enumerate(tasks, start=1):
            began = self._clock()
            result = self._function(task)
            self._seconds, self._number = self._seconds + self._clock() - began, number
            yield task, result
            if number >= LOOK and self.worth(len(tasks) - number) > 1:
                return

    def worth(self, tasks: int) -> int:
        """Return how many processes so many tasks are worth, judged by those that were done."""
        return int(self._seconds / max(1, self._number) * tasks / WORTH)
