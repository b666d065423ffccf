"""How does an ad hoc list of requirements become a question? The dataset, one target, and nothing of nixpkgs."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from coset import terminal
from coset.days import first_moment
from coset.garbage import uncollected
from coset.inputs import closure
from coset.interruption import Interruption
from coset.places import open_dataset
from dataset.currentset import CurrentSet
from normalize.errors import UsageError
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target, parse_target
from solver.curate import curate
from solver.effort import Effort
from solver.plan import Plan
from solver.policy import Policy
from solver.question import Question
from solver.sat import engine_name, make_engine


def resolved(  # noqa: PLR0913 -- what the command lets the user say
    texts: Sequence[str],
    *,
    target: str,
    strict: bool = False,
    before: str | None = None,
    engine: str = "auto",
    db: Path | None = None,
    quiet: bool = False,
) -> tuple[Plan, tuple[str, ...]]:
    """Return the plan for the requirements alone, and sentences that the user should read.

    Raises:
        UsageError: a requirement, the target, the day or the engine is not what it should be, or the dataset knows
            nothing of a project that is asked for.
        OutsideError: the dataset cannot be read.
    """
    where = parse_target(target)
    make_engine(engine_name(engine))
    limit = None if before is None else first_moment(before)
    asked, notes = _asked(texts, where)
    with terminal.progress(quiet=quiet) as show, uncollected(), Interruption(quiet=quiet) as stop:
        with open_dataset(db, show) as store:
            show("reading the dataset")
            releases = closure(store, [one.project for one in asked])
            unheard = [one for one in asked if not releases.get(one.project)]
            if unheard:
                near = difflib.get_close_matches(unheard[0].project, store.projects(), n=3)
                crawl = "crawl it with 'coset crawl', and name the dataset with --db"
                hint = f"near names: {', '.join(near)}" if near else crawl
                names = ", ".join(repr(str(one.project)) for one in unheard)
                raise UsageError(f"the dataset knows nothing of {names}, asked for by you", hint=hint)
        question = Question(
            releases=releases,
            current=CurrentSet(revision="none", date="none", attributes=()),
            policy=Policy(),
            targets=(where,),
            asked=asked,
            strict=strict,
            ad_hoc=True,
            before=limit,
        )
        effort = Effort(engine=engine_name(engine), stop=stop.asked, tell=stop.heard)
        return curate(question, mode="fresh", effort=effort, show=show), notes


def _asked(texts: Sequence[str], target: Target) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    """Return the requirements that apply on the target, and a note for each that does not."""
    asked, notes = [], []
    for text in texts:
        requirement = parse_requirement(text)
        if requirement is None:
            raise UsageError(f"{text!r} is not a requirement", hint="write it by PEP 508, for example 'numpy>=2,<3'")
        if requirement.url is not None:
            raise UsageError(f"{text!r} names an address; only the dataset is asked", hint="name a version instead")
        if applies(requirement, (target,)):
            asked.append(requirement)
        else:
            notes.append(f"{text} does not apply on {target}")
    return tuple(asked), tuple(notes)
