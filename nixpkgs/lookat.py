"""What in a package file should a human look at, once its version changes? Lines that no edit can judge."""

import re

from nixpkgs.recipetree import Recipe, walk
from nixpkgs.splice import Edit, LeftAlone

_NO_UPDATE = re.compile(rb"#\s*nixpkgs-update: no auto update")
_TEXTS = ("string_expression", "indented_string_expression")


def worth_a_look(recipe: Recipe, old: str, edits: list[Edit]) -> tuple[str, ...]:
    """Return one sentence for each thing.

    Args:
        recipe: the package.
        old: the version that it has.
        edits: what is edited.
    """
    found = []
    lines = _still_said(recipe, old, edits)
    if lines:
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines))}"
        found.append(f"{where} of its file still {'says' if len(lines) == 1 else 'say'} {old}")
    try:
        patches = recipe.value("patches")
    except LeftAlone:
        patches = recipe.arguments
    if patches is not None and patches.children():
        found.append("its patches have to apply to the new release")
    if _NO_UPDATE.search(recipe.root.data):
        found.append("its file says 'nixpkgs-update: no auto update'")
    return tuple(found)


def _still_said(recipe: Recipe, old: str, edits: list[Edit]) -> list[int]:
    """Return the lines of texts that hold the old version; short ones are in too many texts by chance."""
    if old.count(".") < 2:
        return []
    whole = re.compile(rf"(?<![\w.]){re.escape(old)}(?![\w]|\.\w)")
    return sorted(
        {
            one.line + one.text[: match.start()].count("\n")
            for one in walk(recipe.arguments)
            if one.kind in _TEXTS and not any(edit.start <= one.start < edit.end for edit in edits)
            for match in whole.finditer(one.text)
        }
    )
