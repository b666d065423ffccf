"""What is the answer to a question about names, and which parts is it put together from?

A look-up is to take hardly longer than Python's own start, so these values are no dataclasses, whose import alone would
take longer; nor does anything here ask `typing`.
"""


class Value:
    """What has equal attributes is equal."""

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Return whether both are of one kind and have equal attributes."""
        return type(self) is type(other) and self._told() == [getattr(other, name) for name in self.__slots__]

    def __hash__(self) -> int:
        """Return a number that equal values share."""
        return hash(tuple(self._told()))

    def __repr__(self) -> str:
        """Return the value as it would be made."""
        told = ", ".join(f"{name}={value!r}" for name, value in zip(self.__slots__, self._told(), strict=True))
        return f"{type(self).__name__}({told})"

    def _told(self) -> list[object]:
        return [getattr(self, name) for name in self.__slots__]


class Match(Value):
    """One project that a query may mean.

    Attributes:
        project: the project; None where an attribute is of no project on the index.
        attributes: its attributes in nixpkgs, sorted; empty where none is known.
        imports: what to import, sorted; empty where it is not known.
        evidence: why the query leads here, then why the attributes and the import names are what they are.
        confidence: how far the whole answer can be trusted, one of `WEAKER`.
        default: the attribute that nixpkgs means by the project, which versioned attributes stand beside; None where
            none is known.
    """

    __slots__ = ("attributes", "confidence", "default", "evidence", "imports", "project")

    def __init__(  # noqa: PLR0913 -- what dataclasses would write
        self,
        *,
        project: str | None,
        attributes: tuple[str, ...],
        imports: tuple[str, ...],
        evidence: tuple[str, ...],
        confidence: str,
        default: str | None = None,
    ) -> None:
        self.project = project
        self.attributes = attributes
        self.imports = imports
        self.evidence = evidence
        self.confidence = confidence
        self.default = default

    @property
    def called(self) -> str:
        """The project, or the attribute where there is none."""
        return self.project or ", ".join(self.attributes)


class Lookup(Value):
    """The answer to one query.

    Attributes:
        query: as the user typed it.
        matches: the projects that it may mean, the best one first; empty means unknown.
        near: known names that are spelled alike, where nothing matches.
        standard: whether nothing matches because it is a module of Python's standard library; none is near then.
    """

    __slots__ = ("matches", "near", "query", "standard")

    def __init__(
        self, *, query: str, matches: tuple[Match, ...] = (), near: tuple[str, ...] = (), standard: bool = False
    ) -> None:
        self.query = query
        self.matches = matches
        self.near = near
        self.standard = standard

    @property
    def ambiguous(self) -> bool:
        """Whether the query may mean more than one project."""
        return len(self.matches) > 1


class Route(Value):
    """One way from a spelling to an owner.

    Attributes:
        owner: a project, or an attribute that has none (`normalize.names.Link.owner`).
        exact: the spelling before folding.
        strength: one of `WEAKER`.
        why: the evidence.
        kind: what the name is to the owner (`normalize.names.Kind`); also ``namespace``.
    """

    __slots__ = ("exact", "kind", "owner", "strength", "why")

    def __init__(self, owner: str, exact: str, strength: str, why: str, kind: str) -> None:
        self.owner = owner
        self.exact = exact
        self.strength = strength
        self.why = why
        self.kind = kind

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What routes are sorted by."""
        return (self.owner, self.kind, self.exact, self.why)


class Told(Value):
    """What is said of one owner, whatever was asked.

    Attributes:
        match: the answer without why the query leads there.
        silent: whether nothing says what the project installs, so that it may have a module of its own name.
    """

    __slots__ = ("match", "silent")

    def __init__(self, match: Match, *, silent: bool) -> None:
        self.match = match
        self.silent = silent


class Standing(Value):
    """How much weight a project has among several that provide the same module.

    Attributes:
        dependents: how many projects require it.
        since: the day of its first upload, ``2011-05-02``; "" where it is not known.
    """

    __slots__ = ("dependents", "since")

    def __init__(self, *, dependents: int = 0, since: str = "") -> None:
        self.dependents = dependents
        self.since = since


WEAKER = ("guess", "likely", "certain")
"""The strengths, the weakest first."""
