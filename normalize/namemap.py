"""Where does a name lead? The name map: the lookup of any spelling, and of what a module is imported from.

A look-up in a map that was kept waits for this module and those that it imports, and for nothing heavier than them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from normalize.nameanswers import WEAKER, Lookup, Match, Route, Standing, Told, Value
from normalize.namenear import near
from normalize.namespelling import folded, parents
from normalize.nixnames import nix_name, underscored_series
from normalize.queries import name_in


class NameIndex(Value):
    """All known names; the mappings may read from a file.

    Attributes:
        spelled: folded spelling -> how it is spelled where it is known, sorted.
        routes: folded spelling -> the ways that lead from it, sorted.
        told: owner -> what is said of it.
        projects: projects on the index, whether or not anything else is known of them.
        standings: owner -> its weight among several that provide the same module.
    """

    __slots__ = ("projects", "routes", "spelled", "standings", "told")

    def __init__(
        self,
        *,
        spelled: Mapping[str, str],
        routes: Mapping[str, Sequence[Route]],
        told: Mapping[str, Told],
        projects: AbstractSet[str],
        standings: Mapping[str, Standing],
    ) -> None:
        self.spelled = spelled
        self.routes = routes
        self.told = told
        self.projects = projects
        self.standings = standings


def no_attribute(project: str) -> str:
    """Return what is said of the attribute of a project that has none."""
    return f"attribute: none is known; nixpkgs' rules would name it {nix_name(project)}"


def by_name(project: str) -> Route:
    """Return the route from a project's own name."""
    return Route(project, project, "certain", f"project {project}: the same name, normalised (certain)", "project")


def _misspelt(route: Route) -> Route:
    """Weaken a route to an import name: the query has other upper- and lower-case letters or punctuation."""
    strength = _weaker(route.strength, "likely")
    return Route(route.owner, route.exact, strength, f"spelled like import {route.exact}; {route.why}", route.kind)


def _weaker(one: str, other: str) -> str:
    return min(one, other, key=WEAKER.index)


class NameMap(Value):
    """All known names. Of an index that `normalize.nameindex` made, or that was kept.

    Attributes:
        index: the names.
        standard: the modules of Python's standard library, which no project need have.
    """

    __slots__ = ("index", "standard")

    def __init__(self, index: NameIndex, standard: AbstractSet[str] = frozenset()) -> None:
        self.index = index
        self.standard = standard

    @property
    def projects(self) -> tuple[str, ...]:
        """All projects that some name leads to, sorted."""
        owners = {owner for owner in self.index.told if not owner.startswith(" ")}
        return tuple(sorted(owners.union(self.index.projects)))

    def lookup(self, query: str) -> Lookup:
        """Return what a name may mean: a project, an attribute or an import name, in any spelling.

        Exactly spelled names cost one access; the parents of an import path and a versioned attribute's base are tried
        where that finds nothing.

        Raises:
            UsageError: the text cannot be any of the three.
        """
        name = name_in(query)
        routes = self._exact(name) or self._inside(name) or self._series(name)
        if not routes and name.partition(".")[0] in self.standard:
            return Lookup(query=query, standard=True)  # a third-party name that is spelled alike would mislead
        if not routes:
            return Lookup(query=query, near=near(name, self.index.spelled, self.index.projects))
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
            alike = next((i for i, one in enumerate(owners) if one != owners[0]), len(owners))
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
        told = self.index.told.get(owner)
        return told is None or told.silent

    def _routes(self, name: str) -> list[Route]:
        """Return all routes from the spelling, the project that is known by this name alone included."""
        key = folded(name)
        found = list(self.index.routes.get(key, ()))
        return found if key in self.index.told or key not in self.index.projects else [*found, by_name(key)]

    def _exact(self, name: str) -> list[Route]:
        routes = self._routes(name)
        if any(route.kind in ("import", "attribute") for route in routes):
            # else a project of the namespace's name (google) may be meant as well as what is in the namespace
            routes = [route for route in routes if route.kind != "namespace"]
        routes = [route for route in routes if route.kind != "stubs"] or routes
        exact = [route for route in routes if route.kind != "import" or route.exact == name]
        sure = {route.owner for route in exact}
        every = exact + [_misspelt(one) for one in routes if one not in exact and one.owner not in sure]
        return _without_namesakes(every, self.index.told) if any(one in self.index.told for one in sure) else every

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
        base, series = underscored_series(name)
        if series is None:
            return []
        return [
            Route(route.owner, base, "likely", f"spelled as series {series} of {base}; {route.why}", "attribute")
            for route in self._routes(base)
            if route.kind in ("project", "attribute")
        ]

    def _matches(self, query: str, routes: Iterable[Route]) -> tuple[Match, ...]:
        by_owner: dict[str, list[Route]] = {}
        for route in routes:
            by_owner.setdefault(route.owner, []).append(route)
        matches = {
            owner: self._match(owner, found, alone=len(by_owner) == 1) for owner, found in sorted(by_owner.items())
        }
        return tuple(matches[owner] for owner in sorted(matches, key=lambda one: self._rank(query, one, matches[one])))

    def _match(self, owner: str, routes: Sequence[Route], *, alone: bool) -> Match:
        told = self.index.told.get(owner)
        said = _named(owner) if told is None else told.match
        best = max((route.strength for route in routes), key=WEAKER.index)
        sure = _weaker(best, said.confidence)
        evidence = [*sorted({route.why for route in routes}), *said.evidence]
        if owner in self.index.projects:
            evidence.append(f"project {owner}: on the index (index, certain)")
        if not alone and (standing := self.index.standings.get(owner)) is not None:
            since = f", on the index since {standing.since}" if standing.since else ""
            evidence.append(f"ranking: {standing.dependents} of the known projects require it{since} (index, certain)")
        return Match(
            project=said.project,
            attributes=said.attributes,
            imports=said.imports,
            evidence=tuple(dict.fromkeys(evidence)),
            confidence=sure if alone else _weaker(sure, "likely"),
            default=said.default,
        )

    def _rank(self, query: str, owner: str, match: Match) -> tuple[bool, int, bool, int, str, str]:
        """Return what matches are sorted by: in nixpkgs, better known, named so, more required, older, by name."""
        standing = self.index.standings.get(owner) or Standing()
        return (
            not match.attributes,
            -WEAKER.index(match.confidence),
            folded(query) != owner,
            -standing.dependents,
            standing.since or "9999",
            owner,
        )


def _without_namesakes(routes: Sequence[Route], known: Collection[str]) -> list[Route]:
    """Leave out a project that is known by its name alone, where something better known is spelled the same.

    The index has projects named after most modules of others (yaml, bs4); such a name must not be a doubt, but it is
    told.
    """
    also = sorted({route.owner for route in routes if route.owner not in known})
    if not also:
        return list(routes)
    told_too = f"; the index also has a project {also[0]}, of which nothing more is known"
    return [
        Route(one.owner, one.exact, one.strength, one.why + told_too, one.kind) for one in routes if one.owner in known
    ]


def _named(project: str) -> Match:
    """Return what is said of a project of which nothing but its name is known."""
    evidence = (no_attribute(project),)
    return Match(project=project, attributes=(), imports=(), evidence=evidence, confidence="certain")
