"""Which answers about names are made ready, so that the next process only prints them? See `coset.namesready`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from coset.namesready import state
from coset.terminal import harmless
from normalize.namemap import NameMap
from normalize.names import Lookup
from report.lookups import lookup_lines, lookup_to_json

_MOST = 5_000
"""So many spellings at most: each takes as long as being looked up."""


def write_answers(known: NameMap, path: Path) -> None:
    """Write the answers; the file appears whole or not at all.

    Args:
        known: the map of coset's own data.
        path: the file.

    Raises:
        OSError: it cannot be written.
    """
    names = sorted(set(_spellings(known)))
    answers = [_line(name, known.lookup(name)) for name in names] if len(names) <= _MOST else []
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(state() + "".join(answers).encode())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _spellings(known: NameMap) -> Iterator[str]:
    for owner in known.index.known:
        links = known.index.known[owner].links
        for name in (owner, *(link.name for link in links)):
            if name.isascii() and name.isprintable() and not name.startswith((" ", "-")):
                yield name


def _line(name: str, lookup: Lookup) -> str:
    lines = "\0".join(map(harmless, lookup_lines([lookup])))
    data = json.dumps([lookup_to_json(lookup)], indent=2).removeprefix("[\n").removesuffix("\n]").replace("\n", "\0")
    return f"{name}\t{lines}\t{data}\n"
