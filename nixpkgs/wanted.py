"""What does a plan want of each attribute's package file? Values, whatever the files say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dataset.records import File, Release
from nixpkgs.relaxneeds import Bounded, bounded_requirements
from nixpkgs.requirementchange import NO_CHANGE, RequirementChange, requirement_change
from normalize.projects import ProjectName
from normalize.targets import Target
from normalize.versions import parse_version, same_version
from solver.plan import Package, Plan, Relaxation
from solver.setversions import release_of


@dataclass(frozen=True, slots=True)
class Relax:
    """A name that ``pythonRelaxDeps`` has to hold.

    Attributes:
        name: as METADATA spells it.
        why: for a comment beside it.
        hits: the release's other requirements that the hook takes for this one.
    """

    name: str
    why: str
    hits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a plan wants of one attribute.

    Attributes:
        current: the version that the plan starts from; None where it is not known.
        version: the version that it shall have; None where it stays.
        files: the files of that release, as far as the dataset knows them.
        relax: what has to be relaxed.
        stale: names that need not be relaxed any more, each with the reason.
        requires: how what it requires changes.
        bounded: what of the new release sets bounds; None where the version stays, or that is not known.
    """

    attribute: str
    project: ProjectName
    current: str | None
    version: str | None = None
    files: tuple[File, ...] = ()
    relax: tuple[Relax, ...] = ()
    stale: tuple[tuple[str, str], ...] = ()
    requires: RequirementChange = NO_CHANGE
    bounded: tuple[Bounded, ...] | None = None


def wanted_changes(
    plan: Plan,
    releases: Mapping[ProjectName, Iterable[Release]],
    targets: tuple[Target, ...],
    outside: Mapping[ProjectName, str] = MappingProxyType({}),
) -> tuple[Wanted, ...]:
    """Return what the plan wants, by attribute; attributes of which it wants nothing are left out.

    Projects that are new to the set are left out too, but for those that nixpkgs has outside it.

    Args:
        plan: the plan.
        releases: what the dataset knows of the projects whose version changes.
        targets: the plan's.
        outside: the version that nixpkgs has of projects outside the set that shall have the plan's.
    """
    relaxed: dict[str, list[Relaxation]] = {}
    for edge in plan.relaxed:
        # neither extras nor what building requires are looked at by the hook
        if edge.kind == "run" and edge.extra is None:
            relaxed.setdefault(edge.attribute, []).append(edge)
    stale: dict[str, list[tuple[str, str]]] = {}
    for needless in plan.stale_relaxations:
        stale.setdefault(needless.attribute, []).append((needless.name, needless.reason))
    attributes = {one.project: one.attribute for one in plan.packages}
    packages = {one.project: one for one in plan.packages}
    left_out = {(one.project, one.dependency) for one in plan.left_out}
    found = []
    for package in plan.packages:
        added = package.state == "added"
        current = outside.get(package.project) if added else package.current
        if package.version is None or (added and current is None):
            continue
        changes = not same_version(current, package.version) if added else package.state in ("updated", "downgraded")
        known = releases.get(package.project, ())
        before = release_of(known, current) if changes else None
        after = release_of(known, package.version) if changes else None
        one = Wanted(
            attribute=package.attribute,
            project=package.project,
            current=current,
            version=package.version if changes else None,
            files=() if after is None else after.files,
            relax=_relax(package, relaxed.get(package.attribute, ())),
            stale=tuple(stale.get(package.attribute, ())),
            requires=requirement_change(
                before,
                after,
                targets,
                attributes,
                frozenset(dependency for project, dependency in left_out if project == package.project),
            )
            if changes
            else NO_CHANGE,
            bounded=bounded_requirements(after, targets, packages) if changes else None,
        )
        if one.version is not None or one.relax or one.stale:
            found.append(_downwards(one) if added and changes else one)
    return tuple(sorted(found, key=lambda each: each.attribute))


def _downwards(one: Wanted) -> Wanted:
    """Return what is wanted with a word on a version that goes down, because others may depend on it."""
    before, after = parse_version(one.current or ""), parse_version(one.version or "")
    if before is None or after is None or before < after:
        return one
    told = f"it goes down from {one.current}, because the plan requires {one.version}; others may need the newer one"
    return replace(one, requires=replace(one.requires, unsure=(*one.requires.unsure, told)))


def _relax(package: Package, edges: Iterable[Relaxation]) -> tuple[Relax, ...]:
    by_name: dict[str, list[Relaxation]] = {}
    for edge in edges:
        by_name.setdefault(edge.spelling, []).append(edge)
    return tuple(
        Relax(
            name,
            f"{package.version} requires {name}{','.join(dict.fromkeys(edge.specifier for edge in several))}",
            tuple(sorted({other for edge in several for other in edge.hits})),
        )
        for name, several in sorted(by_name.items())
    )
