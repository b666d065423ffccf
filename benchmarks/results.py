"""What did the benchmarks measure? Runs each of them and writes RESULTS.md."""

import subprocess
import sys
from pathlib import Path

from measure import machine

HERE = Path(__file__).parent

HEAD = """# What was measured

Written by `make bench`; do not edit. Seconds are those of one machine, which may have been busy with other work: then
the seconds of the processor say more than those on the wall, and the least of several runs more than the median. What
can be compared between machines and days are the units: the processor's seconds (the median) divided by those that
`sum(range(5_000_000))` takes in a fresh interpreter, measured in turns with everything else.

The machine: {machine}.
"""


def main() -> None:
    """Run all benchmarks in the order of their names."""
    sections = [HEAD.format(machine=machine())]
    for path in sorted(HERE.glob("bench_*.py")):
        print(f"{path.name} ...", file=sys.stderr)
        done = subprocess.run([sys.executable, path], stdout=subprocess.PIPE, text=True, check=True)
        sections.append(done.stdout)
    text = "\n".join(sections)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
