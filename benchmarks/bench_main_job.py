"""How long does a user wait? Whole processes on the embedded dataset, in seconds and in units of the machine."""

import os
import sys
import tempfile
from pathlib import Path

from measure import Run, Runs, megabytes, run, table, unit

COSET = Path(sys.executable).with_name("coset")


def main() -> None:
    """Print the section of the results."""
    with tempfile.TemporaryDirectory() as folder:
        print(_section(_measure(Path(folder))))


def _measure(folder: Path) -> dict[str, Runs]:
    """Run everything in turns, so that a machine that becomes slower does so for all."""
    out = folder / "out"
    solve, verify = (COSET, "solve", "--out", out), (COSET, "verify", out / "plan.json")
    warm = _with_cache(folder / "warm")
    run(solve, warm)  # unpacks the dataset, compiles the modules, writes the plan to verify
    found: dict[str, list[Run]] = {"unit": [], "help": [], "solve": [], "verify": [], "first": []}
    for turn in range(9):
        found["unit"] += unit()
        found["help"].append(run((COSET, "--help")))
        if turn < 5:
            found["solve"].append(run(solve, warm))
        if turn < 3:
            found["verify"].append(run(verify, warm))
            found["first"].append(run(solve, _with_cache(folder / f"empty-{turn}")))
    return {name: Runs(tuple(runs)) for name, runs in found.items()}


def _with_cache(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_CACHE_HOME": str(folder)}


def _section(found: dict[str, Runs]) -> str:
    one = found["unit"]
    told = {
        "unit": ("the unit", "-"),
        "help": ("`coset --help`", "0.4"),
        "solve": ("`coset solve --out out`, warm cache", "3"),
        "verify": ("`coset verify out/plan.json`", "-"),
        "first": ("`coset solve --out out`, empty cache: unpacks the dataset", "-"),
    }
    rows = [
        [
            what,
            str(len(found[name].runs)),
            f"{found[name].seconds:.2f}",
            f"{found[name].least:.2f}",
            f"{found[name].processor:.2f}",
            f"{found[name].processor / one.processor:.1f}",
            megabytes(found[name].memory),
            goal,
        ]
        for name, (what, goal) in told.items()
    ]
    head = ["whole process", "runs", "median s", "least s", "processor s", "units", "peak MB", "to be under, s"]
    return f"## The main job, on the embedded dataset\n\n{table(head, rows)}"


if __name__ == "__main__":
    main()
