"""When need Python not look for reference cycles? While a dataset is read and solved: many values, no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector, which would look at all values again and again while their number grows.

    What was made meanwhile is not looked at afterwards either: it lives as long as the command.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.freeze()
            gc.enable()
