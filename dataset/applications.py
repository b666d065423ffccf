"""Which applications are there, and what do they ask for beyond attributes? ``applications.toml`` beside a current set.

The format is told in ``docs/applications.md``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dataset.currentset import Application, CurrentSet
from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.namenear import close_names
from normalize.projects import ProjectName, project_name
from normalize.requirements import Requirement, parse_requirement
from normalize.targets import parse_target

SCHEMA = 1
_KEYS = ("version", "attribute", "project", "dependencies", "requirements", "pins", "python", "position", "notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A requirement that comes from outside the metadata: from a bug, an interface that changed, a platform.

    Attributes:
        reason: what asks for it, one sentence without a full stop.
    """

    requirement: Requirement
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one application asks for.

    Attributes:
        application: its name, version, interpreter, and the attributes that it uses.
        project: the project on the index that is the application itself, where no attribute is; its release of the
            application's version says what it requires.
        requirements: what the application's own requirement files say.
        pins: what asks for versions beyond them.
    """

    application: Application
    project: ProjectName | None = None
    requirements: tuple[Requirement, ...] = ()
    pins: tuple[Pin, ...] = ()

    @property
    def projects(self) -> tuple[ProjectName, ...]:
        """Return the projects that are named, sorted."""
        named = {one.project for one in (*self.requirements, *(pin.requirement for pin in self.pins))}
        return tuple(sorted(named | ({self.project} if self.project else set())))


def demands(current: CurrentSet, data: Any = None, *, where: str = "applications.toml") -> tuple[Demand, ...]:
    """Return the applications of a current set and of a file, by name.

    What the file says of an application that the set has as well takes the place of what the set says, key by key.

    Args:
        current: the set.
        data: the decoded TOML, or None for no file.
        where: the file's name, for messages.

    Raises:
        UsageError: the data does not have the shape, or an application names attributes that nobody knows; all
            problems of one application are told together.
    """
    found = {app.name: Demand(application=app) for app in current.applications}
    if data is not None:
        root = Decoder(data, where)
        root.schema(SCHEMA)
        root.only("schema", "application")
        for name, one in root.items("application", optional=True):
            found[name] = _demand(name, one, found.get(name), current)
    return tuple(found[name] for name in sorted(found))


def chosen_demands(known: Sequence[Demand], names: Iterable[str]) -> tuple[Demand, ...]:
    """Return the applications with these names, in the order of the names; all of them where no name is given.

    Raises:
        UsageError: there is no such application.
    """
    by_name = {one.application.name: one for one in known}
    wanted = tuple(dict.fromkeys(_as_known(name, by_name) for name in names)) or tuple(by_name)
    strange = [name for name in wanted if name not in by_name]
    if strange:
        near = close_names(strange[0].lower(), by_name)
        hint = f"near names: {', '.join(near)}" if near else f"applications: {', '.join(by_name) or 'none'}"
        raise UsageError(f"there is no application {', '.join(map(repr, strange))}", hint=hint)
    return tuple(by_name[name] for name in wanted)


def _as_known(name: str, known: Iterable[str]) -> str:
    """Return an application's name as it is written, for one that differs in capitals or separators alone."""
    several = list(known)
    alike = [one for one in several if _plain(one) == _plain(name)]
    return alike[0] if len(alike) == 1 and name not in several else name


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _demand(name: str, one: Decoder, known: Demand | None, current: CurrentSet) -> Demand:
    one.only(*_KEYS)
    app = known.application if known else Application(name=name, version="")
    version = one.text("version") if known is None else one.optional_text("version") or app.version
    attribute = one.optional_text("attribute") if one.has("attribute") else app.attribute
    dependencies = tuple(sorted(one.texts("dependencies"))) if one.has("dependencies") else app.dependencies
    python = one.optional_text("python") if one.has("python") else app.python
    if python is not None:
        try:
            parse_target(f"{python} x86_64-linux")
        except UsageError:
            raise UsageError(f"{one.where}.python: {python!r} is not an interpreter", hint="such as 3.13") from None
    project = one.optional_text("project")
    requirements = tuple(_requirement(text, f"{one.where}.requirements") for text in one.texts("requirements"))
    pins = tuple(_pin(pin) for pin in one.tables("pins"))
    if attribute is None and project is None and not dependencies and not requirements and not pins:
        raise UsageError(
            f"{one.where}: nothing says what it uses", hint="give an attribute, a project, dependencies or requirements"
        )
    if attribute is not None and project is not None:
        raise UsageError(f"{one.where}: an attribute and a project", hint="give the one that is the application itself")
    _check_attributes(one.where, (*dependencies, *([attribute] if attribute else [])), current)
    return Demand(
        application=Application(
            name=name,
            version=version,
            attribute=attribute,
            dependencies=dependencies,
            python=python,
            position=one.optional_text("position") or app.position,
            notes=one.texts("notes") if one.has("notes") else app.notes,
        ),
        project=None if project is None else project_name(project),
        requirements=requirements,
        pins=pins,
    )


def _pin(one: Decoder) -> Pin:
    one.only("requirement", "reason")
    return Pin(requirement=_requirement(one.text("requirement"), f"{one.where}.requirement"), reason=one.text("reason"))


def _requirement(text: str, where: str) -> Requirement:
    found = parse_requirement(text)
    if found is None:
        raise UsageError(f"{where}: {text!r} is not a requirement", hint="write it by PEP 508, such as 'numpy>=2,<3'")
    if found.url is not None:
        raise UsageError(f"{where}: {text!r} names an address, which has no version", hint="name a version instead")
    return found


def _check_attributes(where: str, names: Sequence[str], current: CurrentSet) -> None:
    known = {attribute.name for attribute in current.attributes} | current.elsewhere
    known |= {name for name, _ in current.left_out} | {alias.name for alias in current.aliases}
    strange = sorted(set(names) - known)
    if strange:
        near = sorted({match for name in strange for match in close_names(name, sorted(known))[:1]})
        what = "an attribute" if len(strange) == 1 else "attributes"
        raise UsageError(
            f"{where} uses {what} that the current set does not have: {', '.join(strange)}",
            hint=f"near names: {', '.join(near)}" if near else "projects of the index go into 'requirements'",
        )
