"""What of a plan goes into an overlay, and what cannot? Overrides, new packages after their needs, the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release
from nixpkgs.needs import Needs
from nixpkgs.newpackage import new_package, parsed, spelled
from nixpkgs.newsource import index_sdist, new_source
from nixpkgs.outside import Asked, Relaxes, asked_of, enough, relaxed_in
from nixpkgs.recipes import Dependency, EitherSource, ForgeSource, Init, Override, Stays
from nixpkgs.wanted import Wanted, wanted_changes
from normalize.projects import ProjectName
from normalize.relaxhook import EVERYTHING, hits
from normalize.targets import parse_target
from solver.plan import Addition, Plan
from solver.setversions import release_of

_RUST = frozenset({"maturin", "setuptools-rust", "rustc", "cargo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPlan:
    """What an overlay of a plan holds.

    Attributes:
        overrides: sorted by attribute.
        inits: dependencies first.
        impossible: attributes that the overlay cannot bring to where the plan has them -> why, sorted.
        cut: dependencies that would make a cycle and are therefore left out: ``(attribute, dependency)``, sorted.
    """

    overrides: tuple[Override, ...]
    inits: tuple[Init, ...]
    impossible: tuple[tuple[str, str], ...]
    cut: tuple[tuple[str, str], ...]

    @property
    def to_prefetch(self) -> tuple[str, ...]:
        """The attributes whose hash is certainly to be prefetched."""
        return tuple(one.attribute for one in self.overrides if isinstance(one.source, ForgeSource))

    @property
    def perhaps_to_prefetch(self) -> tuple[str, ...]:
        """The attributes of which only Nix knows what their recipe downloads."""
        return tuple(one.attribute for one in self.overrides if isinstance(one.source, EitherSource))


def overlay_plan(
    plan: Plan, current: CurrentSet, releases: Mapping[ProjectName, tuple[Release, ...]], *, from_index: bool = False
) -> OverlayPlan:
    """Return what an overlay of the plan holds.

    Args:
        plan: the plan, which is no conflict.
        current: the current set that the plan starts from.
        releases: what the dataset knows of the plan's projects, with their files.
        from_index: whether sources come from the index, whatever the recipes download.
    """
    targets = tuple(parse_target(one) for one in plan.targets)
    members = {one.name: one for one in current.attributes}
    needs = Needs({one.name: {*one.dependencies, *(name for name, _ in one.conditional)} for one in current.attributes})
    overrides: list[Override] = []
    impossible: dict[str, str] = {}
    for one in wanted_changes(plan, releases, targets):
        release = release_of(releases.get(one.project, ()), one.version)
        made = _override(one, members.get(one.attribute), release, needs, from_index=from_index)
        if isinstance(made, str):
            impossible[one.attribute] = made
        elif made is not None:
            overrides.append(made)
    relaxes, asks = relaxed_in(current.attributes, plan), Needs({})
    inits: dict[str, Init] = {}
    for each in plan.added:
        release = release_of(releases.get(each.project, ()), each.version)
        if release is None:
            impossible[each.attribute] = "the dataset does not hold it"
        elif each.elsewhere:
            overrides += _elsewhere(each, _stays(each, plan, relaxes, asks), release, from_index=from_index)
        else:
            new = new_package(plan, each, release, targets, needs)
            if isinstance(new, str):
                impossible[each.attribute] = new
            else:
                inits[new.attribute] = new
    return OverlayPlan(
        overrides=tuple(sorted(overrides, key=lambda one: one.attribute)),
        inits=tuple(inits[name] for name in needs.first_needs(inits)),
        impossible=tuple(sorted(impossible.items())),
        cut=tuple(sorted(needs.cut)),
    )


def _override(
    one: Wanted, attribute: Attribute | None, release: Release | None, needs: Needs, *, from_index: bool
) -> Override | str | None:
    """Return the override that brings an attribute where the plan has it, why not, or None where none is due."""
    relaxed, relaxed_too = _relaxed(one, attribute)
    notes = []
    if one.version is not None:
        notes.append(f"{one.current or 'a version that is not known'} -> {one.version}")
    notes += [f"{relax.name}: {relax.why}" for relax in one.relax if relax.name in (*(relaxed or ()), *relaxed_too)]
    notes += [f"{relax.name}: the hook also relaxes {', '.join(relax.hits)}" for relax in one.relax if relax.hits]
    if relaxed is not None:
        notes += [f"{name} need not be relaxed: {reason}" for name, reason in one.stale]
    source = None
    if one.version is not None:
        if release is None:
            return "the dataset does not hold the release"
        source = new_source(attribute, release, from_index=from_index)
        if source is None:
            what = "wheel that fits the recipe" if attribute is not None and attribute.format == "wheel" else "sdist"
            return f"{one.version} has no {what} on the index"
        if isinstance(source, ForgeSource):
            notes.append("the hash is to be prefetched")
        if _has_rust(attribute, release):
            notes.append("look at this: cargoDeps belong to the old source and need a hash of their own")
    had = {*attribute.dependencies, *(name for name, _ in attribute.conditional)} if attribute is not None else set()
    gained = [(project, name) for project, name in one.requires.gained if name not in had]
    added = [name for _, name in gained if needs.add(one.attribute, name)]
    circular = [(project, name) for project, name in gained if name not in added]
    notes += [f"it requires {name} now, which depends on it: left out" for _, name in circular]
    notes += [f"look at this: {sentence}" for sentence in one.requires.unsure]
    if one.version is None and relaxed is None and not relaxed_too:
        return None
    return Override(
        attribute=one.attribute,
        version=one.version,
        source=source,
        relaxed=relaxed,
        relaxed_too=relaxed_too,
        removed_too=spelled(release, {project for project, _ in circular}),
        dependencies=tuple(Dependency(attribute=name) for name in added),
        notes=tuple(notes),
    )


def _has_rust(attribute: Attribute | None, release: Release) -> bool:
    recipe = attribute.recipe if attribute is not None else None
    named = {str(one.project) for one in parsed(release.builds or ())}
    named |= set(recipe.build_system if recipe is not None else ())
    return not named.isdisjoint(_RUST)


def _relaxed(one: Wanted, attribute: Attribute | None) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the whole ``pythonRelaxDeps``, None where it stays; and what is added to one that nobody has read."""
    needed = [relax.name for relax in one.relax]
    if attribute is None or "relaxed" in dict(attribute.unknown):
        return None, tuple(needed)
    stale = {name for name, _ in one.stale}
    kept = [name for name in attribute.relaxed if name not in stale]
    if EVERYTHING in kept:
        return None, ()
    whole = kept + [name for name in needed if not any(hits(other, name) for other in kept)]
    return (None if whole == list(attribute.relaxed) else tuple(whole)), ()


