"""Which aliases lead nowhere, in circles, over other aliases, or stand where an attribute is?"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from normalize.aliases import Alias, trail
from normalize.nameaudit import Finding
from normalize.namenear import one_edit_away
from normalize.projects import extra_name

_OUTSIDE = ("pkgs.", "lib.", "super.")
"""Where a target begins that is no attribute of the Python set."""

_SHORT = 7
"""Names up to this length are one letter from too many others for that to mean anything."""


def alias_findings(
    aliases: Mapping[str, Alias], attributes: Collection[str], elsewhere: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with aliases.

    Args:
        aliases: by name.
        attributes: those of the set.
        elsewhere: attributes that nixpkgs has besides.
    """
    there = {*attributes, *elsewhere}
    followed = {name: alias for name, alias in aliases.items() if name not in there}
    for name, alias in sorted(aliases.items()):
        if name in there:
            yield _both(alias)
        elif alias.target is not None:
            way = trail(name, followed)
            finding = _cycle(way) if way[-1] in way[:-1] else _end(alias, way, aliases, there)
            if finding is not None:
                yield finding


def _both(alias: Alias) -> Finding:
    leads = f"leads to {alias.target}" if alias.target is not None else "says that it was removed"
    return Finding(
        kind="attribute-and-alias",
        names=(alias.name,),
        sentence=f"{alias.name} is an attribute, and an alias that {leads}",
        hint="remove the alias; nixpkgs refuses to evaluate both",
        deletes=(alias.name,),
    )


def _cycle(way: tuple[str, ...]) -> Finding | None:
    circle = way[way.index(way[-1]) :]
    if way[0] not in circle:
        sentence = f"alias {way[0]} leads to {way[1]}, and so into a circle: {' -> '.join(circle)}"
    elif way[0] == min(circle):
        sentence = f"aliases lead in a circle: {' -> '.join(way)}"
    else:
        return None  # told of the first one
    return Finding(
        kind="alias-cycle",
        names=tuple(sorted(set(circle) | {way[0]})),
        sentence=sentence,
        hint="let one of them lead to an attribute, or remove them",
    )


def _end(alias: Alias, way: tuple[str, ...], aliases: Mapping[str, Alias], there: set[str]) -> Finding | None:
    end = way[-1]
    over = f" over {', '.join(way[1:-1])}" if len(way) > 2 else ""
    if end in aliases and end not in there:
        last = aliases[end]
        removed = replace(alias, target=None, fatal=True, reason=last.reason or f"'{alias.name}' was removed")
        return Finding(
            kind="alias-chain",
            names=(alias.name,),
            sentence=f"alias {alias.name} leads{over} to {end}, which was removed{_on(last)}",
            hint="say of it, too, that it was removed",
            writes=(removed,),
        )
    if not _is_there(end, there):
        key = extra_name(end)
        near = sorted({key, *(one_edit_away(key) if len(key) > _SHORT else ())} & there)
        return Finding(
            kind="alias-to-nowhere",
            names=(alias.name,),
            sentence=f"alias {alias.name} leads{over} to {end}, which is no attribute and no alias",
            hint=f"did it mean {near[0]}?" if near else "let it lead to an attribute, or remove it",
        )
    if not over:
        return None
    return Finding(
        kind="alias-chain",
        names=(alias.name,),
        sentence=f"alias {alias.name} leads{over} to {end}",
        hint=f"let it lead to {end} at once",
        writes=(replace(alias, target=end),),
    )


def _on(alias: Alias) -> str:
    return f" ({alias.date})" if alias.date is not None else ""


def _is_there(target: str, there: Collection[str]) -> bool:
    """Return whether a target exists; of one with a path, only the part that is an attribute can be looked up."""
    if target in there or target.startswith(_OUTSIDE):
        return True
    name = target.removeprefix("self.")
    return name in there or ("." in name and name.partition(".")[0] in there)
