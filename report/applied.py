"""What was edited in a checkout, and what is left for people? Lines for the terminal, and JSON."""

from dataclasses import dataclass
from typing import Any

from nixpkgs.commitmessage import step_phrases
from nixpkgs.furtherchange import Further
from nixpkgs.treeedit import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of a plan in a checkout.

    Attributes:
        steps: what was changed, or would be.
        left_alone: attribute -> why, sorted.
        already: attributes that had what the plan wants.
        notes: attribute -> what a human has to look at.
        written: whether anything was written: ``False`` where it would only be.
    """

    steps: tuple[Step, ...]
    left_alone: tuple[tuple[str, str], ...]
    already: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    written: bool


def applied_lines(applied: Applied) -> tuple[str, ...]:
    """Return one line for each thing, and a last one that counts them."""
    files = {path for step in applied.steps for path, _ in step.files}
    blank = sum(len(step.prefetch) for step in applied.steps)
    verb = "changed" if applied.written else "to be changed"
    last = [
        f"{_count(len(applied.steps), 'attribute')} in {_count(len(files), 'file')} {verb}",
        *([f"{_count(blank, 'hash', 'hashes')} to be prefetched"] if blank else []),
        *([f"{_count(len(applied.notes), 'note')} to look at"] if applied.notes else []),
        *([f"{_count(len(applied.left_alone), 'attribute')} left alone"] if applied.left_alone else []),
        *([f"{_count(len(applied.already), 'attribute')} had nothing to be changed"] if applied.already else []),
    ]
    return (
        *(f"{step.attribute}: {'; '.join([*step_phrases(step), *_prefetched(step)])}" for step in applied.steps),
        *(f"look at {name}: {note}" for name, note in applied.notes),
        *(f"left alone: {name}: {why}" for name, why in applied.left_alone),
        "; ".join(last),
    )


def _prefetched(step: Step) -> list[str]:
    return [f"to be prefetched: {', '.join(step.prefetch)}"] if step.prefetch else []


def applied_json(applied: Applied, diff: str | None) -> dict[str, Any]:
    """Return the same as JSON.

    Args:
        applied: what came of the plan.
        diff: the patch, where nothing was written.
    """
    return {
        "written": applied.written,
        "changed": [
            {
                "attribute": step.attribute,
                "current": step.current,
                "version": step.version,
                "files": [path for path, _ in step.files],
                "points_to": step.points_to,
                "relaxed": [one.name for one in step.changes.relax],
                "not_relaxed": list(step.changes.unrelax),
                "added": list(step.changes.gain),
                "removed": list(step.changes.lose),
                **_further(step.changes.further),
                "prefetch": list(step.prefetch),
            }
            for step in applied.steps
        ],
        "left_alone": [{"attribute": name, "reason": why} for name, why in applied.left_alone],
        "already": list(applied.already),
        "look_at": [{"attribute": name, "note": note} for name, note in applied.notes],
        **({} if diff is None else {"diff": diff}),
    }


def _further(further: Further) -> dict[str, Any]:
    """Return what changes besides; nothing where nothing does."""
    narrowed = None if further.narrowed is None else [one.name for one in further.narrowed]
    return {
        **({} if narrowed is None else {"narrowed": narrowed}),
        **({"added_where": {one.attribute: one.condition for one in further.gain}} if further.gain else {}),
        **({"removed_where": list(further.lose)} if further.lose else {}),
        **(
            {"extras": {one.name: {"added": list(one.gain), "removed": list(one.lose)} for one in further.extras}}
            if further.extras
            else {}
        ),
    }


def _count(number: int, what: str, several: str = "") -> str:
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"
