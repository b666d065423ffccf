"""Which arguments does a package file ask for? The head, ``{ lib, numpy }:``, kept in step with its dependencies."""

import re
from collections.abc import Collection, Sequence

from nixpkgs.recipetree import uses
from nixpkgs.splice import (
    Edit,
    LeftAlone,
    begins_line,
    ends_line,
    has_own_lines,
    indentation,
    line_end,
    line_start,
    lines_of,
    next_line,
)
from nixpkgs.syntax import Node

_COMMA = re.compile(rb"(?:\s|#[^\r\n]*[\r\n]|/\*.*?\*/)*,", re.DOTALL)


def head_edits(
    root: Node, add: Sequence[str], remove: Collection[str], gone: Sequence[Edit], order: Sequence[str]
) -> list[Edit]:
    """Return the edits that let a file ask for more arguments, and no longer for those that nothing uses any more.

    Args:
        root: the file.
        add: attributes that it uses from now on; those that it asks for already stay as they are.
        remove: attributes that some list no longer has.
        gone: what is cut out of the file otherwise; uses in there do not count.
        order: the list that the new ones stand in, which says beside which argument each goes.

    Raises:
        LeftAlone: the file does not name its arguments, or in a layout that is not known.
    """
    formals = root.get("formals") if root.kind == "function_expression" else None
    if formals is None:
        raise LeftAlone("the file does not name its arguments")
    known = {one["name"].text: one for one in formals.children() if one.kind == "formal"}
    edits: list[Edit] = []
    unused = []
    for name in remove:
        left = [one for one in uses(root, name) if not any(cut.start <= one.start < cut.end for cut in gone)]
        if name in known and not left and known[name].get("default") is None:
            unused.append(name)
    new = [name for name in add if name not in known]
    for name in add:
        if name in known and known[name].get("default") is not None:
            raise LeftAlone(f"its argument '{name}' has a default")
    if unused and len(unused) == len(known):
        unused.clear()
    if new:
        edits += _added(formals, known, new, order, frozenset(unused))
    for name in sorted(unused, key=lambda one: known[one].start):
        edits.append(_removed(formals, known[name]))
    return edits


def _added(
    formals: Node, known: dict[str, Node], new: Sequence[str], order: Sequence[str], unused: Collection[str]
) -> list[Edit]:
    """Return insertions, grouped by the argument that they follow, so that two never meet in the wrong order."""
    if not known:
        raise LeftAlone("the file asks for no argument")
    followed: dict[str, list[str]] = {}
    for name in new:
        before = [one for one in order[: order.index(name)] if one in known and one not in unused]
        after = [one for one in order[order.index(name) :] if one in known and one not in unused]
        kept = [one for one in known if one not in unused]
        if before:
            anchor = before[-1]
        elif after and kept.index(after[0]):
            anchor = kept[kept.index(after[0]) - 1]
        else:
            anchor = kept[-1]
        followed.setdefault(anchor, []).append(name)
    return [edit for anchor, names in followed.items() for edit in _behind(formals, known[anchor], names)]


def _behind(formals: Node, formal: Node, names: Sequence[str]) -> list[Edit]:
    data = formals.data
    comma = _COMMA.match(data, formal.end, formals.end)
    if _leads_with_comma(formals):
        at = line_end(data, formal.end)
        commas = [one for one in formals.children() if data[line_start(data, one.start) : one.start].strip() == b","]
        indent = indentation(data, commas[0].start)
        return [Edit(at, at, "".join(f"\n{indent}, {name}" for name in names))]
    if begins_line(data, formal.start):
        indent = indentation(data, formal.start)
        lines = "".join(f"{indent}{name},\n" for name in names)
        if comma is not None and ends_line(data, comma.end()):
            at = next_line(data, comma.end())
            return [Edit(at, at, lines)]
        if comma is None and ends_line(data, formal.end):
            at = next_line(data, formal.end)
            return [Edit(formal.end, formal.end, ","), Edit(at, at, lines.removesuffix(",\n") + "\n")]
    return [Edit(formal.end, formal.end, "".join(f", {name}" for name in names))]


def _leads_with_comma(formals: Node) -> bool:
    data = formals.data
    return any(data[line_start(data, one.start) : one.start].strip() == b"," for one in formals.children())


def _removed(formals: Node, formal: Node) -> Edit:
    data = formals.data
    comma = _COMMA.match(data, formal.end, formals.end)
    if _leads_with_comma(formals):
        start = line_start(data, formal.start)
        if data[start : formal.start].strip() != b"," or not ends_line(data, formal.end):
            raise LeftAlone("the head of the file is laid out in a way that is not known")
        return Edit(start, next_line(data, formal.end), "")
    end = formal.end if comma is None else comma.end()
    if has_own_lines(data, formal.start, end):
        return Edit(*lines_of(data, formal.start, end), "")
    siblings = formals.children()
    place = next(i for i, one in enumerate(siblings) if one.start == formal.start)
    if place + 1 < len(siblings):
        return Edit(formal.start, siblings[place + 1].start, "")
    if place == 0:
        raise LeftAlone("the file would ask for no argument")
    return Edit(siblings[place - 1].end, formal.end, "")
