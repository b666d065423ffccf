"""Which bytes change where a package's dependencies change? Its plain list, those under conditions, and its extras."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from nixpkgs.fieldedit import new_field, without_field
from nixpkgs.fitting import Fitted
from nixpkgs.headedit import head_edits
from nixpkgs.listedit import Element, list_edits, list_text, sort_key
from nixpkgs.recipetree import Recipe, bindings, field_value, settled, walk
from nixpkgs.requirementchange import Sometimes
from nixpkgs.splice import Edit, LeftAlone, indentation
from nixpkgs.syntax import Node, attribute_path

_FIELDS = ("dependencies", "propagatedBuildInputs")
_PLACE = frozenset(
    {
        *("pythonOlder", "pythonAtLeast", "isPyPy", "isPy3k", "stdenv", "hostPlatform", "buildPlatform", "python"),
        *("isLinux", "isDarwin", "isx86_64", "isAarch64", "isAarch32", "is64bit", "isUnix", "isMusl"),
    }
)
"""What a condition asks that says where a package is built; any other one is a choice of nixpkgs."""

_FIRST = ("lib", "stdenv", "buildPythonPackage", "pythonOlder", "pythonAtLeast")


@dataclass(slots=True)
class _Lists:
    """What changes in the lists of one package.

    Attributes:
        edits: of the lists.
        cuts: where names are used that are used no more.
        order: names in the order of the lists, which says where new arguments go.
        asked: what conditions that are new ask for.
        dropped: what conditions that are gone asked for.
    """

    edits: list[Edit] = field(default_factory=list)
    cuts: list[Edit] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def change(self, items: Node, lose: Collection[str], gain: Sequence[str]) -> None:
        """Take names out of a list and put others into it."""
        children = items.children()
        written = [one.text for one in children]
        self.cuts += [Edit(one.start, one.end, "") for one in children if one.text in lose]
        self.edits += list_edits(items, {*lose} & {*written}, [Element(name) for name in gain])
        self.place(written, gain)

    def place(self, written: Sequence[str], gain: Sequence[str]) -> None:
        """Say beside which names of a list its new ones belong."""
        is_sorted = list(written) == sorted(written, key=sort_key)
        together = sorted({*written, *gain}, key=sort_key) if is_sorted else [*written, *gain]
        self.order += [name for name in together if name not in self.order]


def dependency_edits(found: Recipe, changes: Fitted) -> list[Edit]:
    """Return the edits of the lists, and of the file's head.

    Raises:
        LeftAlone: a list has a shape that is not known.
    """
    further = changes.further
    lists = _Lists()
    if changes.gain or changes.lose:
        _plain(found, changes, lists)
    if further.lose or further.gain:
        _under_conditions(found, further.lose, further.gain, lists)
    for one in further.extras:
        lists.change(plain_list(_extra(found, one.name), one.name), one.lose, one.gain)
    gain = [
        *changes.gain,
        *(one.attribute for one in further.gain),
        *(name for one in further.extras for name in one.gain),
    ]
    lose = {*changes.lose, *further.lose, *(name for one in further.extras for name in one.lose), *lists.dropped}
    if not gain and not lose:
        return []
    order = list(dict.fromkeys((*lists.order, *gain, *_FIRST)))  # a dependency without a neighbour goes to the end
    wanted = list(dict.fromkeys((*lists.asked, *gain)))
    return [*lists.edits, *head_edits(found.root, wanted, sorted(lose - {*wanted}), lists.cuts, order)]


def _plain(found: Recipe, changes: Fitted, lists: _Lists) -> None:
    named = [name for name in _FIELDS if found.value(name) is not None]
    if not named:
        lists.edits.append(new_field(found, "dependencies", [Element(name) for name in changes.gain]))
        lists.place((), changes.gain)
    for number, name in enumerate(named):
        value = found.value(name)
        assert value is not None
        items = plain_list(value, name)
        written = {one.text for one in items.children()}
        gone = {*changes.lose} & written
        added = changes.gain if number == 0 else ()
        if gone and len(gone) == len(items.children()) and not added:
            edit = without_list(found.binding(name), items, name)
            lists.edits.append(edit)
            lists.cuts.append(edit)
        else:
            lists.change(items, gone, added)


def _extra(found: Recipe, name: str) -> Node:
    """Return what an extra needs: ``optional-dependencies = { name = ...; }``, or each extra by itself."""
    for path in (("optional-dependencies",), ("passthru", "optional-dependencies")):
        for one in bindings(found.arguments):
            if attribute_path(one["attrpath"]) == (*path, name):
                return settled(one["expression"])
            if attribute_path(one["attrpath"]) == path:
                extras = settled(one["expression"])
                value = field_value(extras, name) if extras.kind == "attrset_expression" else None
                if value is not None:
                    return value
    raise LeftAlone(f"its extra '{name}' is computed")


@dataclass(frozen=True, slots=True)
class _Part:
    """``lib.optionals condition [ ... ]`` among the dependencies.

    Attributes:
        whole: all of it.
        body: the list, or the one dependency of ``lib.optional``.
    """

    whole: Node
    condition: Node
    body: Node


def _under_conditions(found: Recipe, lose: Sequence[str], gain: Sequence[Sometimes], lists: _Lists) -> None:
    parts = [part for name in _FIELDS for part in _parts(found, name)]
    come: dict[int, list[str]] = {}
    new: dict[str, list[str]] = {}
    for one in gain:
        same = [part for part in parts if part.condition.brief == one.condition and part.body.kind == "list_expression"]
        if same:
            come.setdefault(same[0].whole.start, []).append(one.attribute)
        else:
            new.setdefault(one.condition, []).append(one.attribute)
    left = set(lose)
    for part in parts:
        several = part.body.kind == "list_expression"
        written = {one.text for one in (part.body.children() if several else (part.body,))}
        gone = written & set(lose)
        added = come.get(part.whole.start, ())
        left -= gone
        if gone and not {one.text for one in walk(part.condition) if one.kind == "identifier"} <= _PLACE:
            raise LeftAlone(f"'{part.condition.brief}' does not ask where it is built")
        if gone == written and not added:
            edit = _without(part.whole)
            lists.edits.append(edit)
            lists.cuts.append(edit)
            lists.dropped += ["lib", *(one.text for one in walk(part.condition) if one.kind == "variable_expression")]
        elif gone or added:
            lists.change(part.body, gone, added)
    if left:
        raise LeftAlone(f"'{min(left)}' stands in no list that is known")
    _new_parts(found, new, lists)


def _new_parts(found: Recipe, new: dict[str, list[str]], lists: _Lists) -> None:
    if not new:
        return
    binding = next((one for name in _FIELDS if (one := found.binding(name)) is not None), None)
    if binding is None:
        raise LeftAlone("there is no list of dependencies")
    value = binding["expression"]
    left = value
    while left.kind == "binary_expression" and left["operator"].text == "++":
        left = left["left"]
    if left.kind != "list_expression":
        raise LeftAlone("its dependencies are computed")
    indent = indentation(binding.data, binding.start)
    texts = []
    for condition, names in sorted(new.items()):
        written = f"({condition})" if " " in condition else condition
        elements = [Element(name) for name in sorted(names, key=sort_key)]
        texts.append(f"\n{indent}++ lib.optionals {written} {list_text(elements, indent)}")
        lists.asked += ["lib", condition.split(" ")[0].split(".")[0]]
        lists.place((), names)
    lists.edits.append(Edit(value.end, value.end, "".join(texts)))


def _parts(found: Recipe, name: str) -> Iterator[_Part]:
    """Yield the parts of a field's ``[ ... ] ++ ...`` that have a condition."""
    binding = found.binding(name)
    waiting = [] if binding is None else [binding["expression"]]
    while waiting:
        node = waiting.pop()
        if node.kind == "binary_expression" and node["operator"].text == "++":
            waiting += [node["right"], node["left"]]
        elif node.kind == "apply_expression" and (inner := node["function"]).kind == "apply_expression":
            body = node["argument"]
            function = inner["function"].text
            if (function == "lib.optionals" and body.kind == "list_expression") or (
                function == "lib.optional" and body.kind == "variable_expression"
            ):
                condition = inner["argument"]
                while condition.kind == "parenthesized_expression":
                    condition = condition["expression"]
                yield _Part(node, condition, body)


