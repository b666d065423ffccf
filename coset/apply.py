"""``coset apply``: how does a checkout get a plan's set?"""

import sys
from pathlib import Path
from typing import Annotated

from coset import terminal
from coset.declarations import Argument, Option
from coset.options import Db, Json, Quiet, Verbose
from normalize.errors import UsageError


def command(  # noqa: PLR0913 -- the options of a command line
    nixpkgs: Annotated[Path, Argument(metavar="NIXPKGS", help="The checkout.")],
    *,
    plan: Annotated[Path, Option("--plan", metavar="FILE", help="The plan.json that coset solve wrote.")],
    dry_run: Annotated[bool, Option("--dry-run", help="Change nothing; print the changes as a unified diff.")] = False,
    commit: Annotated[
        bool, Option("--commit", help="Make one git commit for each attribute, worded as nixpkgs does.")
    ] = False,
    only: Annotated[
        list[str] | None,
        Option("--only", metavar="ATTRIBUTE", help="Change this attribute only; may be repeated."),
    ] = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Edit the package files of a nixpkgs checkout, so that its Python set is a plan's.

    Versions, hashes, pythonRelaxDeps, dependencies and default pointers are edited where they stand in the syntax tree;
    every other byte stays. The hash of a fetchPypi source comes from the dataset; any other is emptied, because only a
    prefetch can tell it. Each file is read back before it is written: where it would not say what the plan wants, or
    does not say what the plan starts from, it is left alone and listed with the reason. What the checkout has outside
    the plan's set moves to the plan's version where its own does not satisfy what the plan's packages require; where it
    cannot, a line says who needs what.

    With --dry-run, stdout has a patch that 'git apply' takes. Exit status 1: something that the plan wants was left
    alone.
    """
    from coset.applying import check_plan, open_tree, prepare, write  # noqa: PLC0415
    from coset.checkout import open_checkout  # noqa: PLC0415
    from coset.gitcommit import Git  # noqa: PLC0415
    from coset.output import read_plan  # noqa: PLC0415
    from normalize.targets import parse_target  # noqa: PLC0415
    from report.applied import Applied, applied_json, applied_lines  # noqa: PLC0415

    if dry_run and commit:
        raise UsageError("--dry-run and --commit exclude each other")
    planned = read_plan(plan)
    if not nixpkgs.is_dir():
        raise UsageError(f"there is no folder {str(nixpkgs)!r}", hint="name a nixpkgs checkout")
    check_plan(planned, only or ())
    checkout = open_checkout(nixpkgs)
    git = Git(checkout) if commit else None
    with terminal.progress(quiet=quiet) as show:
        tree = open_tree(checkout, tuple(map(parse_target, planned.targets)), git)
        prepared, same = prepare(tree, planned, db, only or (), show)
        edits = prepared.edits
        steps, left_alone = edits.steps, edits.left_alone
        if not dry_run:
            steps, refused = write(prepared, git, show)
            left_alone = tuple(sorted((*left_alone, *refused)))
    if not same:
        text = "the plan rests on another dataset; hashes and requirements come from this one"
        terminal.note(f"note: {text}", quiet=quiet)
    applied = Applied(
        steps=steps, left_alone=left_alone, already=edits.already, notes=prepared.notes(steps), written=not dry_run
    )
    diff = prepared.diff() if dry_run else None
    lines = applied_lines(applied)
    if json:
        terminal.print_json(applied_json(applied, diff))
    elif diff is not None:
        _print_diff(diff)
        for line in lines:
            terminal.note(line, quiet=quiet)
    else:
        for line in lines:
            terminal.print_line(line)
    if verbose:
        for name in edits.already:
            terminal.note(f"nothing to be changed: {name}", quiet=quiet)
    return 1 if left_alone else 0


def _print_diff(diff: str) -> None:
    """Print a patch: every byte of it into a pipe or a file, and nothing that steers a terminal on one."""
    if not sys.stdout.isatty():
        sys.stdout.write(diff)
        return
    for line in diff.removesuffix("\n").split("\n") if diff else ():
        terminal.print_line(line.removesuffix("\r"))
