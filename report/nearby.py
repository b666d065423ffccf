"""What is known beside a plan? Who requires whom in it and in the current set, maintainers, what applications use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dataset.currentset import Application, CurrentSet
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """Facts of the current set by attribute, empty where there is none, and of the plan's releases by project.

    Attributes:
        dependencies: the attributes that an attribute requires in the current set.
        maintainers: who looks after an attribute.
        applications: the attributes that an application uses, directly or not, and its own.
        required: the projects that the plan's release of a project requires; None where nobody read the releases.
    """

    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    maintainers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    applications: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required: Mapping[ProjectName, Sequence[ProjectName]] | None = None


NOTHING = Nearby()


def nearby(current: CurrentSet) -> Nearby:
    """Return the facts of a current set."""
    dependencies = {one.name: one.dependencies for one in current.attributes}
    return Nearby(
        dependencies=dependencies,
        maintainers={one.name: one.recipe.maintainers for one in current.attributes if one.recipe is not None},
        applications={one.name: _used(one, dependencies) for one in current.applications},
    )


def _used(app: Application, dependencies: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found: set[str] = set()
    queue = list(app.dependencies) if app.attribute is None else [app.attribute]
    while queue:
        name = queue.pop()
        if name not in found and name in dependencies:
            found.add(name)
            queue += dependencies[name]
    return frozenset(found)
