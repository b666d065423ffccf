"""What does a checkout's Python set hold, as far as its files tell? Declarations and package files, linked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dataset.currentset import Attribute, Recipe
from nixpkgs.declarations import Declaration
from nixpkgs.linking import Links
from nixpkgs.matching import matched
from nixpkgs.packagefacts import PackageFacts, When
from nixpkgs.packagefile import read_packages
from nixpkgs.setreading import NO_VERSION, SetReading
from nixpkgs.symbols import Unknown, Value
from normalize.targets import Target


@dataclass(frozen=True, slots=True)
class Job:
    """One package file to be read for one attribute.

    Attributes:
        name: the attribute.
        file: relative to the checkout.
        given: what ``callPackage`` gives the file.
        within: what is selected from what the file makes.
    """

    name: str
    file: str
    given: Mapping[str, Value]
    within: tuple[str, ...]


def jobs(declarations: Sequence[Declaration]) -> tuple[Job, ...]:
    """Return the package files to be read, in the order of the attributes."""
    by_name = {one.name: one for one in declarations}
    found = []
    for one in declarations:
        if one.file is not None:
            found.append(Job(one.name, one.file, one.given, one.within))
        elif len(one.other) > 1:
            base = by_name.get(one.other[0])
            if base is not None and base.file is not None:
                found.append(Job(one.name, base.file, base.given, (*base.within, *one.other[1:])))
    return tuple(found)


def read_file(
    file: str, several: Sequence[Job], read: Callable[[str], bytes | None], targets: Sequence[Target]
) -> tuple[PackageFacts, ...]:
    """Read one package file for all attributes that call it.

    Args:
        file: relative to the checkout.
        several: the attributes, and how each calls the file.
        read: returns the bytes of a file of the checkout, or None where there is none.
        targets: where conditions are to be judged.
    """
    data = read(file)
    if data is None:
        return (PackageFacts(problem=f"there is no file '{file}'"),) * len(several)
    return read_packages(data, [(job.given, job.within) for job in several], targets)


def linked(
    declarations: Sequence[Declaration], read: Iterable[tuple[Job, PackageFacts]], targets: Sequence[Target]
) -> SetReading:
    """Return the attributes, once what they say of each other is filled in."""
    facts: dict[str, PackageFacts] = {}
    files: dict[str, str] = {}
    problems = []
    for job, found in read:
        facts[job.name], files[job.name] = found, job.file
        if found.problem:
            problems.append(f"{job.file}: {job.name}: {found.problem}")
    for one in declarations:
        if one.problem:
            facts[one.name] = PackageFacts(problem=one.problem)
            problems.append(f"python-packages.nix line {one.line}: {one.name}: {one.problem}")
    links = Links(declarations, facts, targets)
    attributes, left_out = [], []
    for one in declarations:
        base = links.base(one.name)
        here = facts.get(base.name, PackageFacts(problem=f"'{'.'.join(one.other) or one.name}' is not in the set"))
        if base.name not in facts:
            problems.append(f"python-packages.nix line {one.line}: {one.name}: {here.problem}")
        why = _absent(links.present(one.name), one.when or base.when, here)
        if why:
            left_out.append((one.name, why))
        else:
            attributes.append(_attribute(one, here, links, files.get(base.name)))
    return SetReading(tuple(attributes), tuple(left_out), tuple(problems))


def _absent(present: tuple[bool, ...], when: When | None, facts: PackageFacts) -> str:
    """Return why no target has the attribute; "" where one has it."""
    if any(present):
        return ""
    if when is not None and set(when.targets) == {False}:
        return "null on every target"
    if facts.broken is not None and set(facts.broken.targets) == {True}:
        return "broken on every target"
    return "disabled on every target"


def _attribute(one: Declaration, facts: PackageFacts, links: Links, file: str | None) -> Attribute:
    unknown: dict[str, str] = {}
    if facts.problem:
        fields = (
            "version",
            "dependencies",
            "optional_dependencies",
            "relaxed",
            "removed",
            "imports",
            "format",
            "recipe",
        )
        unknown |= dict.fromkeys(fields, facts.problem)
    present = links.present(one.name)
    facts = links.with_inherited(facts)

    def text(field: str, value: str | Unknown | None) -> str | None:
        if isinstance(value, Unknown):
            unknown[field] = value.why
            return None
        return value

    def names(field: str, found: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
        if found[1]:
            unknown[field] = "; ".join(found[1])
        return found[0]

    pname, form = text("pname", facts.pname), text("format", facts.format)
    imports = names("imports", links.texts(facts.imports, present))
    downloaded = None
    if facts.source.fetcher == "fetchPypi":
        downloaded = dict(facts.source.arguments).get("pname")
    match = matched(one.name, pname, downloaded, imports)
    needed = links.dependencies(facts.dependencies, present)
    if needed.unknown:
        unknown["dependencies"] = "; ".join(needed.unknown)
    extras, extras_unknown = links.extras(facts, present)
    if extras_unknown:
        unknown["optional_dependencies"] = "; ".join(extras_unknown)
    for field, when in (("disabled", facts.disabled), ("broken", facts.broken)):
        if when is not None and None in when.targets:
            unknown[field] = when.text
    build = links.dependencies(facts.build_system, present)
    recipe = Recipe(
        line=facts.line or None,
        fetcher=text("fetcher", facts.source.fetcher),
        hash=text("hash", facts.source.hash),
        source=facts.source.arguments,
        build_system=names("build_system", (build.always, build.unknown)),
        maintainers=tuple(sorted(names("maintainers", links.texts(facts.maintainers, present)))),
        flags=facts.flags,
        changelog=facts.changelog,
        homepage=facts.homepage,
    )
    version = text("version", facts.version)
    if version is None:
        unknown.setdefault("version", NO_VERSION)
    flags = dict(facts.flags)
    if flags.get("dontCheckRuntimeDeps", "true") not in ("true", "false"):
        unknown["checks_dependencies"] = flags["dontCheckRuntimeDeps"]
    return Attribute(
        name=one.name,
        project=match.project,
        evidence=match.evidence,
        confidence=match.confidence,
        alternatives=match.alternatives,
        series=match.series,
        version=version,
        dependencies=needed.always,
        conditional=needed.conditional,
        optional_dependencies=extras,
        relaxed=names("relaxed", links.texts(facts.relaxed, present)),
        removed=names("removed", links.texts(facts.removed, present)),
        imports=imports,
        position=file,
        format=form or "pyproject",
        checks_dependencies=form in (None, "pyproject", "wheel") and flags.get("dontCheckRuntimeDeps") != "true",
        points_to=one.other[0] if len(one.other) == 1 else None,
        unknown=tuple(sorted(unknown.items())),
        recipe=None if facts.problem else recipe,
    )
