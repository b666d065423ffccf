"""Which projects of the set does the user mean? By the project's name, the attribute or the import name."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from coset import terminal
from coset.namesdata import look_up, read_name_map
from dataset.currentset import Attribute
from normalize.errors import UsageError
from normalize.projects import ProjectName


def members_called(
    names: Sequence[str], members: Mapping[ProjectName, Attribute], db: Path | None, *, quiet: bool
) -> frozenset[ProjectName]:
    """Return the projects that are meant; a name that is spelled otherwise is looked up, as everywhere else.

    Raises:
        UsageError: a name is of no project of the set, or of several.
        OutsideError: what names are known cannot be read.
    """
    found: set[ProjectName] = set()
    others = []
    for name in names:
        direct = {project for project, one in members.items() if name in (project, one.name)}
        if len(direct) > 1:
            raise _of_two(name, direct, members)
        found |= direct
        others += [] if direct else [name]
    lookups = look_up(read_name_map(db), [("", one) for one in others]) if others else []
    for name, lookup in zip(others, lookups, strict=True):
        several = sorted({ProjectName(one.project) for one in lookup.matches if one.project is not None})
        held = [one for one in several if one in members]
        if len(held) != 1:
            near: list[str] = [*held] or [one for one in lookup.near if one in members]
            raise UsageError(
                f"{name!r} may be {', '.join(held)}" if held else f"the set has no project or attribute {name!r}",
                hint=f"near names: {', '.join(near)}" if near else "'coset names show' maps names to attributes",
            )
        terminal.note(f"note: {name} is {held[0]} on the index", quiet=quiet)
        found.add(held[0])
    return frozenset(found)


def _of_two(name: str, found: set[ProjectName], members: Mapping[ProjectName, Attribute]) -> UsageError:
    """Return what is wrong with a name that one project has and another one's attribute."""
    other = next(project for project in sorted(found) if project != name)
    mine = members[ProjectName(name)].name
    return UsageError(
        f"{name!r} is a project of the set and the attribute of another one, {other!r}",
        hint=f"say {mine} for the project {name}, or {other} for the other one",
    )
