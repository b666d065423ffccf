"""How is a conflict told? As a tree of short sentences that ends in a contradiction, then the ways out with prices."""

from collections.abc import Iterator
from dataclasses import dataclass

from report.phrases import count, named
from report.waysout import fixes_to_tell, remedy_texts, then_text
from solver.planconflict import Conflict, Core, Reason, Step

NOTHING = "Nothing satisfies these together:"
NOR = "Nor these, whatever becomes of the others:"
UNTOLD = "Nothing satisfies all of it; which requirements contradict each other was not found within the effort."
PERHAPS = "Perhaps not each of these is needed: that was not found within the effort."
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
    yield NOTHING if conflict.cores or conflict.core else UNTOLD
    if not conflict.cores:
        yield from (f"  {sentence}" for sentence in conflict.core)
    for i, core in enumerate(conflict.cores):
        if i:
            yield NOR
        yield from (f"  {'  ' * line.depth}{line.text}" for line in core_tree(core))
        if not core.minimal:
            yield PERHAPS
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
    return f"{reason.sentence} (so {'does' if len(reason.siblings) == 1 else 'do'} {named(reason.siblings)})"


def _step(step: Step, reasons: dict[str, str]) -> str:
    return f"{step.so}, because {reasons.get(step.reason, step.reason)}"
