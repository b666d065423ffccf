"""Does another crawl write to this dataset? A lock beside it tells, which ends with its process, even a killed one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from normalize.errors import OutsideError


@contextmanager
def only_crawl(db: Path) -> Iterator[None]:
    """Hold the lock of the dataset.

    It is a file of its own, because a lock on the dataset itself would stand in the way of SQLite's on some systems.

    Raises:
        OutsideError: another process holds it, or the folder of the dataset cannot be written.
    """
    path = db.with_name(f"{db.name}-crawl")
    try:
        descriptor = _locked(path)
    except BlockingIOError:
        raise OutsideError(
            f"another crawl is filling the dataset {str(db)!r}",
            hint="wait until it has ended, or name another file with --db",
        ) from None
    except OSError as error:
        raise OutsideError(
            f"the dataset {str(db)!r} cannot be written: {error.strerror or error}",
            hint="check that its folder exists and can be written",
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _locked(path: Path) -> int:
    """Return the open and locked file of that name."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except FileNotFoundError:
            pass  # the crawl that held it has removed it since it was opened here
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
