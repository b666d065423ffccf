"""Does an edited package file say what was wanted, and otherwise what it said before? Both are read again."""

from collections.abc import Mapping
from dataclasses import fields, replace

from nixpkgs.fitting import Fitted
from nixpkgs.packagefacts import Names, PackageFacts, Source
from nixpkgs.sourcehash import NewSource


def misread(before: PackageFacts, after: PackageFacts, changes: Fitted, source: NewSource | None) -> str:
    """Return what an edited file says otherwise than it should; "" where it says what was wanted and nothing else.

    Args:
        before: what the file said.
        after: what it says once it is edited.
        changes: what was to change.
        source: what the source was to have; None where it was to stay.
    """
    if after.problem:
        return after.problem
    should = _comparable(_moved(changes.after(before, source), before, after, changes))
    found = _comparable(after)
    wrong = [name for name, value in should.items() if found[name] != value]
    return f"once edited, it would say otherwise than wanted: {', '.join(wrong)}" if wrong else ""


def _moved(should: PackageFacts, before: PackageFacts, after: PackageFacts, changes: Fitted) -> PackageFacts:
    """Return the facts with the source's texts that hold the version moved along with it (``tag = "v${version}"``)."""
    old, new = before.version, changes.version
    if new is None or not isinstance(old, str):
        return should
    found = dict(after.source.arguments)
    moved = tuple(
        (name, moved if (moved := text.replace(old, new)) == found.get(name) else text)
        for name, text in should.source.arguments
    )
    return replace(should, source=replace(should.source, arguments=moved))


def _comparable(facts: PackageFacts) -> Mapping[str, object]:
    """Return the facts by field; neither the line nor the order of names matters."""
    found: dict[str, object] = {}
    for field in fields(PackageFacts):
        value = getattr(facts, field.name)
        if field.name == "line":
            continue
        if isinstance(value, Names):
            value = (frozenset(value.parts), len(value.parts), value.unknown)
        if isinstance(value, Source):
            value = (value.fetcher, value.hash, value.arguments)
        found[field.name.replace("_", " ")] = value
    return found
