"""Where does a recipe get the source of another version from? From the index, or by its own fetcher."""

from collections.abc import Iterable, Mapping

from dataset.currentset import Attribute
from dataset.records import File, Release
from nixpkgs.lockedfiles import file_tags
from nixpkgs.recipes import EitherSource, ForgeSource, IndexSource, Source
from nixpkgs.sourcehash import sri

_WHEEL_PARTS = ("python", "abi", "platform")


def new_source(attribute: Attribute | None, release: Release, *, from_index: bool = False) -> Source | None:
    """Return the source of a release for an attribute's recipe, or None where nothing is known that fits it.

    Args:
        attribute: what nixpkgs has; None where that is not known.
        release: the new release, with its files.
        from_index: whether the index's file is wanted, whatever the recipe downloads.
    """
    recipe = attribute.recipe if attribute is not None else None
    arguments = dict(recipe.source) if recipe is not None else {}
    wheel = attribute is not None and attribute.format == "wheel"
    index = index_wheel(release, arguments) if wheel else index_sdist(release)
    fetcher = recipe.fetcher if recipe is not None else None
    if fetcher is None and attribute is not None and any(_downloads(text) for text in attribute.evidence):
        fetcher = "fetchPypi"
    own = None if attribute is None else _own(attribute, release.version, arguments)
    if from_index or fetcher == "fetchPypi" or (wheel and index is None and own is None):
        return index  # forges have no wheels
    return own or EitherSource(index=index)


def _downloads(evidence: str) -> bool:
    return evidence.startswith("fetchPypi downloads ")


def _own(attribute: Attribute, version: str, arguments: Mapping[str, str]) -> ForgeSource | None:
    """Return the recipe's own source where its tag or revision is known and holds the version."""
    if attribute.version:
        for name in ("tag", "rev"):
            if attribute.version in arguments.get(name, ""):
                return ForgeSource(argument=name, revision=arguments[name].replace(attribute.version, version))
    return None


def index_sdist(release: Release) -> IndexSource | None:
    """Return the release's sdist, or None where the dataset has none with a hash."""
    found = [file for file in _hashed(release.files) if file_tags(file.name, release) == frozenset()]
    if not found:
        return None
    file = min(found, key=lambda one: (not one.name.endswith(".tar.gz"), one.name))
    stem, extension = next(
        (file.name.removesuffix(f".{one}"), one) for one in ("tar.gz", "zip") if file.name.endswith(f".{one}")
    )
    name, version = stem.rsplit("-", 1)
    return _source(file, name, version, () if extension == "tar.gz" else (("extension", extension),))


def index_wheel(release: Release, arguments: Mapping[str, str]) -> IndexSource | None:
    """Return the wheel that ``fetchPypi`` gets with these arguments, or else the one for every system, or None."""
    found: dict[tuple[str, ...], File] = {}
    for file in _hashed(release.files):
        parts = file.name.removesuffix(".whl").split("-")
        if file_tags(file.name, release) and len(parts) == 5:  # more: a build number, which fetchPypi cannot name
            found[tuple(parts[2:])] = file
    asked = (arguments.get("python", "py2.py3"), arguments.get("abi", "none"), arguments.get("platform", "any"))
    for tags in (asked, ("py3", "none", "any"), ("py2.py3", "none", "any")):
        if tags in found:
            name, version, *_ = found[tags].name.split("-")
            named = tuple(pair for pair in zip(_WHEEL_PARTS, tags, strict=True) if pair[1] not in ("none", "any"))
            return _source(found[tags], name, version, (("format", "wheel"), ("dist", tags[0]), *named))
    return None


def _hashed(files: Iterable[File]) -> list[File]:
    return [file for file in files if file.sha256 is not None]


def _source(file: File, name: str, version: str, arguments: tuple[tuple[str, str], ...]) -> IndexSource:
    assert file.sha256 is not None, file.name
    return IndexSource(pname=name, version=version, hash=sri(file.sha256), arguments=arguments)
