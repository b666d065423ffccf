"""How does an application get its private versions in Nix? An interpreter of its own, whose set overrides theirs."""

from collections.abc import Iterable, Mapping, Sequence

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release
from nixpkgs.lockplan import LockPlan, lock_plan
from nixpkgs.newsource import new_source
from nixpkgs.overlay import comment, extension_text
from nixpkgs.recipes import Dependency, EitherSource, ForgeSource, Override
from normalize.projects import ProjectName
from normalize.requirements import applies, parse_requirement
from solver.plan import Package, Plan
from solver.privateversions import Cause, PrivateSet, PrivateVersion
from solver.setversions import release_of

Releases = Mapping[ProjectName, tuple[Release, ...]]
"""What the dataset knows of projects, with their files."""


def by_project(releases: Iterable[Release]) -> Releases:
    """Return releases by project."""
    found: dict[ProjectName, list[Release]] = {}
    for one in releases:
        found.setdefault(one.project, []).append(one)
    return {project: tuple(several) for project, several in found.items()}


def private_override(
    private: PrivateSet, current: CurrentSet, releases: Releases, notes: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the text of a Nix file, and a sentence for each private version that it cannot hold or complete.

    The file is a function of nixpkgs and gives an interpreter. Nix then builds anew, for this interpreter alone, what
    uses a private version, because everything in its set takes its dependencies from the same set.

    Args:
        private: satisfies the application.
        current: the set whose recipes are overridden.
        releases: of the private versions.
        notes: sentences for the file's head.
    """
    members = {one.project: one for one in current.attributes if one.project is not None}
    overrides, problems = [], []
    for one in private.versions:
        release = release_of(releases.get(one.project, ()), one.version)
        made = None if release is None else _override(one, members, release, private)
        if made is None:
            problems.append(f"{one.project} {one.version}: the dataset knows no file of it that its recipe could build")
            continue
        overrides.append(made)
        if isinstance(made.source, ForgeSource):
            problems.append(f"{one.project} {one.version}: the hash of its source is to be prefetched")
        elif isinstance(made.source, EitherSource):
            problems.append(f"{one.project} {one.version}: where its recipe uses a forge, the hash is to be prefetched")
    python = f"python{private.targets[0].python.replace('.', '')}"
    body = extension_text(sorted(overrides, key=lambda one: one.attribute), ()).splitlines()
    lines = [
        *map(comment, notes),
        "{",
        "  pkgs ? import <nixpkgs> { },",
        f"  python ? pkgs.{python},",
        "}:",
        "let",
        "  private = python.override {",
        "    self = private;",
        f"    packageOverrides = {body[0]}",
        *(f"    {line}" if line else "" for line in body[1:-1]),
        f"    {body[-1]};",
        "  };",
        "in",
        "private",
    ]
    return "\n".join(lines) + "\n", tuple(problems)


def private_lock(private: PrivateSet, releases: Releases) -> LockPlan:
    """Return what a lock file of everything that the application uses holds, private or not."""
    packages = tuple(
        Package(
            project=one.project,
            attribute=one.project,
            version=one.version,
            current=None,
            newest=None,
            state="added",
            targets=one.targets,
        )
        for one in private.closure
    )
    targets = tuple(map(str, private.targets))
    return lock_plan(
        Plan(status="optimal", mode="", targets=targets, dataset=(), levels=(), packages=packages), releases
    )


def _override(
    one: PrivateVersion, members: Mapping[ProjectName, Attribute], release: Release, private: PrivateSet
) -> Override | None:
    attribute = members.get(one.project)
    source = new_source(attribute, release)
    if source is None or (isinstance(source, EitherSource) and source.index is None and attribute is None):
        return None
    had = set(attribute.dependencies) if attribute is not None else set()
    needed = []
    for text in release.requires or ():
        requirement = parse_requirement(text)
        member = None if requirement is None else members.get(requirement.project)
        if requirement is None or member is None or member.name in had or attribute is None:
            continue
        if applies(requirement, private.targets) and requirement.project != one.project:
            needed.append(member.name)
    shared = "a version that this current set does not say" if one.shared is None else one.shared
    notes = [f"{shared} -> {one.version}", *(_because(cause) for cause in one.causes[:1])]
    if one.unread:
        notes.append("nobody has read what this version requires")
    return Override(
        attribute=attribute.name if attribute is not None else one.attribute,
        version=one.version,
        source=source,
        dependencies=tuple(Dependency(attribute=name) for name in sorted(set(needed))),
        notes=tuple(notes),
    )


def _because(one: Cause) -> str:
    return f"{one.project} {one.version} requires {'Python ' if one.interpreter else ''}{one.requires}"
