"""Which ways lead from a spelling to a project, and how far is each to be trusted?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from normalize.confidence import Confidence
from normalize.importnames import parents
from normalize.nameindex import Known, is_namespace
from normalize.names import Kind
from normalize.nametold import WEAKER, sentences, shown


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a spelling to an owner; ``exact`` is the spelling before folding."""

    owner: str
    exact: str
    strength: Confidence
    why: str
    kind: Kind | Literal["namespace"]

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What routes are sorted by."""
        return (self.owner, self.kind, self.exact, self.why)


def routes_to(owner: str, known: Known) -> list[Route]:
    """Return all routes to one owner, sorted."""
    return sorted(set(_routes(owner, known)), key=lambda route: route.order)


def _routes(owner: str, known: Known) -> Iterator[Route]:
    if not owner.startswith(" "):
        yield by_name(owner)
    said = sentences(known)
    for link in known.links:
        if not is_namespace(link, known.shared):
            kind = "import" if link.kind == "top-level" else link.kind
            yield Route(owner, link.name, link.strength, said.get(link, str(link)), kind)
    for space, names in _spaces(known).items():
        why = f"namespace {space}: holds {' and '.join(names)} of {owner.strip()} (guess)"
        if names == (space,):
            why = f"namespace {space}: {owner.strip()} has a part in it (guess)"
        yield Route(owner, space, "guess", why, "namespace")


def by_name(project: str) -> Route:
    """Return the route from a project's own name."""
    return Route(project, project, "certain", f"project {project}: the same name, normalised (certain)", "project")


def _spaces(known: Known) -> dict[str, tuple[str, ...]]:
    """Return the packages that hold import names of one owner, each with the outermost of these names."""
    spaces: defaultdict[str, list[str]] = defaultdict(list)
    for name in shown(known):
        for parent in parents(name):
            spaces[parent].append(name)
    for link in known.links:
        if is_namespace(link, known.shared) and link.name not in spaces:
            spaces[link.name].append(link.name)
    return {space: tuple(names) for space, names in spaces.items()}


def misspelt(route: Route) -> Route:
    """Weaken a route to an import name: the query has other upper- and lower-case letters or punctuation."""
    strength = min(route.strength, "likely", key=WEAKER.index)
    return Route(route.owner, route.exact, strength, f"spelled like import {route.exact}; {route.why}", route.kind)
