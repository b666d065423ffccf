"""Which attributes or names does a list hold, and under which conditions?"""

from collections.abc import Sequence

from nixpkgs.conditions import all_hold, condition_text
from nixpkgs.packagefacts import Names, Part, When
from nixpkgs.symbols import Choice, Condition, Item, Null, Ref
from nixpkgs.valuewords import told
from normalize.targets import Target


def names_in(items: Sequence[Item], targets: Sequence[Target], *, texts: bool = False) -> Names:
    """Return what a list holds.

    Args:
        items: its elements.
        targets: where conditions are judged.
        texts: whether it holds plain texts; else attributes.
    """
    parts: list[Part] = []
    unknown: list[str] = []
    for item in items:
        value = item.value
        when = _when(item.conditions, targets) if item.conditions else None
        if texts and isinstance(value, str):
            parts.append(Part((value,), when))
            continue
        if isinstance(value, Null):
            continue
        if isinstance(value, Choice):
            other = Condition(value.condition.value, value.condition.text, negated=not value.condition.negated)
            for branch, condition in ((value.yes(), value.condition), (value.no(), other)):
                chosen = Item(branch, (*item.conditions, condition), item.spread, item.text)
                found = names_in([chosen], targets, texts=texts)
                parts.extend(found.parts)
                unknown.extend(found.unknown)
        elif not texts and isinstance(value, Ref) and _is_asked(value, spread_out=item.spread):
            parts.append(Part(_in_set(value.path), when, value.default is not None))
        elif not texts and isinstance(value, Ref) and _is_native(value):
            continue
        else:
            unknown.append(item.text or told(value))
    return Names(tuple(parts), tuple(unknown))


def _when(conditions: tuple[Condition, ...], targets: Sequence[Target]) -> When:
    return When(condition_text(conditions), tuple(all_hold(conditions, target) for target in targets))


_NOT_PYTHON = frozenset({"pkgs", "lib", "builtins", "stdenv", "config", "python3Packages"})


def _is_asked(value: Ref, *, spread_out: bool) -> bool:
    """Return whether a reference names an attribute of the Python set, or a list that one of them has."""
    path = _in_set(value.path)
    if path[0] in _NOT_PYTHON:
        return False
    if spread_out:
        return len(path) in (3, 4) and path[-2] == "optional-dependencies"
    return len(path) == 1 or (len(path) == 2 and path[1] not in ("dev", "out", "lib", "bin", "optional-dependencies"))


def _is_native(value: Ref) -> bool:
    return value.path[0] == "pkgs" or value.path[-1] in ("dev", "out", "lib", "bin")


def _in_set(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path as the Python set sees it."""
    if len(path) == 1:
        return path
    if path[:2] == ("python", "pkgs") and len(path) > 2:
        return path[2:]
    return path[1:] if path[0] in ("pythonPackages", "self") else path
