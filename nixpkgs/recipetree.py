"""Where in a package file do a package and its fields stand?"""

from collections.abc import Iterator
from dataclasses import dataclass

from nixpkgs.splice import LeftAlone
from nixpkgs.syntax import Node, attribute_of, attribute_path, string_parts

_BUILDERS = frozenset({"buildPythonPackage", "buildPythonApplication", "mkDerivation"})
_FOLLOWED = 20
"""Names that stand for names; nobody writes more, and nothing may turn in circles."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The arguments of one builder.

    Attributes:
        root: the whole file.
        arguments: the set that the builder is given.
    """

    root: Node
    arguments: Node

    def binding(self, name: str) -> Node | None:
        """Return the binding of a field, where it has one of its own (``name = ...;``)."""
        return next((one for one in bindings(self.arguments) if attribute_path(one["attrpath"]) == (name,)), None)

    def value(self, name: str) -> Node | None:
        """Return the expression of a field, wherever in the file it stands; None where the package has no such field.

        Raises:
            LeftAlone: the field comes from somewhere else.
        """
        return field_value(self.arguments, name)


def recipe(root: Node, line: int) -> Recipe:
    """Return the package whose builder is called in a line.

    Raises:
        LeftAlone: there is none, there are several, or its arguments are computed.
    """
    found = [one for one in walk(root) if one.line == line and one.kind == "apply_expression" and _builds(one)]
    if len(found) != 1:
        raise LeftAlone("the call of its builder cannot be told from others")
    node = found[0]["argument"]
    while node.kind not in ("attrset_expression", "rec_attrset_expression"):
        if node.kind == "parenthesized_expression":
            node = node["expression"]
        elif node.kind in ("function_expression", "let_expression", "with_expression"):
            node = node["body"]
        else:
            raise LeftAlone(f"the arguments of its builder are computed: {node.brief}")
    return Recipe(root, node)


def _builds(call: Node) -> bool:
    function = call["function"]
    if function.kind == "select_expression":
        return attribute_path(function["attrpath"])[-1] in _BUILDERS
    return function.kind == "variable_expression" and function.text in _BUILDERS


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, comments left out."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(found.children()))


def bindings(node: Node) -> Iterator[Node]:
    """Yield the bindings of a set or a ``let``: ``name = ...;``."""
    for group in node.children():
        if group.kind == "binding_set":
            for one in group.children():
                if one.kind == "binding":
                    yield one


def bound_names(node: Node) -> frozenset[str | None]:
    """Return the names that a set has, None for computed ones."""
    found = {attribute_path(one["attrpath"])[0] for one in bindings(node)}
    return frozenset(found | {attribute_of(name) for one in inherits(node) for name in one["attrs"].children()})


def inherits(node: Node) -> Iterator[Node]:
    """Yield what a set or a ``let`` inherits: ``inherit name;`` and ``inherit (set) name;``."""
    for group in node.children():
        if group.kind == "binding_set":
            for one in group.children():
                if one.kind in ("inherit", "inherit_from"):
                    yield one


def field_value(node: Node, name: str) -> Node | None:
    """Return the expression that a set has for a name, followed to where it stands; None where the set lacks the name.

    Raises:
        LeftAlone: it comes from somewhere else, or is put together of several.
    """
    found = [one for one in bindings(node) if attribute_path(one["attrpath"])[0] == name]
    if len(found) == 1 and attribute_path(found[0]["attrpath"]) == (name,):
        return settled(found[0]["expression"])
    if found:
        raise LeftAlone(f"'{name}' is put together of several bindings")
    for one in inherits(node):
        if name in map(attribute_of, one["attrs"].children()):
            outside = None if one.kind == "inherit_from" else _definition(node, name)
            if outside is None:
                raise LeftAlone(f"'{name}' comes from outside of the package")
            return settled(outside)
    return None


def settled(node: Node) -> Node:
    """Follow parentheses, and names that the file itself binds, to the expression that they stand for."""
    for _ in range(_FOLLOWED):
        if node.kind == "parenthesized_expression":
            node = node["expression"]
        elif node.kind == "variable_expression" and (found := _definition(node, node.text)) is not None:
            node = found
        else:
            break
    return node


def _definition(node: Node, name: str) -> Node | None:
    """Return what a name stands for at a node: the binding of the innermost ``let`` or ``rec`` around it, if any."""
    around = node.parent
    while around is not None:
        if around.kind in ("let_expression", "rec_attrset_expression"):
            for one in bindings(around):
                if attribute_path(one["attrpath"]) == (name,):
                    return one["expression"]
            inherited = [one for one in inherits(around) if name in map(attribute_of, one["attrs"].children())]
            if any(one.kind == "inherit_from" for one in inherited):
                return None
        elif around.kind == "function_expression" and name in _parameters(around):
            return None
        around = around.parent
    return None


def _parameters(function: Node) -> set[str]:
    whole, formals = function.get("universal"), function.get("formals")
    named = set() if formals is None else {one["name"].text for one in formals.children() if one.kind == "formal"}
    return named if whole is None else {*named, whole.text}


def plain_text(node: Node) -> str | None:
    """Return the text of a ``"..."`` string in which nothing is interpolated; None for anything else."""
    if node.kind != "string_expression":
        return None
    parts = list(string_parts(node))
    return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None


def mentions(node: Node, name: str) -> bool:
    """Return whether an expression uses a name, or selects it from something."""
    return any(one.kind == "identifier" and one.text == name for one in walk(node))


def uses(root: Node, name: str) -> list[Node]:
    """Return where an argument of the file is used by its name; the head, which declares it, is no use."""
    found = []
    for one in walk(root):
        if one.kind != "identifier" or one.text != name or (parent := one.parent) is None:
            continue
        outer = parent.parent
        if parent.kind == "variable_expression" or (
            parent.kind == "inherited_attrs" and outer is not None and outer.kind == "inherit"
        ):
            found.append(one)
    return found
