"""Which project, attributes and import names belong to a name? ``coset names show``."""

import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

from coset import terminal
from coset.declarations import Argument
from coset.options import Db, Json, Nixpkgs, Quiet, Verbose


def show(  # noqa: PLR0913 -- the options of a command line
    names: Annotated[
        list[str],
        Argument(
            metavar="NAME...", help="Projects, attributes or import names; '-' reads them from stdin, one per line."
        ),
    ],
    *,
    nixpkgs: Nixpkgs = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Map any of the three spellings to the other two, with evidence and ambiguity.

    Exit status 1: at least one name is unknown, or a module of Python's standard library.
    """
    from coset.namesdata import look_up, read_name_map  # noqa: PLC0415
    from report.lookups import lookup_lines, lookup_to_json  # noqa: PLC0415

    known = read_name_map(db, nixpkgs)
    lookups = look_up(known, list(_queries(names)))
    if verbose:
        terminal.note(f"{len(known.projects)} projects are known by name", quiet=quiet)
    if json:
        terminal.print_json([lookup_to_json(one) for one in lookups])
    else:
        for line in lookup_lines(lookups):
            terminal.print_line(line)
    return 0 if all(one.matches for one in lookups) else 1


def _queries(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield where each name was given, and the name; '-' stands for the lines of stdin that are not blank."""
    for name in names:
        if name != "-":
            yield "", name
            continue
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="surrogateescape")  # bytes that are no text are refused with their line
        for number, line in enumerate(sys.stdin, 1):
            if text := line.strip():
                yield f"line {number}: ", text
