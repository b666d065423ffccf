"""Which Python files does a source tree have, and what do they import from elsewhere?"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from normalize.errors import CosetError, OutsideError, UsageError
from normalize.importstatements import imported
from normalize.namemap import NameMap
from normalize.namespelling import LONGEST_NAME
from normalize.ownmodules import OwnModules, own_modules
from report.importlines import TreeImports, Use

_LARGEST = 8_000_000
"""Larger files are no source that anybody wrote."""


def python_files(path: Path) -> dict[str, Path]:
    """Return the Python files by their path in the tree, sorted.

    Raises:
        UsageError: there is no such folder or file.
    """
    if path.is_file():
        return {path.name: path}
    if not path.is_dir():
        raise UsageError(f"{str(path)!r} is neither a folder nor a file", hint="give a source tree or a Python file")
    return dict(sorted(_walk(path)))


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        if here != root and "pyvenv.cfg" in names:
            folders.clear()
            continue
        folders[:] = [one for one in folders if not one.startswith(".") and one not in {"__pycache__", "node_modules"}]
        for name in names:
            if name.endswith(".py"):
                yield (here / name).relative_to(root).as_posix(), here / name


def tree_imports(path: Path, files: dict[str, Path], known: NameMap) -> TreeImports:
    """Return what the files import, without the standard library and the tree's own modules."""
    uses: dict[str, dict[str, tuple[int, bool]]] = {}
    unreadable: dict[str, str] = {}
    own = own_modules(files, path.resolve().name)
    for file, place in files.items():
        try:
            statements = imported(_bytes(place))
        except CosetError as error:
            unreadable[file] = error.sentence
            continue
        for one in statements:
            top = one.module.partition(".")[0]
            if top in sys.stdlib_module_names or top == "__main__":
                continue
            if not own.has(one.module, file):
                places = uses.setdefault(_shown(one.module), {})
                line, optional = places.get(file, (one.line, True))
                places[file] = line, optional and one.optional
    return TreeImports(files=len(files) - len(unreadable), uses=_by_name(uses, known, own), unreadable=unreadable)


def _shown(module: str) -> str:
    """Return a module's name so that it can be printed: a look-alike letter is told apart, an endless name cut."""
    return module[:LONGEST_NAME].encode("ascii", "backslashreplace").decode()


def _bytes(place: Path) -> bytes:
    try:
        if not place.is_file():  # a pipe would never end
            raise OutsideError("it is no regular file")
        size = place.stat().st_size
        if size > _LARGEST:
            raise OutsideError(f"it has {size} bytes")
        return place.read_bytes()
    except OSError as error:
        raise OutsideError(f"it cannot be read: {error.strerror}") from error


def _by_name(uses: Mapping[str, Mapping[str, tuple[int, bool]]], known: NameMap, own: OwnModules) -> dict[str, Use]:
    """Return the uses by the import name of a project that each module lies in."""
    lookups = {}
    places: dict[str, dict[str, tuple[int, bool]]] = {}
    for module, found in sorted(uses.items()):
        lookup = known.providers(module)
        if own.has_somewhere(module) and all(match.confidence == "guess" for match in lookup.matches):
            continue
        lookups[lookup.query] = lookup
        merged = places.setdefault(lookup.query, {})
        for file, (line, optional) in found.items():
            first, always = merged.get(file, (line, True))
            merged[file] = min(first, line), always and optional
    return {
        name: Use(
            lookup=lookup,
            places=tuple(f"{file}:{line}" for file, (line, _) in sorted(places[name].items())),
            optional=all(optional for _, optional in places[name].values()),
        )
        for name, lookup in sorted(lookups.items())
    }
