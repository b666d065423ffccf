"""Which projects move, where to, and which releases newer than the chosen one are no candidates?"""

from collections import defaultdict
from dataclasses import dataclass

from packaging.version import Version

from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version
from solver.plan import Package, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One project whose version changes.

    Attributes:
        newest: the newest candidate where that is another version than the new one, else None.
        down: whether the new version is the older one.
        changelog: its address, or None.
    """

    attribute: str
    current: str
    new: str
    newest: str | None
    down: bool
    changelog: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Releases of one project that are newer than the chosen one and, for one reason, no candidates; oldest first.

    Where nobody knows the chosen version, which is None then, nothing is known to be older than it.
    """

    attribute: str
    chosen: str | None
    versions: tuple[str, ...]
    reason: str


def updates(plan: Plan) -> tuple[Move, ...]:
    """Return the projects that become newer, including those that are held below their newest candidate."""
    return tuple(_move(one) for one in plan.packages if _is_update(one))


def downgrades(plan: Plan) -> tuple[Move, ...]:
    """Return the projects that become older."""
    return tuple(_move(one) for one in plan.packages if _is_downgrade(one))


def moves(plan: Plan) -> dict[ProjectName, Move]:
    """Return the moves by project, for what else the report says of a project."""
    return {one.project: _move(one) for one in plan.packages if _is_update(one) or _is_downgrade(one)}


def _is_update(one: Package) -> bool:
    if one.version is None or one.current is None:
        return False
    if one.state != "held":
        return one.state == "updated"
    before, after = parse_nix_version(one.current).release, parse_version(one.version)
    # the spelling is no change (2026.04.22 and 2026.4.22), nor is the release behind a snapshot
    return before is not None and after is not None and before < after


def _is_downgrade(one: Package) -> bool:
    return one.state == "downgraded" and one.version is not None


def _move(one: Package) -> Move:
    assert one.version is not None
    return Move(
        attribute=one.attribute,
        current=one.current or "",
        new=one.version,
        newest=one.newest if one.newest != one.version else None,
        down=_is_downgrade(one),
        changelog=None if one.links is None else one.links.changelog,
    )


def has_candidates(one: Package) -> bool:
    """Return whether candidates of a project are known: none are where its version in nixpkgs could not be read."""
    if one.version is None:
        return False
    nix = parse_nix_version(one.version)
    return one.state != "unchanged" or nix.release is not None or nix.snapshot is not None


def skipped(plan: Plan) -> tuple[Skipped, ...]:
    """Return the releases newer than the chosen one that are no candidates, one entry per project and reason."""
    packages = {one.project: one for one in plan.packages}
    groups: dict[tuple[ProjectName, str], list[str]] = defaultdict(list)
    for one in plan.excluded:
        package = packages.get(one.project)
        if package is not None and _is_newer(one.version, package.version):
            groups[one.project, one.reason].append(one.version)
    return tuple(
        Skipped(
            attribute=packages[project].attribute,
            chosen=packages[project].version,
            versions=tuple(sorted(versions, key=_order)),
            reason=reason,
        )
        for (project, reason), versions in sorted(groups.items())
    )


def _order(version: str) -> tuple[Version, str]:
    parsed = parse_version(version)
    assert parsed is not None, "only versions that are newer than another are compared"
    return parsed, version


def _is_newer(version: str, chosen: str | None) -> bool:
    one, other = parse_version(version), None if chosen is None else parse_version(chosen)
    return one is not None and (chosen is None or (other is not None and one > other))
