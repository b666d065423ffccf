"""Who depends on the projects that are explained? The releases that a plan chose, read again."""

from collections.abc import Sequence

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs
from normalize.projects import ProjectName
from solver.dependers import Dependence, dependence
from solver.plan import Plan


def dependences(
    places: Places, plan: Plan, projects: Sequence[ProjectName], *, quiet: bool
) -> dict[ProjectName, Dependence]:
    """Return what depends on each of these projects in a plan.

    Raises:
        UsageError: an input is not what it should be.
        OutsideError: an input cannot be read.
    """
    with terminal.progress(quiet=quiet) as show, uncollected():
        question = read_inputs(places, targets=plan.targets, show=show).question()
        return {project: dependence(question, plan, project) for project in projects}
