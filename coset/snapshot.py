"""What does nixpkgs hold now? ``coset snapshot`` writes the current set that ``coset solve`` starts from."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from coset import terminal
from coset.declarations import Argument, Option
from coset.options import Json, Quiet, Verbose
from normalize.errors import OutsideError, UsageError

_SHOWN = 20

By = Literal["auto", "evaluation", "parse", "channel"]


def command(  # noqa: PLR0913 -- what the command line offers
    nixpkgs: Annotated[
        Path,
        Argument(metavar="NIXPKGS", help="A checkout, or a channel's packages.json or packages.json.br."),
    ],
    *,
    by: Annotated[
        By,
        Option(
            help="How to read it: one evaluation by Nix; a parse of its files; a channel's list. "
            "Default: what there is, in this order."
        ),
    ] = "auto",
    target: Annotated[
        list[str] | None,
        Option(metavar="'3.13 x86_64-linux'", help="An interpreter and a system; can be given several times."),
    ] = None,
    compare: Annotated[
        bool, Option("--compare", help="Read a checkout in both ways, and list where they disagree.")
    ] = False,
    out: Annotated[Path | None, Option(metavar="FILE", help="Where to write it. Default: stdout.")] = None,
    revision: Annotated[
        str | None, Option(metavar="TEXT", help="The commit. Default: what git says.", show_default=False)
    ] = None,
    date: Annotated[
        str | None,
        Option(
            metavar="DAY",
            help="Its day. Default: what git says, else when its main file was last changed.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Read the current set from nixpkgs, and write it as nixpkgs.json.

    An evaluation knows computed values, and takes minutes and some gigabytes for all of nixpkgs; a parse takes seconds
    and needs no Nix; what it cannot know is marked unknown. A channel's list has names and versions only.

    Without git nothing tells the day, and a copy of the same files may get another one: a note says so, and --date
    names it.

    With --out, stdout has a summary (--json: as JSON); else it has nixpkgs.json itself.
    Exit status 1: with --compare, the two ways disagree.
    """
    from coset.days import first_moment  # noqa: PLC0415
    from coset.snapshotting import read_snapshot, snapshot_text, summary_of  # noqa: PLC0415
    from normalize.targets import DEFAULT_TARGETS, parse_target  # noqa: PLC0415

    targets = tuple(dict.fromkeys(parse_target(text) for text in target or ())) or DEFAULT_TARGETS
    if date is not None:
        first_moment(date)
    if out is not None and out.is_dir():
        raise UsageError(f"{str(out)!r} is a folder", hint="name a file with --out FILE")
    with terminal.progress(quiet=quiet) as show:
        snapshot = read_snapshot(nixpkgs, by, targets, compare=compare, named=(revision, date), show=show)
    text = snapshot_text(snapshot.current)
    if out is None:
        sys.stdout.write(text)
    else:
        _write(out, text)
    problems = snapshot.problems
    for line in problems if verbose else problems[:_SHOWN]:
        terminal.note(f"note: {line}", quiet=quiet)
    if len(problems) > _SHOWN and not verbose:
        terminal.note(f"note: and {len(problems) - _SHOWN} more; --verbose shows all", quiet=quiet)
    for one in snapshot.differences:
        terminal.note(
            f"differs: {one.attribute}: {one.field}: evaluation {one.one!r}, parse {one.other!r}",
            quiet=quiet and not compare,
        )
    summary, lines = summary_of(snapshot)
    if out is not None and json:
        terminal.print_json(summary)
    elif out is not None:
        for line in lines:
            terminal.print_line(line)
    else:
        for line in lines:
            terminal.note(line, quiet=quiet)
    return 1 if snapshot.differences else 0


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise OutsideError(
            f"the current set cannot be written to {str(path)!r}: {error.strerror}",
            hint="name another file with --out FILE",
        ) from None
