"""``coset report``: what does a plan say, in words to paste into a pull request, or on a page to look at?"""

import sys
from pathlib import Path
from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Db, Json, Part, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    plan: Annotated[Path, Argument(metavar="PLAN.JSON", help="The plan that coset solve wrote, or its folder.")],
    *,
    out: Annotated[
        Path | None,
        Option(
            "--out",
            metavar="FILE",
            help="Write the report here instead of on stdout; a long one into FILE.1.md, FILE.2.md ...",
            show_default=False,
        ),
    ] = None,
    part: Part = None,
    html: Annotated[
        Path | None,
        Option("--html", metavar="FILE", help="Write the plan as a page to look at here.", show_default=False),
    ] = None,
    nixpkgs: Annotated[
        Path | None,
        Option(
            "--nixpkgs",
            metavar="FILE",
            help="For --html: the current set that the plan rests on. Default: the embedded one, where it is that.",
            show_default=False,
        ),
    ] = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Tell a plan as Markdown: updates, holds with their reasons, ready pythonRelaxDeps lines, vendoring.

    Names, versions and requirements are quoted, so that they cannot become a mention, an issue link or markup. Where
    the report is longer than GitHub's limit for a comment, --out writes numbered parts, what must be decided first;
    each is whole in itself. With --json the plan itself comes back, checked and in its canonical form. With --html it
    becomes one file for a browser: tables to search and sort, and a section per project that says why it has its
    version. Who requires whom in the plan is read from the dataset (--db) where it is the plan's own; else the page
    shows who does so in nixpkgs today.
    """
    from coset.output import read_plan, tell_parts, told_written, write_whole  # noqa: PLC0415
    from report.markdown import plan_document  # noqa: PLC0415
    from solver.planjson import plan_to_text  # noqa: PLC0415

    found = read_plan(plan)
    if html is not None:
        from coset.depending import required_in  # noqa: PLC0415
        from coset.inputs import Places  # noqa: PLC0415
        from coset.pageoutput import write_page  # noqa: PLC0415

        required = required_in(found, Places(db=db, nixpkgs=nixpkgs), quiet=quiet)
        write_page(found, html, nixpkgs=nixpkgs, required=required, quiet=quiet)
        told_written(html, quiet=quiet)
        if out is None and part is None and not json:
            return
    if not json:
        tell_parts(plan_document(found), out=out, part=part, quiet=quiet, verbose=verbose)
    elif out is None:
        sys.stdout.write(plan_to_text(found))
    else:
        write_whole(out, plan_to_text(found))
        told_written(out, quiet=quiet)
