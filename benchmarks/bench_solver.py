"""How does solving grow? Compiling and optimising generated universes, each in a process of its own."""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from measure import Run, megabytes, table, unit
from universe import CAPPED, RISKY, Shape, make_question

TOLD = 3
"""The case of which more is told."""

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
        ask = _measure_more if sys.argv[2:] == ["more"] else _measure
        print(json.dumps(ask(CASES[int(sys.argv[1])].shape)))
        return
    rows = []
    before: list[Run] = []
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
    _print_more(before)


def _print_more(before: Sequence[Run]) -> None:
    """Print what is asked of a solved universe, in processor time: each of it once, on the largest usual one."""
    found = _alone(TOLD, "more")
    one = median(run.processor for run in (*before, *unit(3)))
    assert found is not None
    print(f"\nOf {CASES[TOLD].name}, solved ({found['held']:,} projects held):\n")
    rows = [
        [name, f"{found[name]:.2f}", f"{found[name] / one:.1f}"] for name in ("compile again", "holds", "force one")
    ]
    print(table(["what", "s", "units"], rows))


def _alone(i: int, *more: str) -> dict[str, Any] | None:
    """Measure a case in a fresh process, whose memory is its own; None where the patience ended."""
    try:
        done = subprocess.run(
            [sys.executable, __file__, str(i), *more],
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


def _measure_more(shape: Shape) -> dict[str, Any]:
    """Return how long a second compilation takes, whose texts are all parsed, all holds, and one counterfactual."""
    from solver.compile import compile_problem  # noqa: PLC0415 -- only the measuring process pays for them
    from solver.counterfactual import NEWEST, Solver, forced  # noqa: PLC0415
    from solver.decide import decide  # noqa: PLC0415
    from solver.holds import holds  # noqa: PLC0415

    question = make_question(shape)
    gc.disable()
    compile_problem(question)
    start = time.process_time()
    problem = compile_problem(question)
    again = time.process_time() - start
    decision = decide(problem, "fresh")
    start = time.process_time()
    held = holds(decision)
    told = time.process_time() - start
    start = time.process_time()
    forced(decision, held[0].project, NEWEST, Solver(mode="fresh"))
    return {"compile again": again, "holds": told, "held": len(held), "force one": time.process_time() - start}


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
