"""Which dataset does a command read? The one that the user names, or the embedded one, unpacked into the cache."""

import hashlib
from contextlib import nullcontext
from pathlib import Path

from coset import terminal
from coset.folders import cache_folder, data_folder
from coset.terminal import Progress
from dataset.records import MANIFEST
from dataset.store import Store
from normalize.errors import CosetError, OutsideError


def embedded_dataset(show: Progress | None = None) -> Path:
    """Return the embedded dataset as a SQLite file, unpacked into the cache folder where it is not there yet.

    The file's name holds the digest of the manifest, so that another dataset never answers in its place. The file
    appears whole or not at all, so that several processes may unpack at once.

    Args:
        show: told of the unpacking; None shows it on a display of its own, where there is a terminal.

    Raises:
        OutsideError: the embedded dataset is missing, or the cache folder cannot be written.
        UsageError: the embedded dataset is damaged.
    """
    folder = data_folder() / "dataset"
    try:
        digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError as error:
        raise OutsideError(
            f"the embedded dataset {str(folder)!r} cannot be read: {error.strerror}",
            hint="install coset again, or name another dataset with --db FILE",
        ) from error
    cache = cache_folder()
    path = cache / f"dataset-{digest[:16]}.sqlite"
    if not _usable(path):
        from coset.exchange import import_sources  # noqa: PLC0415 -- once in the life of a dataset

        with terminal.progress(quiet=False) if show is None else nullcontext(show) as shown:
            import_sources([folder], path, anew=True, show=shown)
    return path


def open_dataset(db: Path | None, show: Progress | None = None) -> Store:
    """Return the dataset, opened for reading: the file that the user names, or the embedded one.

    Args:
        db: the file; None stands for the embedded dataset.
        show: see :func:`embedded_dataset`.

    Raises:
        UsageError: there is no such file, or it is something else.
        OutsideError: it cannot be read.
    """
    return Store.open(embedded_dataset(show) if db is None else db)


def _usable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        Store.open(path).close()
    except CosetError:  # cut off by a full disk, or unpacked by a coset with another layout
        return False
    return True
