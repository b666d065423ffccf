"""Who requires whom in a plan that was made before? The releases that it chose, read again."""

from collections.abc import Sequence

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_current_set, read_inputs
from coset.places import open_dataset
from normalize.projects import ProjectName
from solver.dependers import Dependence, dependence, required
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


def required_in(plan: Plan, places: Places, *, quiet: bool) -> dict[ProjectName, tuple[ProjectName, ...]] | None:
    """Return the projects that each project of a plan requires; None where the inputs are not those of the plan.

    Raises:
        UsageError: an input is not what it should be.
        OutsideError: an input cannot be read.
    """
    rests_on = dict(plan.dataset)
    if read_current_set(places.nixpkgs).revision != rests_on.get("nixpkgs"):
        return None
    with terminal.progress(quiet=quiet) as show, uncollected():
        with open_dataset(places.db, show) as store:
            if store.digest() != rests_on.get("dataset"):
                return None
        return required(read_inputs(places, targets=plan.targets, show=show).question(), plan)
