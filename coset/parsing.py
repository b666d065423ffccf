"""What do the files of a checkout say? Parsed in two processes where there are many of them."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from coset.checkout import Checkout
from coset.terminal import Progress
from nixpkgs.declarations import Declaration, read_declarations
from nixpkgs.packagefacts import PackageFacts
from nixpkgs.places import PYTHON_PACKAGES
from nixpkgs.setreading import SetReading
from nixpkgs.staticparse import Job, jobs, linked, read_file
from nixpkgs.syntax import NixSyntaxError
from normalize.errors import OutsideError, UsageError
from normalize.targets import Target

_TOGETHER = 100
"""Files that one process reads in one go."""

_MANY = 2_000
"""A second process takes a second to start."""

_Part = tuple[Checkout, Sequence[tuple[str, tuple[Job, ...]]], Sequence[Target]]


def parse_checkout(checkout: Checkout, targets: Sequence[Target], show: Progress) -> SetReading:
    """Return what the files of a checkout say of its Python set.

    Raises:
        UsageError: ``python-packages.nix`` does not parse, or declares nothing.
        OutsideError: a file cannot be read.
    """
    show("parsing the Python set")
    declarations, problems = declared_in(checkout, targets)
    reading = linked(declarations, _read_all(checkout, jobs(declarations), targets, show), targets)
    told = tuple(f"{PYTHON_PACKAGES}: {problem}" for problem in problems)
    return SetReading(reading.attributes, reading.left_out, (*told, *reading.problems))


def declared_in(checkout: Checkout, targets: Sequence[Target]) -> tuple[tuple[Declaration, ...], tuple[str, ...]]:
    """Return what ``python-packages.nix`` declares, and what in it is not understood.

    Raises:
        UsageError: it does not parse, or declares nothing.
        OutsideError: it cannot be read.
    """
    data = checkout.read(PYTHON_PACKAGES)
    if data is None:
        raise OutsideError(f"{PYTHON_PACKAGES} is gone from {str(checkout.root)!r}", hint="run it again")
    try:
        declarations, problems = read_declarations(data, targets)
    except NixSyntaxError as error:
        raise UsageError(
            f"{PYTHON_PACKAGES} of {str(checkout.root)!r} does not parse: {error}", hint="is a merge unfinished?"
        ) from None
    except RecursionError:
        raise UsageError(f"{PYTHON_PACKAGES} of {str(checkout.root)!r} is nested too deeply") from None
    if not declarations:
        raise UsageError(f"{PYTHON_PACKAGES} of {str(checkout.root)!r} declares no attribute")
    return declarations, problems


def _read_all(
    checkout: Checkout, wanted: Sequence[Job], targets: Sequence[Target], show: Progress
) -> Iterator[tuple[Job, PackageFacts]]:
    """Yield what each package file says; the order does not depend on how many processes read."""
    by_file: dict[str, list[Job]] = {}
    for job in wanted:
        by_file.setdefault(job.file, []).append(job)
    files = [(file, tuple(several)) for file, several in by_file.items()]
    parts = [(checkout, files[i : i + _TOGETHER], targets) for i in range(0, len(files), _TOGETHER)]
    read = _parts(parts, several=len(files) >= _MANY and (os.cpu_count() or 1) > 1)
    for number, (part, found) in enumerate(zip(parts, read, strict=True)):
        show("reading package files", number * _TOGETHER, len(files))
        asked = (job for _, several in part[1] for job in several)
        yield from zip(asked, found, strict=True)


def _parts(parts: Sequence[_Part], *, several: bool) -> Iterator[list[PackageFacts]]:
    if not several:
        yield from map(_read_part, parts)
        return
    # a fork has all modules at once, but would copy the thread that draws the progress, where there is one
    forks = sys.platform == "linux" and threading.active_count() == 1
    with ProcessPoolExecutor(2, mp_context=get_context("fork" if forks else "spawn")) as pool:
        yield from pool.map(_read_part, parts)


def _read_part(part: _Part) -> list[PackageFacts]:
    checkout, files, targets = part
    return [found for file, several in files for found in read_file(file, several, checkout.read, targets)]
