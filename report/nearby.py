"""What does the current set know that a plan does not say? Dependencies, maintainers, what applications use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dataset.currentset import Application, CurrentSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """Facts by attribute; empty where there is no current set.

    Attributes:
        dependencies: the attributes that an attribute requires.
        maintainers: who looks after an attribute.
        applications: the attributes that an application uses, directly or not, and its own.
    """

    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    maintainers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    applications: Mapping[str, frozenset[str]] = field(default_factory=dict)


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
