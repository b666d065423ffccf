"""What does the terminal say after solving? How it ended, what moves, what matters most, where the rest is.

Lines are segments of text and style; the text is safe for a terminal, and the caller prints it, with colour or without.
"""

from collections.abc import Sequence
from typing import Literal

from report.blockers import reason_of
from report.phrases import count, judged, verb
from report.quote import visible
from report.words import LEVELS, RANK, STATUSES, counts, hook_hits, relaxations_by_class
from solver.plan import Hold, Plan, Relaxation

Style = Literal["", "bold", "dim", "good", "warn", "bad"]
Segment = tuple[str, Style]
Line = tuple[Segment, ...]

SHOWN = 5
"""So many holds and so many relaxations are shown unless the user asks for more; the report has all."""

WIDEST = 200
"""A longer name or reason is cut, so that outside text cannot push everything else from the screen."""

_STATUS_STYLES: dict[str, Style] = {"optimal": "good", "feasible": "warn", "conflict": "bad"}


def summary_lines(plan: Plan, files: Sequence[str] = (), *, shown: int = SHOWN) -> tuple[Line, ...]:
    """Return the lines of the summary.

    Args:
        plan: what was found.
        files: where the whole plan was written, as the user should read it.
        shown: how many holds and how many relaxations to show.
    """
    head: Line = ((STATUSES[plan.status], _STATUS_STYLES[plan.status]),)
    body = _conflict(plan) if plan.conflict is not None else _plan(plan, shown)
    written: list[Line] = [((f"written: {_shown(file)}", "dim"),) for file in files]
    return (head, *body, *written)


def _conflict(plan: Plan) -> list[Line]:
    assert plan.conflict is not None
    lines: list[Line] = [(("these cannot all hold:", "bold"),)]
    lines += [((f"  {_shown(one)}", ""),) for one in plan.conflict.core]
    if plan.conflict.correction:
        lines.append((("a set exists without:", "bold"),))
        lines += [((f"  {_shown(one)}", ""),) for one in plan.conflict.correction]
    return lines


def _plan(plan: Plan, shown: int) -> list[Line]:
    states = ", ".join(f"{number:,} {state}" for state, number in counts(plan).items())
    lines: list[Line] = [
        ((count(len(plan.packages), "project"), "bold"), (f": {states}" if states else "", "")),
    ]
    relaxed = [
        f"{number:,} {risk}" + (f" ({already:,} already there)" if already else "")
        for risk, number, already in relaxations_by_class(plan)
    ]
    if relaxed:
        lines.append(((count(len(plan.relaxed), "relaxation"), "bold"), (f": {', '.join(relaxed)}", "")))
    lines.append((("; ".join(_others(plan)), ""),))
    for level in plan.levels:
        if level.name in LEVELS:
            proven: Segment = ("proven", "good") if level.value == level.bound else (f"bound {level.bound:,}", "warn")
            lines.append(((f"  {LEVELS[level.name]}: {level.value:,}, ", "dim"), proven))
    lines += _top("most important holds", [_hold(one) for one in _holds(plan)[:shown]], len(plan.held))
    new = [one for one in plan.relaxed if not one.already]
    lines += _top("riskiest new relaxations", [_relaxation(one) for one in _riskiest(new)[:shown]], len(new))
    return lines


def _others(plan: Plan) -> list[str]:
    held, elsewhere = len(plan.held), sum(one.elsewhere for one in plan.added)
    return [
        f"{count(held, 'project')} {verb(held, 'is', 'are')} held",
        *((f"{len(plan.held_by_policy):,} held by policy",) if plan.held_by_policy else ()),
        f"{len(plan.update_first):,} update first",
        f"{len(plan.added):,} to be added" + (f" ({elsewhere:,} in nixpkgs outside this set)" if elsewhere else ""),
        f"{len(plan.left_out):,} left out",
        f"{len(plan.stale_relaxations):,} stale",
        f"{len(plan.unknown):,} unknown",
    ]


def _top(title: str, shown: list[Line], total: int) -> list[Line]:
    if not shown:
        return []
    of = f" ({len(shown)} of {total:,})" if total > len(shown) else ""
    return [((f"{title}{of}:", "bold"),), *shown]


def _holds(plan: Plan) -> list[Hold]:
    """Return the holds that most requirements cause; many dependers mean that many wait for it."""
    return sorted(plan.held, key=lambda one: (-len(one.because), one.project))


def _hold(hold: Hold) -> Line:
    return (
        (f"  {_shown(hold.attribute)}", "warn"),
        (f" {_shown(hold.chosen)}, newest {_shown(hold.newest)}: ", ""),
        (_shown(reason_of(hold)), "dim"),
    )


def _riskiest(relaxed: Sequence[Relaxation]) -> list[Relaxation]:
    return sorted(relaxed, key=lambda one: (-RANK[one.risk], one.project, one.dependency))


def _relaxation(edge: Relaxation) -> Line:
    needs = f"{edge.spelling}{edge.specifier}"
    return (
        (f"  {_shown(edge.attribute)} {_shown(edge.version)}", "warn"),
        (f" needs {_shown(needs)}, meets {_shown(edge.chosen)}: ", ""),
        (judged(edge.risk), "dim"),
        (f"; {_shown(hook_hits(edge))}" if edge.hits else "", "warn"),
    )


def _shown(text: str) -> str:
    text = visible(text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
