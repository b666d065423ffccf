"""Where do plans go, and where do they come from? Files that appear whole or not at all, and the terminal."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from coset import terminal
from coset.givenfiles import A_PLAN, kind_of, plan_in, read_given
from normalize.errors import OutsideError, UsageError
from report.parts import Document, numbered, whole
from report.summary import summary_lines
from solver.plan import Plan
from solver.planjson import plan_from_text, plan_to_text

_CODES = {"": "", "bold": "1", "dim": "2", "good": "32", "warn": "33", "bad": "31"}


def write_plan(plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write ``plan.json`` and ``plan.md`` into the folder, which is made where it is missing; return the files.

    A report that is too long for one comment becomes ``plan.1.md``, ``plan.2.md`` and so on.

    Raises:
        OutsideError: the folder cannot be written.
    """
    from report.markdown import plan_parts  # noqa: PLC0415 -- most answers need none

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritten(folder, error) from None
    plain = folder / "plan.json"
    write_whole(plain, plan_to_text(plan))
    return plain, *write_parts(plan_parts(plan), folder / "plan.md")


def write_parts(parts: Sequence[str], path: Path) -> tuple[Path, ...]:
    """Write a report, or its parts numbered before the suffix; return the files.

    Files of an earlier report of more or fewer parts are taken away, so that nobody pastes them.

    Raises:
        OutsideError: a file cannot be written.
    """
    if len(parts) == 1:
        files: tuple[Path, ...] = (path,)
    else:
        files = tuple(path.with_suffix(f".{i}{path.suffix}") for i in range(1, len(parts) + 1))
    for file, text in zip(files, parts, strict=True):
        write_whole(file, text)
    try:
        for file in _earlier(path, len(parts)):
            with file.open(encoding="utf-8", errors="replace") as stream:
                ours = stream.readline().rstrip("\n") == parts[0].partition("\n")[0]
            if ours:
                file.unlink()
    except OSError as error:
        raise _unwritten(path, error) from None
    return files


def _earlier(path: Path, number: int) -> Iterator[Path]:
    """Yield the files of reports of another number of parts."""
    if number > 1 and path.is_file():
        yield path
    i = number + 1 if number > 1 else 1
    while (file := path.with_suffix(f".{i}{path.suffix}")).is_file():
        yield file
        i += 1


def tell_parts(report: Document, *, out: Path | None, part: int | None, quiet: bool, verbose: bool) -> None:
    """Write a report into files, or print it, or one part of it, with a word where it is too long for one comment.

    Raises:
        UsageError: there is no such part.
        OutsideError: a file cannot be written.
    """
    if out is None:
        print_parts(report, part, quiet=quiet, out="--out FILE")
        return
    parts = numbered(report)
    _part(parts, part)
    for file, text in zip(write_parts(parts, out), parts, strict=True):
        told_written(file, f", {len(text):,} characters" if verbose else "", quiet=quiet)


def print_parts(report: Document, part: int | None, *, quiet: bool, out: str = "") -> None:
    """Print a report, or one part of it, with a word where it is too long for one comment.

    Args:
        report: what to print.
        part: its number, from 1; None for the whole.
        quiet: whether to be silent about the length.
        out: the option that writes all parts, where there is one.

    Raises:
        UsageError: there is no such part.
    """
    parts = numbered(report)
    text = whole(report) if part is None and len(parts) > 1 else _part(parts, part)
    sys.stdout.write(text)
    if part is None and len(parts) > 1:
        terminal.note(
            f"note: the report has {len(text):,} characters, too many for one comment on GitHub; "
            f"--part 1 to --part {len(parts)} print what fits" + (f", and {out} writes all parts" if out else ""),
            quiet=quiet,
        )


def _part(parts: Sequence[str], part: int | None) -> str:
    if part is not None and part > len(parts):
        raise UsageError(f"there is no part {part}; the report has {len(parts)}")
    return parts[(part or 1) - 1]


def told_written(path: Path, more: str = "", *, quiet: bool) -> None:
    """Say on stderr where something was written."""
    terminal.note(f"written: {path}{more}", quiet=quiet)


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all.

    Raises:
        OutsideError: it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> OutsideError:
    return OutsideError(f"{str(path)!r} cannot be written: {error.strerror}", hint="name another place")


def read_plan(path: Path) -> Plan:
    """Read a plan; a folder that ``coset solve --out`` wrote stands for the plan in it.

    Raises:
        UsageError: there is no such file, or it is no plan.
        OutsideError: the file cannot be read.
    """
    path = plan_in(path)
    text = read_given(path, "write one with 'coset solve --out DIR', and name its plan.json", what="plan")
    try:
        return plan_from_text(text, str(path))
    except UsageError as error:
        if _kind(text) != "snapshot":
            raise UsageError(error.sentence, hint=error.hint or A_PLAN) from None
    raise UsageError(
        f"{str(path)!r} is a snapshot (a current set), not a plan",
        hint="'coset solve --nixpkgs FILE --out DIR' makes a plan of it",
    )


def _kind(text: str) -> str | None:
    try:
        return kind_of(json.loads(text))
    except (ValueError, RecursionError):
        return None


def print_summary(plan: Plan, files: Sequence[Path]) -> None:
    """Print the summary of a plan on stdout, in colour where that is wanted."""
    colour = terminal.coloured(sys.stdout)
    for line in summary_lines(plan, [str(file) for file in files]):
        for text, style in line:
            code = _CODES[style] if colour else ""
            sys.stdout.write(f"\x1b[{code}m{text}\x1b[0m" if code else text)
        sys.stdout.write("\n")
