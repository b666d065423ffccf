"""How is nixpkgs read into a current set? By evaluation, by parsing its files, or from a channel's list."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coset.checkout import Checkout, day_of, open_checkout, revision_of
from coset.parsing import parse_checkout
from coset.terminal import Progress
from dataset.currentset import CurrentSet, current_set_to_json
from nixpkgs.agreement import Difference, differences
from nixpkgs.aliasfile import read_aliases
from nixpkgs.channel import set_from_channel, uncompressed
from nixpkgs.evaluated import set_from_evaluation
from nixpkgs.evaluation import evaluate_set, nix_program
from nixpkgs.places import PYTHON_ALIASES, PYTHON_PACKAGES
from nixpkgs.setreading import SetReading
from nixpkgs.syntax import NixSyntaxError
from normalize.aliases import Alias
from normalize.errors import OutsideError, UsageError
from normalize.targets import Target
from report.phrases import count

_CHUNK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was read.

    Attributes:
        current: the current set.
        way: ``evaluation``, ``parse`` or ``channel``.
        problems: what could not be read or is not certain, one sentence each.
        differences: where evaluation and parse disagree; empty where only one was asked for.
    """

    current: CurrentSet
    way: str
    problems: tuple[str, ...]
    differences: tuple[Difference, ...] = ()


def read_snapshot(  # noqa: PLR0913 -- what the command lets the user say
    place: Path,
    way: str,
    targets: Sequence[Target],
    *,
    compare: bool,
    named: tuple[str | None, str | None],
    show: Progress,
) -> Snapshot:
    """Read nixpkgs.

    Args:
        place: a checkout, or a channel's list.
        way: ``evaluation``, ``parse``, ``channel``, or ``auto`` for what there is.
        targets: interpreters on systems.
        compare: whether to read a checkout by evaluation and by parsing.
        named: the revision and the day that the user gives; None for what is found.
        show: told of the progress.

    Raises:
        UsageError: the place is not what it should be.
        OutsideError: Nix or the disk failed.
    """
    if not place.exists():
        raise UsageError(f"there is no {str(place)!r}", hint="name a nixpkgs checkout, or a channel's packages.json")
    if way == "channel" or (way == "auto" and place.is_file()):
        if compare:
            raise UsageError("a channel's list cannot be compared", hint="name a checkout")
        return _from_channel(place, targets, named, show)
    if place.is_file():
        raise UsageError(f"{str(place)!r} is a file, and only a checkout can be read by {way}")
    checkout = open_checkout(place)
    found, committed = revision_of(checkout)
    day, undated = _day(named[1] or committed, checkout.root / PYTHON_PACKAGES)
    chosen = "evaluation" if way == "auto" and nix_program() is not None else "parse" if way == "auto" else way
    parsed = parse_checkout(checkout, targets, show) if compare or chosen == "parse" else None
    reading = parsed
    if compare or chosen == "evaluation":
        show("evaluating the Python set with Nix")
        reading = set_from_evaluation(evaluate_set(str(checkout.root), targets), str(checkout.root))
    assert reading is not None
    told = differences(reading, parsed) if compare and parsed is not None else ()
    if chosen == "parse" and parsed is not None:
        reading = parsed
    aliases, unread = _aliases(checkout)
    return Snapshot(
        current=replace(_current(reading, named[0] or found, day), aliases=aliases),
        way=chosen,
        problems=(*undated, *reading.problems, *unread),
        differences=told,
    )


def _aliases(checkout: Checkout) -> tuple[tuple[Alias, ...], tuple[str, ...]]:
    """Return the aliases of a checkout, and what could not be read; evaluation sees none of them."""
    data = checkout.read(PYTHON_ALIASES)
    if data is None:
        return (), ()
    try:
        aliases, problems = read_aliases(data)
    except (NixSyntaxError, RecursionError) as error:
        return (), (f"{PYTHON_ALIASES} does not parse: {error}",)
    return aliases, tuple(f"{PYTHON_ALIASES} {problem}" for problem in problems)


def _day(known: str | None, file: Path) -> tuple[str, tuple[str, ...]]:
    """Return the day that is known, else that of a file's last change, and a sentence that says so.

    A copy of the same nixpkgs may have files of another day.
    """
    if known is not None:
        return known, ()
    day = day_of(file)
    return day, (f"no commit tells the day; {day} is when '{file.name}' was last changed here: say --date DAY",)


def _from_channel(
    place: Path, targets: Sequence[Target], named: tuple[str | None, str | None], show: Progress
) -> Snapshot:
    show("reading the channel's list")
    try:
        with place.open("rb") as file:
            chunks = iter(lambda: file.read(_CHUNK), b"")
            data = uncompressed(chunks, str(place)) if place.suffix == ".br" else b"".join(chunks)
        day, undated = _day(named[1], place)
    except OSError as error:
        raise OutsideError(f"{str(place)!r} cannot be read: {error.strerror}") from None
    reading = set_from_channel(data, targets, str(place))
    return Snapshot(
        current=_current(reading, named[0] or "a channel", day), way="channel", problems=(*undated, *reading.problems)
    )


def _current(reading: SetReading, revision: str, date: str) -> CurrentSet:
    return CurrentSet(
        revision=revision,
        date=date,
        attributes=reading.attributes,
        elsewhere=frozenset(name for name, _ in reading.left_out),
        left_out=reading.left_out,
    )


def snapshot_text(current: CurrentSet) -> str:
    """Return ``nixpkgs.json``: one line for each attribute, so that two of them can be compared."""
    data = current_set_to_json(current)
    attributes = data.pop("attributes")
    lines = [f" {json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(attributes.items())]
    head = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in data.items())
    return f'{{{head},\n"attributes": {{\n' + ",\n".join(lines) + "\n}}\n"


def summary_of(snapshot: Snapshot) -> tuple[dict[str, Any], list[str]]:
    """Return what was read, as JSON and as lines."""
    current = snapshot.current
    unknown = len([one for one in current.attributes if {field for field, _ in one.unknown} - {"fetcher"}])
    projects = len({one.project for one in current.attributes if one.project is not None})
    summary = {
        "way": snapshot.way,
        "revision": current.revision,
        "date": current.date,
        "attributes": len(current.attributes),
        "projects": projects,
        "partly_unknown": unknown,
        "left_out": dict(current.left_out),
        "problems": list(snapshot.problems),
        "differences": [
            {"attribute": one.attribute, "field": one.field, "evaluation": one.one, "parse": one.other}
            for one in snapshot.differences
        ],
    }
    lines = [
        f"{count(len(current.attributes), 'attribute')} of {count(projects, 'project')}, read by {snapshot.way}",
        f"revision {current.revision}, {current.date}",
        f"partly unknown: {unknown:,} of them; left out: {len(current.left_out):,}",
    ]
    if snapshot.differences:
        lines.append(f"evaluation and parse disagree {count(len(snapshot.differences), 'time')}")
    return summary, lines
