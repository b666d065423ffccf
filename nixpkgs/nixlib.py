"""What do the functions of nixpkgs' library give that package files use in lists? Applied as far as they are known."""

from collections.abc import Callable

from nixpkgs.symbols import Call, Condition, Item, Listing, NixSet, Ref, Unknown, Value
from nixpkgs.syntax import Node

Spread = Callable[..., tuple[Item, ...]]

_TRANSPARENT = frozenset({"recurseIntoAttrs", "dontRecurseIntoAttrs", "lowPrio", "hiPrio"})
_WARNINGS = frozenset({"warn", "warnIf", "warnOnInstantiate", "trace"})


def library_function(function: Ref) -> str | None:
    """Return the name of a function of ``lib`` or ``builtins``; None for another function.

    >>> library_function(Ref(("lib", "optionals"))), library_function(Ref(("fetchPypi",)))
    ('optionals', None)
    """
    return function.path[-1] if function.path[0] in ("lib", "builtins") and len(function.path) in (2, 3) else None


def applied(call: Call, last: Node, spread: Spread) -> Value:
    """Return what a call gives where its function is known, else the call.

    Args:
        call: the function and its arguments so far.
        last: how the last argument is written.
        spread: makes items of a list.
    """
    name, given = library_function(call.function), call.arguments
    if name is None:
        return call
    if name in ("optionals", "optional") and len(given) == 2:
        return _optional(given[0], given[1], last, spread, several=name == "optionals")
    if name in ("flatten", "concatLists") and len(given) == 1 and isinstance(given[0], Listing):
        return Listing(tuple(part for one in given[0].items for part in _flat(one, spread)))
    if name == "attrValues" and len(given) == 1 and isinstance(given[0], NixSet) and not given[0].more:
        return Listing(tuple(Item(given[0].names[one](), text=one) for one in sorted(given[0].names)))
    if name in _TRANSPARENT and len(given) == 1:
        return given[0]
    if name in _WARNINGS and len(given) == (3 if name == "warnIf" else 2):
        return given[-1]
    return call


def _optional(condition: Value, value: Value, last: Node, spread: Spread, *, several: bool) -> Value:
    if condition is False:
        return Listing(())
    written = _condition_text(last)
    conditions = () if condition is True else (Condition(condition, written),)
    if several:
        return Listing(spread(value, last.brief, conditions))
    return Listing((Item(value, conditions, text=last.brief),))


def _condition_text(last: Node) -> str:
    """Return how the condition of ``lib.optionals condition [ ... ]`` is written, from its last argument."""
    call = last.raw.parent
    inner = None if call is None else call.child_by_field_name("function")
    argument = None if inner is None else inner.child_by_field_name("argument")
    if argument is not None and argument.type == "parenthesized_expression":
        argument = argument.child_by_field_name("expression")
    return "" if argument is None else Node(argument, last.data).brief


def _flat(one: Item, spread: Spread) -> tuple[Item, ...]:
    if isinstance(one.value, Listing) or one.spread:
        return spread(one.value, one.text, one.conditions)
    if isinstance(one.value, Unknown):
        return (Item(one.value, one.conditions, spread=True, text=one.text),)
    # an element of a list of lists is a list; one that flatten meets may be an element itself
    return (
        Item(one.value, one.conditions, spread=isinstance(one.value, Ref) and len(one.value.path) > 1, text=one.text),
    )
