"""How long does it take to try every available update, against what one proposal takes?

The bound is 2 x (updates x median proposal) / workers. A proposal is measured as its user has it, once the inputs are
read: the current set read, and the update proposed. Within a sweep the current set is read once, so that a proposal
takes far less; the bound by that is shown as well. The seconds of a sweep are those from its inputs to its last
result, with the start of its workers. All are measured in turns, several times, and the least counts.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import table

from coset import sweeptask
from coset.crews import Here, Pool
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs
from coset.sweepjournal import Journal
from coset.sweeptask import Assignment
from coset.workers import Crew, finished
from solver.ease import Update, available, effect
from solver.question import Question
from solver.scope import ANYWHERE
from solver.statusquo import StatusQuo

TIMES = 3
WORKERS = 2
SAMPLE = 10
"""Every so many-th update is proposed alone."""


def main() -> None:
    """Measure and print a table."""
    with uncollected():  # as the command does it: processes that are forked share what was read
        question = read_inputs(Places()).question()
        updates = available(StatusQuo(question))
    found: dict[str, list[float]] = {"alone": [], "within": [], "1": [], "2": []}
    for i in range(TIMES):
        print(f"round {i + 1} of {TIMES}", file=sys.stderr)
        found["alone"].append(median(_alone(question, update) for update in updates[::SAMPLE]))
        quo = StatusQuo(question)
        found["within"].append(median(_timed(quo, update) for update in updates))
        found["1"].append(_swept(question, updates, Here()))
        found[str(WORKERS)].append(_swept(question, updates, Pool(WORKERS, sweeptask.begin_process, "bench", bytes)))
    least = {name: min(times) for name, times in found.items()}
    print(f"## Every update of the embedded data\n\n{len(updates)} updates.\n")
    rows = []
    for name, workers in (("this process alone", 1), (f"{WORKERS} processes", WORKERS)):
        seconds = least[str(workers)]
        row = [name, f"{seconds:.2f} s"]
        for kind in ("alone", "within"):
            bound = 2 * len(updates) * least[kind] / workers
            row += [f"{bound:.2f} s", f"{seconds / bound:.2f}"]
        rows.append(row)
    alone, within = (f"by a proposal of {least[kind] * 1000:.0f} ms {kind}" for kind in ("alone", "within"))
    print(table(("workers", "seconds", f"at most, {alone}", "share", f"at most, {within}", "share"), rows))


def _timed(quo: StatusQuo, update: Update) -> float:
    start = time.perf_counter()
    effect(quo, update)
    return time.perf_counter() - start


def _alone(question: Question, update: Update) -> float:
    start = time.perf_counter()
    effect(StatusQuo(question), update)
    return time.perf_counter() - start


def _swept(question: Question, updates: tuple[Update, ...], crew: Crew) -> float:
    """Sweep as the command does; the processes of a pool are forked from this one, and have its state."""
    start = time.perf_counter()
    sweeptask.begin("bench", Assignment(question, ANYWHERE, "auto"), StatusQuo(question))
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "journal.jsonl", "bench") as journal, crew:
        for update, result in finished(crew, sweeptask.answer, updates, "bench"):
            journal.keep(update.project, result)
    sweeptask.forget("bench")
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
