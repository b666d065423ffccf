"""What does a generated package index look like? Release timelines, requirements written at release time, a seed.

Nothing here is a real project. ``python benchmarks/shares.py`` asks the embedded dataset (1,500 lines) and a
universe the same questions and prints both; what the universe takes from it:

* how often each style is used: 59 % floors, 23 % no specifier, 14 % caps, 1 % each of ``~=`` and ``==``, 2 % ``!=``; of
  the caps 67 % exclude no release to this day, 21 % only later ones, 12 % one that existed already (here ``below``);
* how long a text stays: from one release to the next 91 % of the floors are the same, 75 % of the caps; 1 to 3 % of the
  lines change their style. So conflicts arise as they do in reality: from projects that went on and projects that did
  not, and most releases of a project require the same;
* how old a floor is: a quarter of them were uploaded 400 days before the line, half 1,000, a quarter 2,000 or more
  (less here, because no timeline is longer than 3,000 days).

The number of candidates and of dependencies per release are those of all nixpkgs.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import log

from packaging.specifiers import SpecifierSet

from dataset.currentset import Attribute, CurrentSet
from dataset.records import LISTED, Release, Timestamp
from normalize.projects import ProjectName
from normalize.targets import DEFAULT_TARGETS
from solver.policy import EdgeOverride, Policy
from solver.question import Question

_FIRST_DAY = datetime(2018, 1, 1, tzinfo=UTC)
_DAYS = 3_000
_STYLES = ("plain", "floor", "cap", "compatible", "pin", "below", "exclusion")

REAL = {"plain": 23, "floor": 59, "cap": 13, "compatible": 1, "pin": 1, "below": 2, "exclusion": 1}
"""As measured."""

RISKY = {"plain": 25, "floor": 25, "cap": 15, "compatible": 5, "pin": 15, "below": 15, "exclusion": 0}
"""Pins and bounds below what existed: the classes that the first level of the objective counts."""

CAPPED = {"plain": 28, "floor": 45, "cap": 17, "compatible": 1, "pin": 5, "below": 2, "exclusion": 2}
"""A quarter of all requirements with an upper part, twice as many as measured, and five times as many pins."""

_KEPT = {"plain": 1.0, "floor": 0.76, "cap": 0.35, "compatible": 0.9, "pin": 0.0, "below": 0.35, "exclusion": 0.9}
"""How often a line is not looked at from one release to the next; where it is, it often comes out the same."""

_FLOOR_AGE = 1_450
"""Mean of an exponential distribution whose quartiles are those of the floors' ages, in days."""

_STARTED_LATE = 0.1
"""How many of a project's dependencies its first release did not have yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a universe is drawn from.

    Attributes:
        projects: how many; most of them are attributes of the current set, one in fifty is not.
        seed: of the random numbers.
        requirements: dependencies of a project, on average.
        candidates: the newest releases of each project have metadata, at most this many; older ones are listed.
        styles: how often each style of requirement is chosen, as weights.
        changes: how often a pair of projects changes its style from one release to the next.
        hard: how many of the pairs of projects with an upper part must not be relaxed, by policy.
        pinners: how many projects pin three quarters of what they require.
        families: how many groups of projects are released together and pin each other.
    """

    projects: int
    seed: int = 1
    requirements: float = 5.8
    candidates: int = 10
    styles: dict[str, int] = field(default_factory=lambda: REAL)
    changes: float = 0.02
    hard: float = 0.0
    pinners: float = 0.0
    families: int = 0


@dataclass(frozen=True, slots=True)
class _History:
    """The releases of one project: upload times as days, ascending, and ``(major, minor)`` versions."""

    days: list[float]
    versions: list[tuple[int, int]]


@dataclass(slots=True)
class _Habit:
    """How a project requires another one, from release to release.

    Attributes:
        style: of the specifier.
        since: the depender's first release that requires the other one at all.
        floor: the lowest release that is accepted, as far as it was ever said.
        specifier: as the last release has it; None before the first.
    """

    style: str
    since: int
    floor: int = 0
    specifier: str | None = None


