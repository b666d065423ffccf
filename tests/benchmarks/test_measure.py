"""Do the benchmarks measure what they say?"""

import subprocess
import sys

import bench_solver
import measure
import pytest
from measure import Run, Runs, run, table
from universe import Shape

MEMORY = """
import runpy, sys
run = runpy.run_path(sys.argv[1])["run"]
for work in "pass", "b'x' * 40_000_000":
    print(run((sys.executable, "-I", "-S", "-c", work)).memory)
"""


def test_the_memory_of_a_run_is_its_own():
    command = [sys.executable, "-c", MEMORY, measure.__file__]  # a process as small as the benchmarks themselves
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60)
    small, large = map(int, done.stdout.split())
    assert small < 50_000_000
    assert large - small > 15_000_000


def test_a_run_takes_its_time():
    found = run((sys.executable, "-I", "-S", "-c", ""))
    assert found.processor > 0
    assert 0 < found.seconds < 60


def test_what_fails_is_not_measured():
    with pytest.raises(RuntimeError, match=r"^status 3: "):
        run((sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"))


def test_several_runs_are_told_by_their_median_their_least_and_their_peak():
    runs = Runs((Run(3.0, 1.5, 10), Run(1.0, 0.5, 30), Run(2.0, 1.0, 20)))
    assert (runs.least, runs.seconds, runs.processor, runs.memory) == (1.0, 2.0, 1.0, 30)


def test_tables_are_markdown():
    assert table(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | --: |\n| x | 1 |"


def test_a_universe_is_measured_and_one_that_takes_too_long_says_so():
    found = bench_solver._measure(Shape(projects=30))
    assert found["status"] == "optimal"
    assert found["memory"] == sorted(found["memory"])
    row = bench_solver._row("30 projects", found, 0.5)
    assert float(row[4]) == pytest.approx(found["compile"] / 0.5, abs=0.1)
    assert bench_solver._row("30 projects", None, 0.5)[-1] == "not within 200 s"
    assert len(row) == len(bench_solver._row("30 projects", None, 0.5))
