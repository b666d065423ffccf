"""``coset report``: what does a plan say, in words to paste into a pull request?"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from coset import terminal
from coset.options import Db, Json, Quiet, Verbose
from normalize.errors import OutsideError

COMMENT_LIMIT = 65_536
"""GitHub refuses longer comments (characters)."""


def command(  # noqa: PLR0913 -- the options of a command line
    plan: Annotated[Path, typer.Argument(metavar="PLAN.JSON", help="The plan that coset solve wrote.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the report here instead of on stdout.", show_default=False),
    ] = None,
    db: Db = None,  # noqa: ARG001 -- a plan says everything itself, but every command takes it
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Tell a plan as Markdown: updates, holds with their reasons, ready pythonRelaxDeps lines, vendoring.

    Names, versions and requirements are quoted, so that they cannot become a mention, an issue link or markup. With
    --json the plan itself comes back, checked and in its canonical form.
    """
    from coset.output import read_plan  # noqa: PLC0415
    from report.markdown import plan_markdown  # noqa: PLC0415
    from solver.planjson import plan_to_text  # noqa: PLC0415

    found = read_plan(plan)
    text = plan_to_text(found) if json else plan_markdown(found)
    if out is None:
        sys.stdout.write(text)
    else:
        _write(out, text)
        if verbose:
            terminal.note(f"wrote {len(text):,} characters to {str(out)!r}", quiet=quiet)
    if not json and len(text) > COMMENT_LIMIT:
        terminal.note(
            f"note: the report has {len(text):,} characters; GitHub takes {COMMENT_LIMIT:,} in one comment",
            quiet=quiet,
        )


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise OutsideError(
            f"the report cannot be written to {str(path)!r}: {error.strerror}", hint="name another file with --out FILE"
        ) from None
