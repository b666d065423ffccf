"""How are the projects that a source tree imports shown? As JSON, and as lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from normalize.nameanswers import WEAKER, Lookup, Match
from report.lookups import lookup_to_json, written

_SHOWN_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One import name that a tree uses.

    Attributes:
        lookup: the projects that have it.
        places: ``file:line`` of each file's first import of it, in the order of the files.
        optional: whether every file goes on without it.
    """

    lookup: Lookup
    places: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeImports:
    """What a source tree imports.

    Attributes:
        files: how many Python files were read.
        uses: import name -> where it comes from, and the places that import it.
        unreadable: file -> why it could not be read.
    """

    files: int
    uses: Mapping[str, Use]
    unreadable: Mapping[str, str]


def imports_to_json(found: TreeImports) -> dict[str, Any]:
    """Return the JSON form; each import has the keys of a look-up of names, without ``near``."""
    return {
        "files": found.files,
        "imports": [
            {
                "import": name,
                "matches": lookup_to_json(use.lookup)["matches"],
                "ambiguous": use.lookup.ambiguous,
                "optional": use.optional,
                "places": list(use.places),
            }
            for name, use in sorted(found.uses.items())
        ],
        "unreadable": [{"file": file, "why": why} for file, why in sorted(found.unreadable.items())],
    }


def import_lines(found: TreeImports) -> Iterator[str]:
    """Yield lines of plain text: a project per line, then what is ambiguous and what is unknown."""
    sure: dict[str, list[str]] = {}
    matches: dict[str, Match] = {}
    for name, use in sorted(found.uses.items()):
        if len(use.lookup.matches) == 1:
            match = use.lookup.matches[0]
            sure.setdefault(match.called, []).append(name)
            matches[match.called] = match
    yield f"{found.files} Python files import {len(sure)} projects"
    for called, names in sorted(sure.items()):
        match = matches[called]
        optional = ", optional" if all(found.uses[name].optional for name in names) else ""
        confidence = min((found.uses[name].lookup.matches[0].confidence for name in names), key=WEAKER.index)
        yield f"{called} ({confidence}{optional})"
        yield f"  attribute  {_attribute(match)}"
        for i, name in enumerate(names):
            yield f"  {'imports' if i == 0 else '':<9}  {name}: {_places(found.uses[name].places)}"
    for name, use in sorted(found.uses.items()):
        if use.lookup.ambiguous:
            several = ", ".join(_with_attribute(match) for match in use.lookup.matches)
            yield f"{name}: ambiguous, it may be of {several}: {_places(use.places)}"
    for name, use in sorted(found.uses.items()):
        if not use.lookup.matches:
            optional = ", optional" if use.optional else ""
            yield f"{name}: unknown{optional}: {_places(use.places)}"


def _attribute(match: Match) -> str:
    if match.default is not None:
        return written(match.default)
    return ", ".join(written(one) for one in match.attributes) or "none known"


def _with_attribute(match: Match) -> str:
    return f"{match.called} (attribute {_attribute(match)})" if match.attributes else match.called


def _places(places: Sequence[str]) -> str:
    more = len(places) - _SHOWN_PLACES
    return ", ".join(places[:_SHOWN_PLACES]) + (f" and {more} more files" if more > 0 else "")
