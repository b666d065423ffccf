"""How is a conflict told on a terminal? The sentences that contradict, how they do, and the ways out."""

from collections.abc import Iterator

from solver.planconflict import Conflict, Core, Fix, Step

_SHORT = 3
"""A contradiction of fewer steps is seen without them."""


def conflict_lines(conflict: Conflict) -> Iterator[str]:
    """Yield lines of plain text; they hold outside text and are not harmless for a terminal yet."""
    yield "Nothing satisfies these together:"
    if not conflict.cores:
        yield from (f"  {sentence}" for sentence in conflict.core)
    for i, core in enumerate(conflict.cores):
        if i:
            yield "Nor these, whatever becomes of the others:"
        yield from _core(core)
    if conflict.correction and not conflict.fixes:
        yield "The fewest that would have to give way:"
        yield from (f"  {sentence}" for sentence in conflict.correction)
    if conflict.fixes:
        yield "Each of these would do, as solving again has shown:"
        for number, fix in enumerate(conflict.fixes, 1):
            yield from _fix(number, fix)


def _core(core: Core) -> Iterator[str]:
    yield from (f"  {reason.sentence}" for reason in core.reasons)
    if len(core.steps) >= _SHORT:
        yield "because"
        sentences = {reason.id: reason.sentence for reason in core.reasons}
        yield from (f"  ({step.number}) {_step(step, sentences[step.reason])}" for step in core.steps)
    if core.excluded:
        yield "These would do, and are no candidates:"
        yield from (f"  {sentence}" for sentence in core.excluded)


def _step(step: Step, reason: str) -> str:
    earlier = "".join(f" and ({number})" for number in step.after if number != step.number - 1)
    return f"{reason}{earlier}, so {step.so}"


def _fix(number: int, fix: Fix) -> Iterator[str]:
    for i, remedy in enumerate(fix.remedies):
        risk = f" ({remedy.risk})" if remedy.risk else ""
        yield f"  {f'{number}.' if not i else 'and':<3} {remedy.sentence}{risk}"
    if fix.versions:
        yield f"      then {', '.join(f'{project} {version}' for project, version in fix.versions)}"
