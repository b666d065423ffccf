"""How do the commands that need a plan get one? Inputs read, question asked, notes told."""

from collections.abc import Callable, Sequence

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs
from coset.interruption import Interruption
from solver.curate import curate
from solver.effort import USUAL, Effort
from solver.engines import engine_name
from solver.levels import order_of
from solver.plan import Plan
from solver.question import Question
from solver.sat import make_engine


def solved(  # noqa: PLR0913 -- what the commands that solve let the user say
    places: Places,
    *,
    mode: str,
    targets: Sequence[str] = (),
    before: str | None = None,
    engine: str = "auto",
    decisions: int = USUAL.decisions,
    build_requirements: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    seen: Callable[[Question, Plan], object] | None = None,
) -> Plan:
    """Read the inputs and solve, with progress and notes on stderr.

    Ctrl-C takes the best plan so far, once there is one. ``seen`` is called with the question and the plan while both
    are at hand.

    Raises:
        UsageError: an input, the mode, a target or the day is not what it should be.
        OutsideError: an input cannot be read.
    """
    order_of(mode)  # a misspelt mode should not wait for the dataset, nor an engine that is not there
    make_engine(engine_name(engine))
    with terminal.progress(quiet=quiet) as show, uncollected(), Interruption(quiet=quiet) as stop:
        inputs = read_inputs(places, targets=targets, before=before, builds=build_requirements, show=show)
        question = inputs.question(build_requirements=build_requirements)
        effort = Effort(engine=engine_name(engine), decisions=decisions, stop=stop.asked, tell=stop.heard)
        plan = curate(question, mode=mode, provenance=inputs.provenance, effort=effort, show=show)
        if seen is not None:
            seen(question, plan)
    for sentence in inputs.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if verbose:
        known = sum(len(found) for found in inputs.releases.values())
        terminal.note(f"{len(inputs.releases)} projects and {known} releases were read", quiet=quiet)
    return plan
