"""Which pictures does the page show? How far behind the set is, what becomes of it, what is relaxed, what holds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packaging.version import Version

from normalize.versions import parse_nix_version, parse_version
from report.blockers import strongest
from report.phrases import judged
from report.words import counts, relaxations_by_class
from solver.plan import Plan

BEHIND = ("at the newest", "a patch behind", "a minor behind", "a major behind", "not comparable")
"""How far a version is from the newest candidate, by the first part of it that differs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its tone in the style sheet, what it counts, the number, and its share of the longest bar."""

    tone: str
    name: str
    number: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture: a label, perhaps with the project that it leads to, and bars."""

    label: str
    bars: tuple[tuple[Part, ...], ...]
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its title, the sentence below it, and the names of its tones."""

    title: str
    lead: str
    rows: tuple[Row, ...]
    tones: tuple[tuple[str, str], ...] = ()


def charts(plan: Plan) -> Iterator[Chart]:
    """Yield the pictures that have something to show."""
    if plan.packages:
        yield _behind(plan)
        yield _states(plan)
    if plan.relaxed:
        yield _relaxed(plan)
    leaders = strongest(plan.held, 6)
    if leaders:
        most = leaders[0][1]
        rows = tuple(Row(name, (_bar([("hold", "held", number)], most),), name) for name, number in leaders)
        yield Chart("What keeps most back", "Projects whose requirements hold the most other projects.", rows)


def behind(version: str | None, newest: str | None) -> int:
    """Return how far a version is from the newest candidate, as a position in BEHIND.

    >>> [BEHIND[behind(one, "2.3.4")] for one in ("2.3.4", "2.3.1", "2.0", "1.9", None)]
    ['at the newest', 'a patch behind', 'a minor behind', 'a major behind', 'not comparable']
    """
    if version is None or newest is None:
        return 4
    if version == newest:
        return 0
    one, other = _release(version), _release(newest)
    if one is None or other is None:
        return 4
    if one >= other:
        return 0
    parts = zip((one.epoch, *one.release, 0, 0), (other.epoch, *other.release, 0, 0), strict=False)
    first = next((i for i, (left, right) in enumerate(parts) if left != right), 3)
    return {0: 3, 1: 3, 2: 2}.get(first, 1)


def _release(text: str) -> Version | None:
    return parse_version(text) or parse_nix_version(text).release


def _behind(plan: Plan) -> Chart:
    there = [one for one in plan.packages if one.current is not None]
    today = Counter(behind(one.current, one.newest) for one in there)
    planned = Counter(behind(one.version, one.newest) for one in there)
    most = max((*today.values(), *planned.values()), default=0)
    rows = tuple(
        Row(
            name,
            (_bar([("today", "today", today[i])], most), _bar([("plan", "with the plan", planned[i])], most)),
        )
        for i, name in enumerate(BEHIND)
        if today[i] or planned[i]
    )
    lead = "Projects of the current set by the first part of the version that differs from the newest candidate."
    return Chart("How far behind", lead, rows, (("today", "today"), ("plan", "with the plan")))


_TONES = {"unchanged": "today", "updated": "good", "held": "hold", "downgraded": "bad", "added": "plan"}


def _states(plan: Plan) -> Chart:
    found = counts(plan)
    most = max(found.values(), default=0)
    rows = tuple(Row(state, (_bar([(_TONES[state], state, number)], most),)) for state, number in found.items())
    return Chart("What becomes of the projects", "Every project of the plan is in one of these states.", rows)


def _relaxed(plan: Plan) -> Chart:
    found = relaxations_by_class(plan)
    most = max(number for _, number, _ in found)
    rows = tuple(
        Row(
            judged(risk),
            (_bar([("today", "already in nixpkgs", already), ("bad", "new", number - already)], most),),
        )
        for risk, number, already in found
    )
    lead = "Upper parts of specifiers that the plan violates, riskiest first."
    return Chart("Relaxations by risk class", lead, rows, (("today", "already in nixpkgs"), ("bad", "new")))


def _bar(parts: Sequence[tuple[str, str, int]], most: int) -> tuple[Part, ...]:
    found, at = [], 0.0
    for tone, name, number in [one for one in parts if one[2]] or parts[:1]:
        width = round(1000 * number / most, 1) if most else 0.0
        found.append(Part(tone, name, number, at, width))
        at = round(at + width, 1)
    return tuple(found)
