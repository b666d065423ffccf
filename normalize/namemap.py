"""Where does a name lead? The name map: every known spelling, folded once, and the lookup."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from normalize.attributes import attribute_name, nix_name, split_series
from normalize.importnames import parents, roots
from normalize.names import Confidence, Kind, Link, Lookup, Match
from normalize.projects import ProjectName, extra_name
from normalize.queries import name_in

_WEAKER: tuple[Confidence, ...] = ("guess", "likely", "certain")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is known of one project, ready to be shown."""

    attributes: tuple[str, ...]
    imports: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _Route:
    """One way from a spelling to a project; ``exact`` is the spelling before folding."""

    project: ProjectName
    exact: str
    strength: Confidence
    why: str
    kind: Kind | Literal["namespace"]


@dataclass(frozen=True, slots=True)
class NameMap:
    """All known names, by their folded spelling. Made by ``name_map``."""

    _entries: Mapping[ProjectName, _Entry]
    _routes: Mapping[str, tuple[_Route, ...]]

    @property
    def projects(self) -> tuple[ProjectName, ...]:
        """All projects that some name leads to, sorted."""
        return tuple(sorted(self._entries))

    def lookup(self, query: str) -> Lookup:
        """Return what a name may mean: a project, an attribute or an import name, in any spelling.

        Exactly spelled names cost one access; the parents of an import path and a versioned attribute's base are tried
        where that finds nothing.

        Raises:
            UsageError: the text cannot be any of the three.
        """
        name = name_in(query)
        routes = self._exact(name) or self._inside(name) or self._series(name)
        if not routes:
            close = difflib.get_close_matches(_folded(name), self._routes, n=3, cutoff=0.7)
            return Lookup(query=query, near=tuple(dict.fromkeys(self._routes[key][0].exact for key in close)))
        return Lookup(query=query, matches=self._matches(routes))

    def _exact(self, name: str) -> list[_Route]:
        routes = self._routes.get(_folded(name), ())
        known = [route for route in routes if route.kind != "namespace"] or list(routes)
        exact = [route for route in known if route.kind != "import" or route.exact == name]
        sure = {route.project for route in exact}
        return exact + [_misspelt(route) for route in known if route not in exact and route.project not in sure]

    def _inside(self, name: str) -> list[_Route]:
        for parent in parents(name):
            found = [
                _Route(route.project, parent, route.strength, f"{name} lies in {parent}; {route.why}", "import")
                for route in self._routes.get(_folded(parent), ())
                if route.kind == "import" and route.exact == parent
            ]
            if found:
                return found
        return []

    def _series(self, name: str) -> list[_Route]:
        # without the list of all attributes only an underscore is evidence: `requests2` may well be a project
        base, series = split_series(name, ())
        if series is None:
            return []
        return [
            _Route(route.project, base, "likely", f"spelled as series {series} of {base}; {route.why}", "attribute")
            for route in self._routes.get(_folded(base), ())
            if route.kind in ("project", "attribute")
        ]

    def _matches(self, routes: Iterable[_Route]) -> tuple[Match, ...]:
        by_project: defaultdict[ProjectName, list[_Route]] = defaultdict(list)
        for route in routes:
            by_project[route.project].append(route)
        matches = []
        for project, found in by_project.items():
            entry = self._entries[project]
            best = max((route.strength for route in found), key=_WEAKER.index)
            limit: Confidence = "likely" if len(by_project) > 1 else "certain"
            matches.append(
                Match(
                    project=project,
                    attributes=entry.attributes,
                    imports=entry.imports,
                    evidence=tuple(dict.fromkeys([*sorted({route.why for route in found}), *entry.evidence])),
                    confidence=min(best, limit, entry.confidence, key=_WEAKER.index),
                )
            )
        return tuple(sorted(matches, key=_best_first))


def _best_first(match: Match) -> tuple[bool, int, str]:
    return not match.attributes, -_WEAKER.index(match.confidence), match.project


def name_map(links: Iterable[Link]) -> NameMap:
    """Return the map of these links; the order of the links does not matter."""
    by_project: defaultdict[ProjectName, list[Link]] = defaultdict(list)
    for link in sorted(set(links), key=_link_order):
        by_project[link.project].append(link)
    shared = _namespaces(by_project)
    routes: defaultdict[str, set[_Route]] = defaultdict(set)
    for project, found in by_project.items():
        for route in _routes_to(project, found, shared):
            routes[_folded(route.exact)].add(route)
    return NameMap(
        {project: _entry(project, found, shared) for project, found in sorted(by_project.items())},
        {key: tuple(sorted(found, key=_route_order)) for key, found in sorted(routes.items())},
    )


