"""How does solving grow? Compiling and optimising generated universes, each in a process of its own."""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from measure import megabytes, table, unit
from universe import CAPPED, RISKY, Shape, make_question

PATIENCE = 200
"""Seconds after which a universe counts as not solved, so that a slow solver does not become a hanging benchmark."""


@dataclass(frozen=True, slots=True)
class Case:
    """One universe and how the results call it."""

    name: str
    shape: Shape


CASES = (
    *(Case(f"{n:,} projects", Shape(projects=n)) for n in (1_000, 2_000, 5_000, 10_000, 20_000)),
    Case(
        "300 projects, pins and risky caps in a third of the requirements",
        Shape(projects=300, requirements=8, candidates=15, styles=RISKY),
    ),
    Case(
        "10,000 projects, 25 % caps, 10 dependencies, 20 candidates, 20 % hard caps",
        Shape(projects=10_000, requirements=10, candidates=20, styles=CAPPED, hard=0.2),
    ),
    Case(
        "10,000 projects, 15 % pinners, 150 families in lockstep, 20 candidates, 20 % hard caps",
        Shape(projects=10_000, candidates=20, pinners=0.15, families=150, hard=0.2),
    ),
)


def main() -> None:
    """Print the section of the results; with the number of a case, measure that one and print JSON."""
    if len(sys.argv) > 1:
        print(json.dumps(_measure(CASES[int(sys.argv[1])].shape)))
        return
    rows = []
    for i, case in enumerate(CASES):
        before = unit(3)
        found = _alone(i)
        one = median(run.processor for run in (*before, *unit(3)))
        rows.append(_row(case.name, found, one))
    head = ["generated universe", "candidates", "requirements", "compile s", "units", "optimise s", "units"]
    head += ["peak MB: generated", "compiled", "optimised", "nodes", "searched", "status"]
    print("## Solving generated universes, mode fresh\n")
    print(table(head, rows))
    print("\n![Seconds and megabytes by the number of projects](growth.svg)")


def _alone(i: int) -> dict[str, Any] | None:
    """Measure a case in a fresh process, whose memory is its own; None where the patience ended."""
    try:
        done = subprocess.run(
            [sys.executable, __file__, str(i)],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _measure(shape: Shape) -> dict[str, Any]:
    from solver.compile import compile_problem  # noqa: PLC0415 -- only the measuring process pays for them
    from solver.decide import decide  # noqa: PLC0415

    question = make_question(shape)
    generated = _peak()
    known = [release for found in question.releases.values() for release in found if release.requires is not None]
    gc.disable()  # as the commands do
    start = time.process_time()
    problem = compile_problem(question)
    compiled, compiled_peak = time.process_time() - start, _peak()
    start = time.process_time()
    decision = decide(problem, "fresh")
    optimised = time.process_time() - start
    return {
        "candidates": len(known),
        "requirements": sum(len(release.requires or ()) for release in known),
        "compile": compiled,
        "optimise": optimised,
        "memory": [generated, compiled_peak, _peak()],
        "nodes": len(problem.values),
        "searched": decision.searched,
        "status": "conflict" if decision.broken else "optimal" if decision.proven else "feasible",
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _row(name: str, found: dict[str, Any] | None, one: float) -> list[str]:
    if found is None:
        return [name, *["-"] * 11, f"not within {PATIENCE} s"]
    return [
        name,
        f"{found['candidates']:,}",
        f"{found['requirements']:,}",
        f"{found['compile']:.2f}",
        f"{found['compile'] / one:.1f}",
        f"{found['optimise']:.2f}",
        f"{found['optimise'] / one:.1f}",
        *map(megabytes, found["memory"]),
        f"{found['nodes']:,}",
        f"{found['searched']:,}",
        found["status"],
    ]


if __name__ == "__main__":
    main()
