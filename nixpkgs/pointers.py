"""Where does a default pointer have to lead (``protobuf = protobuf7;``), so that it has the planned version?"""

from collections.abc import Mapping, Sequence

from nixpkgs.declarations import Declaration, read_declarations
from nixpkgs.packagefacts import PackageFacts
from nixpkgs.recipetree import bindings, walk
from nixpkgs.splice import Edit, LeftAlone, spliced
from nixpkgs.syntax import attribute_path, parse_nix
from normalize.attributes import split_series
from normalize.nixnames import nix_name
from normalize.targets import Target
from normalize.versions import parse_version


def series_of(pointer: str, attribute: str) -> tuple[int, ...] | None:
    """Return the series of a versioned attribute that a pointer may lead to; None for any other attribute.

    >>> series_of("protobuf", "protobuf7"), series_of("django", "django_5"), series_of("a", "b_1")
    ((7,), (5,), None)
    """
    base, series = split_series(attribute, {pointer})
    return tuple(int(one) for one in series.split(".")) if series is not None and base == pointer else None


def pointed_to(pointer: str, now: str, version: str, known: Mapping[str, PackageFacts]) -> str:
    """Return the attribute that a pointer has to lead to.

    Args:
        pointer: the attribute.
        now: where it leads now.
        version: what it shall have.
        known: the versioned attributes that it may lead to, and ``now``, each with what its file says.

    Raises:
        LeftAlone: there is none.

    >>> facts = {f"p{i}": PackageFacts(version=f"{i}.1") for i in (6, 7)}
    >>> pointed_to("p", "p7", "6.1", facts), pointed_to("p", "p7", "7.2", facts), pointed_to("p", "p7", "6.2", facts)
    ('p6', 'p7', 'p6')
    """
    if known[now].version == version:
        return now
    for name in sorted(known):
        if known[name].version == version:
            return name
    series, has = series_of(pointer, now), known[now].version
    if series is None or _in_series(version, series) or not (isinstance(has, str) and _in_series(has, series)):
        return now
    fitting = [
        (one, name)
        for name in sorted(known)
        if (one := series_of(pointer, name)) is not None and _in_series(version, one)
    ]
    if not fitting:
        raise LeftAlone(f"it points to '{now}', and no attribute of the set has the series of {version}")
    chosen = max(fitting)[1]
    has = known[chosen].version
    before, parsed = parse_version(has) if isinstance(has, str) else None, parse_version(version)
    if before is None or parsed is None or before > parsed:
        told = f"has {has}" if isinstance(has, str) else "has a version that cannot be read"
        raise LeftAlone(f"'{chosen}', which it would point to, {told}, and the plan wants {version}")
    return chosen


def _in_series(version: str, series: tuple[int, ...]) -> bool:
    parsed = parse_version(version)
    return parsed is not None and parsed.release[: len(series)] == series


def moved_pointer(data: bytes, declaration: Declaration, to: str, targets: Sequence[Target]) -> bytes:
    """Return ``python-packages.nix`` with a pointer that leads elsewhere.

    Args:
        data: the file.
        declaration: the pointer.
        to: the attribute that it shall lead to.
        targets: where conditions are judged.

    Raises:
        LeftAlone: it is written in a way that is not known.
    """
    found = [
        binding
        for node in walk(parse_nix(data))
        if node.kind in ("attrset_expression", "rec_attrset_expression")
        for binding in bindings(node)
        if binding.line == declaration.line and attribute_path(binding["attrpath"]) == (declaration.name,)
    ]
    if len(found) != 1:
        raise LeftAlone("its declaration cannot be told from others")
    value = found[0]["expression"]
    if value.kind == "select_expression" and value["expression"].text in ("self", "final"):
        value = value["attrpath"]
    if value.text != declaration.other[0]:
        raise LeftAlone("it is no plain pointer")
    made = spliced(data, [Edit(value.start, value.end, nix_name(to))])
    before, after = read_declarations(data, targets), read_declarations(made, targets)
    wrong = [one.name for one, other in zip(before[0], after[0], strict=True) if one != other]
    moved = {one.name: one.other for one in after[0]}
    if wrong != [declaration.name] or moved[declaration.name] != (to,) or before[1] != after[1]:
        raise LeftAlone("once edited, python-packages.nix would say otherwise than wanted")
    return made
