"""``coset distance``: how far is an application from the set?"""

from pathlib import Path
from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Db, Json, Markdown, Nixpkgs, Part, Quiet, Targets, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    lock: Annotated[
        Path,
        Argument(
            metavar="LOCKFILE", help="pylock.toml, requirements.txt, uv.lock or poetry.lock; its content decides."
        ),
    ],
    *,
    plan: Annotated[
        Path | None,
        Option("--plan", metavar="PLAN.JSON", help="Compare with this plan, not the current set.", show_default=False),
    ] = None,
    nixpkgs: Nixpkgs = None,
    target: Targets = None,
    markdown: Markdown = False,
    part: Part = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Compare what an application pins with the set: which versions differ, and which bounds the set would violate.

    Bounds count that the application itself states, where the lock records them, and those of releases that the set
    lacks, which would come along. Each pin that is away from the set says which of them taking the set's version would
    relax, by risk class as in a plan. A release that the set has at another version is replaced by it, bounds and all;
    --verbose shows these as well. The interpreters that the lock is for must run the set's releases, too: those of the
    targets, or the nearest one where the lock is for none of these. Exit status 1 when the set cannot serve the
    application as it is: a project is not in it, an interpreter is left out or cannot run a release, a bound would be
    relaxed, or a newer version is asked for.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.distances import measured  # noqa: PLC0415
    from coset.output import print_parts  # noqa: PLC0415
    from report.distance import distance_document, distance_json, distance_lines  # noqa: PLC0415

    markdown = markdown or part is not None
    told = measured(lock, plan=plan, nixpkgs=nixpkgs, targets=target or (), db=db, quiet=quiet)
    if json:
        terminal.print_json(distance_json(told))
    elif markdown:
        print_parts(distance_document(told), part, quiet=quiet)
    else:
        for line in distance_lines(told, everything=verbose):
            terminal.print_line(line)
    for sentence in () if markdown else told.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if not told.bounded:
        terminal.note(f"note: {told.name} does not say what the application itself asks for, only pins", quiet=quiet)
    return 0 if told.served else 1
