"""What does a package file say of its package? Facts, each known or unknown."""

from dataclasses import dataclass

from nixpkgs.symbols import Unknown


@dataclass(frozen=True, slots=True)
class When:
    """A condition.

    Attributes:
        text: as Nix writes it.
        targets: for each target whether it holds; None where that is not to be known.
    """

    text: str
    targets: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a list of attributes or names.

    Attributes:
        path: the name, or what a set of the Python packages is asked for (``dask.optional-dependencies.complete``).
        when: its condition; None where it is always there.
        optional: whether the file has a default for it, so that it may be missing.
    """

    path: tuple[str, ...]
    when: When | None = None
    optional: bool = False

    def __reduce__(self) -> tuple[type["Part"], tuple[object, ...]]:
        """Return how another process makes it, which is faster told than by a list of fields."""
        return Part, (self.path, self.when, self.optional)


@dataclass(frozen=True, slots=True)
class Names:
    """A list of names.

    Attributes:
        parts: what is known, in the file's order.
        unknown: what stands in the list and cannot be known.
    """

    parts: tuple[Part, ...] = ()
    unknown: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type["Names"], tuple[object, ...]]:
        """Return how another process makes it, which is faster told than by a list of fields."""
        return Names, (self.parts, self.unknown)

    @property
    def always(self) -> tuple[str, ...]:
        """The plain names without a condition."""
        return tuple(part.path[0] for part in self.parts if part.when is None and len(part.path) == 1)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the source comes from.

    Attributes:
        fetcher: ``fetchPypi``, ``fetchFromGitHub`` ...; None where there is no source.
        hash: as it is written.
        arguments: the fetcher's other arguments that are plain text, sorted (``owner``, ``repo``, ``tag``, ``pname``).
    """

    fetcher: str | Unknown | None
    hash: str | Unknown | None
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFacts:
    """What one package file says, with the arguments that ``callPackage`` gives it.

    A text is None where the file does not have it; ``inherited`` tells of those that another attribute has.

    Attributes:
        format: ``pyproject``, ``setuptools``, ``wheel``, ``egg`` or ``other``.
        optional: extra -> attributes.
        relaxed, removed: names as in METADATA; ``*`` stands for ``true``.
        flags: what switches a check off or leaves the package out, with its value as Nix writes it, sorted.
        disabled, broken: where ``disabled`` and ``meta.broken`` hold; None where the file does not say either.
        changelog, homepage: the addresses in ``meta``, where the file alone tells them.
        inherited: field -> attribute whose field of that name it is.
        line: where the call of the builder begins.
        problem: why nothing is known at all; "" where something is.
    """

    pname: str | Unknown | None = None
    version: str | Unknown | None = None
    format: str | Unknown = "other"
    source: Source = Source(None, None)
    dependencies: Names = Names()
    optional: tuple[tuple[str, Names], ...] = ()
    optional_unknown: str = ""
    build_system: Names = Names()
    relaxed: Names = Names()
    removed: Names = Names()
    imports: Names = Names()
    maintainers: Names = Names()
    flags: tuple[tuple[str, str], ...] = ()
    disabled: When | None = None
    broken: When | None = None
    changelog: str | None = None
    homepage: str | None = None
    inherited: tuple[tuple[str, str], ...] = ()
    line: int = 0
    problem: str = ""
