"""What did the benchmarks measure? Runs each of them, or those that are named, and writes RESULTS.md.

Each section is written as soon as it is there, with the command that gives it again, so that an interrupt loses only
the one that is being measured. ``--full`` goes on to those that have a longer form.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import growth
from measure import machine

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"

HEAD = """# What was measured

Written by `make bench`; do not edit. Seconds are those of one machine, which may have been busy with other work: then
the seconds of the processor say more than those on the wall, and the least of several runs more than the median. What
can be compared between machines and days are the units: the processor's seconds (the median) divided by those that
`sum(range(5_000_000))` takes in a fresh interpreter, measured in turns with everything else.
"""

LONGER = ("bench_crawl", "bench_dataset")
"""Those that have a form of a million files or releases."""

_SECTION = re.compile(r"<!-- (bench_\w+) -->\n(.*?)(?=<!-- bench_|\Z)", re.DOTALL)


def main() -> None:
    """Run the benchmarks in the order of their names; one that fails is told, and the others run."""
    full = "--full" in sys.argv[1:]
    asked = [f"bench_{word}" for word in sys.argv[1:] if word != "--full"] or benchmarks()
    failed = []
    for name in asked:
        print(f"{name} ...", file=sys.stderr)
        before = machine()
        options = ["--full"] if full and name in LONGER else []
        command = [sys.executable, HERE / f"{name}.py", *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            failed.append(name)
        if done.stdout:
            again = " ".join(["python benchmarks/results.py", *options, name.removeprefix("bench_")])
            keep(RESULTS, name, f"{done.stdout.strip()}\n\nMeasured by `{again}` on: {before}.\n", benchmarks())
        if name == "bench_solver" and not done.returncode:
            growth.main()
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def benchmarks() -> list[str]:
    """Return the names of the benchmarks that are there now, sorted."""
    return sorted(path.stem for path in HERE.glob("bench_*.py"))


def keep(path: Path, name: str, text: str, known: Sequence[str]) -> None:
    """Write a section in the place of its former self; the others stay as they are in the file now.

    Args:
        path: of the results.
        name: of the benchmark.
        text: its section.
        known: the benchmarks that are there now; sections of others go. A run takes long, and more may have come.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = {**dict(_SECTION.findall(before)), name: f"{text}\n"}
    parts = [f"<!-- {one} -->\n{sections[one].rstrip()}\n" for one in sorted({*known, name}) if one in sections]
    path.write_text("\n".join([HEAD, *parts]), encoding="utf-8")


if __name__ == "__main__":
    main()
