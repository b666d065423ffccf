"""What does a Nix expression mean, as far as its own file tells? Evaluation that never guesses."""

from collections.abc import Callable, Mapping

from nixpkgs.nixlib import applied
from nixpkgs.plainforms import asked_names, bound, inherited_names, is_dotted, listed_paths, listed_texts
from nixpkgs.scopes import Asked, Lazy, Scope, both, select, select_path
from nixpkgs.symbols import (
    Call,
    Choice,
    Condition,
    FilePath,
    Function,
    Item,
    Listing,
    NixSet,
    Operation,
    Ref,
    Unknown,
    Value,
)
from nixpkgs.syntax import Node, attribute_of, attribute_path, bindings_of, string_parts

_CIRCLE = Unknown("defined by itself")


def evaluate(node: Node, scope: Scope) -> Value:
    """Return what an expression means; its parts are evaluated where they are asked for."""
    rule = _RULES.get(node.kind)
    return Unknown(node.brief) if rule is None else rule(node, scope)


class _Later:
    """An expression that is evaluated once, when it is first asked for; there are so many that it has no closure."""

    __slots__ = ("_node", "_scope", "_value")

    def __init__(self, node: Node, scope: Scope) -> None:
        self._node: Node | None = node
        self._scope: Scope | None = scope
        self._value: Value = _CIRCLE

    def __call__(self) -> Value:
        """Return the value."""
        node, scope = self._node, self._scope
        if node is not None:
            if scope is None:
                return _CIRCLE
            self._scope = None
            if node.kind == "binding":
                node = node["expression"]
            rule = _RULES.get(node.kind)
            self._value = Unknown(node.brief) if rule is None else rule(node, scope)
            self._node = None
        return self._value


def _variable(node: Node, scope: Scope) -> Value:
    return scope.look_up(node.text)


def _string(node: Node, scope: Scope) -> Value:
    text = node.text
    if not ("\\" in text or "$" in text or "\r" in text):  # nothing in it means anything else
        return text[1:-1]
    parts: list[str] = []
    for part in string_parts(node):
        value = part if isinstance(part, str) else evaluate(part, scope)
        if not isinstance(value, str):
            return Unknown(node.brief)
        parts.append(value)
    return "".join(parts)


def _integer(node: Node, _scope: Scope) -> Value:
    return int(node.text) if len(node.text) < 20 else Unknown(node.brief)


def _path(node: Node, _scope: Scope) -> Value:
    return Unknown(node.brief) if "${" in node.text else FilePath(node.text)


def _inner(node: Node, scope: Scope) -> Value:
    return evaluate(node["expression"], scope)


def _body(node: Node, scope: Scope) -> Value:
    return evaluate(node["body"], scope)


def _with(node: Node, scope: Scope) -> Value:
    return evaluate(node["body"], Scope({}, scope, _Later(node["environment"], scope)))


def _let(node: Node, scope: Scope) -> Value:
    bound, inner = _bindings(node, scope, recursive=True)
    if bound.more:  # computed names are not allowed here
        return Unknown(node.brief)
    return evaluate(node["body"], inner)


def _set(node: Node, scope: Scope) -> Value:
    return _bindings(node, scope, recursive=False)[0]


def _recursive_set(node: Node, scope: Scope) -> Value:
    return _bindings(node, scope, recursive=True)[0]


def _bindings(node: Node, scope: Scope, *, recursive: bool) -> tuple[NixSet, Scope]:
    names: dict[str, Callable[[], Value]] = {}
    made = NixSet(names)
    inner = Scope(names, scope) if recursive else scope
    for one in bindings_of(node):
        if one.kind == "binding":
            name, text = bound(one.data, one.raw.start_byte)
            if name is None or name in names:
                _bind(made, attribute_path(one["attrpath"]), one["expression"], inner)
            else:
                names[name] = _Later(one, inner) if text is None else _given(text)
        elif one.kind == "inherit":
            plain = inherited_names(one.text)
            for name in map(attribute_of, one["attrs"].children()) if plain is None else plain:
                if name is not None:
                    names[name] = Lazy(lambda name=name: scope.look_up(name))  # type: ignore[misc]
        elif one.kind == "inherit_from":
            source = _Later(one["expression"], inner)
            for child in one["attrs"].children():
                name = attribute_of(child)
                if name is not None:
                    names[name] = Lazy(lambda name=name, source=source: select(source(), name))  # type: ignore[misc]
    return made, inner


def _bind(made: NixSet, path: tuple[str | None, ...], expression: Node, scope: Scope) -> None:
    name, *rest = path
    if name is None:
        made.more = True
        return
    if not rest:
        value: Callable[[], Value] = _Later(expression, scope)
    else:
        inner = NixSet({})
        _bind(inner, tuple(rest), expression, scope)
        value = _given(inner)
    before = made.names.get(name)
    # Nix joins { a.b = 1; a = { c = 2; }; }
    made.names[name] = value if before is None else both(before, value)


def _given(value: Value) -> Callable[[], Value]:
    return lambda: value


def _list(node: Node, scope: Scope) -> Value:
    text = node.text
    paths = listed_paths(text)
    if paths is not None:
        return Listing(tuple([Item(select_path(path, scope), text=path) for path in paths]))
    texts = listed_texts(text)
    if texts is not None:
        return Listing(tuple([Item(one[1:-1], text=one) for one in texts]))
    return Listing(tuple(Item(evaluate(child, scope), text=child.brief) for child in node.children()))


