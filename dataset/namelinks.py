"""What do the current set and the table of names say about names? Links for the name map."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from dataset.aliaslinks import links_of_aliases
from dataset.currentset import Attribute, CurrentSet
from dataset.decode import Decoder
from normalize.attributes import split_series
from normalize.errors import UsageError
from normalize.importnames import is_import_name
from normalize.names import Kind, Link
from normalize.projects import ProjectName, project_name
from normalize.queries import name_in

SCHEMA = 1

_KINDS: dict[str, Kind] = {
    "imports": "import",
    "attributes": "attribute",
    "former_attributes": "former-attribute",
    "former_projects": "former-project",
}


def links_of_current_set(current: CurrentSet) -> Iterator[Link]:
    """Yield what the current set knows: attributes, the projects that each may be, and what its checks import."""
    described = {attribute.name for attribute in current.attributes}
    for attribute in current.attributes:
        because = "; ".join(attribute.evidence) or "no evidence is recorded"
        if attribute.points_to is not None:
            because += f"; it points to {attribute.points_to}"
        if attribute.project is None:
            yield from _without_project(attribute, because)
            continue
        if attribute.alternatives:
            others = ", ".join((attribute.project, *attribute.alternatives))
            because += f"; ambiguous, because it may be any of {others}"
        for project in (attribute.project, *attribute.alternatives):
            yield Link(
                project=project,
                kind="attribute",
                name=attribute.name,
                strength="guess" if attribute.alternatives else attribute.confidence,
                source="nixpkgs",
                because=because,
            )
        yield from _imports(attribute, attribute.project)
    for name in sorted(current.elsewhere - described):
        yield from _undescribed(name)
    yield from (link for link in links_of_aliases(current) if link.kind != "attribute" or link.name not in described)


def _undescribed(name: str) -> Iterator[Link]:
    because = "nixpkgs has it, and its rules name attributes after projects; the current set does not describe it"
    with suppress(UsageError):
        project = project_name(split_series(name, ())[0])
        yield Link(project=project, kind="attribute", name=name, strength="likely", source="nixpkgs", because=because)


def _without_project(attribute: Attribute, because: str) -> Iterator[Link]:
    yield Link(
        project=None, kind="attribute", name=attribute.name, strength="certain", source="nixpkgs", because=because
    )
    yield from _imports(attribute, None)


def _imports(attribute: Attribute, project: ProjectName | None) -> Iterator[Link]:
    for name in attribute.imports:
        yield Link(
            project=project,
            kind="import",
            name=name,
            strength="certain" if project is None else attribute.confidence,
            source="nixpkgs",
            because=f"pythonImportsCheck of attribute {attribute.name}",
            of=attribute.name if project is None else "",
        )


def links_of_table(data: Any, *, where: str = "names.toml") -> Iterator[Link]:
    """Yield what the table of names says; it holds facts that no metadata tells, each with its reason.

    Raises:
        UsageError: the data does not have the shape; the sentence holds the path to the bad value.
    """
    root = Decoder(data, where)
    root.only("schema", "alike", "unlike", "metapackages", "projects")
    root.schema(SCHEMA)
    for line in root.tables("alike"):
        line.only("projects", "reason")
        for text in line.texts("projects"):
            yield _told(project_name(text), "import", text.replace("-", "_"), line.text("reason"))
    for line in root.tables("unlike"):
        line.only("names", "reason")
        for text in line.texts("names"):
            name, *modules = text.split()
            for module in modules:
                if not is_import_name(module):
                    raise UsageError(f"{line.where}.names: {module!a} is not an import name")
                yield _told(_normal(name, line), "import", module, line.text("reason"))
    for line in root.tables("metapackages"):
        line.only("projects", "reason")
        for text in line.texts("projects"):
            yield _told(_normal(text, line), "metapackage", text, line.text("reason"))
    for text, line in root.items("projects"):
        line.only(*_KINDS, "reason")
        project = _normal(text, line)
        for key, kind in _KINDS.items():
            for name in line.texts(key):
                if kind == "import" and not is_import_name(name):
                    raise UsageError(f"{line.where}.{key}: {name!a} is not an import name")
                yield _told(project, kind, name_in(name), line.text("reason"))


def _normal(text: str, line: Decoder) -> ProjectName:
    project = project_name(text)
    if text != project:
        raise UsageError(f"{line.where}: write the project as {project}")
    return project


def _told(project: ProjectName, kind: Kind, name: str, because: str) -> Link:
    return Link(project=project, kind=kind, name=name, strength="certain", source="names table", because=because)
