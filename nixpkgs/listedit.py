"""How are elements added to a list and taken out of it, so that it stays sorted and formatted as nixpkgs formats it?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nixpkgs.nixtext import nix_comment
from nixpkgs.splice import (
    Edit,
    LeftAlone,
    begins_line,
    comments_above,
    has_own_lines,
    indentation,
    line_start,
    lines_of,
    next_line,
)
from nixpkgs.syntax import Node


@dataclass(frozen=True, slots=True)
class Element:
    """A new element.

    Attributes:
        text: as Nix writes it.
        comment: what stands above it; "" for nothing.
    """

    text: str
    comment: str = ""

    def lines(self, indent: str) -> str:
        """Return its lines."""
        above = f"{indent}{nix_comment(self.comment)}\n" if self.comment else ""
        return f"{above}{indent}{self.text}\n"


def list_text(elements: Sequence[Element], indent: str) -> str:
    r"""Return a list as nixpkgs formats it: one element on one line, several each on its own.

    >>> list_text([Element("a")], ""), list_text([Element("a"), Element("b", "why")], "")
    ('[ a ]', '[\n  a\n  # why\n  b\n]')
    """
    if len(elements) == 1 and not elements[0].comment:
        return f"[ {elements[0].text} ]"
    if not elements:
        return "[ ]"
    return "[\n" + "".join(one.lines(f"{indent}  ") for one in elements) + f"{indent}]"


def list_edits(node: Node, remove: Collection[str], add: Sequence[Element]) -> list[Edit]:
    """Return the edits that take elements out of a list and put others into it.

    A list that is sorted stays sorted; into another one, new elements go at the end.

    Args:
        node: the list.
        remove: the elements that go, as they are written.
        add: those that come.

    Raises:
        LeftAlone: its lines are laid out in a way that is not known.
    """
    data = node.data
    elements = node.children()
    kept = [one for one in elements if one.text not in remove]
    comments = len(node.pieces()) > len(elements)
    if len(kept) == len(elements) and not add:
        return []
    flat = b"\n" not in data[node.start : node.end]
    if any("\n" in one.text for one in elements) and (flat or len(kept) + len(add) < 2):
        raise LeftAlone("a list's elements have several lines")
    if not comments and (flat or len(kept) + len(add) < 2):
        whole = [*map(_element, kept)]
        for one in _sorted(add):
            whole.insert(_place([each.text for each in whole], one.text), one)
        return [Edit(node.start, node.end, list_text(whole, indentation(data, node.start)))]
    if flat or not begins_line(data, node.end - 1):
        raise LeftAlone("a list with comments is not laid out in lines")
    gone = [one for one in elements if one.text in remove]
    if not all(has_own_lines(data, one.start, one.end) for one in (*gone, *(kept if add else ()))):
        raise LeftAlone("a list has several elements in one line")
    edits = [Edit(*lines_of(data, one.start, one.end), "") for one in gone]
    indent = indentation(data, elements[0].start) if elements else indentation(data, node.start) + "  "
    for one in _sorted(add):
        place = _place([each.text for each in kept], one.text)
        if place < len(kept):
            at = comments_above(data, kept[place].start)
        else:
            at = next_line(data, elements[-1].end) if elements else line_start(data, node.end - 1)
        edits.append(Edit(at, at, one.lines(indent)))
    return _apart(edits)


def _element(node: Node) -> Element:
    return Element(node.text)


def _sorted(add: Sequence[Element]) -> list[Element]:
    return sorted(add, key=lambda one: sort_key(one.text))


def sort_key(text: str) -> tuple[str, str]:
    """Return what nixpkgs sorts by."""
    return text.lower(), text


def _place(kept: Sequence[str], new: str) -> int:
    """Return before which element a new one goes; their number for the end, where they are not sorted anyway."""
    keys = [sort_key(text) for text in kept]
    if any(one > other for one, other in pairwise(keys)):
        return len(keys)
    return next((i for i, key in enumerate(keys) if key > sort_key(new)), len(keys))


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits with insertions moved before the lines that go, where both touch the same ones."""
    gone = [one for one in edits if one.end > one.start]
    found = []
    for one in edits:
        inside = [other for other in gone if other.start < one.start < other.end]
        found.append(Edit(inside[0].start, inside[0].start, one.text) if inside and not one.end > one.start else one)
    return found
