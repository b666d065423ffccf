"""How do the commands that need a plan get one? Inputs read, question asked, notes told."""

from collections.abc import Sequence

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs
from solver.curate import curate
from solver.levels import order_of
from solver.plan import Plan
from solver.question import Question


def solved(  # noqa: PLR0913 -- what the commands that solve let the user say
    places: Places,
    *,
    mode: str,
    targets: Sequence[str] = (),
    before: str | None = None,
    quiet: bool = False,
    verbose: bool = False,
) -> Plan:
    """Read the inputs and solve, with progress and notes on stderr.

    Raises:
        UsageError: an input, the mode, a target or the day is not what it should be.
        OutsideError: an input cannot be read.
    """
    order_of(mode)  # a misspelt mode should not wait for the dataset
    with terminal.progress(quiet=quiet) as show, uncollected():
        inputs = read_inputs(places, targets=targets, before=before, show=show)
        question = Question(
            releases=inputs.releases,
            current=inputs.current,
            policy=inputs.policy,
            targets=inputs.targets,
            before=inputs.before,
        )
        plan = curate(question, mode=mode, provenance=inputs.provenance, show=show)
    for sentence in inputs.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if verbose:
        known = sum(len(found) for found in inputs.releases.values())
        terminal.note(f"{len(inputs.releases)} projects and {known} releases were read", quiet=quiet)
    return plan
