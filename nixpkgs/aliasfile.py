"""Which aliases does ``python-aliases.nix`` have? Read from its syntax tree, with the dates of its comments."""

import re
from collections.abc import Iterator

from nixpkgs.syntax import Node, attribute_path, parse_nix, string_parts
from normalize.aliases import Alias

_DAY = re.compile(r"#[^\n]*?(\d{4}-\d{2}-\d{2})")
_RENAMED = re.compile(
    r"(?:renamed to/replaced by|renamed to|replaced by|replaced with|in favou?r of) ['`\"]?([\w.+-]*\w)['`\"]?"
)
_SAME = re.compile(r"'[^']*' has been renamed to/replaced by '[^']*'")

_WITHIN = {
    "function_expression": "body",
    "with_expression": "body",
    "let_expression": "body",
    "assert_expression": "body",
    "parenthesized_expression": "expression",
    "apply_expression": "argument",
}
"""Where the set of aliases is in what surrounds it: ``lib: self: super: with self; let ... in mapAliases { ... }``."""

_WARNING = ("warn", "warnAlias", "warnOnInstantiate")


def read_aliases(data: bytes) -> tuple[tuple[Alias, ...], tuple[str, ...]]:
    """Return the aliases, sorted by name, and a sentence for each line that is not one.

    Raises:
        NixSyntaxError: the file does not parse.
    """
    aliases, problems = {}, []
    for binding in _bindings(parse_nix(data)):
        path = attribute_path(binding["attrpath"])
        if len(path) != 1 or path[0] is None:
            problems.append(f"line {binding.line}: {binding['attrpath'].brief} is no name of an alias")
            continue
        alias = _alias(path[0], binding["expression"], _day(data, binding))
        if alias is None:
            problems.append(f"line {binding.line}: {path[0]} is {binding['expression'].brief}, which is no alias")
        elif alias.name in aliases:
            problems.append(f"line {binding.line}: {path[0]} is there twice")
        else:
            aliases[alias.name] = alias
    return tuple(aliases[name] for name in sorted(aliases)), tuple(problems)


def _bindings(node: Node) -> Iterator[Node]:
    while node.kind in _WITHIN:
        node = node[_WITHIN[node.kind]]
    if node.kind == "binary_expression":
        yield from _bindings(node["left"])
        yield from _bindings(node["right"])
    elif node.kind in ("attrset_expression", "rec_attrset_expression"):
        for some in node.children():
            if some.kind == "binding_set":
                yield from (one for one in some.children() if one.kind == "binding")


def _day(data: bytes, binding: Node) -> str | None:
    """Return the day in the comment behind a binding, on its line."""
    end = data.find(b"\n", binding.end)
    rest = data[binding.end : end if end >= 0 else len(data)].decode("utf-8", "replace")
    found = _DAY.match(rest.lstrip())
    return None if found is None else found[1]


def _alias(name: str, value: Node, day: str | None) -> Alias | None:
    while value.kind == "parenthesized_expression":
        value = value["expression"]
    target = _target(value)
    if target is not None:
        return Alias(name=name, target=target, date=day)
    said = _text(value)
    if said is not None:
        return Alias(name=name, fatal=True, date=day, reason=said)  # a string without throw breaks whoever uses it
    if value.kind != "apply_expression":
        return None
    function, argument = value["function"], value["argument"]
    said = _text(argument)
    if function.text in ("throw", "abort", "builtins.throw") and said is not None:
        new = _RENAMED.search(said)
        return Alias(
            name=name,
            target=None if new is None else new[1],
            fatal=True,
            date=day,
            reason=None if _SAME.fullmatch(said) else said,
        )
    if function.kind == "apply_expression" and function["function"].text.rpartition(".")[2] in _WARNING:
        said, target = _text(function["argument"]), _target(argument)
        return None if target is None else Alias(name=name, target=target, date=day, reason=said)
    return None


def _target(node: Node) -> str | None:
    """Return the attribute that an expression names, or a path of attributes."""
    while node.kind == "parenthesized_expression":
        node = node["expression"]
    if node.kind == "variable_expression":
        return node.text
    if node.kind == "select_expression" and node["expression"].kind == "variable_expression":
        path = attribute_path(node["attrpath"])
        if None not in path and node.get("default") is None:
            first = node["expression"].text
            return ".".join(str(one) for one in (path if first == "self" else (first, *path)))
    return None


def _text(node: Node) -> str | None:
    while node.kind == "parenthesized_expression":
        node = node["expression"]
    if node.kind == "indented_string_expression":
        return " ".join(node.text[2:-2].split())
    if node.kind != "string_expression":
        return None
    return "".join(part if isinstance(part, str) else f"${{{part.brief}}}" for part in string_parts(node))
