"""How is it told what every available update takes? Lines for the terminal, Markdown, a table for JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from report.blocks import outlined
from report.labels import branch
from report.parts import Document
from report.phrases import count, verb
from report.quote import UNFOLD, Markdown, code, fold, plain, prose, row, say, series
from report.section import BLANK, LONG, ROW, codes
from solver.batches import Batch
from solver.ease import EASES, Ease, Effect, Loosened, Shift, Update
from solver.effectjson import effect_to_json

SCHEMA = 1

_TITLES: dict[Ease, str] = {
    "free": "free",
    "relaxing": "with relaxations",
    "others": "with other projects",
    "vendoring": "with vendoring",
    "impossible": "impossible",
}
_MEANT: dict[Ease, str] = {
    "free": "Nothing else changes.",
    "relaxing": "No other project moves, but upper parts that others state must be relaxed.",
    "others": "Other projects must move along or be added.",
    "vendoring": "An application fixes an interpreter that cannot run the update, so it needs a private version.",
    "impossible": "No set contains the update: it would violate a lower part, or what no plan may violate.",
}
_WIDEST = 28


def sweep_summary(effects: Sequence[Effect], died: Sequence[Update] = ()) -> str:
    """Return the outcome in a sentence."""
    numbers = {ease: sum(one.ease == ease for one in effects) for ease in EASES}
    parts = [f"{number:,} {_TITLES[ease]}" for ease, number in numbers.items() if number]
    total = len(effects) + len(died)
    if died:
        parts.append(f"{len(died):,} without an answer, for {verb(len(died), 'its', 'their')} workers died")
    told = f"{count(total, 'update')} {verb(total, 'is', 'are')} available"
    return f"{told}: {', '.join(parts)}" if parts else told


def sweep_lines(effects: Sequence[Effect], batches: Sequence[Batch], died: Sequence[Update] = ()) -> Iterator[str]:
    """Yield lines for a terminal that the caller protects."""
    width = min(max((len(one.update.attribute) for one in effects), default=0), _WIDEST)
    moves = min(max((len(_move(one.update)) for one in effects), default=0), _WIDEST)
    for ease in EASES:
        mine = [one for one in effects if one.ease == ease]
        if mine:
            yield f"{_TITLES[ease]} ({len(mine):,}):"
        for one in mine:
            head = f"  {one.update.attribute.ljust(width)}  {_move(one.update).ljust(moves)}"
            yield f"{head}  {'; '.join(_takes(one))}"
    for update in died:
        yield f"no answer: {update.attribute} {_move(update)}: its workers died"
    if batches:
        yield "batches, whose updates do not touch each other:"
    for number, batch in enumerate(batches, start=1):
        names = ", ".join(one.update.attribute for one in batch.effects)
        yield f"  {number}. {_TITLES[batch.ease]}, {count(len(batch.effects), 'update')}: {names}{_inside(batch)}"
    yield sweep_summary(effects, died)


def _move(update: Update) -> str:
    return f"{update.before or '?'} -> {update.after}"


def _takes(one: Effect) -> Iterator[str]:
    """Yield what an update takes, in phrases."""
    if one.ease == "impossible":
        yield from one.breaks[:1] or ("no set contains it",)
        if len(one.breaks) > 1:
            yield f"and {len(one.breaks) - 1:,} more"
        return
    for word, shifts in _others(one):
        yield f"{word} {', '.join(map(_shift, shifts))}"
    yield from one.breaks
    if one.written:
        yield f"relaxes {', '.join(_loosened(edge) for edge in one.written)}"
    if one.mended:
        yield f"mends {count(one.mended, 'bound')}"
    yield _rebuilds(one)
    if not one.proven:
        yield "not proven least"


def _rebuilds(one: Effect) -> str:
    users = f" and {', '.join(one.applications)}" if one.applications else ""
    target = branch(one.kernels)
    staging = "" if target.name == "master" else f" ({target.name})"
    return f"rebuilds {count(one.built, 'attribute')}{users}{staging}"


def _loosened(edge: Loosened) -> str:
    return f"{edge.dependency}{edge.specifier} of {edge.attribute} ({edge.risk})"


def _inside(batch: Batch) -> str:
    if not batch.contained:
        return ""
    return f" ({', '.join(f'{part} comes with {whole}' for part, whole in batch.contained)})"


def sweep_document(
    effects: Sequence[Effect],
    batches: Sequence[Batch],
    died: Sequence[Update] = (),
    provenance: Sequence[tuple[str, str]] = (),
) -> Document:
    """Return the sweep as Markdown: the batches first, then every update."""
    lines = [
        Markdown("# Updates of nixpkgs' Python set"),
        BLANK,
        say("{}.", plain(sweep_summary(effects, died))),
        BLANK,
    ]
    lines += [*(say("- {}: {}", name, code(value)) for name, value in provenance), BLANK] if provenance else []
    if batches:
        lines += [
            Markdown("## Batches"),
            BLANK,
            Markdown(
                "The updates of one batch do not touch each other: no package file is changed by two of them, and what "
                "one moves, no other moves or needs. Each batch can be one change; after it is merged, sweep again."
            ),
            BLANK,
        ]
        for number, batch in enumerate(batches, start=1):
            names = [code(f"{one.update.attribute} {one.update.after}") for one in batch.effects]
            told, *further = [series(names[i : i + ROW]) for i in range(0, len(names), ROW)]
            lines.append(say("{}. *{}*, {}: {}", number, _TITLES[batch.ease], count(len(names), "update"), told))
            lines += (say("   - {} comes with {}", code(part), code(whole)) for part, whole in batch.contained)
            lines += (say("- batch {} goes on: {}", number, some) for some in further)
        lines.append(BLANK)
    for ease in EASES:
        mine = [one for one in effects if one.ease == ease]
        if mine:
            table = [row("attribute", "now", "newest", "takes", "rebuilds at least", "applications", "branch")]
            table.append(Markdown("|---|---|---|---|---|---|---|"))
            table += map(_row, mine)
            if len(mine) > LONG:
                table = [fold(count(len(mine), "update")), *table, BLANK, UNFOLD]
            lines += [say("## {}", _TITLES[ease].capitalize()), BLANK, Markdown(_MEANT[ease]), BLANK, *table, BLANK]
    if died:
        lines += [Markdown("## Without an answer"), BLANK, Markdown("The workers that tried these died."), BLANK]
        lines += [*(say("- {}", code(f"{one.attribute} {one.after}")) for one in died), BLANK]
    return outlined(lines[:-1])


def _row(one: Effect) -> Markdown:
    update = one.update
    name, moves = code(update.attribute), (code(update.before or "?"), code(update.after))
    if one.ease == "impossible":
        return row(name, *moves, _cell(one), None, None, None)
    users = codes(one.applications) if one.applications else None
    return row(name, *moves, _cell(one), f"{one.built:,}", users, branch(one.kernels).name)


def _cell(one: Effect) -> Markdown | None:
    if one.ease == "impossible":
        return series((prose(text) for text in one.breaks), "; ")
    parts = [say("{} {}", word, codes(map(_shift, shifts))) for word, shifts in _others(one)]
    parts += [prose(text) for text in one.breaks]
    if one.written:
        edges = (
            say("{} of {} ({})", code(f"{e.dependency}{e.specifier}"), code(e.attribute), e.risk) for e in one.written
        )
        parts.append(say("relaxes {}", series(edges)))
    if one.mended:
        parts.append(say("mends {}", count(one.mended, "bound")))
    if not one.proven:
        parts.append(Markdown("not proven least"))
    return series(parts, "; ") if parts else None


def _others(one: Effect) -> Iterator[tuple[str, list[Shift]]]:
    """Yield what happens to other projects, and to which."""
    added = [shift for shift in one.others if shift.before is None]
    for word, shifts in (
        ("with", [shift for shift in one.others if shift.before is not None]),
        ("adds", [shift for shift in added if not shift.elsewhere]),
        ("needs from nixpkgs outside this extract", [shift for shift in added if shift.elsewhere]),
    ):
        if shifts:
            yield word, shifts


def _shift(shift: Shift) -> str:
    return f"{shift.attribute} {shift.after or 'removed'}"


def sweep_json(
    effects: Sequence[Effect],
    batches: Sequence[Batch],
    died: Sequence[Update] = (),
    provenance: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Return the sweep for programs."""
    return {
        "schema": SCHEMA,
        "rests_on": dict(provenance),
        "summary": {ease: sum(one.ease == ease for one in effects) for ease in EASES},
        "updates": [effect_to_json(one) for one in effects],
        "batches": [
            {
                "ease": batch.ease,
                "updates": [one.update.project for one in batch.effects],
                "contained": [{"project": part, "in": whole} for part, whole in batch.contained],
            }
            for batch in batches
        ],
        "died": [{"project": one.project, "before": one.before, "after": one.after} for one in died],
    }
