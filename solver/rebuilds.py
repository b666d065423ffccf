"""How many attributes must be built again when some change? Transitive dependents within the current set.

The number is a lower bound: a current set does not say which check inputs an attribute has, says build systems only
where its package files were read, and knows nothing outside the Python set but its applications; one that is an extract
of nixpkgs lacks most dependents. Optional dependencies are left aside, because nixpkgs builds nothing for them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dataset.currentset import CurrentSet
from normalize.targets import Target
from solver.graph import reachable

Dependents = Mapping[str, Sequence[str]]
"""Attribute -> the attributes that are built with it, sorted; an application stands as ``(name)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilds:
    """What is built again.

    Attributes:
        changed: the attributes that change themselves, sorted.
        dependents: those that are built with them, directly or not, sorted.
        applications: applications outside the Python set that use any of them, sorted.
        kernels: for each kernel of the targets, sorted, how many attribute paths are built again, as nixpkgs' CI
            counts: an attribute counts once for each interpreter that has it there, on however many systems; an
            application counts once.
        extract: whether the current set is an extract of nixpkgs, so that most dependents are missing.
    """

    changed: tuple[str, ...]
    dependents: tuple[str, ...]
    applications: tuple[str, ...]
    kernels: tuple[tuple[str, int], ...]
    extract: bool

    @property
    def attributes(self) -> int:
        """How many attributes of the Python set are built again, each counted once."""
        return len(self.changed) + len(self.dependents)


def dependents(current: CurrentSet) -> Dependents:
    """Return who is built with whom, for several calls of :func:`rebuilds`."""
    found = defaultdict[str, set[str]](set)
    for attribute in current.attributes:
        needed = {*attribute.dependencies}
        if attribute.recipe is not None:
            needed.update(attribute.recipe.build_system)
        if attribute.points_to is not None:
            needed.add(attribute.points_to)  # another name of the same derivation is an attribute path of its own
        for one in needed:
            found[one].add(attribute.name)
    for app in current.applications:
        if app.attribute is None:
            for one in app.dependencies:
                found[one].add(_key(app.name))
    return {name: tuple(sorted(users)) for name, users in found.items()}


def rebuilds(
    current: CurrentSet, changed: Iterable[str], targets: Iterable[Target], known: Dependents | None = None
) -> Rebuilds:
    """Return what is built again when these attributes change or join the set.

    Args:
        current: the set in which the dependents are looked up.
        changed: names of attributes, whether the set holds them or not.
        targets: each interpreter among them counts once for each kernel that it is there for.
        known: what :func:`dependents` said of this set, for callers that ask often.
    """
    starts = sorted(set(changed))
    every = reachable(dependents(current) if known is None else known, starts)
    outside = tuple(app.name for app in current.applications if _key(app.name) in every)
    rest = tuple(sorted(every - {*starts} - {_key(name) for name in outside}))
    paths = len(starts) + len(rest)
    pythons = defaultdict[str, set[str]](set)
    for target in targets:
        pythons[target.system.rpartition("-")[2]].add(target.python)
    return Rebuilds(
        changed=tuple(starts),
        dependents=rest,
        applications=outside,
        kernels=tuple((kernel, paths * len(pythons[kernel]) + len(outside)) for kernel in sorted(pythons)),
        extract=bool(current.elsewhere),
    )


def _key(application: str) -> str:
    return f"({application})"  # no attribute is spelled like this
