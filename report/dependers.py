"""How is told who requires a project, and whom its next release would leave behind? Equal bounds are told together."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from normalize.specifierparts import upper_part
from normalize.specifiers import parse_bounds
from report.phrases import count, verb
from solver.dependers import Dependence, Depender, Next

SHOWN = 4
"""So many names are told, and the rest is counted."""


def dependence_lines(found: Dependence, project: str) -> Iterator[str]:
    """Yield lines of plain text; they hold outside text and are not harmless for a terminal yet."""
    number = len({one.project for one in found.dependers})
    if not number:
        yield "no project of the plan requires it"
        return
    yield f"{count(number, 'project')} of the plan {verb(number, 'requires', 'require')} it"
    capped = defaultdict[str, list[Depender]](list)
    free: list[Depender] = []
    for one in found.dependers:
        upper = _cap(one.specifier)
        if upper:
            capped[upper].append(one)
        else:
            free.append(one)
    for upper, those in sorted(capped.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield f"  {_who(those)} {verb(len(_names(those)), 'needs', 'need')} {project}{upper}"
    if free:
        yield f"  {_who(free)} {verb(len(_names(free)), 'sets', 'set')} no upper bound"
    floors = [(bound, one) for one in found.dependers if (bound := parse_bounds(one.specifier).floor) is not None]
    if floors:
        bound = max(floors, key=lambda pair: pair[0])[0]
        highest = [one for floor, one in floors if floor == bound]
        yield f"  the highest lower bound is {bound}, of {_who(highest)}"
    yield from _following(found.following)


def _following(following: Sequence[Next]) -> Iterator[str]:
    breaking = [one for one in following if one.breaks]
    if following and not breaking:
        yield f"no bound excludes a next major release ({following[-1].version})"
    for one in breaking:
        names = _who(one.breaks)
        free = sum(depender.relaxed for depender in one.breaks)
        there = f" ({free} of them relaxed in nixpkgs)" if free else ""
        more = " further" if one is not breaking[0] else ""
        yield f"a next {one.kind} release ({one.version}) would be outside the bounds of{more} {names}{there}"


def _cap(specifier: str) -> str:
    """Return the upper part of a specifier without what it excludes by name."""
    parts = upper_part(parse_bounds(specifier).specifiers)
    return ",".join(sorted(str(one) for one in parts if one.operator != "!="))


def _names(those: Sequence[Depender]) -> list[str]:
    return list(dict.fromkeys(f"{one.project} {one.version}" for one in those))


def _who(those: Sequence[Depender]) -> str:
    names = _names(those)
    if len(names) <= SHOWN:
        return ", ".join(names)
    return f"{len(names):,} projects ({', '.join(names[: SHOWN - 1])} and {len(names) - SHOWN + 1:,} others)"
