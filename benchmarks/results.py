"""What did the benchmarks measure? Runs each of them, or those that are named, and writes RESULTS.md.

Each section is written as soon as it is there, so that an interrupt loses only the one that is being measured.
"""

import re
import subprocess
import sys
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

_SECTION = re.compile(r"<!-- (bench_\w+) -->\n(.*?)(?=<!-- bench_|\Z)", re.DOTALL)


def main() -> None:
    """Run the benchmarks in the order of their names; one that fails is told, and the others run."""
    known = sorted(path.stem for path in HERE.glob("bench_*.py"))
    asked = [f"bench_{name}" for name in sys.argv[1:]] or known
    failed = []
    for name in asked:
        print(f"{name} ...", file=sys.stderr)
        before = machine()
        done = subprocess.run([sys.executable, HERE / f"{name}.py"], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            failed.append(name)
        if done.stdout:
            _keep(name, f"{done.stdout.strip()}\n\nMeasured on: {before}.\n", known)
        if name == "bench_solver" and not done.returncode:
            growth.main()
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _keep(name: str, text: str, known: list[str]) -> None:
    """Write a section in the place of its former self; sections of benchmarks that are gone go too."""
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = {**dict(_SECTION.findall(before)), name: f"{text}\n"}
    parts = [f"<!-- {one} -->\n{sections[one].rstrip()}\n" for one in known if one in sections]
    RESULTS.write_text("\n".join([HEAD, *parts]), encoding="utf-8")


if __name__ == "__main__":
    main()
