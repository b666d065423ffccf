"""How does anything reach the terminal? Harmless text, colour only where it is wanted, JSON, errors, progress."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TextIO

from normalize.errors import CosetError

_NARROW = 40
"""Below so many columns bent lines are harder to read than those that the terminal cuts itself."""


def harmless(text: str) -> str:
    r"""Return the text with everything that could steer a terminal or reorder a line made visible.

    Control characters, escape sequences, bidirectional controls, line ends, lone surrogates and other unprintable
    characters become backslash escapes; printable text of any script stays.

    >>> harmless("numpy\x1b[2J\u202egnp")
    'numpy\\x1b[2J\\u202egnp'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


def coloured(stream: TextIO) -> bool:
    """Return whether colour is wanted on the stream: a capable terminal, and no ``NO_COLOR``."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def bent(line: str, stream: TextIO) -> str:
    """Return a line as the stream should show it: what reads a pipe gets lines whole, a person gets them bent.

    What follows the first row is indented below it, so that lists and columns can still be told apart.
    """
    if not stream.isatty():
        return line
    import shutil  # noqa: PLC0415 -- what reads a pipe does without them
    import textwrap  # noqa: PLC0415

    width = shutil.get_terminal_size().columns
    if len(line) <= width or width < _NARROW:
        return line
    indent = " " * (len(line) - len(line.lstrip(" ")) + 4)
    rows = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(rows)


def print_json(data: Any) -> None:
    """Print one JSON document on stdout: ASCII only, indented, in the order that the caller gives."""
    import json  # noqa: PLC0415 - the help does without it

    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False) + "\n")


def print_line(text: str = "") -> None:
    """Print one line of the result on stdout, made harmless; on a terminal it is bent at words to fit the width."""
    sys.stdout.write(bent(harmless(text), sys.stdout) + "\n")


def note(text: str, *, quiet: bool = False) -> None:
    """Print one line about the work on stderr, made harmless; nothing where the user asked for quiet."""
    if not quiet:
        _tell(bent(harmless(text), sys.stderr))


def print_error(error: CosetError) -> None:
    """Print the error and its hint on stderr, made harmless."""
    red, plain = ("\x1b[31m", "\x1b[0m") if coloured(sys.stderr) else ("", "")
    # a sentence may hold several lines where several problems are reported together
    first, *others = error.sentence.split("\n")
    _tell(f"{red}error:{plain} {harmless(first)}")
    for line in others:
        _tell(f"  {harmless(line)}")
    if error.hint:
        _tell(f"  hint: {harmless(error.hint)}")


def _tell(line: str) -> None:
    """Write a line on stderr; where that cannot be written, the result and the exit status still count."""
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")


class Progress(Protocol):
    """What long work tells about itself."""

    def __call__(self, text: str, done: int = 0, total: int | None = None, /) -> None:
        """Say what is being done, and how much of it."""


def no_progress(_text: str, _done: int = 0, _total: int | None = None, /) -> None:
    """Show nothing."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Yield the display of long work: a line on stderr where that is a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as Display  # noqa: PLC0415

    display = Display(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True, no_color=not coloured(sys.stderr)),
        transient=True,
    )
    with display:
        task = display.add_task("", total=None, count="")

        def show(text: str, done: int = 0, total: int | None = None, /) -> None:
            count = "" if total is None else f"{done:,} of {total:,}"
            display.update(task, description=harmless(text), completed=done, total=total, count=count)

        yield show
