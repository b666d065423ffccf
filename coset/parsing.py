"""What do the files of a checkout say? Parsed in two processes where there are many of them."""

import os
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

_Files = Sequence[tuple[str, tuple[Job, ...]]]


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
    done = 0
    for part in _parts(parts, several=len(files) >= _MANY and (os.cpu_count() or 1) > 1):
        show("reading package files", done, len(files))
        done += _TOGETHER
        yield from part


def _parts(
    parts: Sequence[tuple[Checkout, _Files, Sequence[Target]]], *, several: bool
) -> Iterator[list[tuple[Job, PackageFacts]]]:
    if not several:
        yield from map(_read_part, parts)
        return
    # a fork would copy the thread that draws the progress
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_read_part, parts)


def _read_part(part: tuple[Checkout, _Files, Sequence[Target]]) -> list[tuple[Job, PackageFacts]]:
    checkout, files, targets = part
    return [
        found
        for file, several in files
        for found in zip(several, read_file(file, several, checkout.read, targets), strict=True)
    ]
