"""Where do nixpkgs' aliases lead? Links from former attributes to the projects of the attributes that replaced them."""

import re
from collections.abc import Container, Iterator, Mapping

from dataset.currentset import Attribute, CurrentSet
from normalize.aliases import Alias, trail
from normalize.attributes import split_series
from normalize.confidence import Confidence
from normalize.errors import UsageError
from normalize.names import Kind, Link
from normalize.projects import ProjectName, project_name

_INTERPRETER = re.compile(r"(?:python|pypy)\d*(?:Packages)?")
"""Aliases of these names are guards: they say that the Python set does not hold an interpreter or another set."""


def links_of_aliases(current: CurrentSet) -> Iterator[Link]:
    """Yield a link for each alias, along its whole trail.

    An alias is certain to lead to its target; whether the target is the project that it is named like is a guess where
    the current set does not describe it. A removed attribute leads to the project of its own name, as a guess. A target
    outside of the Python set (``pkgs.autotrash``) has no project.
    """
    attributes = {one.name: one for one in current.attributes}
    aliases = {one.name: one for one in current.aliases}
    for alias in current.aliases:
        if _INTERPRETER.fullmatch(alias.name) or alias.name in attributes:
            continue
        path = _until_an_attribute(trail(alias.name, aliases), attributes)
        end = path[-1]
        if alias.target is None:
            yield from _removed(alias)
        elif end in path[:-1]:
            yield _link(None, "former-attribute", alias.name, "guess", f"an alias that leads to itself: {_trail(path)}")
        else:
            target = _target(end, attributes, aliases)
            yield from (one for one in target if one.kind == "attribute" and end not in attributes)
            for one in target:
                yield _link(one.project, "former-attribute", alias.name, "certain", _told(alias, path), of=end)


def _until_an_attribute(path: tuple[str, ...], attributes: Container[str]) -> tuple[str, ...]:
    """Return the trail up to the first attribute: where a name is an attribute and an alias, the alias is left over."""
    for i, name in enumerate(path):
        if name in attributes:
            return path[: i + 1]
    return path


def _target(end: str, attributes: Mapping[str, Attribute], aliases: Mapping[str, Alias]) -> list[Link]:
    """Return what is known of the attribute at the end of a trail, which no alias leads on from."""
    if end in attributes and attributes[end].project is not None:
        one = attributes[end]
        return [_link(project, "attribute", end, "certain", "") for project in (one.project, *one.alternatives)]
    if end in attributes or end.startswith("pkgs."):
        return [_link(None, "attribute", end, "certain", "outside of the Python set; no project on the index is known")]
    project = _named(end)
    if end in aliases:
        return [_link(project, "former-attribute", end, "guess", "removed")]
    because = "an alias leads to it; its name is all that shows the project"
    return [_link(project, "attribute", end, "guess", because)]


def _removed(alias: Alias) -> Iterator[Link]:
    on = "" if alias.date is None else f" on {alias.date}"
    why = "" if alias.reason is None else f": {alias.reason}"
    because = f"nixpkgs removed it{on}{why}; its name is all that shows the project"
    yield _link(_named(alias.name), "former-attribute", alias.name, "guess", because)


def _named(attribute: str) -> ProjectName | None:
    try:
        return project_name(split_series(attribute, ())[0])
    except UsageError:
        return None


def _told(alias: Alias, path: tuple[str, ...]) -> str:
    on = "" if alias.date is None else f" on {alias.date}"
    on_use = "; its use is an error" if alias.fatal else ""
    return f"nixpkgs renamed it to {path[1]}{on}{on_use}" + (f"; trail {_trail(path)}" if len(path) > 2 else "")


def _trail(path: tuple[str, ...]) -> str:
    return " -> ".join(path)


def _link(  # noqa: PLR0913, PLR0917 - a link's own values
    project: ProjectName | None, kind: Kind, name: str, strength: Confidence, because: str, of: str = ""
) -> Link:
    where = name if project is None and not of else of
    return Link(
        project=project,
        kind=kind,
        name=name,
        strength=strength,
        source="nixpkgs",
        because=because,
        of=where if project is None else "",
    )