def make_question(shape: Shape) -> Question:
    """Return the question of a whole round over a universe of this shape; the same shape gives the same question."""
    draw = random.Random(shape.seed)
    histories = [_history(draw, popular=i < shape.projects // 50) for i in range(shape.projects)]
    leaders = _families(draw, shape, histories)
    # Zipf's law: the project of rank r is required about 1 / r as often as the first.
    popularity = list(accumulate((rank + 3) ** -0.85 for rank in range(shape.projects)))
    releases: dict[ProjectName, tuple[Release, ...]] = {}
    attributes = []
    overrides = []
    for i, history in enumerate(histories):
        pairs = _dependencies(draw, i, shape, popularity)
        styles = _pinning(shape) if draw.random() < shape.pinners else shape.styles
        habits = {other: _Habit(_style(draw, styles), _since(draw, history)) for other in pairs}
        if i in leaders:
            habits[leaders[i]] = _Habit("pin", 0)
            pairs = sorted(habits)
        made = []
        listed = len(history.days) - shape.candidates
        for k in range(len(history.days)):
            if k < listed:
                made.append(_release(i, history, k, None))
                continue
            texts = []
            for other in pairs:
                habit = habits[other]
                if draw.random() < shape.changes and other != leaders.get(i):
                    habit.style, habit.specifier = _style(draw, styles), None
                if k >= habit.since and _write(draw, habit, histories[other], history.days[k]):
                    texts.append(f"{_name(other)}{habit.specifier}")
            made.append(_release(i, history, k, tuple(sorted(texts))))
        releases[_name(i)] = tuple(made)
        if i % 50 != 49:
            attributes.append(_attribute(draw, made, pairs))
        overrides += [
            EdgeOverride(
                depender=_name(i),
                versions=SpecifierSet(),
                dependency=_name(other),
                action="forbid",
                reason="known not to work",
            )
            for other in pairs
            if habits[other].style in _UPPER and draw.random() < shape.hard
        ]
    return Question(
        releases=releases,
        current=CurrentSet(
            revision="generated",
            date=_time(_DAYS)[:10],
            attributes=tuple(sorted(attributes, key=lambda one: one.name)),
        ),
        policy=Policy(edges=tuple(overrides)),
        targets=DEFAULT_TARGETS,
    )


_UPPER = {"cap", "compatible", "below"}


def _pinning(shape: Shape) -> dict[str, int]:
    rest = {style: weight for style, weight in shape.styles.items() if style != "pin"}
    return {**rest, "pin": 3 * sum(rest.values())}


def _families(draw: random.Random, shape: Shape, histories: list[_History]) -> dict[int, int]:
    """Give the members of each family the releases of its leader, some a little behind; return their leaders."""
    leaders: dict[int, int] = {}
    for _ in range(shape.families):
        size = min(60, 4 + int(draw.expovariate(1 / 10)))
        leader, *members = sorted(draw.sample(range(shape.projects // 20, shape.projects), size))
        for member in members:
            if member in leaders or leader in leaders or member in leaders.values():
                continue
            leaders[member] = leader
            count = max(1, len(histories[leader].days) - draw.choice((0, 0, 0, 0, 1, 2)))
            histories[member] = _History(
                [day + draw.random() for day in histories[leader].days[:count]], histories[leader].versions[:count]
            )
    return leaders


def _name(i: int) -> ProjectName:
    return ProjectName(f"project-{i:05d}")


def _time(day: float) -> Timestamp:
    return Timestamp((_FIRST_DAY + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _text(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _history(draw: random.Random, *, popular: bool) -> _History:
    """Four projects in ten are active, three are slow, three abandoned; popular ones are active and release often."""
    count = 1 + min(40, int(draw.expovariate(1 / 14))) + (10 if popular else 0)
    kind = 0.0 if popular else draw.random()
    quiet = (0, 200) if kind < 0.4 else (200, 800) if kind < 0.7 else (800, 2_200)
    last = _DAYS - draw.uniform(*quiet)
    first = draw.uniform(0, last)
    days = [*sorted(draw.uniform(first, last) for _ in range(count - 1)), last]
    major, minor = draw.choice((0, 0, 1, 1, 2)), 0
    versions = []
    for _ in days:
        versions.append((major, minor))
        major, minor = (major + 1, 0) if draw.random() < 0.12 else (major, minor + 1)
    return _History(days, versions)


def _dependencies(draw: random.Random, i: int, shape: Shape, popularity: Sequence[float]) -> list[int]:
    """Draw what a project requires: more popular projects nearly always, so that there are few cycles."""
    spread = 0.9
    count = min(60, round(draw.lognormvariate(log(shape.requirements) - spread**2 / 2, spread)))
    found = set()
    for _ in range(count):
        limit = i if draw.random() > 0.01 else shape.projects
        if limit:
            found.add(bisect_right(popularity, draw.random() * popularity[limit - 1], 0, limit - 1))
    return sorted(found - {i})


def _since(draw: random.Random, history: _History) -> int:
    return draw.randrange(len(history.days)) if draw.random() < _STARTED_LATE else 0


def _style(draw: random.Random, styles: dict[str, int]) -> str:
    return draw.choices(_STYLES, [styles[style] for style in _STYLES])[0]


def _write(draw: random.Random, habit: _Habit, history: _History, day: float) -> bool:
    """Write the specifier of an upload on the day, often that of the last one; return False where nothing exists."""
    newest = bisect_right(history.days, day) - 1
    if newest < 0:
        return False
    if habit.specifier is not None and draw.random() < _KEPT[habit.style]:
        return True
    floor = bisect_right(history.days, day - draw.expovariate(1 / _FLOOR_AGE)) - 1
    habit.floor = max(habit.floor, floor)
    version, lowest = history.versions[newest], history.versions[habit.floor]
    excluding = newest and lowest[0] < version[0]
    broken = history.versions[max(0, newest - draw.randrange(4))]  # found out some releases later
    habit.specifier = {
        "plain": "",
        "floor": f">={_text(lowest)}",
        "cap": f">={_text(lowest)},<{version[0] + 1}",
        "compatible": f"~={_text(version)}",
        "pin": f"=={_text(version)}",
        "below": f">={_text(lowest)},<{version[0]}" if excluding else f"<{_text(version)}" if newest else "",
        "exclusion": f"!={_text(broken)}" if newest else "",
    }[habit.style]
    return True


def _release(i: int, history: _History, k: int, requires: tuple[str, ...] | None) -> Release:
    known = requires is not None
    return Release(
        project=_name(i),
        version=_text(history.versions[k]),
        uploaded=_time(history.days[k]),
        requires=requires,
        unknown=None if known else LISTED,
        source="sidecar" if known else "index",
        trust="verified" if known else "none",
    )


def _attribute(draw: random.Random, releases: Sequence[Release], pairs: Sequence[int]) -> Attribute:
    """Return what nixpkgs has: at most three releases behind, and one dependency in twenty relaxed."""
    name = releases[0].project
    return Attribute(
        name=name,
        project=name,
        confidence="certain",
        version=releases[-1 - min(len(releases) - 1, draw.choice((0, 0, 0, 1, 1, 2, 3)))].version,
        relaxed=tuple(_name(other) for other in pairs if draw.random() < 0.05),
    )
