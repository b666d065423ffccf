"""Does another command write to this dataset? A lock beside it tells, and ends with its process, killed or not."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from normalize.errors import OutsideError

_LONGEST = 80


@contextmanager
def only_writer(db: Path, who: str) -> Iterator[None]:
    """Hold the lock of the dataset, while one command changes or replaces it.

    It is a file of its own, because a lock on the dataset itself would stand in the way of SQLite's on some systems,
    and would not outlive a merge, which puts a new file in its place. It holds who writes.

    Args:
        db: the dataset, which need not exist.
        who: what a second writer is told of this one, such as "a crawl".

    Raises:
        OutsideError: another process holds it, or the folder of the dataset cannot be written.
    """
    real = db.resolve()
    path = real.with_name(f"{real.name}-lock")
    try:
        descriptor = _locked(path)
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{who} (process {os.getpid()})".encode())
    except BlockingIOError:
        raise OutsideError(
            f"the dataset {str(db)!r} is being written by {_holder(path)}",
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
            pass  # the command that held it has removed it since it was opened here
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _holder(path: Path) -> str:
    """Return what the one who holds the lock wrote into it, which may be nothing yet."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")[:_LONGEST]
    except OSError:
        text = ""
    return text if text.isprintable() and text else "another command"
