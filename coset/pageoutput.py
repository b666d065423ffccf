"""How does a plan become a page on disk? With what the current set knows besides, where that is the plan's own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coset import terminal
from coset.inputs import read_current_set
from coset.output import write_whole
from normalize.projects import ProjectName
from report.nearby import NOTHING, Nearby, nearby
from report.page import plan_page
from solver.plan import Plan


def write_page(
    plan: Plan,
    path: Path,
    *,
    nixpkgs: Path | None,
    required: Mapping[ProjectName, Sequence[ProjectName]] | None,
    quiet: bool,
) -> None:
    """Write the page of a plan.

    Args:
        plan: what it shows.
        path: the file.
        nixpkgs: the current set that the plan rests on; None takes the embedded one where it is that.
        required: the projects that each project of the plan requires; None where nobody knows.
        quiet: whether to say nothing of a current set that is missing, or another one.

    Raises:
        UsageError: the current set is none.
        OutsideError: a file cannot be read or written.
    """
    write_whole(path, plan_page(plan, replace(_nearby(plan, nixpkgs, quiet=quiet), required=required)))


def _nearby(plan: Plan, nixpkgs: Path | None, *, quiet: bool) -> Nearby:
    current = read_current_set(nixpkgs)
    wanted = dict(plan.dataset).get("nixpkgs")
    if current.revision == wanted:
        return nearby(current)
    if nixpkgs is not None:
        terminal.note(f"note: the plan rests on another state of nixpkgs than {str(nixpkgs)!r}", quiet=quiet)
        return nearby(current)
    terminal.note(
        "note: without the current set that the plan rests on, the page shows no dependencies, applications and "
        "maintainers; --nixpkgs FILE names it",
        quiet=quiet,
    )
    return NOTHING
