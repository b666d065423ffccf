"""Which names does coset know, and what do several queries at once give?"""

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from coset.folders import cache_folder, data_folder
from coset.namescache import read_index, write_index
from coset.namesstate import file_name, first_line
from normalize.errors import OutsideError, UsageError
from normalize.nameanswers import Lookup
from normalize.namemap import NameIndex, NameMap

_SHOWN_PROBLEMS = 20

_MAPS = 8
"""So many maps are kept; a folder of caches has no end otherwise, for each dataset that is named has its own."""

_MAP = re.compile(r"names-[0-9a-f]{8}\.lines")
_OLD_MAP = "names-ready.txt"  # as earlier releases called it


def read_name_map(db: Path | None, nixpkgs: Path | None = None) -> NameMap:
    """Return the map of all names that the current set, the table of names and the dataset know.

    It is kept in the cache folder; where that cannot be used, it is made anew each time. So is that of another current
    set than the embedded one.

    Raises:
        UsageError: a file does not have its shape.
        OutsideError: a file cannot be read.
    """
    if nixpkgs is not None:
        return NameMap(_made(db, nixpkgs), sys.stdlib_module_names)
    kept, state = _kept(db), first_line(None if db is None else str(db))
    index = None if kept is None else read_index(kept, state)
    if index is None:
        index = _made(db)
        if kept is not None:
            with suppress(OSError):
                write_index(index, kept, state)
                _clear(Path(kept))
    return NameMap(index, sys.stdlib_module_names)


def _kept(db: Path | None) -> str | None:
    """Return the file that keeps the map, whether or not it is there; None for a broken cache."""
    try:
        return str(cache_folder() / file_name(None if db is None else str(db)))
    except OutsideError:
        return None


def _clear(kept: Path) -> None:
    """Remove the maps that were written longest ago, except the newest few and the one that was just kept."""
    others = [one for one in kept.parent.iterdir() if _MAP.fullmatch(one.name) and one != kept and one.is_file()]
    others.sort(key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)
    for one in (*others[_MAPS - 1 :], kept.with_name(_OLD_MAP)):
        one.unlink(missing_ok=True)


def _made(db: Path | None, nixpkgs: Path | None = None) -> NameIndex:
    import json  # noqa: PLC0415
    import tomllib  # noqa: PLC0415

    from coset.givenfiles import read_snapshot  # noqa: PLC0415
    from coset.places import open_dataset  # noqa: PLC0415 -- none of these is needed where the map is kept
    from dataset.currentset import current_set_from_json  # noqa: PLC0415
    from dataset.namelinks import links_of_current_set, links_of_table  # noqa: PLC0415
    from dataset.namereleases import names_of_releases  # noqa: PLC0415
    from normalize.nameindex import name_index  # noqa: PLC0415

    folder = data_folder()
    current, table = folder / "nixpkgs" / "nixpkgs.json", folder / "names.toml"
    try:
        links = [
            *links_of_current_set(
                current_set_from_json(json.loads(_text(current)), where=current.name)
                if nixpkgs is None
                else read_snapshot(nixpkgs, where=str(nixpkgs))
            ),
            *links_of_table(tomllib.loads(_text(table)), where=table.name),
        ]
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"the data of names in {str(folder)!r} is damaged: {error}", hint="install it anew") from error
    if db is None and not (folder / "dataset").is_dir():
        return name_index(links)
    with open_dataset(db) as store:
        found = names_of_releases(store.releases(files=False))
        return name_index([*links, *found.links], found.projects.union(store.names()), found.standings)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideError(f"{str(path)!r} cannot be read: {error}", hint="install coset anew") from error


def look_up(known: NameMap, queries: Sequence[tuple[str, str]]) -> list[Lookup]:
    """Look all names up; those that cannot be names are reported together, and nothing else is said then."""
    lookups: list[Lookup] = []
    refused: list[UsageError] = []
    for where, query in queries:
        try:
            lookups.append(known.lookup(query))
        except UsageError as error:
            refused.append(UsageError(where + error.sentence, hint=error.hint))
    if not refused:
        return lookups
    if len(refused) == 1:
        raise refused[0]
    sentences = [error.sentence for error in refused[:_SHOWN_PROBLEMS]]
    if len(refused) > _SHOWN_PROBLEMS:
        sentences.append(f"and {len(refused) - _SHOWN_PROBLEMS} more")
    heading = f"{len(refused)} of {len(queries)} names cannot be looked up"
    raise UsageError("\n".join([heading, *sentences]), hint=refused[0].hint)
