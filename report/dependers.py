"""How is told who requires a project, and whom its next release would leave behind? Equal bounds are told together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from normalize.implied import implied
from normalize.requirements import parse_requirement
from normalize.specifierparts import upper_part
from normalize.specifiers import parse_bounds
from report.phrases import count, verb
from solver.dependers import Dependence, Depender, Next

SHOWN = 4
"""So many names are told, and the rest is counted."""

_Release = tuple[str, str, str]
"""A project, its version and the extra of it that requires."""


def dependence_lines(found: Dependence, project: str) -> Iterator[str]:
    """Yield lines of plain text; they hold outside text and are not harmless for a terminal yet."""
    number = len({one.project for one in found.dependers})
    if not number:
        yield "no project of the plan requires it"
        return
    yield f"{count(number, 'project')} of the plan {verb(number, 'requires', 'require')} it"
    dependers = _distinct(found.dependers)
    labels = _labels(dependers)
    capped = defaultdict[str, list[Depender]](list)
    free: list[Depender] = []
    for one in dependers:
        upper = _cap(one.specifier)
        if upper:
            capped[upper].append(one)
        else:
            free.append(one)
    for upper, those in sorted(capped.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield f"  {_who(those, labels)} {verb(len(_names(those, labels)), 'needs', 'need')} {project}{upper}"
    if free:
        yield f"  {_who(free, labels)} {verb(len(_names(free, labels)), 'sets', 'set')} no upper bound"
    floors = [(bound, one) for one in dependers if (bound := parse_bounds(one.specifier).floor) is not None]
    if floors:
        bound = max(floors, key=lambda pair: pair[0])[0]
        highest = [one for floor, one in floors if floor == bound]
        yield f"  the highest lower bound is {bound}, of {_who(highest, labels)}"
    yield from _following(found.following, labels)


def _distinct(dependers: Sequence[Depender]) -> list[Depender]:
    """Return the requirements without those that another one of the same release contains."""
    several = defaultdict[_Release, list[str]](list)
    for one in dependers:
        several[_release(one)].append(one.requires)
    left_out = {release: implied(texts) for release, texts in several.items()}
    return [one for one in dependers if one.requires not in left_out[_release(one)]]


def _release(one: Depender) -> _Release:
    return one.project, one.version, one.extra


def _labels(dependers: Sequence[Depender]) -> dict[Depender, str]:
    """Return the release of each requirement, with the extra and the marker where its upper bounds differ by them."""
    caps = defaultdict[tuple[str, str], set[str]](set)
    for one in dependers:
        caps[one.project, one.version].add(_cap(one.specifier))
    found = {}
    for one in dependers:
        found[one] = f"{one.project} {one.version}"
        if len(caps[one.project, one.version]) > 1:
            parsed = parse_requirement(one.requires)
            where = "" if parsed is None or one.extra else parsed.condition
            extra = f"[{one.extra}]" if one.extra else ""
            found[one] = f"{one.project}{extra} {one.version}{f' ({where})' if where else ''}"
    return found


def _following(following: Sequence[Next], labels: Mapping[Depender, str]) -> Iterator[str]:
    breaking = [one for one in following if one.breaks]
    if following and not breaking:
        yield f"no bound excludes a next major release ({following[-1].version})"
    for one in breaking:
        breaks = [depender for depender in one.breaks if depender in labels]
        names = _who(breaks, labels)
        free = sum(depender.relaxed for depender in breaks)
        there = f" ({free} of them relaxed in nixpkgs)" if free else ""
        more = " further" if one is not breaking[0] else ""
        yield f"a next {one.kind} release ({one.version}) would be outside the bounds of{more} {names}{there}"


def _cap(specifier: str) -> str:
    """Return the upper part of a specifier without what it excludes by name."""
    parts = upper_part(parse_bounds(specifier).specifiers)
    return ",".join(sorted(str(one) for one in parts if one.operator != "!="))


def _names(those: Sequence[Depender], labels: Mapping[Depender, str]) -> list[str]:
    return list(dict.fromkeys(labels[one] for one in those))


def _who(those: Sequence[Depender], labels: Mapping[Depender, str]) -> str:
    names = _names(those, labels)
    if len(names) <= SHOWN:
        return ", ".join(names)
    return f"{len(names):,} projects ({', '.join(names[: SHOWN - 1])} and {len(names) - SHOWN + 1:,} others)"
