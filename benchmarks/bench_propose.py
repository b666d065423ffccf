"""How long does a proposal take, and does it stay local as the set grows? Generated sets, each in its own process."""

import gc
import json
import os
import subprocess
import sys
import time
from statistics import median
from typing import Any

from measure import run, table, unit
from universe import Shape, make_question

SIZES = (1_000, 2_000, 5_000, 10_000)

ASKED = 40
"""So many projects are asked to move to their newest candidate: the most popular of those that can, and as many others
with equal steps between them."""


LEAD = """Each proposal is proven to be the best of all sets though it looks at few projects. Compiling the whole set is
what a solve of all of it starts with. Seconds are the processor's; `nodes` is how many projects and extras the slowest
proposal looked at.
"""


def main() -> None:
    """Print the section of the results; with a number of projects, measure that set and print JSON."""
    if len(sys.argv) > 1:
        print(json.dumps(_measure(int(sys.argv[1]))))
        return
    head = ["generated set", "compile all s", "units", "read current set s", "units"]
    head += ["median s", "units", "worst s", "units", "nodes", "impossible"]
    rows = []
    for size in SIZES:
        before = unit(3)
        done = subprocess.run(
            [sys.executable, __file__, str(size)],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            check=True,
        )
        one = median(each.processor for each in (*before, *unit(3)))
        rows.append(_row(size, json.loads(done.stdout), one))
    print("## Proposing one update\n")
    print(LEAD)
    print(table(head, rows))
    whole = run([sys.executable, "-m", "coset", "propose", "numpy", "--quiet"])
    print(
        f"\n`coset propose numpy` on the embedded data, whole process: {whole.processor:.2f} s of the processor, ",
        end="",
    )
    print(f"{whole.processor / median(each.processor for each in unit(3)):.1f} units.")


def _measure(size: int) -> dict[str, Any]:
    from solver.compile import compile_problem  # noqa: PLC0415 -- only the measuring process pays for them
    from solver.edges import NO_EXTRA  # noqa: PLC0415
    from solver.neighbourhood import Neighbourhood  # noqa: PLC0415
    from solver.proposal import proposed  # noqa: PLC0415
    from solver.request import meant  # noqa: PLC0415
    from solver.statusquo import StatusQuo  # noqa: PLC0415

    question = make_question(Shape(projects=size))
    gc.disable()  # as the commands do
    start = time.process_time()
    quo = StatusQuo(question)
    read = time.process_time() - start
    movable = [
        project
        for project, attribute in question.members.items()
        if quo.ledger.domain(project, attribute).values[-1] is not quo.value((project, NO_EXTRA))
    ]
    movable.sort(key=lambda project: (-quo.dependents(project), project))
    asked = [*movable[: ASKED // 2], *movable[ASKED // 2 :: max(1, 2 * len(movable) // ASKED)]]
    times = []
    for project in asked:
        start = time.process_time()
        found = proposed(quo, (project,))
        times.append((time.process_time() - start, project, found.outcome))
    worst = max(times)
    hood = Neighbourhood(quo, (meant(quo, worst[1]),))
    hood.settle()
    start = time.process_time()
    compile_problem(question)
    return {
        "compile": time.process_time() - start,
        "read": read,
        "median": median(each[0] for each in times),
        "worst": worst[0],
        "nodes": len(hood.values),
        "impossible": sum(each[2] == "impossible" for each in times),
        "asked": len(times),
    }


def _row(size: int, found: dict[str, Any], one: float) -> list[str]:
    pairs = [found[name] for name in ("compile", "read", "median", "worst")]
    numbers = [text for seconds in pairs for text in (f"{seconds:.2f}", f"{seconds / one:.2f}")]
    return [f"{size:,} projects", *numbers, str(found["nodes"]), f"{found['impossible']} of {found['asked']}"]


if __name__ == "__main__":
    main()
