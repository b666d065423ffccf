"""Where do two ways of reading nixpkgs disagree? Attribute by attribute, on what both of them know."""

from collections.abc import Mapping
from dataclasses import dataclass

from dataset.currentset import Attribute, Recipe
from nixpkgs.setreading import NO_VERSION, SetReading

_FIELDS = ("version", "dependencies", "optional_dependencies", "relaxed", "removed", "imports", "position", "format")
_RECIPE = ("fetcher", "hash", "build_system", "maintainers")
_ADDRESSES = ("changelog", "homepage")  # where there is none, it may be that it was not known


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two readings tell otherwise.

    Attributes:
        attribute: the attribute.
        field: ``version``, ``dependencies`` ...; "attribute" where one reading does not have it.
        one, other: what each says, as text.
    """

    attribute: str
    field: str
    one: str
    other: str


def differences(one: SetReading, other: SetReading) -> tuple[Difference, ...]:
    """Return what two readings tell otherwise, sorted; what one of them does not know is no difference."""
    mine, its = ({attribute.name: attribute for attribute in reading.attributes} for reading in (one, other))
    bases = _bases(mine) | _bases(its)
    left_out = dict(one.left_out), dict(other.left_out)
    found = []
    for name in sorted(mine.keys() | its.keys()):
        if name in mine and name in its:
            found.extend(_fields(mine[name], its[name], bases))
        else:
            texts = [
                "there" if name in has else out.get(name, "not there")
                for has, out in zip((mine, its), left_out, strict=True)
            ]
            found.append(Difference(name, "attribute", texts[0], texts[1]))
    return tuple(found)


def _bases(attributes: Mapping[str, Attribute]) -> dict[str, str]:
    """Return what each pointer stands for: an evaluation cannot tell ``protobuf`` from the ``protobuf7`` that it is."""
    found = {}
    for name, attribute in attributes.items():
        seen = [name]
        further = attribute.points_to
        while further is not None and further in attributes and further not in seen:
            seen.append(further)
            further = attributes[further].points_to
        found[name] = seen[-1]
    return found


def _fields(one: Attribute, other: Attribute, bases: Mapping[str, str]) -> list[Difference]:
    unknown = {field for attribute in (one, other) for field, why in attribute.unknown if why != NO_VERSION}
    pairs = [(field, getattr(one, field), getattr(other, field)) for field in _FIELDS]
    recipes = one.recipe, other.recipe
    if isinstance(recipes[0], Recipe) and isinstance(recipes[1], Recipe):
        pairs += [(field, getattr(recipes[0], field), getattr(recipes[1], field)) for field in _RECIPE]
        addresses = [(field, getattr(recipes[0], field), getattr(recipes[1], field)) for field in _ADDRESSES]
        pairs += [one for one in addresses if None not in one]
    return [
        Difference(one.name, field, _told(first), _told(second))
        for field, first, second in pairs
        if field not in unknown and _plain(field, first, bases) != _plain(field, second, bases)
    ]


def _plain(field: str, value: object, bases: Mapping[str, str]) -> object:
    if field in ("dependencies", "build_system") and isinstance(value, tuple):
        return frozenset(bases.get(name, name) for name in value)
    if field == "optional_dependencies" and isinstance(value, tuple):
        return {extra: frozenset(bases.get(name, name) for name in names) for extra, names in value}
    return frozenset(value) if isinstance(value, tuple) else value


def _told(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        texts = [f"{one[0]}: {_told(one[1])}" if isinstance(one, tuple) else str(one) for one in value]
        return ", ".join(texts) or "nothing"
    return str(value)