def _without(whole: Node) -> Edit:
    """Return the edit that takes one operand of ``++`` away."""
    around = whole.parent
    if around is None or around.kind != "binary_expression":
        raise LeftAlone("no dependency would be left")
    left, right = around["left"], around["right"]
    start, end = (whole.start, right.start) if left.start == whole.start else (left.end, whole.end)
    between = around.data[start : whole.start] + around.data[whole.end : end]
    if b"#" in between or b"/*" in between or b"#" in around.data[whole.start : whole.end]:
        raise LeftAlone("a comment stands beside what would go")
    return Edit(start, end, "")


def without_list(binding: Node | None, items: Node, name: str) -> Edit:
    """Return the edit that takes away a field whose list would be empty, where it is nothing but that list."""
    whole = None if binding is None else binding["expression"]
    if binding is None or whole is None or (whole.start, whole.end) != (items.start, items.end):
        raise LeftAlone(f"'{name}' would be left without a plain name")
    return without_field(binding)


def plain_list(value: Node, name: str) -> Node:
    """Return the list that a field is, or begins with (``[ ... ] ++ ...``)."""
    while value.kind == "binary_expression" and value["operator"].text == "++":
        value = settled(value["left"])
    if value.kind != "list_expression":
        raise LeftAlone(f"'{name}' is computed")
    return value
