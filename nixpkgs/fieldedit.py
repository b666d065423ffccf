"""How does a package get a field that it does not have, or lose one? Where nixpkgs puts it, with its comment."""

from collections.abc import Sequence

from nixpkgs.listedit import Element, list_text
from nixpkgs.recipetree import Recipe, bindings
from nixpkgs.splice import (
    Edit,
    LeftAlone,
    begins_line,
    comments_above,
    ends_line,
    has_own_lines,
    indentation,
    line_end,
    next_line,
)
from nixpkgs.syntax import Node, attribute_path

_ORDER = (
    "pname",
    "version",
    "pyproject",
    "format",
    "disabled",
    "src",
    "patches",
    "postPatch",
    "build-system",
    "nativeBuildInputs",
    "buildInputs",
    "pythonRelaxDeps",
    "pythonRemoveDeps",
    "dependencies",
    "propagatedBuildInputs",
    "optional-dependencies",
    "nativeCheckInputs",
    "pythonImportsCheck",
    "meta",
)
"""How nixpkgs orders the fields that new ones go between."""


def new_field(recipe: Recipe, name: str, elements: Sequence[Element]) -> Edit:
    """Return the edit that gives a package a field: a list, before the next field in nixpkgs' order.

    Raises:
        LeftAlone: the package has none of the fields that it could stand between.
    """
    data = recipe.root.data
    place = _ORDER.index(name)
    known = [(attribute_path(one["attrpath"])[0], one) for one in bindings(recipe.arguments)]
    before = [one for field, one in known if field in _ORDER[:place]]
    after = [one for field, one in known if field in _ORDER[place + 1 :]]
    spaced = b"\n\n" in data or b"\r\n\r\n" in data
    for one in after[:1]:
        if not begins_line(data, one.start):
            continue
        indent = indentation(data, one.start)
        text = f"{indent}{name} = {list_text(elements, indent)};\n" + ("\n" if spaced else "")
        at = comments_above(data, one.start)
        return Edit(at, at, text)
    for one in before[-1:]:
        indent = indentation(data, one.start)
        text = f"{indent}{name} = {list_text(elements, indent)};"
        if begins_line(data, one.start) and ends_line(data, one.end):
            at = line_end(data, one.end)
            return Edit(at, at, ("\n\n" if spaced else "\n") + text)
        if not any(each.comment for each in elements):
            return Edit(one.end, one.end, f" {name} = [ {' '.join(each.text for each in elements)} ];")
    raise LeftAlone(f"there is no place for '{name}'")


def without_field(binding: Node) -> Edit:
    """Return the edit that takes a field away, with the comment above it and one blank line beside it."""
    data = binding.data
    if not has_own_lines(data, binding.start, binding.end):
        start = binding.start
        while start and data[start - 1 : start] in (b" ", b"\t"):
            start -= 1
        return Edit(start, binding.end, "")
    start, end = comments_above(data, binding.start), next_line(data, binding.end)
    above = data[:start]
    blank_before = above.endswith((b"\n\n", b"\n\r\n"))
    if data[end : line_end(data, end)].strip() == b"" and blank_before:
        end = next_line(data, end)
    elif blank_before and data[end : line_end(data, end)].strip().startswith(b"}"):
        start -= 2 if above.endswith(b"\r\n") else 1
    return Edit(start, end, "")
