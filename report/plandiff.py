"""What differs between two plans, two snapshots, or a snapshot and a plan? As values, in an order that never varies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dataset.currentset import CurrentSet
from normalize.projects import ProjectName
from normalize.targets import DEFAULT_TARGETS, Target, parse_target
from normalize.versions import parse_nix_version
from report.blockers import reason_of
from report.diffreasons import PlanIndex, SnapshotIndex, index, version_reason
from report.diffrelaxations import relax_lists, relaxation_changes
from report.diffvalues import (
    ApplicationChange,
    DependencyChange,
    FactChange,
    HoldChange,
    PlanDiff,
    SentenceChange,
    VersionChange,
)
from report.words import LEVELS
from solver.plan import Hold, Package, Plan
from solver.policy import Policy
from solver.question import Question
from solver.rebuilds import rebuilds

Side = Plan | CurrentSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a side holds under an attribute."""

    project: ProjectName | None
    version: str | None
    changelog: str | None


def compare(old: Side, new: Side, current: CurrentSet) -> PlanDiff:
    """Return what differs.

    Args:
        old: what is compared with.
        new: what is looked at.
        current: the set that knows maintainers and dependents.
    """
    before, after = _entries(old, new), _entries(new, old)
    kept = _maintainers(current)
    known = index(old), index(new)
    versions = [
        _version_change(name, (before.get(name), after.get(name)), known, kept)
        for name in sorted(before.keys() | after.keys())
        if not _same_version(before.get(name), after.get(name), alike=type(old) is type(new))
    ]
    added = tuple(one for one in versions if one.attribute not in before)
    removed = tuple(one for one in versions if one.attribute not in after)
    changed = tuple(one for one in versions if one.attribute in before and one.attribute in after)
    relaxations = relaxation_changes(old, new)
    dependencies = _dependencies(old, new)
    touched = {one.attribute for several in (added, changed, relaxations) for one in several}
    touched |= {one.attribute for one in dependencies or ()}
    if isinstance(new, Plan):  # what nixpkgs has outside this set need not change
        touched -= {one.attribute for one in new.added if one.elsewhere and one.attribute not in before}
    asked, unmaintained, unsaid = _asked(kept, touched | {one.attribute for one in removed})
    return PlanDiff(
        old=_kind(old),
        new=_kind(new),
        rests_on=_rests_on(old, new),
        levels=_levels(old, new),
        changed=changed,
        added=added,
        removed=removed,
        relaxations=relaxations,
        relax_deps=relax_lists(old, new),
        holds=_holds(old, new, after),
        applications=_applications(old, new),
        dependencies=dependencies,
        sentences=_sentences(old, new),
        rebuilds=rebuilds(current, touched, _targets(old, new)),
        maintainers=asked,
        unmaintained=unmaintained,
        unsaid=unsaid,
    )


def _kind(side: Side) -> Literal["plan", "snapshot"]:
    return "plan" if isinstance(side, Plan) else "snapshot"


def _targets(old: Side, new: Side) -> tuple[Target, ...]:
    texts = next((side.targets for side in (new, old) if isinstance(side, Plan) and side.targets), ())
    return tuple(map(parse_target, texts)) or DEFAULT_TARGETS


def _entries(side: Side, other: Side) -> dict[str, Entry]:
    """Return what a side holds, by attribute; of a snapshot beside a plan only what a plan can hold."""
    if isinstance(side, Plan):
        return {one.attribute: _planned(one) for one in side.packages}
    attributes = side.attributes
    if isinstance(other, Plan):
        asked = Question(releases={}, current=side, policy=Policy(), targets=())
        attributes = tuple(asked.members.values())
    return {
        one.name: Entry(
            project=one.project,
            version=one.version,
            changelog=one.recipe.changelog if one.recipe is not None else None,
        )
        for one in attributes
    }


def _planned(one: Package) -> Entry:
    return Entry(project=one.project, version=one.version, changelog=one.links.changelog if one.links else None)


def _same_version(old: Entry | None, new: Entry | None, *, alike: bool) -> bool:
    """Return whether versions are the same; a plan knows no snapshots of sources, only the releases behind them."""
    if old is None or new is None:
        return False
    if old.version is None or new.version is None or old.version == new.version:
        return old.version == new.version or not alike
    before, after = parse_nix_version(old.version), parse_nix_version(new.version)
    if alike and before.snapshot != after.snapshot:
        return False
    return before.release is not None and before.release == after.release


def _version_change(
    name: str,
    entries: tuple[Entry | None, Entry | None],
    known: tuple[PlanIndex | SnapshotIndex, PlanIndex | SnapshotIndex],
    kept: Mapping[str, tuple[str, ...]],
) -> VersionChange:
    before, after = entries
    entry = after or before
    assert entry is not None
    old = before.version if before is not None else None
    new = after.version if after is not None else None
    was, now = (parse_nix_version(text).release if text else None for text in (old, new))
    return VersionChange(
        attribute=name,
        project=entry.project,
        old=old,
        new=new,
        down=was is not None and now is not None and now < was,
        reason=version_reason(name, *known),
        maintainers=kept.get(name),
        changelog=after.changelog if after is not None else None,
    )


def _maintainers(current: CurrentSet) -> dict[str, tuple[str, ...]]:
    return {one.name: one.recipe.maintainers for one in current.attributes if one.recipe is not None}


