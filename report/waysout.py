"""How is a way out of a conflict told? What it takes, one sentence each with its price, and where it leads."""

import re
from collections import defaultdict
from collections.abc import Sequence

from report.phrases import count, judged, named, sorted_form
from solver.planconflict import Conflict, Fix, Remedy

_RELAX = re.compile(r"relax (?P<what>.+) of (?P<who>\S+(?: \S+)?)(?P<tail> and let it meet \S+ \S+)?")
_RELEASE = re.compile(r"a release of (?P<who>\S+) that (?P<tail>accepts .+)")
_AWAITED, _ACCEPTS = "upstream", "accepts "

_HANDS = {"loosen": "yours to decide", "drop": "yours to decide", "policy": "policy", "upstream": "others must act"}


def fixes_to_tell(conflict: Conflict) -> tuple[Fix, ...]:
    """Return the ways out without those that wait for more releases of others than another one does."""
    waits = {id(fix): all(one.kind == "upstream" for one in fix.remedies) for fix in conflict.fixes}
    fewest = min((len(fix.remedies) for fix in conflict.fixes if waits[id(fix)]), default=0)
    return tuple(fix for fix in conflict.fixes if not waits[id(fix)] or len(fix.remedies) == fewest)


def remedy_texts(fix: Fix) -> tuple[str, ...]:
    """Return what a way out takes, one sentence each with its price.

    Releases of one project that are waited for are one release, and what is equal for several projects is one sentence.
    """
    awaited = defaultdict[str, list[str]](list)
    parts = [_taken_apart(one) for one in fix.remedies]
    for key, who in parts:
        if key[0] == _AWAITED:
            awaited[who].append(key[2].removeprefix(_ACCEPTS))
    groups = defaultdict[tuple[str, ...], list[str]](list)
    for (kind, what, tail, price), who in parts:
        accepted = _ACCEPTS + " and ".join(awaited[who]) if kind == _AWAITED else tail
        if who not in groups[kind, what, accepted, price]:
            groups[kind, what, accepted, price].append(who)
    return tuple(_remedy(key, whose) for key, whose in groups.items())


def _taken_apart(one: Remedy) -> tuple[tuple[str, ...], str]:
    price = _HANDS.get(one.kind, "")
    if one.risk:
        price = f"{price}; {judged(one.risk)}" if price else judged(one.risk)
    match = _RELAX.fullmatch(one.sentence) if one.kind == "relax" else None
    if match is not None:
        return ("relax", sorted_form(match["what"]), match["tail"] or "", price), match["who"]
    match = _RELEASE.fullmatch(one.sentence) if one.kind == "upstream" else None
    if match is not None:
        return (_AWAITED, "", match["tail"], price), match["who"]
    return ("", one.sentence if one.kind != "upstream" else f"wait for {one.sentence}", "", price), ""


def _remedy(key: tuple[str, ...], whose: Sequence[str]) -> str:
    kind, what, tail, price = key
    behind = f" ({price})" if price else ""
    if not kind:
        return f"{what}{behind}"
    one = len(whose) == 1
    who = whose[0] if one else f"{count(len(whose), 'project')}: {named(whose)}"
    if kind == "relax":
        tail = tail if one else tail.replace("let it meet", "let them meet")
        return f"relax {what} of {who}{',' * (not one and bool(tail))}{tail}{behind}"
    if one:
        return f"wait for a release of {who} that {tail}{behind}"
    return f"wait for releases that accept {tail.removeprefix(_ACCEPTS)} of {who}{behind}"


def then_text(fix: Fix) -> str:
    """Return the versions that a way out leads to."""
    return ", ".join(f"{project} {version}" for project, version in fix.versions)


def way_text(fix: Fix) -> str:
    """Return a way out as one sentence."""
    said = " and ".join(remedy_texts(fix))
    return f"{said}; then {then_text(fix)}" if fix.versions else said
