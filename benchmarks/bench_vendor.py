"""What does it take to draw up the accounts of applications? The whole command, on the embedded data."""

import sys
from pathlib import Path

from measure import Run, Runs, megabytes, run, table, unit

COSET = Path(sys.executable).with_name("coset")
ASKED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("tensorflow, ceph and calibre", ("tensorflow", "ceph", "calibre"), "30"),
    ("tensorflow", ("tensorflow",), "-"),
    ("all that are known", (), "-"),
)
"""What is asked for: told so, the names, and the seconds that it may take."""

TIMES = 3


def main() -> None:
    """Print the section of the results."""
    run((COSET, "vendor", "calibre", "--quiet"))  # unpacks the dataset, compiles the modules
    units: list[Run] = []
    found: dict[str, list[Run]] = {told: [] for told, _, _ in ASKED}
    for _ in range(TIMES):
        units += unit()
        for told, names, _ in ASKED:
            found[told].append(run((COSET, "vendor", *names, "--quiet")))
    one = Runs(tuple(units))
    rows = []
    for told, _, goal in ASKED:
        runs = Runs(tuple(found[told]))
        rows.append(
            [
                told,
                str(len(runs.runs)),
                f"{runs.seconds:.2f}",
                f"{runs.least:.2f}",
                f"{runs.processor:.2f}",
                f"{runs.processor / one.processor:.1f}",
                megabytes(runs.memory),
                goal,
            ]
        )
    head = ["`coset vendor`", "runs", "median s", "least s", "processor s", "units", "peak MB", "to be under, s"]
    print("## Applications\n")
    print("Each is a whole process: the set solved with every application, free of its bounds and without it, and the")
    print(f"smallest private set.\n\n{table(head, rows)}")


if __name__ == "__main__":
    main()
