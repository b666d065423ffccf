"""Which entries of a policy say the same, or cannot hold together?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from packaging.version import Version

from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version
from solver.candidates import refusal
from solver.policy import EdgeOverride, Policy, ProjectOverride
from solver.question import Question

Override = EdgeOverride | ProjectOverride
Code = Literal["expired", "unknown", "duplicate", "contradiction", "unmatched", "idle"]
Words = tuple[Override, Code, str, str]
"""An entry, what is wrong with it, in a word and in a sentence, and what to do."""

TOLD = 5
"""So many contradictions are told where somebody asked for something else; the check tells all."""


def may_clash(policy: Policy) -> bool:
    """Return whether a policy has entries enough for a contradiction, which few have."""
    limits = any(one.action in ("pin", "exclude") for one in policy.projects)
    return limits or len(policy.edges) > 1 or len(policy.projects) > 1


def contradictions(policy: Policy, question: Question) -> tuple[str, ...]:
    """Return a sentence for each entry that cannot hold together with others, or that leaves no version."""
    clashes = [*twice(policy, question), *nothing_left(policy, question)]
    found = [
        f"the policy's entry {one.action} {one.scope}: {sentence}; see 'coset check --policy'"
        for one, code, sentence, _ in clashes
        if code == "contradiction"
    ]
    more = len(found) - TOLD
    return (*found[:TOLD], *((f"and {more:,} more contradictions of the policy",) if more > 1 else found[TOLD:]))


def twice(policy: Policy, question: Question) -> Iterator[Words]:
    """Yield entries that another one of the same rank precedes, and those that a hold makes void."""
    groups = defaultdict[tuple[ProjectName | None, ProjectName, bool], list[EdgeOverride]](list)
    for edge in policy.edges:
        groups[edge.depender, edge.dependency, len(edge.versions) > 0].append(edge)
    for several in groups.values():
        yield from _twice_the_same_edge(several, question)
    held = {one.project for one in policy.projects if one.action == "hold"}
    seen = set()
    for two in policy.projects:
        key = (two.project, two.action, two.versions)
        if key in seen:
            yield two, "duplicate", "an earlier entry says the same", "keep one of the two"
        elif two.action != "hold" and two.project in held:
            sentence = f"{two.project} is held too, which leaves nothing to {two.action}"
            yield two, "contradiction", sentence, "remove this entry or the hold"
        seen.add(key)


def _twice_the_same_edge(several: Sequence[EdgeOverride], question: Question) -> Iterator[Words]:
    """Yield those of some entries, all about the same two projects, that an earlier one has a release in common with.

    The first entry of each specifier and of each release is remembered: thousands of entries are not compared in pairs.
    """
    releases: list[str] = []
    if len(several) > 1 and len(several[0].versions):
        name = several[0].depender or ProjectName("")
        releases = [one.version for one in question.releases.get(name, ())]
    by_scope: dict[str, int] = {}
    by_release: dict[str, int] = {}
    for i, one in enumerate(several):
        mine = [version for version in releases if one.versions.contains(version, prereleases=True)]
        scope = str(one.versions)
        earlier = min((at for at in (by_scope.get(scope), *map(by_release.get, mine)) if at is not None), default=None)
        if earlier is not None:
            other = several[earlier]
            both = " of the same scope"
            if other.versions != one.versions:
                shared = next(version for version in mine if other.versions.contains(version, prereleases=True))
                both = f" that holds for {one.depender} {shared} too"
            code, verb = _agreement(other, one)
            sentence = f"an earlier entry{both} {verb} ({other.action}: {other.reason}), and the first counts"
            yield one, code, sentence, "keep one of the two"
        by_scope.setdefault(scope, i)
        for version in mine:
            by_release.setdefault(version, i)


def _agreement(earlier: EdgeOverride, one: EdgeOverride) -> tuple[Code, str]:
    if (earlier.action, earlier.part, earlier.replacement) == (one.action, one.part, one.replacement):
        return "duplicate", "says the same"
    return "contradiction", "says otherwise"


def nothing_left(policy: Policy, question: Question) -> Iterator[Words]:
    """Yield the last entry of each project whose pins and exclusions refuse everything there is."""
    limits = defaultdict[ProjectName, list[ProjectOverride]](list)
    for one in policy.projects:
        if one.action in ("pin", "exclude"):
            limits[one.project].append(one)
    for project in sorted(limits):
        mine, versions = limits[project], known_versions(question, project)
        if not versions or not all(refusal(version, mine) for version in versions):
            continue
        several = f"{len(mine)} entries together" if len(mine) > 1 else "it"
        member = question.members.get(project)
        left = f"; the set stays with {member.version}, against it" if member else ""
        sentence = f"{several} leave{'' if len(mine) > 1 else 's'} no version of {project}{left}"
        yield mine[-1], "contradiction", sentence, f"the dataset has {versions[0]} to {versions[-1]}"


def known_versions(question: Question, project: ProjectName) -> list[Version]:
    """Return the versions of a project that the dataset or nixpkgs has, oldest first."""
    found = {parse_version(release.version) for release in question.releases.get(project, ())}
    member = question.members.get(project)
    if member is not None and member.version is not None:
        found.add(parse_nix_version(member.version).release)
    return sorted(version for version in found if version is not None)
