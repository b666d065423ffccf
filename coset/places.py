"""Which dataset does a command read? The one that the user names, or the embedded one."""

from pathlib import Path

from coset.terminal import Progress
from coset.unpacked import embedded_dataset
from dataset.store import Store


def open_dataset(db: Path | None, show: Progress | None = None) -> Store:
    """Return the dataset, opened for reading: the file that the user names, or the embedded one.

    Args:
        db: the file; None stands for the embedded dataset.
        show: see `coset.unpacked`.

    Raises:
        UsageError: there is no such file, or it is something else.
        OutsideError: it cannot be read.
    """
    return Store.open(embedded_dataset(show) if db is None else db)
