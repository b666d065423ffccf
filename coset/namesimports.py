"""Which projects and attributes does a source tree import? ``coset names imports``."""

from pathlib import Path
from typing import Annotated

from coset import terminal
from coset.declarations import Argument
from coset.options import Db, Json, Nixpkgs, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    path: Annotated[Path, Argument(metavar="PATH", help="A source tree, or one Python file.")],
    *,
    nixpkgs: Nixpkgs = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Map what a source tree imports to projects and attributes, by its syntax; nothing of it is executed.

    The standard library, the tree's own modules and imports relative to a file are left out. Hidden folders, virtual
    environments and links are not followed.

    Exit status 1: a module is unknown, or a file could not be read.
    """
    from coset.namesdata import read_name_map  # noqa: PLC0415
    from coset.namestree import python_files, tree_imports  # noqa: PLC0415
    from report.importlines import import_lines, imports_to_json  # noqa: PLC0415

    files = python_files(path)
    if verbose:
        terminal.note(f"{len(files)} Python files in {str(path)!r}", quiet=quiet)
    found = tree_imports(path, files, read_name_map(db, nixpkgs))
    if json:
        terminal.print_json(imports_to_json(found))
    else:
        for line in import_lines(found):
            terminal.print_line(line)
        for file, why in sorted(found.unreadable.items()):
            terminal.note(f"{file} is not counted: {why}", quiet=quiet)
    return 1 if found.unreadable or not all(use.lookup.matches for use in found.uses.values()) else 0