def _stays(one: Addition, plan: Plan, relaxes: Relaxes, asks: Needs) -> Stays:
    """Return when nixpkgs' own version of an attribute is good enough.

    Another attribute outside the set requires what the plan says only where it has the plan's version. Whether it has,
    is asked for, unless that would be asked in a circle.
    """
    outside = {each.project: each for each in plan.added if each.elsewhere}
    always: list[Asked] = []
    beside: dict[tuple[str, str], list[Asked]] = {}
    for asked in asked_of(one, relaxes):
        other = outside.get(asked.depender)
        if other is None or other.version is None or not asks.add(one.attribute, other.attribute):
            always.append(asked)
        elif len(asked.clauses):
            beside.setdefault((other.attribute, other.version), []).append(asked)
    return Stays(
        enough(always), tuple((name, version, enough(asked)) for (name, version), asked in sorted(beside.items()))
    )


def _elsewhere(one: Addition, stays: Stays, release: Release, *, from_index: bool) -> list[Override]:
    """Return the override of an attribute that nixpkgs has, in a version that the current set does not say.

    Where every version is good enough, there is none.
    """
    if not str(stays):
        return []
    index = index_sdist(release)
    needed = sorted({f"{depender} requires {text}" for depender, _, text in one.because})
    return [
        Override(
            attribute=one.attribute,
            version=one.version,
            source=index if from_index and index is not None else EitherSource(index=index),
            stays=stays,
            notes=(f"nixpkgs' own version where it satisfies {stays}; else {one.version}", *needed),
        )
    ]
