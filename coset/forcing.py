"""How is a plan compared with another choice? The inputs read once, solved, and solved again for each question."""

from collections.abc import Sequence
from dataclasses import dataclass

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs
from coset.interruption import Interruption
from normalize.errors import UsageError
from normalize.projects import ProjectName
from solver.compile import compile_problem
from solver.counterfactual import Counterfactual, Solver, forced, unblocked, without_relaxing
from solver.decide import decide
from solver.describe import relaxations
from solver.edges import NO_EXTRA
from solver.effort import Effort
from solver.holds import holds
from solver.levels import order_of
from solver.plan import Blocker, Hold

MOST_BLOCKERS = 8
"""So many requirements that hold a project are taken away, one at a time; each is a solve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user wants to know more of.

    Attributes:
        version: the version to force, ``newest``, or None.
        gains: whether to solve again without each relaxation that the project is part of, and without each requirement
            that holds it.
    """

    version: str | None = None
    gains: bool = False


def compared(
    places: Places, projects: Sequence[ProjectName], wish: Wish, *, mode: str, quiet: bool
) -> dict[ProjectName, tuple[Counterfactual, ...]]:
    """Return for each project that the problem knows what the wish would take.

    Raises:
        UsageError: an input is not what it should be, or the dataset does not know the version.
        OutsideError: an input cannot be read.
    """
    order_of(mode)
    with terminal.progress(quiet=quiet) as show, uncollected(), Interruption(quiet=quiet) as stop:
        inputs = read_inputs(places, show=show)
        question = inputs.question()
        solver = Solver(mode=mode, effort=Effort(stop=stop.asked, tell=stop.heard), show=show)
        show("compiling the requirements")
        problem = compile_problem(question)
        show("solving")
        decision = decide(problem, mode, solver.effort, show)
        if decision.broken:
            raise UsageError("no coherent set exists, so no choice can be compared", hint="see 'coset solve'")
        relaxed = relaxations(decision) if wish.gains else ()
        held = {one.project: one for one in holds(decision)} if wish.gains else {}
        found = {
            project: (
                *([forced(decision, project, wish.version, solver)] if wish.version is not None else []),
                *(
                    without_relaxing(decision, depender, dependency, solver)
                    for depender, dependency in dict.fromkeys((one.project, one.dependency) for one in relaxed)
                    if project in (depender, dependency)
                ),
                *(unblocked(decision, one, solver) for one in _blockers(held.get(project))),
            )
            for project in projects
            if (project, NO_EXTRA) in problem.values
        }
    for sentence in inputs.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    return found


def _blockers(hold: Hold | None) -> tuple[Blocker, ...]:
    """Return the requirements that hold a project, each once; so few that solving without each takes seconds."""
    found = {(one.project, one.requires): one for one in (() if hold is None else hold.because)}
    return tuple(found.values())[:MOST_BLOCKERS]
