"""How is a lock file of PEP 751 written? ``pylock.toml``, which pip and uv install from."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

import tomli_w
from packaging.markers import Marker
from packaging.pylock import Package, PackageSdist, PackageWheel, Pylock
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from dataset.records import File
from nixpkgs.lockedfiles import LockedPackage
from nixpkgs.targetmarkers import environment_marker
from normalize.targets import Target

_LOCK_VERSION = Version("1.0")


def pylock_text(
    packages: Iterable[LockedPackage],
    base: str,
    targets: Sequence[Target] = (),
    facts: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """Return the text of a ``pylock.toml``; it has passed packaging's validation.

    Args:
        packages: one of each project; all their files have a hash and a path.
        base: the address below which the files lie, ending with a slash.
        targets: the environments that the lock is for; none stands for all.
        facts: what else the file says, for readers, in the table that PEP 751 leaves to tools.
    """
    lock = Pylock(
        lock_version=_LOCK_VERSION,
        environments=[Marker(environment_marker(one)) for one in targets] or None,
        created_by="coset",
        packages=[_package(one, base) for one in sorted(packages, key=lambda one: one.project)],
        tool={"coset": dict(facts)} if facts else None,
    )
    lock.validate()
    return tomli_w.dumps(lock.to_dict())


def _package(one: LockedPackage, base: str) -> Package:
    return Package(
        name=canonicalize_name(one.project),
        version=Version(one.version),
        marker=None if one.marker is None else Marker(one.marker),
        requires_python=_specifiers(one.requires_python),
        sdist=None if one.sdist is None else _sdist(one.sdist, base),
        wheels=[_wheel(wheel, base) for wheel in one.wheels] or None,
    )


def _specifiers(text: str | None) -> SpecifierSet | None:
    """Return what an installer is to check; a text that is no specifier binds nobody, as on the index."""
    try:
        return SpecifierSet(text) if text else None
    except InvalidSpecifier:
        return None


def _sdist(file: File, base: str) -> PackageSdist:
    return PackageSdist(name=file.name, url=_url(file, base), size=file.size, hashes=_hashes(file))


def _wheel(file: File, base: str) -> PackageWheel:
    return PackageWheel(name=file.name, url=_url(file, base), size=file.size, hashes=_hashes(file))


def _url(file: File, base: str) -> str:
    assert file.path is not None, file.name
    return base + quote(file.path, safe="/+")


def _hashes(file: File) -> dict[str, str]:
    assert file.sha256 is not None, file.name
    return {"sha256": file.sha256}
