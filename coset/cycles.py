"""When need Python not search for reference cycles? While a dataset is read, which makes many values and no cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search() -> Iterator[None]:
    """Pause the search, which would look at all values again and again while their number grows."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
