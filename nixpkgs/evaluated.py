"""Which current set does an evaluation describe? What Nix answered for each target, as one set of attributes."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dataset.currentset import Attribute, Recipe
from nixpkgs.evaluation import Evaluated
from nixpkgs.matching import matched
from nixpkgs.metaaddresses import meta_address
from nixpkgs.setreading import NO_VERSION, SetReading
from normalize.errors import OutsideError, UsageError
from normalize.projects import project_name

_DOWNLOADS = "mirror://pypi/"
"""How nixpkgs spells what ``fetchPypi`` downloads."""

_Package = Mapping[str, Any]


def set_from_evaluation(evaluated: Evaluated, nixpkgs: str) -> SetReading:
    """Return the set that an evaluation describes.

    Args:
        evaluated: what Nix answered.
        nixpkgs: the checkout's absolute path, which positions begin with.

    Raises:
        UsageError: the checkout does not have the set of a target.
        OutsideError: the answer does not have its shape.
    """
    try:
        return _read(evaluated, nixpkgs)
    except (AttributeError, KeyError, TypeError) as error:
        raise OutsideError(f"Nix printed a set of another shape: {error}", hint="is it the set of a fork?") from None


def _read(evaluated: Evaluated, nixpkgs: str) -> SetReading:
    tables: list[Mapping[str, _Package]] = []
    for one in evaluated.targets:
        if one["attributes"] is None:
            raise UsageError(
                f"{nixpkgs!r} has no '{one['set']}' on {one['system']}", hint="name its interpreters with '--target'"
            )
        tables.append(one["attributes"])
    references = [_References(table) for table in tables]
    people = {github: name for one in evaluated.targets for name, github in sorted(one["maintainers"].items())}
    attributes = []
    left_out = dict(evaluated.skipped)
    problems = [f"{name}: {why}" for name, why in evaluated.skipped]
    for name in sorted({name for table in tables for name in table}):
        here = [(table[name], reference) for table, reference in zip(tables, references, strict=True) if name in table]
        described = [(one["package"], reference) for one, reference in here if "package" in one]
        if described:
            attributes.append(_attribute(name, described, people, nixpkgs))
        elif any("broken" in one for one, _ in here):
            left_out[name] = "broken on every target"
        elif any("failed" in one for one, _ in here):
            left_out[name] = "does not evaluate on any target"
            problems.append(f"{name}: does not evaluate on any target")
        elif any("absent" in one for one, _ in here):
            left_out[name] = "null on every target"
    return SetReading(tuple(attributes), tuple(sorted(left_out.items())), tuple(problems))


class _References:
    """Which attribute is a package of this name and version?"""

    def __init__(self, table: Mapping[str, _Package]) -> None:
        self._names: dict[tuple[str, str | None], list[str]] = {}
        for name in sorted(table):
            one = table[name].get("package") or table[name]
            if one.get("pname") is not None:
                self._names.setdefault((_folded(one["pname"]), one.get("version")), []).append(name)

    def find(self, reference: Mapping[str, Any]) -> tuple[str | None, str]:
        """Return the attribute, or None and why there is none."""
        pname, version = reference["pname"] or "", reference["version"]
        found = self._names.get((_folded(pname), version), [])
        # several attributes may hold one package; the one that pointers and aliases lead to has the package's name
        named = [name for name in found if name == _folded(pname)] or found
        if len(named) == 1:
            return named[0], ""
        told = f"'{pname}' {version}"
        return None, f"{told} is one of {', '.join(named)}" if named else f"{told} is no attribute of the set"


def _folded(pname: str) -> str:
    try:
        return project_name(pname)
    except UsageError:
        return pname


def _attribute(
    name: str, described: Sequence[tuple[_Package, _References]], people: Mapping[str, str], nixpkgs: str
) -> Attribute:
    unknown: dict[str, str] = {}
    first = described[0][0]

    def same(field: str) -> Any:
        """Return what all targets say, or what the first one says and a note."""
        if any(one[field] != first[field] for one, _ in described):
            unknown[field] = "differs between targets"
        return first[field]

    def attributes(field: str, lists: Sequence[tuple[Sequence[Any], _References]]) -> tuple[str, ...]:
        found = [references.find(one) for several, references in lists for one in several]
        if why := [text for attribute, text in found if attribute is None]:
            unknown[field] = "; ".join(dict.fromkeys(why))
        return tuple(sorted({attribute for attribute, _ in found if attribute is not None and attribute != name}))

    extras = sorted({extra for one, _ in described for extra in one["optional"]})
    path, line = _position(first["position"], nixpkgs)
    form = _format(first)
    if form is None:
        unknown["format"] = "Nix does not say"
    imports = tuple(_union(one["imports"] for one, _ in described))
    downloaded = _downloaded(first["url"])
    if downloaded is None:
        unknown["fetcher"] = "Nix does not say"
    match = matched(name, first["pname"], downloaded, imports)
    version = same("version")
    if version is None:
        unknown.setdefault("version", NO_VERSION)
    flags = [("dontCheckRuntimeDeps", "true")] if first["unchecked"] else []
    flags += [("skipBulkUpdate", "true")] if first["skipBulkUpdate"] else []
    return Attribute(
        name=name,
        project=match.project,
        evidence=match.evidence,
        confidence=match.confidence,
        alternatives=match.alternatives,
        series=match.series,
        version=version,
        dependencies=attributes("dependencies", [(one["dependencies"], refs) for one, refs in described]),
        optional_dependencies=tuple(
            (
                extra,
                attributes(
                    "optional_dependencies", [(one["optional"].get(extra, ()), refs) for one, refs in described]
                ),
            )
            for extra in extras
        ),
        relaxed=_names([one["relaxed"] for one, _ in described]),
        removed=_names([one["removed"] for one, _ in described]),
        imports=imports,
        position=path,
        format=form or "pyproject",
        checks_dependencies=form in (None, "pyproject", "wheel") and not first["unchecked"],
        recipe=Recipe(
            line=line,
            fetcher=None if downloaded is None else "fetchPypi",
            hash=same("hash"),
            build_system=attributes("build_system", [(one["build"], refs) for one, refs in described]),
            maintainers=tuple(sorted({people.get(one, one) for one in first["maintainers"] if one is not None})),
            flags=tuple(flags),
            changelog=meta_address(first["changelog"]),
            homepage=meta_address(first["homepage"]),
        ),
        unknown=tuple(sorted(unknown.items())),
    )


def _names(lists: Sequence[Any]) -> tuple[str, ...]:
    if True in lists:
        return ("*",)
    return tuple(_union(one for one in lists if isinstance(one, list)))


def _union(lists: Any) -> Iterator[str]:
    yield from dict.fromkeys(str(name) for one in lists for name in one)


def _position(text: str | None, nixpkgs: str) -> tuple[str | None, int | None]:
    """Return the package file relative to the checkout, and the line."""
    if text is None:
        return None, None
    path, _, line = text.rpartition(":")
    if not line.isdecimal():
        path, line = text, ""
    inside = posixpath.join(nixpkgs, "")
    return path.removeprefix(inside), int(line) if line else None


def _format(package: _Package) -> str | None:
    if package["pyproject"] is True:
        return "pyproject"
    form = package["format"]
    if isinstance(form, str):
        return form
    return "other" if package["pyproject"] is False else None


def _downloaded(url: str | None) -> str | None:
    """Return the name that ``fetchPypi`` asks for; None where the source comes from elsewhere."""
    parts = (url or "").removeprefix(_DOWNLOADS).split("/") if (url or "").startswith(_DOWNLOADS) else []
    return parts[1] if len(parts) == 3 else None
