"""What does nixpkgs hold now? The current set and its applications, and their JSON form (``nixpkgs.json``)."""

from dataclasses import dataclass
from typing import Any

from dataset.decode import Decoder
from normalize.aliases import Alias
from normalize.confidence import Confidence
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the package file says beyond what a solve needs.

    Attributes:
        line: where the package begins in its file, counted from 1; None where it is not known.
        fetcher: ``fetchPypi``, ``fetchFromGitHub`` ...; None where there is none or it is not known.
        hash: the source's hash as it is written; None where there is none or it is not known.
        source: the fetcher's other arguments that are plain text, sorted.
        build_system: attributes, sorted.
        maintainers: their names in nixpkgs' list, sorted.
        flags: what switches a check off or leaves the package out -> its value as Nix writes it, sorted.
        changelog, homepage: the addresses that ``meta`` gives, where they may be linked; None where it is not known.
    """

    line: int | None = None
    fetcher: str | None = None
    hash: str | None = None
    source: tuple[tuple[str, str], ...] = ()
    build_system: tuple[str, ...] = ()
    maintainers: tuple[str, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    changelog: str | None = None
    homepage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of nixpkgs' Python set.

    Attributes:
        name: the attribute, for example ``scikit-learn`` or ``cython_0``.
        project: the project on the index; None where there is none or it is not known.
        evidence: what the match with the project rests on, strongest first.
        confidence: how far the match can be trusted.
        alternatives: other projects that the same evidence fits; not empty means ambiguous.
        version: as nixpkgs spells it, or None where it could not be read.
        dependencies: attributes, sorted; a conditional one is here where its condition holds in a default build on one
            of the default targets.
        conditional: the conditional dependencies that no default build has: attribute -> condition, sorted.
        optional_dependencies: extra -> attributes, both sorted.
        relaxed, removed: the names in ``pythonRelaxDeps`` and ``pythonRemoveDeps``; ``("*",)`` stands for ``true``.
        imports: what ``pythonImportsCheck`` imports.
        series: a versioned attribute's series (``0`` for ``cython_0``): it never leaves it; None elsewhere.
        position: the package file, relative to the nixpkgs checkout.
        format: ``pyproject``, ``setuptools``, ``wheel`` or ``other``.
        checks_dependencies: whether nixpkgs' runtime-dependency hook runs for it.
        note: a maintainer's reason for a pin, paraphrased; None where there is none.
        points_to: the attribute that it is only another name of (``protobuf7`` for ``protobuf``); None elsewhere.
        unknown: what could not be read: field -> why, sorted.
        recipe: what else the package file says; None where it was not read.
    """

    name: str
    project: ProjectName | None
    evidence: tuple[str, ...] = ()
    confidence: Confidence = "guess"
    alternatives: tuple[ProjectName, ...] = ()
    version: str | None = None
    dependencies: tuple[str, ...] = ()
    conditional: tuple[tuple[str, str], ...] = ()
    optional_dependencies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    relaxed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    series: str | None = None
    position: str | None = None
    format: str = "pyproject"
    checks_dependencies: bool = True
    note: str | None = None
    points_to: str | None = None
    unknown: tuple[tuple[str, str], ...] = ()
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application and what it uses of the set.

    Attributes:
        name: the package in nixpkgs.
        version: the application's own version.
        attribute: the attribute that is the application itself (``tensorflow``); None for one that only uses the set.
        dependencies: attributes that it uses, sorted.
        python: the interpreter that its package fixes (``3.12``), or None for the default.
        position: the package file, relative to the nixpkgs checkout.
        notes: facts that a reviewer should know, one sentence each.
    """

    name: str
    version: str
    attribute: str | None = None
    dependencies: tuple[str, ...] = ()
    python: str | None = None
    position: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSet:
    """nixpkgs' Python set at one revision.

    Attributes:
        revision: the nixpkgs commit, or a description where several were read.
        date: the day of that state, ``2026-07-15``.
        attributes: sorted by name.
        applications: sorted by name.
        elsewhere: names of attributes that nixpkgs has and that this extract of it does not describe; only those that
            a plan might name, and targets of aliases, need to be here.
        left_out: attributes that no target can have (broken, not for these interpreters ...) -> why, sorted.
        aliases: what ``python-aliases.nix`` has, sorted by name; of an extract, those that lead to its attributes.
    """

    revision: str
    date: str
    attributes: tuple[Attribute, ...]
    applications: tuple[Application, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    left_out: tuple[tuple[str, str], ...] = ()
    aliases: tuple[Alias, ...] = ()


def current_set_to_json(current: CurrentSet) -> dict[str, Any]:
    """Return the JSON form; keys that hold their default are left out."""
    return {
        "schema": SCHEMA,
        "revision": current.revision,
        "date": current.date,
        "attributes": {attribute.name: _attribute_to_json(attribute) for attribute in current.attributes},
        "applications": {app.name: _application_to_json(app) for app in current.applications},
        **({"elsewhere": sorted(current.elsewhere)} if current.elsewhere else {}),
        **({"left_out": dict(current.left_out)} if current.left_out else {}),
        **({"aliases": {alias.name: _alias_to_json(alias) for alias in current.aliases}} if current.aliases else {}),
    }


def _attribute_to_json(attribute: Attribute) -> dict[str, Any]:
    pairs: list[tuple[str, Any, Any]] = [
        ("project", attribute.project, ...),
        ("version", attribute.version, ...),
        ("evidence", list(attribute.evidence), []),
        ("confidence", attribute.confidence, ...),
        ("alternatives", list(attribute.alternatives), []),
        ("dependencies", list(attribute.dependencies), []),
        ("conditional", dict(attribute.conditional), {}),
        ("optional_dependencies", {extra: list(names) for extra, names in attribute.optional_dependencies}, {}),
        ("relaxed", list(attribute.relaxed), []),
        ("removed", list(attribute.removed), []),
        ("imports", list(attribute.imports), []),
        ("series", attribute.series, None),
        ("position", attribute.position, None),
        ("format", attribute.format, "pyproject"),
        ("checks_dependencies", attribute.checks_dependencies, True),
        ("note", attribute.note, None),
        ("points_to", attribute.points_to, None),
        ("unknown", dict(attribute.unknown), {}),
        ("recipe", None if attribute.recipe is None else _recipe_to_json(attribute.recipe), None),
    ]
    return {key: value for key, value, default in pairs if value != default}


def _recipe_to_json(recipe: Recipe) -> dict[str, Any]:
    pairs: list[tuple[str, Any, Any]] = [
        ("line", recipe.line, None),
        ("fetcher", recipe.fetcher, None),
        ("hash", recipe.hash, None),
        ("source", dict(recipe.source), {}),
        ("build_system", list(recipe.build_system), []),
        ("maintainers", list(recipe.maintainers), []),
        ("flags", dict(recipe.flags), {}),
        ("changelog", recipe.changelog, None),
        ("homepage", recipe.homepage, None),
    ]
    return {key: value for key, value, default in pairs if value != default}


def _application_to_json(app: Application) -> dict[str, Any]:
    pairs: list[tuple[str, Any, Any]] = [
        ("version", app.version, ...),
        ("attribute", app.attribute, None),
        ("dependencies", list(app.dependencies), []),
        ("python", app.python, None),
        ("position", app.position, None),
        ("notes", list(app.notes), []),
    ]
    return {key: value for key, value, default in pairs if value != default}


def _alias_to_json(alias: Alias) -> dict[str, Any]:
    pairs: list[tuple[str, Any, Any]] = [
        ("target", alias.target, None),
        ("fatal", alias.fatal, alias.target is None),
        ("date", alias.date, None),
        ("reason", alias.reason, None),
    ]
    return {key: value for key, value, default in pairs if value != default}


def current_set_from_json(data: Any, *, where: str = "nixpkgs.json") -> CurrentSet:
    """Read the JSON form.

    Raises:
        UsageError: the data does not have the shape; the sentence holds the path to the bad value.
    """
    root = Decoder(data, where)
    root.schema(SCHEMA)
    return CurrentSet(
        revision=root.text("revision"),
        date=root.text("date"),
        attributes=tuple(sorted((_attribute(name, one) for name, one in root.items("attributes")), key=_name)),
        applications=tuple(
            sorted((_application(name, one) for name, one in root.items("applications", optional=True)), key=_name)
        ),
        elsewhere=frozenset(root.texts("elsewhere")),
        left_out=tuple(sorted(root.text_pairs("left_out"))),
        aliases=tuple(sorted((_alias(name, one) for name, one in root.items("aliases", optional=True)), key=_name)),
    )


def _name(one: Attribute | Application | Alias) -> str:
    return one.name


def _attribute(name: str, one: Decoder) -> Attribute:
    project = one.optional_text("project")
    return Attribute(
        name=name,
        project=None if project is None else project_name(project),
        evidence=one.texts("evidence"),
        confidence=one.choice("confidence", ("certain", "likely", "guess"), "guess"),
        alternatives=tuple(project_name(text) for text in one.texts("alternatives")),
        version=one.optional_text("version"),
        dependencies=tuple(sorted(one.texts("dependencies"))),
        conditional=tuple(sorted(one.text_pairs("conditional"))),
        optional_dependencies=tuple(
            sorted((extra, tuple(sorted(one_extra))) for extra, one_extra in one.text_lists("optional_dependencies"))
        ),
        relaxed=one.texts("relaxed"),
        removed=one.texts("removed"),
        imports=one.texts("imports"),
        series=one.optional_text("series"),
        position=one.optional_text("position"),
        format=one.optional_text("format") or "pyproject",
        checks_dependencies=one.flag("checks_dependencies", default=True),
        note=one.optional_text("note"),
        points_to=one.optional_text("points_to"),
        unknown=tuple(sorted(one.text_pairs("unknown"))),
        recipe=_recipe(Decoder(one.raw("recipe"), f"{one.where}.recipe")) if one.has("recipe") else None,
    )


def _recipe(one: Decoder) -> Recipe:
    return Recipe(
        line=one.number("line"),
        fetcher=one.optional_text("fetcher"),
        hash=one.optional_text("hash"),
        source=tuple(sorted(one.text_pairs("source"))),
        build_system=tuple(sorted(one.texts("build_system"))),
        maintainers=tuple(sorted(one.texts("maintainers"))),
        flags=tuple(sorted(one.text_pairs("flags"))),
        changelog=one.optional_address("changelog"),
        homepage=one.optional_address("homepage"),
    )


def _application(name: str, one: Decoder) -> Application:
    return Application(
        name=name,
        version=one.text("version"),
        attribute=one.optional_text("attribute"),
        dependencies=tuple(sorted(one.texts("dependencies"))),
        python=one.optional_text("python"),
        position=one.optional_text("position"),
        notes=one.texts("notes"),
    )


def _alias(name: str, one: Decoder) -> Alias:
    target = one.optional_text("target")
    fatal = one.flag("fatal", default=target is None)
    if target is None and not fatal:
        raise UsageError(f"{one.where}: an alias that is not fatal has a target")
    return Alias(
        name=name, target=target, fatal=fatal, date=one.optional_text("date"), reason=one.optional_text("reason")
    )
