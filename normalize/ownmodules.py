"""Which imports of a source tree mean the tree itself?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

_SOURCES = ("", "src", "lib", "python")
"""Folders whose content is installed as it lies there, in the ways that projects are laid out."""


@dataclass(frozen=True, slots=True)
class OwnModules:
    """The modules of one source tree. Made by ``own_modules``."""

    _files: Collection[str]
    _folders: Mapping[str, bool]
    _called: str
    _names: Collection[str]

    def has(self, module: str, importer: str) -> bool:
        """Return whether an import means a module of the tree.

        It is looked for where Python would: where the tree's sources lie, and beside the script or the package that
        imports it. A folder without ``__init__.py`` is a namespace, which other projects may have a part in: it is the
        tree's own only as far as the import leads to a file in it.

        Args:
            module: the dotted name.
            importer: the path of the importing file in the tree, with slashes.
        """
        if self._folders.get("", False) and module.partition(".")[0] == self._called:
            return True
        return any(self._leads(module.split("."), root) for root in {*_SOURCES, self._beside(importer)})

    def has_somewhere(self, module: str) -> bool:
        """Return whether the tree has a module of this name anywhere.

        Test suites put folders on Python's path by their configuration; what no project is known to have is likely one
        of these.
        """
        return module.partition(".")[0] in self._names

    def _beside(self, importer: str) -> str:
        """Return the nearest folder above a file that is no package: what Python would put on its path."""
        folder = _parent(importer)
        while folder and self._folders.get(folder, False):
            folder = _parent(folder)
        return folder

    def _leads(self, parts: list[str], root: str) -> bool:
        place = root
        for part in parts:
            place = f"{place}/{part}" if place else part
            if f"{place}.py" in self._files or self._folders.get(place, False):
                return True
            if place not in self._folders:
                return False
        return False


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def own_modules(files: Iterable[str], called: str = "") -> OwnModules:
    """Return the modules of a tree.

    Args:
        files: the paths of its Python files, relative to the tree, with slashes.
        called: the name of the tree's own folder, which counts where the tree is a package.

    >>> own = own_modules(["src/shop/__init__.py", "src/shop/till.py", "tests/test_till.py", "tests/fake.py"])
    >>> own.has("shop.till", "tests/test_till.py"), own.has("fake", "tests/test_till.py"), own.has("fake", "setup.py")
    (True, True, False)
    """
    found = frozenset(files)
    folders: dict[str, bool] = {}
    for path in found:
        folder = path
        while folder:
            folder = _parent(folder)
            folders[folder] = (f"{folder}/__init__.py" if folder else "__init__.py") in found
    names = {path.rpartition("/")[2].removesuffix(".py") for path in found}
    return OwnModules(found, folders, called, names.union(one.rpartition("/")[2] for one in folders))
