"""Which options do several commands take?"""

from pathlib import Path
from typing import Annotated

from coset.declarations import Option

Before = Annotated[
    str | None,
    Option("--before", metavar="DAY", help="Only releases uploaded before this day are candidates."),
]
BuildRequirements = Annotated[
    bool,
    Option(
        "--build-requirements",
        help="What releases need to be built counts as well, where the dataset knows it.",
        show_default=False,
    ),
]
Db = Annotated[
    Path | None,
    Option("--db", metavar="FILE", help="The dataset. Default: the embedded one.", show_default=False),
]
Engine = Annotated[
    str,
    Option(
        metavar="NAME",
        help="How the SAT solver is asked: incremental keeps what was learned, documented uses pycosat's documented "
        "interface alone; auto takes the first where it is there.",
    ),
]
Json = Annotated[bool, Option("--json", help="Print machine-readable JSON on stdout.")]
Markdown = Annotated[bool, Option("--markdown", help="Print Markdown, for an issue or a pull request.")]
Nixpkgs = Annotated[
    Path | None,
    Option("--nixpkgs", metavar="FILE", help="The current set. Default: the embedded one.", show_default=False),
]
Part = Annotated[
    int | None,
    Option(
        "--part",
        min=1,
        metavar="N",
        help="Print this part of Markdown that is too long for one comment on GitHub.",
        show_default=False,
    ),
]
PolicyFile = Annotated[
    Path | None,
    Option("--policy", metavar="FILE", help="The policy. Default: the embedded one.", show_default=False),
]
Quiet = Annotated[bool, Option("--quiet", "-q", help="Print no progress and no notes.")]
Targets = Annotated[
    list[str] | None,
    Option(
        "--target",
        metavar="TARGET",
        help="An interpreter and a system, such as '3.13 x86_64-linux'; may be repeated. "
        "Default: 3.13 and 3.14 on x86_64-linux, aarch64-linux and aarch64-darwin.",
        show_default=False,
    ),
]
Verbose = Annotated[bool, Option("--verbose", "-v", help="Print more about what is being done.")]