def _asked(
    known: Mapping[str, tuple[str, ...]], names: Iterable[str]
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...], int]:
    """Return who maintains these attributes, which nobody does, and of how many the set does not say."""
    found: dict[str, list[str]] = {}
    alone, unsaid = [], 0
    for name in sorted(names):
        if name not in known:
            unsaid += 1
        elif not known[name]:
            alone.append(name)
        for one in known.get(name, ()):
            found.setdefault(one, []).append(name)
    return tuple((one, tuple(theirs)) for one, theirs in sorted(found.items())), tuple(alone), unsaid


def _facts(side: Side) -> dict[str, str]:
    if isinstance(side, Plan):
        return {"status": side.status, "mode": side.mode, "targets": ", ".join(side.targets), **dict(side.dataset)}
    return {"nixpkgs": side.revision, "nixpkgs date": side.date}


def _rests_on(old: Side, new: Side) -> tuple[FactChange, ...]:
    return tuple(_fact_changes(_facts(old), _facts(new), both=type(old) is not type(new)))


def _levels(old: Side, new: Side) -> tuple[FactChange, ...]:
    if not isinstance(old, Plan) or not isinstance(new, Plan):
        return ()
    before, after = ({one.name: f"{one.value:,}" for one in plan.levels if one.name in LEVELS} for plan in (old, new))
    return tuple(_fact_changes(before, after, both=True))


def _fact_changes(old: Mapping[str, str], new: Mapping[str, str], *, both: bool) -> Iterator[FactChange]:
    for fact in dict.fromkeys((*new, *old)):
        if old.get(fact) != new.get(fact) and not (both and (fact not in old or fact not in new)):
            yield FactChange(fact=fact, old=old.get(fact), new=new.get(fact))


def _holds(old: Side, new: Side, after: Mapping[str, Entry]) -> tuple[HoldChange, ...] | None:
    if not isinstance(old, Plan) or not isinstance(new, Plan):
        return None
    before, now = ({one.attribute: one for one in plan.held} for plan in (old, new))
    found = []
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            entry = after.get(name)
            chosen = (entry.version if entry is not None else None) or before[name].chosen
            found.append(_hold("freed", before[name], old.mode, chosen))
        elif name not in before:
            found.append(_hold("new", now[name], new.mode))
        else:
            was, hold = _hold("changed", before[name], old.mode), _hold("changed", now[name], new.mode)
            found += [hold] * (hold != was)
    return tuple(found)


def _hold(kind: Literal["new", "freed", "changed"], hold: Hold, mode: str, chosen: str | None = None) -> HoldChange:
    why = reason_of(hold) if hold.because else None
    chosen = hold.chosen if chosen is None else chosen
    return HoldChange(kind=kind, attribute=hold.attribute, chosen=chosen, newest=hold.newest, why=why, mode=mode)


def _applications(old: Side, new: Side) -> tuple[ApplicationChange, ...]:
    before, after = _application_facts(old), _application_facts(new)
    if any(isinstance(side, Plan) and not side.vendoring for side in (old, new)):
        return ()  # a plan without the section knows no applications, not that there are none
    reasons = {one.application: one.reason for one in new.vendoring} if isinstance(new, Plan) else {}
    found = []
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name, {}), after.get(name, {})
        for fact in ("version", "python", "vendoring"):
            known = name not in before or name not in after or (fact in was and fact in now)
            if known and was.get(fact) != now.get(fact):
                reason = reasons.get(name) if fact == "vendoring" else None
                found.append(
                    ApplicationChange(application=name, fact=fact, old=was.get(fact), new=now.get(fact), reason=reason)
                )
    return tuple(found)


def _application_facts(side: Side) -> dict[str, dict[Literal["version", "python", "vendoring"], str | None]]:
    if isinstance(side, Plan):
        return {
            one.application: {"version": one.version, "python": one.python, "vendoring": one.recommendation}
            for one in side.vendoring
        }
    return {one.name: {"version": one.version, "python": one.python} for one in side.applications}


def _dependencies(old: Side, new: Side) -> tuple[DependencyChange, ...] | None:
    if isinstance(old, Plan) or isinstance(new, Plan):
        return None
    before, after = ({one.name: set(one.dependencies) for one in side.attributes} for side in (old, new))
    return tuple(
        DependencyChange(
            attribute=name,
            added=tuple(sorted(after[name] - before[name])),
            removed=tuple(sorted(before[name] - after[name])),
        )
        for name in sorted(before.keys() & after.keys())
        if before[name] != after[name]
    )


def _sentences(old: Side, new: Side) -> tuple[SentenceChange, ...]:
    if not isinstance(old, Plan) or not isinstance(new, Plan):
        return ()
    before, after = set(_said(old)), set(_said(new))
    return tuple(
        SentenceChange(kind="new" if (topic, sentence) in after else "gone", topic=topic, sentence=sentence)
        for topic, sentence in sorted(before ^ after)
    )


def _said(plan: Plan) -> Iterator[tuple[Literal["update first", "unknown"], str]]:
    for one in plan.update_first:
        yield (
            "update first",
            f"{one.project} {one.version} requires {one.dependency}{one.specifier}, and would meet {one.chosen}",
        )
    for two in plan.unknown:
        what = f" ({two.requirement})" if two.requirement else ""
        yield "unknown", f"{two.project} {two.version or ''}: {two.reason}{what}".replace(" :", ":")
