"""Which names lead to which owner? Links sorted by what they lead to, every spelling folded once, and the namespaces.

An owner is a project, or an attribute that has none. Hundreds of thousands of projects that are known by name alone
cost no more than their names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from normalize.nameanswers import Route, Standing
from normalize.namemap import NameIndex
from normalize.nameroutes import routes_to
from normalize.names import Link
from normalize.namespelling import folded, parents
from normalize.nametold import Known, is_import, is_namespace, told


def name_index(
    links: Iterable[Link], projects: Iterable[str] = (), standings: Mapping[str, Standing] | None = None
) -> NameIndex:
    """Return the index of these links; their order does not matter.

    Args:
        links: what is known.
        projects: names of projects on the index, normalised.
        standings: how projects are ranked that provide the same module.
    """
    by_owner: defaultdict[str, list[Link]] = defaultdict(list)
    for link in sorted(set(links), key=_link_order):
        by_owner[link.owner].append(link)
    shared = _namespaces(by_owner)
    known = {
        owner: Known(tuple(found), frozenset(link.name for link in found if is_namespace(link, shared)))
        for owner, found in sorted(by_owner.items())
    }
    routes: defaultdict[str, list[Route]] = defaultdict(list)
    for owner, found in known.items():
        for route in routes_to(owner, found):
            routes[folded(route.exact)].append(route)
    return NameIndex(
        spelled=dict(sorted(_spelled(known).items())),
        routes=routes,
        told={owner: told(owner, found) for owner, found in known.items()},
        projects=projects if isinstance(projects, frozenset) else frozenset(projects),
        standings=standings or {},
    )


def _spelled(known: Mapping[str, Known]) -> dict[str, str]:
    """Return how each folded name is spelled where it is best known; a package that only holds others is not known."""
    found: dict[str, str] = {}
    for owner, one in known.items():
        if not owner.startswith(" "):
            found.setdefault(owner, owner)
        for link in one.links:
            found.setdefault(folded(link.name), link.name)
    for one in known.values():
        for link in one.links:
            if is_import(link):
                for parent in map(folded, parents(link.name)):
                    found.setdefault(parent, parent)
    return found


def _link_order(link: Link) -> tuple[str, ...]:
    return (link.owner, link.kind, link.name, link.because, link.strength, link.source)


def _namespaces(by_owner: Mapping[str, Iterable[Link]]) -> frozenset[str]:
    """Return the packages that are namespaces.

    Such a package holds parts of several projects, at least one of them below it; or a part in it is spelled like its
    project (``repoze.lru`` of repoze-lru), which is how parts of namespaces are named.
    """
    owners: defaultdict[str, set[str]] = defaultdict(set)
    above: set[str] = set()
    spelled_out: set[str] = set()
    for owner, links in by_owner.items():
        for link in links:
            if not is_import(link):
                continue
            owners[link.name].add(owner)
            for parent in parents(link.name):
                owners[parent].add(owner)
                above.add(parent)
                if folded(link.name) == owner:
                    spelled_out.add(parent)
    return frozenset(spelled_out | {name for name in above if len(owners[name]) > 1})
