"""What does the metadata of a release say, and which files are there? Each as one text, which is a part of a line."""

import json
from collections.abc import Collection
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from dataset.aboutlines import about_from_json, about_to_pairs
from dataset.records import LISTED, About, File, ImportsFrom, Release, Source, Timestamp, Trust
from normalize.projects import ProjectName

Facts = tuple[
    str | None,
    tuple[str, ...] | None,
    tuple[str, ...],
    str | None,
    tuple[str, ...],
    tuple[str, ...],
    Source,
    Trust,
    tuple[str, ...],
    tuple[str, ...] | None,
    ImportsFrom,
    About | None,
]
"""Of a release: ``requires_python``, ``requires``, ``unusable``, ``unknown``, ``extras``, ``imports``, ``source``,
``trust``, ``repaired``, ``builds``, ``imports_from``, ``about``."""


_KEPT = 500
"""Texts in memory: an import asks for each twice, soon after another."""

_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def facts_of(release: Release) -> Facts:
    """Return what the metadata of the release says."""
    return (
        release.requires_python,
        release.requires,
        release.unusable,
        release.unknown,
        release.extras,
        release.imports,
        release.source,
        release.trust,
        release.repaired,
        release.builds,
        release.imports_from,
        release.about,
    )


def listed_facts(requires_python: str | None) -> Facts:
    """Return what is known of a release whose metadata nobody asked for."""
    return (requires_python, None, (), LISTED, (), (), "index", "none", (), None, "", None)


@lru_cache(_KEPT)
def facts_to_text(facts: Facts) -> str:
    """Return the facts as keys and values of JSON in ASCII, without braces and blanks.

    Keys have a fixed order. Values that a reader assumes anyway are left out, except the requirements:
    ``"requires":null`` must be seen to be unknown.
    """
    python, requires, unusable, unknown, extras, imports, source, trust, repaired, builds, imports_from, about = facts
    usual_source, usual_trust = assumed(unknown=unknown is not None)
    pairs: list[tuple[str, Any, Any]] = [
        ("requires_python", python, None),
        ("requires", None if requires is None else sorted(set(requires)), ...),
        ("unusable", sorted(set(unusable)), []),
        ("unknown", unknown, None),
        ("extras", sorted(set(extras)), []),
        ("imports", sorted(set(imports)), []),
        ("source", source, usual_source),
        ("trust", trust, usual_trust),
        ("repaired", sorted(set(repaired)), []),
        ("builds", None if builds is None else sorted(set(builds)), None),
        ("imports_from", imports_from, ""),
    ]
    kept = {key: value for key, value, default in pairs if value != default}
    if about is not None:
        kept.update(about_to_pairs(about))
    return _ENCODER.encode(kept)[1:-1]


def facts_from_json(data: dict[str, Any]) -> Facts:
    """Return the facts of a decoded text of `facts_to_text`."""
    requires, unknown, builds = data["requires"], data.get("unknown"), data.get("builds")
    usual_source, usual_trust = assumed(unknown=unknown is not None)
    return (
        data.get("requires_python"),
        None if requires is None else tuple(requires),
        tuple(data.get("unusable", ())),
        unknown,
        tuple(data.get("extras", ())),
        tuple(data.get("imports", ())),
        data.get("source", usual_source),
        data.get("trust", usual_trust),
        tuple(data.get("repaired", ())),
        None if builds is None else tuple(builds),
        data.get("imports_from", ""),
        about_from_json(data),
    )


def assumed(*, unknown: bool) -> tuple[Source, Trust]:
    """What a line means that names neither source nor trust: a note of the index page, or another tool's claim."""
    return ("index", "none") if unknown else ("import", "claimed")


def files_to_text(files: Collection[File]) -> str:
    """Return files as JSON in ASCII, as lines spell them: sorted by name, without what is not known."""
    return f"[{','.join(map(_file_to_text, sorted(files, key=file_name)))}]"


def _file_to_text(one: File) -> str:
    """Return one file; there are so many of them that a general encoder would take a quarter of a bulk write."""
    path = "" if one.path is None else f',"path":{quoted(one.path)}'
    sha256 = "" if one.sha256 is None else f',"sha256":{quoted(one.sha256)}'
    size = "" if one.size is None else f',"size":{one.size}'
    return f'{{"name":{quoted(one.name)}{path}{sha256}{size}}}'


def file_name(one: File) -> str:
    """Return the name, by which files are sorted."""
    return one.name


def release_of(  # noqa: PLR0913, PLR0917 - the parts of a release
    project: ProjectName,
    version: str,
    uploaded: Timestamp | None,
    yanked: str | None,
    gone: Timestamp | None,
    facts: Facts,
    files: tuple[File, ...],
) -> Release:
    """Return the release of which these things are true."""
    one: Any = _Unfrozen()
    one.project = project
    one.version = version
    one.uploaded = uploaded
    one.yanked = yanked
    one.gone = gone
    one.files = files
    (
        one.requires_python,
        one.requires,
        one.unusable,
        one.unknown,
        one.extras,
        one.imports,
        one.source,
        one.trust,
        one.repaired,
        one.builds,
        one.imports_from,
        one.about,
    ) = facts
    one.__class__ = Release
    release: Release = one
    return release


class _Unfrozen:
    """A release that is being read.

    Each field of a frozen value costs a call to set, which would be a third of the time that a dataset takes to read.
    So the fields are set while they are open, and then the value becomes the release that it has the layout of.
    """

    __slots__ = Release.__slots__
