"""Where does a name lead? The name map: the lookup of any spelling, and of what a module is imported from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from normalize.attributes import split_series
from normalize.importnames import parents
from normalize.nameindex import Known, NameIndex, folded, name_index
from normalize.namenear import near
from normalize.nameroutes import Route, by_name, misspelt, routes_to
from normalize.names import Link, Lookup, Match, Standing
from normalize.nametold import WEAKER, shown, told
from normalize.projects import ProjectName
from normalize.queries import name_in

_NOTHING = Known(())


@dataclass(frozen=True, slots=True)
class NameMap:
    """All known names. Made by ``name_map``, or of an index that was kept."""

    index: NameIndex

    @property
    def projects(self) -> tuple[ProjectName, ...]:
        """All projects that some name leads to, sorted."""
        owners = {owner for owner in self.index.known if not owner.startswith(" ")}
        return tuple(ProjectName(name) for name in sorted(owners.union(self.index.projects)))

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
            return Lookup(query=query, near=near(name, self.index))
        return Lookup(query=query, matches=self._matches(name, routes))

    def providers(self, module: str) -> Lookup:
        """Return the projects that a module is imported from; the query is the part of its name that they have.

        Unlike ``lookup`` this takes an import name for nothing else: its spelling is exact, and ``flask.login`` lies in
        flask. Where no import name fits, a project that is spelled like the module, and of which no import names are
        known, is a guess.

        Args:
            module: a dotted import name, which may go on into the module: ``google.protobuf.message.Message``.
        """
        names = (module, *parents(module))
        imports = {name: routes for name in names if (routes := self._importing(name))}
        if imports:
            owners = [{one.owner for one in routes} for routes in imports.values()]
            alike = sum(1 for _ in takewhile(lambda one: one == owners[0], owners))
            name = list(imports)[alike - 1]  # the outermost package that is of the same projects
            return Lookup(query=name, matches=self._matches(name, imports[name]))
        for name in names:
            routes = [
                Route(one.owner, name, "guess", f"module {name} is spelled like {one.why}", "project")
                for one in self._routes(name)
                if one.kind in ("project", "attribute") and self._says_no_imports(one.owner)
            ]
            if routes:
                return Lookup(query=name, matches=self._matches(name, routes))
        top = names[-1]
        inside = any(one.kind == "namespace" and one.exact == top for one in self._routes(top))
        return Lookup(query=module if inside else top)

    def _importing(self, name: str) -> list[Route]:
        return [one for one in self._routes(name) if one.kind == "import" and one.exact == name]

    def _says_no_imports(self, owner: str) -> bool:
        known = self.index.known.get(owner, _NOTHING)
        return not shown(known) and not any(link.kind in ("metapackage", "stubs") for link in known.links)

    def _routes(self, name: str) -> list[Route]:
        """Return all routes from the spelling, the project that is known by this name alone included."""
        key = folded(name)
        owners = self.index.keys.get(key, ())
        found = [
            route
            for owner in owners
            for route in routes_to(owner, self.index.known[owner])
            if folded(route.exact) == key
        ]
        return found if key in owners or key not in self.index.projects else [*found, by_name(key)]

    def _exact(self, name: str) -> list[Route]:
        routes = self._routes(name)
        if any(route.kind in ("import", "attribute") for route in routes):
            # else a project of the namespace's name (google) may be meant as well as what is in the namespace
            routes = [route for route in routes if route.kind != "namespace"]
        routes = [route for route in routes if route.kind != "stubs"] or routes
        exact = [route for route in routes if route.kind != "import" or route.exact == name]
        sure = {route.owner for route in exact}
        every = exact + [misspelt(one) for one in routes if one not in exact and one.owner not in sure]
        return _without_namesakes(every, self.index.known) if sure & self.index.known.keys() else every

    def _inside(self, name: str) -> list[Route]:
        for parent in parents(name):
            found = [
                Route(route.owner, parent, route.strength, f"{name} lies in {parent}; {route.why}", "import")
                for route in self._routes(parent)
                if route.kind == "import" and route.exact == parent
            ]
            if found:
                return found
        return []

    def _series(self, name: str) -> list[Route]:
        # without the list of all attributes only an underscore is evidence: `requests2` may well be a project
        base, series = split_series(name, ())
        if series is None:
            return []
        return [
            Route(route.owner, base, "likely", f"spelled as series {series} of {base}; {route.why}", "attribute")
            for route in self._routes(base)
            if route.kind in ("project", "attribute")
        ]

    def _matches(self, query: str, routes: Iterable[Route]) -> tuple[Match, ...]:
        by_owner: defaultdict[str, list[Route]] = defaultdict(list)
        for route in routes:
            by_owner[route.owner].append(route)
        matches = {
            owner: self._match(owner, found, alone=len(by_owner) == 1) for owner, found in sorted(by_owner.items())
        }
        return tuple(matches[owner] for owner in sorted(matches, key=lambda one: self._rank(query, one, matches[one])))

    def _match(self, owner: str, routes: Sequence[Route], *, alone: bool) -> Match:
        said = told(owner, self.index.known.get(owner, _NOTHING), listed=owner in self.index.projects)
        best = max((route.strength for route in routes), key=WEAKER.index)
        sure = min(best, said.confidence, key=WEAKER.index)
        evidence = [*sorted({route.why for route in routes}), *said.evidence]
        if not alone and (standing := self.index.standings.get(owner)) is not None:
            since = f", on the index since {standing.since}" if standing.since else ""
            evidence.append(f"ranking: {standing.dependents} of the known projects require it{since} (index, certain)")
        return Match(
            project=said.project,
            attributes=said.attributes,
            imports=said.imports,
            evidence=tuple(dict.fromkeys(evidence)),
            confidence=sure if alone else min(sure, "likely", key=WEAKER.index),
            default=said.default,
        )

    def _rank(self, query: str, owner: str, match: Match) -> tuple[bool, int, bool, int, str, str]:
        """Return what matches are sorted by: in nixpkgs, better known, named so, more required, older, by name."""
        standing = self.index.standings.get(owner, Standing())
        return (
            not match.attributes,
            -WEAKER.index(match.confidence),
            folded(query) != owner,
            -standing.dependents,
            standing.since or "9999",
            owner,
        )


def _without_namesakes(routes: Sequence[Route], known: Mapping[str, Known]) -> list[Route]:
    """Leave out a project that is known by its name alone, where something better known is spelled the same.

    The index has projects named after most modules of others (yaml, bs4); such a name must not be a doubt, but it is
    told.
    """
    also = sorted({route.owner for route in routes} - known.keys())
    if not also:
        return list(routes)
    told_too = f"; the index also has a project {also[0]}, of which nothing more is known"
    return [
        Route(one.owner, one.exact, one.strength, one.why + told_too, one.kind) for one in routes if one.owner in known
    ]


def name_map(
    links: Iterable[Link], projects: Iterable[str] = (), standings: Mapping[str, Standing] | None = None
) -> NameMap:
    """Return the map of these links; their order does not matter. The arguments are those of ``name_index``."""
    return NameMap(name_index(links, projects, standings))
