"""Which names lead to which owner? Links sorted by what they lead to, every spelling folded once, and the namespaces.

An owner is a project, or an attribute that has none. What an answer says is worked out when it is asked for, so that
hundreds of thousands of projects that are known by name alone cost no more than their names.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from normalize.importnames import parents
from normalize.names import Link, Standing
from normalize.projects import extra_name


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one owner.

    Attributes:
        links: all links that lead to it, sorted.
        shared: those of its top-level names that are namespaces, which other projects have a part in.
    """

    links: tuple[Link, ...]
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NameIndex:
    """All known names; the mappings may read from a file.

    Attributes:
        known: owner -> what is known of it.
        keys: folded spelling -> the owners that it may lead to, sorted.
        projects: projects on the index, whether or not anything else is known of them.
        standings: owner -> its weight among several that provide the same module.
    """

    known: Mapping[str, Known]
    keys: Mapping[str, tuple[str, ...]]
    projects: Collection[str] = frozenset()
    standings: Mapping[str, Standing] = field(default_factory=dict)


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
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for owner, found in by_owner.items():
        if not owner.startswith(" "):
            keys[owner].add(owner)
        for spelling in _spellings(found):
            keys[folded(spelling)].add(owner)
    return NameIndex(
        {
            owner: Known(tuple(found), frozenset(link.name for link in found if is_namespace(link, shared)))
            for owner, found in sorted(by_owner.items())
        },
        {key: tuple(sorted(owners)) for key, owners in sorted(keys.items())},
        projects if isinstance(projects, frozenset) else frozenset(projects),
        standings or {},
    )


def _spellings(links: Iterable[Link]) -> Iterator[str]:
    for link in links:
        yield link.name
        if link.kind in ("import", "top-level"):
            yield from parents(link.name)


def is_import(link: Link) -> bool:
    """Return whether the name can be imported."""
    return link.kind in ("import", "top-level")


def is_namespace(link: Link, shared: Collection[str]) -> bool:
    """Return whether the link only says that the project has a part in a namespace."""
    return link.kind == "top-level" and link.name in shared


def folded(name: str) -> str:
    """Return the one spelling under which all spellings of a name are found."""
    return extra_name(name)


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
