"""What lies in a nixpkgs checkout? Its files, never those outside of it, and the commit that it is at."""

import datetime as dt
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from nixpkgs.places import PYTHON_PACKAGES
from normalize.errors import OutsideError, UsageError

_LARGEST = 2**26
"""The largest Nix file of nixpkgs has under a megabyte."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A nixpkgs checkout.

    Attributes:
        root: its folder, absolute.
    """

    root: Path

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file, or None where there is none in the checkout.

        Args:
            path: relative to the checkout, with ``/``.

        Raises:
            OutsideError: it cannot be read, or is larger than any Nix file.
        """
        if path.startswith("/") or ".." in path.split("/"):
            return None
        place = self.root / path
        try:
            with place.open("rb", buffering=0) as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode):
                    return None
                # asked for so many bytes as are allowed, Python would make room for them first, each time
                data = file.readall() if found.st_size <= _LARGEST else None
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            raise OutsideError(f"{str(place)!r} cannot be read: {error.strerror}") from None
        if data is None:
            raise OutsideError(f"{str(place)!r} is larger than any Nix file", hint="is it a checkout of nixpkgs?")
        return data


def open_checkout(folder: Path) -> Checkout:
    """Return a nixpkgs checkout.

    Raises:
        UsageError: it is none, or has no Python set.
    """
    if not (folder / PYTHON_PACKAGES).is_file():
        what = "has no Python set" if (folder / "pkgs").is_dir() else "is no checkout of nixpkgs"
        raise UsageError(
            f"{str(folder)!r} {what}: there is no {PYTHON_PACKAGES}", hint="name the checkout's top folder"
        )
    return Checkout(folder.resolve())


def revision_of(checkout: Checkout) -> tuple[str, str | None]:
    """Return the commit and its day; where git does not tell them, what a file says or "unknown", and None."""
    told = _commit(checkout.root)
    if told is not None:
        return told
    revision = (checkout.read(".git-revision") or b"").decode("ascii", "replace").strip()
    return revision or "unknown", None


def day_of(path: Path) -> str:
    """Return the day on which a file was changed, in UTC."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()


def _commit(root: Path) -> tuple[str, str] | None:
    program = shutil.which("git")
    if program is None or not (root / ".git").exists():
        return None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603 -- no shell, fixed words
        [program, "-C", str(root), "-c", "core.fsmonitor=false", "log", "-1", "--no-show-signature", "--format=%H %ct"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=environment,
    )
    words = done.stdout.split()
    if done.returncode or len(words) != 2 or not words[1].isdecimal():
        return None
    return words[0], dt.datetime.fromtimestamp(int(words[1]), dt.UTC).date().isoformat()
