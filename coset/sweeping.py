"""How is every available update tried? Inputs read once, updates given to workers, each result kept at once."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from coset import sweeptask, terminal
from coset.called import members_called
from coset.crews import Cluster, Here, Pool, usual_size
from coset.folders import cache_folder
from coset.garbage import uncollected
from coset.inputs import Inputs, Places, read_inputs
from coset.output import write_parts, write_whole
from coset.payoff import Trial
from coset.sweepjournal import Journal
from coset.sweeptask import Assignment
from coset.terminal import Progress
from coset.workers import Crew, Died, finished
from dataset.currentset import current_set_to_json
from normalize.errors import OutsideError, UsageError
from normalize.projects import ProjectName
from report.parts import Document, numbered
from solver.batches import Batch, batches
from solver.ease import EASES, Effect, Update, available
from solver.effectjson import effect_from_json
from solver.engines import engine_name
from solver.passedover import passed_over
from solver.sat import make_engine
from solver.scope import scope_of
from solver.statusquo import StatusQuo

_FORMAT = 2
"""Of the results; to be raised when the solver's answers change, so that no journal keeps older ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user says beside where the inputs lie.

    Attributes:
        workers: how many processes; None for as many as pay off, of one per processor at most.
        scheduler: the address of a Dask scheduler, whose workers do the work; None for processes.
        journal: keeps results; None stands for a file in the cache folder.
        anew: whether to forget what the journal has.
        only: projects, attributes or import names; empty for all.
    """

    targets: Sequence[str] = ()
    before: str | None = None
    ladder: str = "major"
    engine: str = "auto"
    workers: int | None = None
    scheduler: str | None = None
    journal: Path | None = None
    anew: bool = False
    only: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep found.

    Attributes:
        effects: easiest first.
        died: updates at which workers died again and again.
        kept: how many results were there before.
    """

    effects: tuple[Effect, ...]
    batches: tuple[Batch, ...]
    died: tuple[Update, ...]
    kept: int
    ladder: str
    provenance: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def swept(places: Places, wanted: Wanted, *, quiet: bool = False) -> Swept:
    """Try every available update; what is finished is kept, whatever happens.

    Raises:
        UsageError: an input or an option is not what it should be.
        OutsideError: an input cannot be read, the journal not be written, or no worker be had.
    """
    scope = scope_of(wanted.ladder)
    engine = engine_name(wanted.engine)
    make_engine(engine)
    if wanted.workers is not None and wanted.workers < 1:
        raise UsageError(f"--workers {wanted.workers} is too few", hint="1 works in this process, without others")
    with terminal.progress(quiet=quiet) as show, uncollected():
        inputs = read_inputs(places, targets=wanted.targets, before=wanted.before, show=show)
        show("reading the current set")
        question = inputs.question()
        quo = StatusQuo(question)
        updates = available(quo, scope)
    named = members_called(wanted.only, question.members, places.db, quiet=quiet)
    chosen = tuple(one for one in updates if not named or one.project in named)
    idle = _idle(quo, named - {one.project for one in chosen})
    digest = _digest(inputs, wanted)
    results: dict[Update, Any] = {}
    with Journal(wanted.journal or cache_folder() / f"sweep-{digest[:16]}.jsonl", digest, anew=wanted.anew) as journal:
        results |= {one: journal.kept[_key(one)] for one in chosen if _key(one) in journal.kept}
        kept = len(results)
        left = [one for one in chosen if one not in results]
        assignment = Assignment(question, scope, engine)
        sweeptask.begin(digest, assignment, quo)  # processes that are forked have it at once

        def keep(found: Iterable[tuple[Update, Any]], show: Progress) -> None:
            show("trying updates", len(results), len(chosen))
            for update, result in found:
                results[update] = result
                if not isinstance(result, Died):
                    journal.keep(_key(update), result)
                show("trying updates", len(results), len(chosen))

        size = wanted.workers or usual_size()
        try:
            if wanted.workers is None and wanted.scheduler is None:
                trial = Trial(partial(sweeptask.answer, digest))
                with terminal.progress(quiet=quiet) as show:
                    keep(trial.done(left), show)
                left = [one for one in left if one not in results]
                size = min(size, trial.worth(len(left)))
            size = min(size, len(left))
            # the workers come before the display, whose thread would forbid to fork them
            with (
                _crew(assignment, wanted, digest, size) as crew,
                terminal.progress(quiet=quiet) as show,
            ):
                keep(finished(crew, sweeptask.answer, left, digest), show)
        finally:
            sweeptask.forget(digest)
    effects = sorted(
        (effect_from_json(result, _key(one)) for one, result in results.items() if not isinstance(result, Died)),
        key=lambda one: (EASES.index(one.ease), one.update.attribute),
    )
    return Swept(
        effects=tuple(effects),
        batches=batches(effects),
        died=tuple(one for one in chosen if isinstance(results[one], Died)),
        kept=kept,
        ladder=wanted.ladder,
        provenance=inputs.provenance,
        notes=(*inputs.notes, *idle),
    )


def write_sweep(table: Any, report: Document, folder: Path) -> tuple[Path, ...]:
    """Write ``sweep.json`` and ``sweep.md`` into the folder, which is made where it is missing; return the files.

    A report that is too long for one comment becomes ``sweep.1.md``, ``sweep.2.md`` and so on.

    Raises:
        OutsideError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(
            f"{str(folder)!r} cannot be made: {error.strerror}", hint="name another folder with --out DIR"
        ) from None
    plain = folder / "sweep.json"
    write_whole(plain, json.dumps(table, indent=2) + "\n")
    return plain, *write_parts(numbered(report), folder / "sweep.md")


def _crew(assignment: Assignment, wanted: Wanted, digest: str, size: int) -> Crew:
    if wanted.scheduler is not None:
        if wanted.workers is not None:
            raise UsageError("--workers and --scheduler exclude each other", hint="the cluster's workers are its own")
        return Cluster(wanted.scheduler, digest, sweeptask.packed(assignment), sweeptask.receive)
    if size <= 1:
        return Here()
    return Pool(size, sweeptask.begin_process, digest, partial(sweeptask.packed, assignment))


def _idle(quo: StatusQuo, projects: Iterable[ProjectName]) -> tuple[str, ...]:
    """Say of projects without an update why there is none."""
    found = []
    for project in sorted(projects):
        domain = quo.ledger.domain(project, quo.question.members[project])
        now = "nothing" if domain.current is None else domain.current.text or "unknown"
        reasons = passed_over(project, domain)
        found.append("; ".join((f"there is no update to {project}, which is at {now}", *reasons)))
    return tuple(found)


def _key(update: Update) -> str:
    return f"{update.project}=={update.after}"


def _digest(inputs: Inputs, wanted: Wanted) -> str:
    """Return a digest of everything that a result depends on; how the work is done is no part of it."""
    parts = (
        str(_FORMAT),
        json.dumps(inputs.provenance),
        json.dumps(current_set_to_json(inputs.current), sort_keys=True),
        repr(inputs.policy),
        *map(str, inputs.targets),
        wanted.ladder,
    )
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()