def _routes_to(project: ProjectName, links: Sequence[Link], shared: frozenset[str]) -> Iterator[_Route]:
    yield _Route(project, project, "certain", f"project {project}: the same name, normalised (certain)", "project")
    sentences = _sentences(links, shared)
    for link in links:
        if not _is_namespace(link, shared):
            kind = "import" if link.kind == "top-level" else link.kind
            yield _Route(project, link.name, link.strength, sentences.get(link, str(link)), kind)
    for space, names in _spaces(links, shared).items():
        why = f"namespace {space}: holds {' and '.join(names)} of {project} (guess)"
        if names == (space,):
            why = f"namespace {space}: {project} has a part in it (guess)"
        yield _Route(project, space, "guess", why, "namespace")


def _spaces(links: Sequence[Link], shared: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the packages that hold import names of one project, each with the outermost of these names."""
    spaces: defaultdict[str, list[str]] = defaultdict(list)
    for name in _shown(links, shared):
        for parent in parents(name):
            spaces[parent].append(name)
    for link in links:
        if _is_namespace(link, shared) and link.name not in spaces:
            spaces[link.name].append(link.name)
    return {space: tuple(names) for space, names in spaces.items()}


def _imports(links: Sequence[Link]) -> list[Link]:
    return [link for link in links if link.kind in ("import", "top-level")]


def _is_namespace(link: Link, shared: frozenset[str]) -> bool:
    return link.kind == "top-level" and link.name in shared


def _link_order(link: Link) -> tuple[str, ...]:
    return (link.project, link.kind, link.name, link.because, link.strength, link.source)


def _route_order(route: _Route) -> tuple[str, str, str, str]:
    return (route.project, route.kind, route.exact, route.why)


def _namespaces(by_project: Mapping[ProjectName, Sequence[Link]]) -> frozenset[str]:
    """Return the packages that are namespaces.

    Such a package holds parts of several projects, at least one of them below it; or a part in it is spelled like its
    project (``repoze.lru`` of repoze-lru), which is how parts of namespaces are named.
    """
    owners: defaultdict[str, set[ProjectName]] = defaultdict(set)
    above: set[str] = set()
    spelled_out: set[str] = set()
    for project, links in by_project.items():
        for link in _imports(links):
            owners[link.name].add(project)
            for parent in parents(link.name):
                owners[parent].add(project)
                above.add(parent)
                if _folded(link.name) == project:
                    spelled_out.add(parent)
    return frozenset(spelled_out | {name for name in above if len(owners[name]) > 1})


def _entry(project: ProjectName, links: Sequence[Link], shared: frozenset[str]) -> _Entry:
    attributes = [link for link in links if link.kind == "attribute"]
    wanted = f"attribute: none is known; nixpkgs' rules would name it {nix_name(attribute_name(project))}"
    return _Entry(
        tuple(sorted({link.name for link in attributes})),
        _shown(links, shared),
        (*([] if attributes else [wanted]), *dict.fromkeys(_sentences(links, shared).values())),
        min((link.strength for link in attributes), key=_WEAKER.index, default="certain"),
    )


def _shown(links: Sequence[Link], shared: frozenset[str]) -> tuple[str, ...]:
    return roots(link.name for link in _imports(links) if not _is_namespace(link, shared))


def _sentences(links: Sequence[Link], shared: frozenset[str]) -> dict[Link, str]:
    """Return the sentence of each link worth telling; links that rest on the same evidence share one."""
    shown = _shown(links, shared)
    told: defaultdict[tuple[str, str, str], list[Link]] = defaultdict(list)
    for link in links:
        if link.kind not in ("import", "top-level") or (link.name in shown and not _is_namespace(link, shared)):
            told[link.because, link.source, link.strength].append(link)
    sentences = {}
    for (because, source, strength), group in told.items():
        names: defaultdict[str, list[str]] = defaultdict(list)
        for link in group:
            names["import" if link.kind == "top-level" else link.kind.replace("-", " ")].append(link.name)
        subject = "; ".join(f"{kind} {', '.join(some)}" for kind, some in names.items())
        sentences.update(dict.fromkeys(group, f"{subject}: {because} ({source}, {strength})"))
    return sentences


def _misspelt(route: _Route) -> _Route:
    """Weaken a route to an import name: the query has other upper- and lower-case letters or punctuation."""
    strength = min(route.strength, "likely", key=_WEAKER.index)
    return _Route(route.project, route.exact, strength, f"spelled like import {route.exact}; {route.why}", route.kind)


def _folded(name: str) -> str:
    return extra_name(name)
