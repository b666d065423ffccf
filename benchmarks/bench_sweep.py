"""How long does it take to try every available update, against what one proposal takes?

The bound is 2 x (updates x median proposal) / workers. It speaks of the sweep without reading its inputs: from the
current set as it was read to the batches, with the start of workers and the journal. A proposal is measured in two
ways: alone, as its user has it once the inputs are read (the current set read, and the update proposed), and within a
sweep, which reads the current set once. Shares are of processor seconds, per worker; on a machine that has much else to
do the seconds that pass tell little. All are measured in turns, several times, and the least counts.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from measure import table

from coset import sweeptask
from coset.crews import Here, Pool
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs
from coset.payoff import Trial
from coset.sweepjournal import Journal
from coset.sweeptask import Assignment
from coset.workers import Crew, finished
from solver.batches import batches
from solver.ease import Update, available, effect
from solver.effectjson import effect_from_json
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
    parts: dict[str, list[float]] = {"reading": [], "proposals": [], "batches": []}
    medians: dict[str, list[float]] = {"alone": [], "within": []}
    swept: dict[str, list[tuple[float, float]]] = {"pays": [], "one": [], "several": []}
    for i in range(TIMES):
        print(f"round {i + 1} of {TIMES}", file=sys.stderr)
        alone = [_processor(partial(_alone, question, update)) for update in updates[::SAMPLE]]
        medians["alone"].append(median(alone))
        quo = StatusQuo(question)
        parts["reading"].append(_processor(partial(StatusQuo, question)))
        within = [_processor(partial(effect, quo, update)) for update in updates]
        medians["within"].append(median(within))
        parts["proposals"].append(sum(within))
        effects = [effect(quo, update) for update in updates]
        parts["batches"].append(_processor(partial(batches, effects)))
        pool = Pool(WORKERS, sweeptask.begin_process, "bench", bytes)
        swept["pays"].append(_swept(question, updates, None))
        swept["one"].append(_swept(question, updates, Here()))
        swept["several"].append(_swept(question, updates, pool))
    proposal = {name: min(times) for name, times in medians.items()}
    rows = []
    for name, told, workers in (
        ("pays", "as many as pay off (the default): this process", 1),
        ("one", "this process (`--workers 1`)", 1),
        ("several", f"{WORKERS} processes (`--workers {WORKERS}`)", WORKERS),
    ):
        busy = min(one for _, one in swept[name])
        row = [told, f"{min(one for one, _ in swept[name]):.2f} s", f"{busy:.2f} s"]
        for kind in ("alone", "within"):
            bound = 2 * len(updates) * proposal[kind] / workers
            row += [f"{bound:.2f} s", f"{busy / workers / bound:.2f}"]
        rows.append(row)
    by = {name: f"by a proposal of {seconds * 1000:.0f} ms {name}" for name, seconds in proposal.items()}
    head = ("workers", "seconds", "processor", f"at most, {by['alone']}", "share", f"at most, {by['within']}", "share")
    least = {name: min(times) for name, times in parts.items()}
    print(
        f"## Every update of the embedded data\n\n{len(updates)} updates. Counted from the current set as it was read"
    )
    print("to the batches, with the start of workers and the journal; a share is of processor seconds, per worker.")
    print(
        f"Of one process's time, the proposals take {least['proposals']:.2f} s, the batches {least['batches']:.2f} s;"
    )
    print(f"reading the current set before takes {least['reading']:.2f} s.\n\n{table(head, rows)}")


def _alone(question: Question, update: Update) -> None:
    effect(StatusQuo(question), update)


def _processor(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _all_processors() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _swept(question: Question, updates: tuple[Update, ...], crew: Crew | None) -> tuple[float, float]:
    """Sweep as the command does, and return the seconds and the processor seconds.

    The processes of a pool are forked from this one, and have its state. Without a crew, workers would come once they
    pay off, which has to be never for this benchmark to tell the truth.
    """
    quo = StatusQuo(question)
    start, busy = time.perf_counter(), _all_processors()
    sweeptask.begin("bench", Assignment(question, ANYWHERE, "auto"), quo)
    effects = []
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "journal.jsonl", "bench") as journal:
        if crew is None:
            trial = Trial(partial(sweeptask.answer, "bench"))
            for update, result in trial.done(updates):
                journal.keep(update.project, result)
                effects.append(effect_from_json(result, update.project))
            assert len(effects) == len(updates), "workers would pay off"
        else:
            with crew:
                for update, result in finished(crew, sweeptask.answer, updates, "bench"):
                    journal.keep(update.project, result)
                    effects.append(effect_from_json(result, update.project))
        batches(effects)
    sweeptask.forget("bench")
    return time.perf_counter() - start, _all_processors() - busy


if __name__ == "__main__":
    main()
