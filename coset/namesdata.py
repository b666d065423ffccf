"""Which names does coset know, and what do several queries at once give?"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from coset.folders import cache_folder, data_folder
from coset.namescache import FIRST_LINE, read_index, write_index
from coset.namesready import FILE, answers_in, first_line, made_of
from normalize.errors import OutsideError, UsageError
from normalize.nameindex import NameIndex, name_index
from normalize.namemap import NameMap
from normalize.names import Lookup

_SHOWN_PROBLEMS = 20


def read_name_map(db: Path | None) -> NameMap:
    """Return the map of all names that the current set, the table of names and the dataset know.

    It is kept in the cache folder; where that cannot be used, it is made anew each time.

    Raises:
        UsageError: a file does not have its shape.
        OutsideError: a file cannot be read.
    """
    kept = _kept(db)
    index = None if kept is None else read_index(kept)
    if index is None:
        index = _made(db)
        if kept is not None:
            with suppress(OSError):
                write_index(index, kept)
    return NameMap(index)


def make_ready(known: NameMap) -> None:
    """Make the answers of coset's own data ready for the next look-up, where they are not and a file can be written."""
    with suppress(OSError, OutsideError):
        file = cache_folder() / FILE
        if answers_in(str(file)) is None:
            from coset.namesanswers import write_answers  # noqa: PLC0415 -- once for each state of the data

            write_answers(known, file)


def _kept(db: Path | None) -> Path | None:
    """Return the file that keeps the map of the present data, whether or not it is there; None for a broken cache."""
    data, code = made_of(None if db is None else str(db.absolute()))
    which = hashlib.sha256("".join(data).encode(errors="surrogateescape")).hexdigest()[:8]
    state = hashlib.sha256(FIRST_LINE + first_line([*data, *code])).hexdigest()[:24]
    try:
        return cache_folder() / f"names-{which}-{state}.lines"
    except OutsideError:
        return None


def _made(db: Path | None) -> NameIndex:
    import json  # noqa: PLC0415
    import tomllib  # noqa: PLC0415

    from coset.places import open_dataset  # noqa: PLC0415 -- none of these is needed where the map is kept
    from dataset.currentset import current_set_from_json  # noqa: PLC0415
    from dataset.namelinks import links_of_current_set, links_of_table  # noqa: PLC0415
    from dataset.namereleases import names_of_releases  # noqa: PLC0415

    folder = data_folder()
    current, table = folder / "nixpkgs" / "nixpkgs.json", folder / "names.toml"
    try:
        links = [
            *links_of_current_set(current_set_from_json(json.loads(_text(current)), where=current.name)),
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
