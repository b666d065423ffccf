"""``coset diff``: what differs between two plans, two snapshots, or a snapshot and a plan?"""

from pathlib import Path
from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Db, Json, Markdown, Nixpkgs, Part, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    old: Annotated[Path, Argument(metavar="OLD", help="A plan.json or a nixpkgs.json.")],
    new: Annotated[Path, Argument(metavar="NEW", help="Another; what it holds tells which it is.")],
    *,
    markdown: Markdown = False,
    out: Annotated[
        Path | None,
        Option(
            "--out",
            metavar="FILE",
            help="Write Markdown here; where it is long, into FILE.1.md, FILE.2.md ...",
            show_default=False,
        ),
    ] = None,
    part: Part = None,
    ping: Annotated[
        bool,
        Option(
            "--ping",
            help="Write maintainers as mentions: by their names in nixpkgs' list, which may not be those on GitHub.",
        ),
    ] = False,
    exit_code: Annotated[bool, Option("--exit-code", help="Exit with 1 where anything differs.")] = False,
    nixpkgs: Nixpkgs = None,
    db: Db = None,  # noqa: ARG001 -- every command takes it
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say what differs: versions with their reasons, relaxations, holds, applications, and what is built again.

    Maintainers and dependents come from the set of --nixpkgs, else from NEW or OLD where it is a snapshot, else from
    the embedded set. The order is that of names, so that two differences can be compared as well. Exit status 0
    whether or not anything differs, unless --exit-code asks otherwise.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import read_current_set  # noqa: PLC0415
    from coset.output import tell_parts  # noqa: PLC0415
    from coset.sides import read_side  # noqa: PLC0415
    from dataset.currentset import CurrentSet  # noqa: PLC0415
    from report.diffmarkdown import diff_document  # noqa: PLC0415
    from report.difftext import diff_lines  # noqa: PLC0415
    from report.labels import branch, labels  # noqa: PLC0415
    from report.plandiff import compare  # noqa: PLC0415
    from solver.planjson import plain  # noqa: PLC0415

    before, after = read_side(old), read_side(new)
    snapshots = [one for one in (after, before) if isinstance(one, CurrentSet)]
    current = read_current_set(nixpkgs) if nixpkgs is not None or not snapshots else snapshots[0]
    found = compare(before, after, current)
    if json:
        table = plain(found)
        table["rebuilds"]["kernels"] = dict(found.rebuilds.kernels)
        table["rebuilds"] |= {
            "labels": list(labels(found.rebuilds.kernels)),
            "branch": branch(found.rebuilds.kernels).name,
        }
        table["maintainers"] = {name: list(theirs) for name, theirs in found.maintainers}
        terminal.print_json({"schema": 1, **table})
    elif markdown or out is not None or part is not None:
        tell_parts(diff_document(found, ping=ping), out=out, part=part, quiet=quiet, verbose=verbose)
    else:
        for line in diff_lines(found, ping=ping):
            terminal.print_line(line)
    return 1 if exit_code and not found.same else 0
