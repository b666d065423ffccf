"""How are files of a checkout replaced? Whole or not at all, with its mode; never one that lies elsewhere."""

import contextlib
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from coset.checkout import Checkout
from nixpkgs.splice import LeftAlone
from normalize.errors import OutsideError


def check_writable(checkout: Checkout, paths: Iterable[str]) -> None:
    """Make sure that files can be replaced, before any of them is.

    Raises:
        OutsideError: a folder cannot be written.
    """
    for folder in sorted({(checkout.root / path).parent for path in paths}):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OutsideError(f"{str(folder)!r} cannot be written, so nothing is", hint="--dry-run shows the changes")


def is_inside(checkout: Checkout, path: str) -> bool:
    """Return whether a file lies in the checkout itself, and is not led to by a symbolic link."""
    place = checkout.root / path
    try:
        return place.resolve() == place
    except OSError:
        return False


def replace_files(checkout: Checkout, files: Sequence[tuple[str, bytes, bytes]]) -> None:
    """Replace files that belong together: all of them, or none.

    Args:
        checkout: the checkout.
        files: path, what the file held when it was read, and what it shall hold.

    Raises:
        LeftAlone: one holds something else by now.
        OutsideError: one cannot be written.
    """
    for path, before, _ in files:
        _check_unchanged(checkout, path, before)
    begun = []
    try:
        for path, before, after in files:
            begun.append((path, after, before))
            replace_file(checkout, path, before, after)
    except BaseException:  # an interruption too
        for path, after, before in reversed(begun):
            with contextlib.suppress(LeftAlone, OutsideError):  # what did not get so far, or belongs to another by now
                replace_file(checkout, path, after, before)
        raise


def replace_file(checkout: Checkout, path: str, before: bytes, after: bytes) -> None:
    """Replace a file, with its mode.

    Args:
        checkout: the checkout.
        path: relative to it.
        before: what the file held when it was read.
        after: what it shall hold.

    Raises:
        LeftAlone: it holds something else by now.
        OutsideError: it cannot be written; it is whole all the same.
    """
    place = checkout.root / path
    _check_unchanged(checkout, path, before)
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        _write(unfinished, after, stat.S_IMODE(place.stat().st_mode))
        unfinished.replace(place)
    except OSError as error:
        raise OutsideError(f"{str(place)!r} cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _check_unchanged(checkout: Checkout, path: str, before: bytes) -> None:
    if checkout.read(path) != before:
        raise LeftAlone("its file was changed meanwhile")


def _write(path: Path, data: bytes, mode: int) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)
