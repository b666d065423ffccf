"""Which options do several commands take?"""

from pathlib import Path
from typing import Annotated

import typer

Db = Annotated[
    Path | None,
    typer.Option("--db", metavar="FILE", help="The dataset. Default: the embedded one.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON on stdout.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown, for an issue or a pull request.")]
Part = Annotated[
    int | None,
    typer.Option(
        "--part",
        min=1,
        metavar="N",
        help="Print this part of Markdown that is too long for one comment on GitHub.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress and no notes.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print more about what is being done.")]
