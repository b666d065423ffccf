"""Where do plans go, and where do they come from? Files that appear whole or not at all, and the terminal."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from coset import terminal
from normalize.errors import OutsideError, UsageError
from report.summary import summary_lines
from solver.plan import Plan
from solver.planjson import plan_from_text, plan_to_text

_CODES = {"": "", "bold": "1", "dim": "2", "good": "32", "warn": "33", "bad": "31"}


def write_plan(plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write ``plan.json`` and ``plan.md`` into the folder, which is made where it is missing; return the files.

    Raises:
        OutsideError: the folder cannot be written.
    """
    from report.markdown import plan_markdown  # noqa: PLC0415 -- jinja2 takes its time, and most answers need none

    texts = {"plan.json": plan_to_text(plan), "plan.md": plan_markdown(plan)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            unfinished = folder / f".{name}.{os.getpid()}"
            unfinished.write_text(text, encoding="utf-8", newline="\n")
            unfinished.replace(folder / name)
    except OSError as error:
        raise OutsideError(
            f"the plan cannot be written to {str(folder)!r}: {error.strerror}",
            hint="name another folder with --out DIR",
        ) from None
    return tuple(folder / name for name in texts)


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        UsageError: there is no such file, or it is no plan.
        OutsideError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no plan {str(path)!r}", hint="write one with 'coset solve --out DIR'") from None
    except UnicodeDecodeError:
        raise UsageError(f"{str(path)!r} is not UTF-8 text", hint="a plan is the plan.json of 'coset solve'") from None
    except OSError as error:
        raise OutsideError(f"{str(path)!r} cannot be read: {error.strerror}") from None
    return plan_from_text(text, path.name)


def print_summary(plan: Plan, files: Sequence[Path]) -> None:
    """Print the summary of a plan on stdout, in colour where that is wanted."""
    colour = terminal.coloured(sys.stdout)
    for line in summary_lines(plan, [str(file) for file in files]):
        for text, style in line:
            code = _CODES[style] if colour else ""
            sys.stdout.write(f"\x1b[{code}m{text}\x1b[0m" if code else text)
        sys.stdout.write("\n")
