"""What is the JSON form of an overlay? For programs that write the files of nixpkgs by themselves."""

from collections.abc import Iterable
from typing import Any

from nixpkgs.licences import nix_licence
from nixpkgs.overlayplan import OverlayPlan
from nixpkgs.recipes import Dependency, ForgeSource, IndexSource, Init, Override, Source, Stays


def overlay_json(made: OverlayPlan) -> dict[str, Any]:
    """Return the JSON form; what does not change is left out."""
    return {
        "overrides": [_override(one) for one in made.overrides],
        "inits": [_init(one) for one in made.inits],
        "impossible": dict(made.impossible),
        "cut": [{"attribute": one, "dependency": other} for one, other in made.cut],
    }


def _override(one: Override) -> dict[str, Any]:
    pairs: list[tuple[str, Any]] = [
        ("version", one.version),
        ("source", None if one.source is None else _source(one.source)),
        ("pythonRelaxDeps", None if one.relaxed is None else list(one.relaxed)),
        ("pythonRelaxDeps added", list(one.relaxed_too) or None),
        ("pythonRemoveDeps added", list(one.removed_too) or None),
        ("dependencies added", _dependencies(one.dependencies) or None),
        ("unless", None if one.stays is None else _stays(one.stays)),
        ("notes", list(one.notes) or None),
    ]
    return {"attribute": one.attribute} | {key: value for key, value in pairs if value is not None}


def _stays(one: Stays) -> dict[str, Any]:
    beside = [{"attribute": name, "version": version, "satisfies": str(what)} for name, version, what in one.beside]
    return {"satisfies": str(one.satisfies), "beside": beside}


def _init(one: Init) -> dict[str, Any]:
    return {
        "message": f"python3Packages.{one.attribute}: init at {one.version}",
        "attribute": one.attribute,
        "version": one.version,
        "format": "wheel" if one.wheel else "pyproject",
        "source": _source(one.source),
        "build-system": None if one.build_system is None else list(one.build_system),
        "dependencies": _dependencies(one.dependencies),
        "pythonRelaxDeps": list(one.relaxed),
        "pythonRemoveDeps": list(one.removed),
        "pythonImportsCheck": list(one.imports),
        "homepage": one.homepage,
        "changelog": one.changelog,
        "license": nix_licence(one.licences) if one.licences else None,
        "notes": list(one.notes),
    }


def _dependencies(several: Iterable[Dependency]) -> list[dict[str, str]]:
    return [
        {"attribute": one.attribute} | ({"where": one.condition.expression()} if one.condition is not None else {})
        for one in several
    ]


def _source(source: Source) -> dict[str, Any]:
    if isinstance(source, IndexSource):
        known = {"pname": source.pname, "version": source.version, **dict(source.arguments)}
        return {"fetcher": "fetchPypi", **known, "hash": source.hash}
    if isinstance(source, ForgeSource):
        return {"fetcher": "the recipe's own", source.argument: source.revision, "hash": None}
    return {"fetcher": "the recipe's own", "or": None if source.index is None else _source(source.index)}
