"""What does a generated package index look like? Release timelines, requirements written at release time, a seed.

Nothing here is a real project. The shares of the requirement styles are those of the embedded dataset (of 1,807
requirement lines without an extra 14 % have a ``<`` or ``<=``, 1 % ``==``, 1 % ``~=``, 2 % ``!=``, 22 % no specifier);
the numbers of candidates and of dependencies per release are those of all nixpkgs. A requirement speaks of what existed
when its release was uploaded, and a style stays with a pair of projects over many releases, so that conflicts arise as
they do in reality: from projects that went on and projects that did not.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from dataset.currentset import Attribute, CurrentSet
from dataset.records import LISTED, Release, Timestamp
from normalize.projects import ProjectName
from normalize.targets import DEFAULT_TARGETS
from solver.policy import Policy
from solver.question import Question

_FIRST_DAY = datetime(2018, 1, 1, tzinfo=UTC)
_DAYS = 3_000
_STYLES = ("plain", "floor", "cap", "compatible", "pin", "below", "exclusion")

REAL = {"plain": 22, "floor": 60, "cap": 12, "compatible": 1, "pin": 1, "below": 2, "exclusion": 2}
RISKY = {"plain": 25, "floor": 25, "cap": 15, "compatible": 5, "pin": 15, "below": 15, "exclusion": 0}
"""Pins and bounds below what existed: the classes that the first level of the objective counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a universe is drawn from.

    Attributes:
        projects: how many; most of them are attributes of the current set, one in fifty is not.
        seed: of the random numbers.
        requirements: per release, on average.
        candidates: the newest releases of each project have metadata, at most this many; older ones are listed.
        styles: how often each style of requirement is chosen, as weights.
        changes: how often a pair of projects changes its style from one release to the next.
    """

    projects: int
    seed: int = 1
    requirements: float = 5.8
    candidates: int = 10
    styles: dict[str, int] = field(default_factory=lambda: REAL)
    changes: float = 0.03


@dataclass(frozen=True, slots=True)
class _History:
    """The releases of one project: upload times as days, ascending, and ``(major, minor)`` versions."""

    days: list[float]
    versions: list[tuple[int, int]]


def make_question(shape: Shape) -> Question:
    """Return the question of a whole round over a universe of this shape; the same shape gives the same question."""
    draw = random.Random(shape.seed)
    histories = [_history(draw, popular=i < shape.projects // 50) for i in range(shape.projects)]
    # Zipf's law: the project of rank r is required about 1 / r as often as the first.
    popularity = list(accumulate((rank + 3) ** -0.85 for rank in range(shape.projects)))
    releases: dict[ProjectName, tuple[Release, ...]] = {}
    attributes = []
    for i, history in enumerate(histories):
        pairs = _dependencies(draw, i, shape, popularity)
        styles = {other: _style(draw, shape) for other in pairs}
        made = []
        listed = len(history.days) - shape.candidates
        for k, day in enumerate(history.days):
            for other in pairs:
                if draw.random() < shape.changes:
                    styles[other] = _style(draw, shape)
            if k < listed:
                made.append(_release(i, history, k, None))
                continue
            texts = (_requirement(draw, other, styles[other], histories[other], day) for other in pairs)
            made.append(_release(i, history, k, tuple(sorted(text for text in texts if text))))
        releases[_name(i)] = tuple(made)
        if i % 50 != 49:
            attributes.append(_attribute(draw, made, pairs))
    return Question(
        releases=releases,
        current=CurrentSet(
            revision="generated",
            date=_time(_DAYS)[:10],
            attributes=tuple(sorted(attributes, key=lambda one: one.name)),
        ),
        policy=Policy(),
        targets=DEFAULT_TARGETS,
    )


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
    count = min(40, int(draw.lognormvariate(0, 0.9) * shape.requirements))
    found = set()
    for _ in range(count):
        limit = i if draw.random() > 0.01 else shape.projects
        if limit:
            found.add(bisect_right(popularity, draw.random() * popularity[limit - 1], 0, limit - 1))
    return sorted(found - {i})


def _style(draw: random.Random, shape: Shape) -> str:
    return draw.choices(_STYLES, [shape.styles[style] for style in _STYLES])[0]


def _requirement(draw: random.Random, other: int, style: str, history: _History, day: float) -> str | None:
    """Return the requirement that an upload on the day has on the project, None where that did not exist yet."""
    newest = bisect_right(history.days, day) - 1
    if newest < 0:
        return None
    version = history.versions[newest]
    floor = _text(history.versions[draw.randint(max(0, newest - 8), newest)])
    specifier = {
        "plain": "",
        "floor": f">={floor}",
        "cap": f">={floor},<{version[0] + 1}",
        "compatible": f"~={_text(version)}",
        "pin": f"=={_text(version)}",
        "below": f"<{_text(version)}" if newest else "",
        "exclusion": f"!={_text(version)}" if newest else "",
    }[style]
    return f"{_name(other)}{specifier}"


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
