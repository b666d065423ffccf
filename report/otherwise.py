"""How is told what another choice would cost? Level by level, then who moves and what breaks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from report.phrases import count, judged
from report.words import changes_text
from solver.counterfactual import Counterfactual, Move
from solver.plan import Relaxation

SHOWN = 12
"""So many moves are listed; the JSON has all."""


def otherwise_lines(found: Counterfactual) -> Iterator[str]:
    """Yield lines of plain text; they hold outside text and are not harmless for a terminal yet."""
    yield from _takes(found)
    yield from found.passed_over


def _takes(found: Counterfactual) -> Iterator[str]:
    if not found.possible and not found.breaks:
        yield f"no set has {found.condition}"
        return
    if not found.possible:
        yield f"no set has {found.condition}; the nearest one would break"
        yield from (f"  {sentence}" for sentence in found.breaks)
        return
    if not found.moves and not found.changes:
        yield f"{found.condition}: that changes nothing"
        return
    exact = "" if found.proven else ", not proven to be the least"
    better = bool(found.changes) and found.changes[0].by < 0
    word = "would be better" if better else "would cost"
    yield f"{found.condition} {word}: {changes_text(found.changes) or 'nothing'}{exact}"
    if found.moves:
        yield f"{count(len(found.moves), 'project')} would move"
        yield from (f"  {_move(one)}" for one in found.moves[:SHOWN])
        if len(found.moves) > SHOWN:
            yield f"  and {len(found.moves) - SHOWN:,} more"
    yield from _relaxations("would be relaxed as well", found.appear)
    yield from _relaxations("would not be relaxed any more", found.vanish)
    for first in found.update_first:
        yield f"{first.project} {first.version} requires {first.dependency}{first.specifier}: update that first"


def _move(move: Move) -> str:
    if move.before is None:
        return f"{move.project} would be added at {move.after}"
    if move.after is None:
        return f"{move.project} {move.before} would not be needed"
    return f"{move.project} from {move.before} to {move.after}"


def _relaxations(what: str, relaxed: Sequence[Relaxation]) -> Iterator[str]:
    """Yield what becomes of relaxations; those with the same requirement and outcome are told together."""
    groups = defaultdict[tuple[str, str, str, str], list[str]](list)
    for one in relaxed:
        groups[one.dependency, one.specifier, one.chosen, one.risk].append(f"{one.project} {one.version}")
    for (dependency, specifier, chosen, risk), who in sorted(groups.items()):
        names = ", ".join(sorted(who)[:SHOWN]) + (f" and {len(who) - SHOWN:,} more" if len(who) > SHOWN else "")
        number = "" if len(who) == 1 else f"{count(len(who), 'project')}: "
        yield f"{dependency}{specifier} {what}, to take {chosen} ({judged(risk)}): {number}{names}"
