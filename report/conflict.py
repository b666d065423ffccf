"""How is a conflict told? As a tree of short sentences that ends in a contradiction, then the ways out with prices."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report.blockers import LISTED, sorted_form
from report.words import count, judged
from solver.planconflict import Conflict, Core, Fix, Reason, Remedy, Step

_RELAX = re.compile(r"relax (?P<what>.+) of (?P<who>\S+(?: \S+)?)(?P<tail> and let it meet \S+ \S+)?")
_RELEASE = re.compile(r"a release of (?P<who>\S+) that (?P<tail>accepts .+)")

_HANDS = {"loosen": "yours to decide", "drop": "yours to decide", "policy": "policy", "upstream": "others must act"}

NOTHING = "Nothing satisfies these together:"
NOR = "Nor these, whatever becomes of the others:"
CANDIDATES = "These would do, and are no candidates:"
WAYS_OUT = "Each of these is a way out, as solving again has shown; the cheapest is first:"
GIVE_WAY = "The fewest that would have to give way:"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a tree, and how deep it stands."""

    depth: int
    text: str


def conflict_lines(conflict: Conflict) -> Iterator[str]:
    """Yield lines of plain text; they hold outside text and are not harmless for a terminal yet."""
    yield NOTHING
    if not conflict.cores:
        yield from (f"  {sentence}" for sentence in conflict.core)
    for i, core in enumerate(conflict.cores):
        if i:
            yield NOR
        yield from (f"  {'  ' * line.depth}{line.text}" for line in core_tree(core))
        if core.excluded:
            yield CANDIDATES
            yield from (f"  {sentence}" for sentence in core.excluded)
    if conflict.correction and not conflict.fixes:
        yield GIVE_WAY
        yield from (f"  {sentence}" for sentence in conflict.correction)
    if conflict.fixes:
        yield WAYS_OUT
        fixes = fixes_to_tell(conflict)
        for number, fix in enumerate(fixes, 1):
            for i, text in enumerate(remedy_texts(fix)):
                yield f"  {f'{number}.':<3} {text}" if not i else f"      and {text}"
            if fix.versions:
                yield f"      then {then_text(fix)}"
        if len(fixes) < len(conflict.fixes):
            yield f"  and {count(len(conflict.fixes) - len(fixes), 'other')}, which wait for more releases"


def core_tree(core: Core) -> tuple[Line, ...]:
    """Return why a core's reasons contradict each other, the contradiction first and below each sentence what it needs.

    A sentence that two others need stands below the first of them. A core that takes a search to refute is a list.
    """
    reasons = {reason.id: _reason(reason) for reason in core.reasons}
    if not core.steps:
        return tuple(Line(0, text) for text in reasons.values())
    steps = {step.number: step for step in core.steps}
    told: set[int] = set()
    found: list[Line] = []
    waiting = [(0, core.steps[-1])]  # a stack, because chains of requirements may be longer than recursion allows
    while waiting:
        depth, step = waiting.pop()
        if step.number in told:
            found.append(Line(depth, f"{step.so}, as above"))
            continue
        told.add(step.number)
        below = [steps[number] for number in step.after if number in steps and number < step.number]
        found.append(Line(depth, f"{_step(step, reasons)}{' and' * bool(below)}"))
        waiting += [(depth + 1, one) for one in reversed(below)]
    return tuple(found)


def _reason(reason: Reason) -> str:
    if not reason.siblings:
        return reason.sentence
    return f"{reason.sentence} (so {'does' if len(reason.siblings) == 1 else 'do'} {_named(reason.siblings)})"


def _step(step: Step, reasons: dict[str, str]) -> str:
    return f"{step.so}, because {reasons.get(step.reason, step.reason)}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    shown = list(names[:LISTED])
    if more > 0:
        return f"{', '.join(shown)} and {count(more, 'other')}"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def fixes_to_tell(conflict: Conflict) -> tuple[Fix, ...]:
    """Return the ways out without those that wait for more releases of others than another one does."""
    waits = {id(fix): all(one.kind == "upstream" for one in fix.remedies) for fix in conflict.fixes}
    fewest = min((len(fix.remedies) for fix in conflict.fixes if waits[id(fix)]), default=0)
    return tuple(fix for fix in conflict.fixes if not waits[id(fix)] or len(fix.remedies) == fewest)


def remedy_texts(fix: Fix) -> tuple[str, ...]:
    """Return what a way out takes, one sentence each with its price; equal ones of several projects are one."""
    groups = defaultdict[tuple[str, ...], list[str]](list)
    for one in fix.remedies:
        key, who = _taken_apart(one)
        groups[key].append(who)
    return tuple(_remedy(key, whose) for key, whose in groups.items())


def _taken_apart(one: Remedy) -> tuple[tuple[str, ...], str]:
    price = judged(one.risk) if one.risk else _HANDS.get(one.kind, "")
    match = _RELAX.fullmatch(one.sentence) if one.kind == "relax" else None
    if match is not None:
        return ("relax", sorted_form(match["what"]), match["tail"] or "", price), match["who"]
    match = _RELEASE.fullmatch(one.sentence) if one.kind == "upstream" else None
    if match is not None:
        return ("upstream", "", match["tail"], price), match["who"]
    return ("", one.sentence if one.kind != "upstream" else f"wait for {one.sentence}", "", price), ""


def _remedy(key: tuple[str, ...], whose: Sequence[str]) -> str:
    kind, what, tail, price = key
    behind = f" ({price})" if price else ""
    if not kind:
        return f"{what}{behind}"
    one = len(whose) == 1
    who = whose[0] if one else f"{count(len(whose), 'project')}: {_named(whose)}"
    if kind == "relax":
        tail = tail if one else tail.replace("let it meet", "let them meet")
        return f"relax {what} of {who}{',' * (not one and bool(tail))}{tail}{behind}"
    if one:
        return f"wait for a release of {who} that {tail}{behind}"
    return f"wait for releases that accept {tail.removeprefix('accepts ')} of {who}{behind}"


def then_text(fix: Fix) -> str:
    """Return the versions that a way out leads to."""
    return ", ".join(f"{project} {version}" for project, version in fix.versions)
