"""Which version of a project has a set, nixpkgs' current one or a plan, and which release is it?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packaging.version import Version

from dataset.currentset import CurrentSet
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version, same_version
from solver.plan import Plan


@dataclass(frozen=True, slots=True)
class Held:
    """A project as the set has it: its attribute, the version as nixpkgs or a plan spells it, and as it compares."""

    attribute: str
    text: str | None
    version: Version | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVersions:
    """What of a set matters here.

    Attributes:
        name: what the set is, in words.
        held: the attribute that stands for each project.
        series: the other attributes of a project.
        elsewhere: attributes that nixpkgs has and this extract of it does not describe.
    """

    name: str
    held: Mapping[ProjectName, Held]
    series: Mapping[ProjectName, tuple[Held, ...]]
    elsewhere: frozenset[str] = frozenset()


def versions_of_set(current: CurrentSet) -> SetVersions:
    """Return the versions of nixpkgs' set; the unversioned attribute of several stands for its project."""
    held: dict[ProjectName, list[Held]] = {}
    for one in sorted(current.attributes, key=lambda one: (one.series is not None, one.name)):
        if one.project is not None and one.points_to is None:
            version = parse_nix_version(one.version).release if one.version else None
            held.setdefault(one.project, []).append(Held(one.name, one.version, version))
    return SetVersions(
        name=f"the current set of {current.date}",
        held={project: several[0] for project, several in held.items()},
        series={project: tuple(several[1:]) for project, several in held.items() if several[1:]},
        elsewhere=current.elsewhere,
    )


def versions_of_plan(plan: Plan) -> SetVersions:
    """Return the versions of a plan."""
    return SetVersions(
        name=f"a plan of mode {plan.mode}",
        held={
            one.project: Held(one.attribute, one.version, parse_version(one.version) if one.version else None)
            for one in plan.packages
        },
        series={},
    )


def release_of(releases: Iterable[Release], version: str | None) -> Release | None:
    """Return the release of a project that has a version, spelled so or else in another way; None where none has it."""
    known = {one.version: one for one in releases}
    if version in known:
        return known[version]
    return next((one for text, one in known.items() if same_version(text, version)), None)
