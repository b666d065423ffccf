"""Which names does coset know, and what do several queries at once give?"""

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from coset.places import data_folder, open_dataset
from dataset.currentset import current_set_from_json
from dataset.namelinks import links_of_current_set, links_of_releases, links_of_table
from normalize.errors import OutsideError, UsageError
from normalize.namemap import NameMap, name_map
from normalize.names import Link, Lookup

_SHOWN_PROBLEMS = 20


def read_name_map(db: Path | None) -> NameMap:
    """Return the map of all names that the current set, the table of names and the dataset know.

    Raises:
        UsageError: a file does not have its shape.
        OutsideError: a file cannot be read.
    """
    return name_map(_links(db))


def _links(db: Path | None) -> Iterator[Link]:
    folder = data_folder()
    current, table = folder / "nixpkgs" / "nixpkgs.json", folder / "names.toml"
    try:
        yield from links_of_current_set(current_set_from_json(json.loads(_text(current)), where=current.name))
        yield from links_of_table(tomllib.loads(_text(table)), where=table.name)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"the data of names in {str(folder)!r} is damaged: {error}", hint="install it anew") from error
    if db is not None or (folder / "dataset").is_dir():
        with open_dataset(db) as store:
            yield from links_of_releases(store.releases())


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
