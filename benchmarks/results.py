"""What did the benchmarks measure? Runs each of them and writes RESULTS.md."""

import subprocess
import sys
from pathlib import Path

from measure import Runs, machine, unit

HERE = Path(__file__).parent

HEAD = """# What was measured

Written by `make bench`; do not edit. Seconds are wall-clock seconds of one machine, which may have been busy with other
work; what can be compared between machines and days are the units: one unit is `sum(range(5_000_000))` in a fresh
interpreter, measured in turns with everything else.

The machine: {machine}; its unit was {unit:.2f} s at the start ({least:.2f} to {most:.2f} s in {count} runs).
"""


def main() -> None:
    """Run all benchmarks in the order of their names."""
    units = Runs(tuple(unit(5)))
    head = {"unit": units.seconds, "least": units.least, "most": units.most, "count": len(units.runs)}
    sections = [HEAD.format(machine=machine(), **head)]
    for path in sorted(HERE.glob("bench_*.py")):
        print(f"{path.name} ...", file=sys.stderr)
        done = subprocess.run([sys.executable, path], stdout=subprocess.PIPE, text=True, check=True)
        sections.append(done.stdout)
    text = "\n".join(sections)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
