"""Where is the embedded dataset? In the cache folder, into which it is unpacked once."""

import hashlib
from contextlib import nullcontext
from pathlib import Path

from coset import terminal
from coset.folders import cache_folder, data_folder
from coset.terminal import Progress
from dataset.reader import Reader
from dataset.records import MANIFEST
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


def _usable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        Reader.open(path).close()
    except CosetError:  # cut off by a full disk, or unpacked by a coset with another layout
        return False
    return True
