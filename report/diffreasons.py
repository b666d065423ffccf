"""Why does an attribute's version change between two sides? One phrase, where the sides know it."""

from dataclasses import dataclass

from dataset.currentset import CurrentSet
from normalize.requirements import parse_requirement
from normalize.versions import parse_nix_version
from report.blockers import reason_of
from report.phrases import count
from solver.candidates import UPLOADED
from solver.plan import Addition, Package, Plan


class PlanIndex:
    """A plan's facts by attribute and project, because each change asks for them."""

    def __init__(self, plan: Plan) -> None:
        """Index the plan."""
        self.mode = plan.mode
        self.packages = {one.attribute: one for one in plan.packages}
        self.holds = {one.project: one for one in plan.held}
        self.added = {one.project: one for one in plan.added}
        self.excluded = {(one.project, one.version): one.reason for one in plan.excluded}


@dataclass(frozen=True, slots=True)
class SnapshotIndex:
    """What a snapshot says of attributes: why one is not there, and maintainers' notes."""

    gone: dict[str, str]
    notes: dict[str, str | None]


def index(side: Plan | CurrentSet) -> PlanIndex | SnapshotIndex:
    """Return what a side knows, ready to be asked often."""
    if isinstance(side, Plan):
        return PlanIndex(side)
    renamed = {one.name: f"renamed to {one.target}" if one.target else one.reason or "" for one in side.aliases}
    return SnapshotIndex({**dict(side.left_out), **renamed}, {one.name: one.note for one in side.attributes})


def version_reason(name: str, old: PlanIndex | SnapshotIndex, new: PlanIndex | SnapshotIndex) -> str | None:
    """Return why the version of an attribute changes, or None where nobody says."""
    if isinstance(new, PlanIndex):
        package = new.packages.get(name)
        if package is None:
            return None
        was = old.packages.get(name) if isinstance(old, PlanIndex) else None
        if isinstance(old, PlanIndex) and was is not None:
            return _moved(old, new, was)
        if package.project in new.added and not (isinstance(old, SnapshotIndex) and name in old.notes):
            return _needed(new.added[package.project])
        return _proposed(new, package)
    if isinstance(old, SnapshotIndex):
        if name not in new.notes:
            return new.gone.get(name) or None
        return new.notes[name] if new.notes[name] != old.notes.get(name) else None
    return None


def _needed(one: Addition) -> str | None:
    """Return who brings an addition."""
    if not one.because:
        return None
    project, version, requirement = one.because[0]
    more = len(one.because) - 1
    others = f", and {count(more, 'other requirement')}" if more else ""
    outside = "; nixpkgs has it outside this set" if one.elsewhere else ""
    return f"{project} {version} requires {requirement}{others}{outside}"


def _proposed(plan: PlanIndex, package: Package) -> str | None:
    """Return why a plan has this version rather than the current set's; None where it is the newest candidate."""
    hold = plan.holds.get(package.project)
    if hold is not None:
        return f"not {hold.newest}: {reason_of(hold)}"
    return None if package.version == package.newest else f"the newest candidate is {package.newest or 'not known'}"


def _moved(old: PlanIndex, new: PlanIndex, was: Package) -> str | None:
    """Return what made one plan choose otherwise than another: candidates, holds, requirements of others, the mode."""
    package = new.packages[was.attribute]
    before, now = old.holds.get(was.project), new.holds.get(package.project)
    if now is not None and (before is None or before.chosen != now.chosen):
        return f"not {now.newest}: {reason_of(now)}"
    if before is not None and now is None and before.because:
        return f"not held any more; it was: {reason_of(before)}"
    left = new.excluded.get((was.project, was.version or ""))
    if left is not None:
        return f"{was.version} is no candidate: {left}"
    forced = _excluding(new.added.get(package.project), was.version)
    if forced is not None:
        return f"{forced[0]} {forced[1]} requires {forced[2]}"
    excluded = old.excluded.get((package.project, package.version or ""))
    if excluded is not None and excluded.startswith(UPLOADED):
        return excluded.partition(",")[0]  # so many are that the day is enough
    if excluded is not None:
        return f"{package.version} was no candidate: {excluded}"
    if was.newest != package.newest and package.newest is not None:
        return f"its newest candidate is {package.newest}; it was {was.newest or 'not known'}"
    return f"the mode is {new.mode}; it was {old.mode}" if old.mode != new.mode else None


def _excluding(one: Addition | None, text: str | None) -> tuple[str, str, str] | None:
    """Return the first requirement of those that bring an addition which does not accept a version."""
    version = None if text is None else parse_nix_version(text).release
    if one is None or version is None:
        return None
    for who, whose, requirement in one.because:
        parsed = parse_requirement(requirement)
        if parsed is not None and not parsed.specifier.contains(version, prereleases=True):
            return who, whose, requirement
    return None
