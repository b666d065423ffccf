"""Is every output in a page of the manual real? The commands in its ``console`` blocks, run again in this process.

A line that begins with ``$ coset`` is a command; what follows, up to the next command or the block's end, is what it
prints on stdout. A line ``[...]`` stands for one or more lines that the page leaves out; ``# exit status 1`` says how
it ends, where that is not 0. Run by ``make docs``, which writes what has changed.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
OMITTED = "[...]"
_BLOCK = r"(?s)(?<=```console\n).*?(?=```)"

Run = Callable[[list[str]], tuple[int, str]]
"""Runs coset with arguments; returns its exit status and stdout."""


def pages() -> tuple[Path, ...]:
    """Return the pages that show what commands print."""
    return tuple(path for path in sorted(HERE.rglob("*.md")) if any(map(_shows, _blocks(path))))


def _blocks(path: Path) -> list[str]:
    return re.findall(_BLOCK, path.read_text(encoding="utf-8"))


def _shows(block: str) -> bool:
    """Return whether a block shows any output; one of commands alone may speak of files that the reader has."""
    return any(not line.startswith("$ ") for line in block.splitlines())


def rerun(text: str, run: Run) -> str:
    """Return a page with every output as it is now; one that still fits is kept, with what it leaves out."""
    return re.sub(_BLOCK, lambda found: _block(found[0], run), text)


def _block(block: str, run: Run) -> str:
    if not _shows(block):
        return block
    lines = block.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
    told = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        shown = [line for line in lines[start + 1 : end] if not line.startswith("# exit status")]
        status, output = run(shlex.split(lines[start])[2:])
        now = output.splitlines()
        told += [lines[start], *(shown if _fits(shown, now) else now), *([f"# exit status {status}"] if status else [])]
    return "\n".join(told) + "\n"


def _fits(shown: list[str], now: list[str]) -> bool:
    pattern = "\n".join(re.escape(line) if line != OMITTED else r"(?:.*\n?)*?.*" for line in shown)
    return re.fullmatch(pattern, "\n".join(now)) is not None


def run_coset(arguments: list[str]) -> tuple[int, str]:
    """Run a command in this process."""
    from coset.__main__ import main as coset  # noqa: PLC0415

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        status = coset(arguments)
    return status, printed.getvalue()


def main() -> None:
    """Write every page again, each in a folder of its own."""
    for path in pages():
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            before = path.read_text(encoding="utf-8")
            after = rerun(before, run_coset)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            sys.stderr.write(f"{os.path.relpath(path, HERE)} has changed\n")


if __name__ == "__main__":
    main()
