"""What does a ``uv.lock`` pin? Version 1 of the format, any revision."""

from collections.abc import Iterator
from typing import Any

from packaging.markers import InvalidMarker, Marker

from dataset.decode import Decoder
from dataset.lock import Link, Lock, LockedBound, Pin, Source, ordered_bounds, ordered_pins, without_credentials
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from normalize.requirements import absurd
from normalize.specifiers import is_specifier

VERSION = 1
_DAMAGED = "the file was changed by hand: lock again with 'uv lock'"
_SOURCES: dict[str, Source] = {
    "registry": "index",
    "git": "git",
    "url": "url",
    "path": "path",
    "directory": "path",
    "editable": "editable",
    "virtual": "editable",
}


def uv_lock(data: dict[str, Any], name: str) -> Lock:
    """Return what a ``uv.lock`` says: forks of a project are several pins, each where its markers hold.

    uv records bounds of the application alone; of other pins their METADATA tells.

    Raises:
        UsageError: its version is not known, or a value does not have its shape.
    """
    if data.get("version") != VERSION:
        raise UsageError(
            f"{name} is a uv.lock of version {data.get('version')!r}; coset reads version {VERSION}",
            hint="lock again with a uv that writes it, or 'uv export --format pylock.toml'",
        )
    top = Decoder(data, name)
    packages = list(top.tables("package"))
    members = _members(top, packages)
    pins: list[Pin] = []
    bounds: list[LockedBound] = []
    links: list[Link] = []
    for one in packages:
        project, version = _name(one, "name"), one.optional_text("version")
        if project in members:
            bounds += _metadata_bounds(one)
        else:
            pins.append(_pin(one, project, version))
        for part in _dependency_lists(one):
            for link in part:
                marker = _marker(link, "marker")
                to = _name(link, "name")
                chosen = link.optional_text("version")
                links.append(Link(depender=project, version=version, dependency=to, chosen=chosen, marker=marker))
    if top.has("manifest"):
        bounds += [bound for table in _part(top, "manifest").tables("requirements") if (bound := _bound(table, ""))]
    return Lock(
        kind="uv",
        name=name,
        python=top.optional_text("requires-python") or "",
        environments=tuple(_checked(text, name) for text in top.texts("supported-markers")),
        pins=ordered_pins(pins),
        members=tuple(sorted(members)),
        bounds=ordered_bounds(bounds),
        links=tuple(sorted(links, key=lambda one: (one.depender, one.version or "", one.dependency, one.marker))),
    )


def _members(top: Decoder, packages: list[Decoder]) -> set[ProjectName]:
    """Return the application's own projects: the workspace's members, or the one project beside the lock."""
    manifest = _part(top, "manifest") if top.has("manifest") else None
    named = manifest.texts("members") if manifest else ()
    if named:
        return {project_name(text) for text in named}
    beside = ("virtual", "editable", "directory")
    return {
        _name(one, "name")
        for one in packages
        for key, value in one.text_pairs("source")
        if key in beside and value == "."
    }


def _pin(one: Decoder, project: ProjectName, version: str | None) -> Pin:
    for key, value in one.text_pairs("source"):
        if key in _SOURCES:
            source = _SOURCES[key]
            address = "" if source == "index" else without_credentials(value)
            break
    else:
        raise UsageError(f"{one.where}: no source that coset knows", hint=f"known: {', '.join(sorted(_SOURCES))}")
    markers = tuple(sorted(_checked(text, one.where) for text in one.texts("resolution-markers")))
    return Pin(project=project, version=version, source=source, address=address, markers=markers)


def _dependency_lists(one: Decoder) -> Iterator[Iterator[Decoder]]:
    yield one.tables("dependencies")
    for key in ("optional-dependencies", "dev-dependencies"):
        if one.has(key):
            part = _part(one, key)
            for name in part.keys():  # noqa: SIM118 -- a decoder is no mapping
                yield part.tables(name)


def _metadata_bounds(one: Decoder) -> Iterator[LockedBound]:
    if not one.has("metadata"):
        return
    metadata = _part(one, "metadata")
    for table in metadata.tables("requires-dist"):
        if bound := _bound(table, ""):
            yield bound
    if metadata.has("requires-dev"):
        groups = _part(metadata, "requires-dev")
        for group in groups.keys():  # noqa: SIM118 -- a decoder is no mapping
            for table in groups.tables(group):
                if bound := _bound(table, f"group {group}"):
                    yield bound


def _bound(table: Decoder, part: str) -> LockedBound | None:
    """Return the bound of one requirement of the application, or None where it has none."""
    text = table.optional_text("specifier")
    if not text:
        return None
    if not is_specifier(text) or absurd(text):
        raise UsageError(f"{table.where}: {text[:80]!r} is no specifier", hint=_DAMAGED)
    marker = _marker(table, "marker")
    return LockedBound(
        depender=None,
        version=None,
        dependency=_name(table, "name"),
        text=text,
        accepted=(text,),
        marker=marker,
        part=part or ("an extra" if "extra" in marker else ""),
    )


def _part(one: Decoder, key: str) -> Decoder:
    return Decoder(one.raw(key) if one.has(key) else {}, f"{one.where}.{key}")


def _name(one: Decoder, key: str) -> ProjectName:
    return project_name(one.text(key))


def _marker(one: Decoder, key: str) -> str:
    text = one.optional_text(key)
    return "" if text is None else _checked(text, one.where)


def _checked(text: str, where: str) -> str:
    try:
        if not absurd(text):
            Marker(text)
            return text
    except (InvalidMarker, RecursionError):
        pass
    raise UsageError(f"{where}: {text[:80]!r} is no marker", hint=_DAMAGED)
