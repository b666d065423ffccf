"""What does a plan change of nixpkgs' recipes, and what is the recipe of a package that nixpkgs does not have?"""

from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from nixpkgs.targetconditions import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSource:
    """A file of the index, fetched by ``fetchPypi``.

    Attributes:
        pname, version: as the file's name spells them.
        hash: SRI.
        arguments: what else ``fetchPypi`` has to be told, in its order (``extension``, ``format``, ``dist`` ...).
    """

    pname: str
    version: str
    hash: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeSource:
    """What the recipe's own fetcher downloads at another revision; its hash is to be prefetched.

    Attributes:
        argument: ``tag`` or ``rev``.
        revision: its new value.
    """

    argument: str
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EitherSource:
    """The recipe's own fetcher where that can be told another version, else the index's file: Nix finds out.

    Attributes:
        index: the index's file; None where the recipe's own fetcher has to do.
    """

    index: IndexSource | None


Source = IndexSource | ForgeSource | EitherSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """An attribute that a package is to depend on, and where; None for everywhere."""

    attribute: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Stays:
    """When nixpkgs' own version is good enough.

    Attributes:
        satisfies: what it has to satisfy.
        beside: what else it has to satisfy where another attribute has a version: ``(attribute, version, what)``. These
            are packages whose own version may stay, too, and which then ask for what nixpkgs has.
    """

    satisfies: SpecifierSet
    beside: tuple[tuple[str, str, SpecifierSet], ...] = ()

    def __str__(self) -> str:
        beside = [f"{what} beside {name} {version}" for name, version, what in self.beside]
        return " and ".join([*([str(self.satisfies)] if len(self.satisfies) else []), *beside])


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What changes of one recipe of nixpkgs; None stays as it is.

    Attributes:
        version: the new version, with its source.
        relaxed: the whole ``pythonRelaxDeps``.
        relaxed_too: what is added to a ``pythonRelaxDeps`` that nobody has read.
        removed_too: what is added to ``pythonRemoveDeps``.
        dependencies: what is added to ``dependencies``.
        stays: where nixpkgs' own version stays; None for nowhere.
        notes: sentences for comments.
    """

    attribute: str
    version: str | None = None
    source: Source | None = None
    relaxed: tuple[str, ...] | None = None
    relaxed_too: tuple[str, ...] = ()
    removed_too: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    stays: Stays | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """A package that nixpkgs does not have.

    Attributes:
        wheel: whether it is installed from a wheel, which needs no build system.
        build_system: attributes; None where they are not known.
        relaxed, removed: names as METADATA spells them.
        imports: what the import check imports.
        licences: SPDX ids; none where it is not certain which ones.
        homepage, changelog: addresses for ``meta``; None where they are not known.
        notes: sentences for comments.
    """

    attribute: str
    version: str
    source: IndexSource
    wheel: bool = False
    build_system: tuple[str, ...] | None = None
    dependencies: tuple[Dependency, ...] = ()
    relaxed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    homepage: str | None = None
    changelog: str | None = None
    notes: tuple[str, ...] = ()
