"""What do the current set, the dataset and the table of names say about names? Links for the name map."""

from collections.abc import Iterable, Iterator
from typing import Any

from dataset.currentset import Attribute, CurrentSet
from dataset.decode import Decoder
from dataset.records import SDIST_SOURCES, Release
from normalize.errors import UsageError
from normalize.importnames import is_beside, is_import_name
from normalize.names import Kind, Link
from normalize.projects import ProjectName, project_name
from normalize.queries import name_in
from normalize.versions import parse_version

SCHEMA = 1

_KINDS: dict[str, Kind] = {
    "imports": "import",
    "attributes": "attribute",
    "former_attributes": "former-attribute",
    "former_projects": "former-project",
}


def links_of_current_set(current: CurrentSet) -> Iterator[Link]:
    """Yield what the current set knows: attributes, the projects that each may be, and what its checks import."""
    for attribute in current.attributes:
        if attribute.project is None:
            continue
        because = "; ".join(attribute.evidence) or "no evidence is recorded"
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


def _imports(attribute: Attribute, project: ProjectName) -> Iterator[Link]:
    for name in attribute.imports:
        because = f"pythonImportsCheck of attribute {attribute.name}"
        yield Link(
            project=project, kind="import", name=name, strength=attribute.confidence, source="nixpkgs", because=because
        )


def links_of_releases(releases: Iterable[Release]) -> Iterator[Link]:
    """Yield the projects, and their import names as the newest release that shows any holds them.

    A namespace (``google``) is only the first part of an import name; the map finds out which names are namespaces.
    Folders that a wheel carries along by mistake (``tests``) are left out where it holds anything else.
    """
    newest: dict[ProjectName, Release] = {}
    for release in releases:
        best = newest.get(release.project)
        if best is None or _worth(release) > _worth(best):
            newest[release.project] = release
    for project, release in sorted(newest.items()):
        yield Link(
            project=project, kind="project", name=project, strength="certain", source="index", because="in the dataset"
        )
        names = [name for name in release.imports if is_import_name(name)]
        for name in [name for name in names if not is_beside(name)] or names:
            yield Link(
                project=project,
                kind="import" if "." in name else "top-level",
                name=name,
                strength="likely" if release.source in (*SDIST_SOURCES, "import") else "certain",
                source="index",
                because=f"contents of release {release.version}",
            )


def _worth(release: Release) -> tuple[bool, bool, Any, str]:
    version = parse_version(release.version)
    return bool(release.imports), version is not None, 0 if version is None else version, release.version


def links_of_table(data: Any, *, where: str = "names.toml") -> Iterator[Link]:
    """Yield what the table of names says; it holds facts that no metadata tells, each with its reason.

    Raises:
        UsageError: the data does not have the shape; the sentence holds the path to the bad value.
    """
    root = Decoder(data, where)
    root.only("schema", "alike", "projects")
    root.schema(SCHEMA)
    for line in root.tables("alike"):
        line.only("projects", "reason")
        for text in line.texts("projects"):
            yield _told(project_name(text), "import", text.replace("-", "_"), line.text("reason"))
    for text, line in root.items("projects"):
        line.only(*_KINDS, "reason")
        project = project_name(text)
        if text != project:
            raise UsageError(f"{line.where}: write the project as {project}")
        for key, kind in _KINDS.items():
            for name in line.texts(key):
                if kind == "import" and not is_import_name(name):
                    raise UsageError(f"{line.where}.{key}: {name!a} is not an import name")
                yield _told(project, kind, name_in(name), line.text("reason"))


def _told(project: ProjectName, kind: Kind, name: str, because: str) -> Link:
    return Link(project=project, kind=kind, name=name, strength="certain", source="names table", because=because)