def _if(node: Node, scope: Scope) -> Value:
    condition = evaluate(node["condition"], scope)
    yes, no = _Later(node["consequence"], scope), _Later(node["alternative"], scope)
    if isinstance(condition, bool):
        return yes() if condition else no()
    return Choice(Condition(condition, node["condition"].brief), yes, no)


def _select(node: Node, scope: Scope) -> Value:
    text = node.text
    if is_dotted(text):
        return select_path(text, scope)
    value = evaluate(node["expression"], scope)
    default = node.get("default")
    otherwise = None if default is None else _Later(default, scope)
    for name in attribute_path(node["attrpath"]):
        if name is None:
            return Unknown(node.brief)
        value = select(value, name, otherwise)
        if isinstance(value, Unknown) and otherwise is None:
            return Unknown(node.brief)
    return value


def _has(node: Node, scope: Scope) -> Value:
    value = evaluate(node["expression"], scope)
    path = attribute_path(node["attrpath"])
    if isinstance(value, NixSet) and not value.more and len(path) == 1 and path[0] is not None:
        return path[0] in value.names
    return Operation("?", (Unknown(node.brief),))


def _not(node: Node, scope: Scope) -> Value:
    value = evaluate(node["argument"], scope)
    if node["operator"].text != "!":
        return -value if isinstance(value, int) and not isinstance(value, bool) else Unknown(node.brief)
    return not value if isinstance(value, bool) else Operation("!", (value,))


def _binary(node: Node, scope: Scope) -> Value:
    operator = node["operator"].text
    left, right = evaluate(node["left"], scope), evaluate(node["right"], scope)
    if operator == "++":
        return Listing((*spread(left, node["left"].brief), *spread(right, node["right"].brief)))
    if operator == "//":
        return _updated(left, right, node)
    if operator == "+":
        return left + right if isinstance(left, str) and isinstance(right, str) else Unknown(node.brief)
    if operator in ("-", "*", "/"):
        return Unknown(node.brief)
    return Operation(operator, (left, right))


def spread(value: Value, text: str, conditions: tuple[Condition, ...] = ()) -> tuple[Item, ...]:
    """Return the items of what is a list."""
    if isinstance(value, Listing):
        return tuple(Item(one.value, (*conditions, *one.conditions), one.spread, one.text) for one in value.items)
    if isinstance(value, Choice):
        other = Condition(value.condition.value, value.condition.text, negated=not value.condition.negated)
        return (
            *spread(value.yes(), text, (*conditions, value.condition)),
            *spread(value.no(), text, (*conditions, other)),
        )
    return (Item(value, conditions, spread=True, text=text),)


def _updated(left: Value, right: Value, node: Node) -> Value:
    if isinstance(left, NixSet) and isinstance(right, NixSet):
        if right.more:
            return NixSet({name: Lazy(lambda: Unknown(node.brief)) for name in left.names} | right.names, more=True)
        return NixSet(left.names | right.names, left.more)
    if isinstance(right, NixSet) and not right.more:  # what the right side has is certain, all else is not
        return NixSet(dict(right.names), more=True)
    return Unknown(node.brief)


def _apply(node: Node, scope: Scope) -> Value:
    function = evaluate(node["function"], scope)
    argument = _Later(node["argument"], scope)
    if isinstance(function, Function):
        return function.apply(argument)
    if isinstance(function, Ref):
        call = Call(function, (argument(),), node.line)
    elif isinstance(function, Call):
        call = Call(function.function, (*function.arguments, argument()), function.line)
    else:
        return Unknown(node.brief)
    return applied(call, node["argument"], spread)


def _function(node: Node, scope: Scope) -> Value:
    formals, whole, body = node.get("formals"), node.get("universal"), node["body"]

    asked = None if formals is None else asked_names(formals.text)

    def apply(argument: Callable[[], Value]) -> Value:
        if asked is not None and whole is None:
            return evaluate(body, Scope(Asked(asked, argument), scope))
        names: dict[str, Callable[[], Value]] = {}
        inner = Scope(names, scope)
        if whole is not None:
            names[whole.text] = argument
        for formal in () if formals is None else formals.children():
            if formal.kind == "formal":
                name, default = formal["name"].text, formal.get("default")
                otherwise = None if default is None else _Later(default, inner)
                names[name] = Lazy(lambda name=name, otherwise=otherwise: select(argument(), name, otherwise))  # type: ignore[misc]
        return evaluate(body, inner)

    return Function(apply)


_RULES: Mapping[str, Callable[[Node, Scope], Value]] = {
    "variable_expression": _variable,
    "string_expression": _string,
    "integer_expression": _integer,
    "path_expression": _path,
    "parenthesized_expression": _inner,
    "assert_expression": _body,
    "with_expression": _with,
    "let_expression": _let,
    "attrset_expression": _set,
    "rec_attrset_expression": _recursive_set,
    "list_expression": _list,
    "if_expression": _if,
    "select_expression": _select,
    "has_attr_expression": _has,
    "unary_expression": _not,
    "binary_expression": _binary,
    "apply_expression": _apply,
    "function_expression": _function,
}
