"""What is wrong with a policy? Entries that name nothing, contradict each other, have expired or change nothing."""

import difflib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from packaging.version import Version

from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.versions import parse_nix_version, parse_version
from solver.candidates import Kind, refusal
from solver.compile import Problem, compile_problem
from solver.edges import NO_EXTRA
from solver.effort import USUAL, Effort
from solver.policy import EdgeOverride, Policy, ProjectOverride
from solver.policyeffect import idle_entries
from solver.question import Question

Override = EdgeOverride | ProjectOverride
Code = Literal["expired", "unknown", "duplicate", "contradiction", "unmatched", "idle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with one entry of a policy.

    Attributes:
        entry: where it is in the file: ``edge[2]``, ``project[0]``.
        scope: what it is about, as the file writes it.
        action: what it does.
        code: ``expired``: its day is over, so it does not count. ``unknown``: neither the dataset nor the current set
            has a project of that name. ``duplicate``: an earlier entry says the same. ``contradiction``: it cannot hold
            together with others. ``unmatched``: there is nothing that it could apply to. ``idle``: it applies, and the
            plan is the same without it.
        sentence: what is wrong, without the entry's name.
        hint: what to do.
    """

    entry: str
    scope: str
    action: str
    code: Code
    sentence: str
    hint: str


def lint(  # noqa: PLR0913 -- the last three say how to solve, which lint does to find entries that are idle
    policy: Policy,
    question: Question,
    *,
    known: Collection[ProjectName],
    day: str,
    mode: str = "fresh",
    effort: Effort = USUAL,
    show: Callable[[str], None] = lambda _: None,
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a policy, in the order of its entries.

    Args:
        policy: as the file has it.
        question: what a plan would be asked for; its own policy does not matter.
        known: the projects of the dataset.
        day: entries that expire before it have expired.
        mode: of the plan that entries should change.
        effort: how hard to try to find it.
        show: told what is being done.
    """
    found: list[Finding] = []
    for one in _all(policy):
        if one.expires is not None and one.expires < day:
            hint = "remove the entry, or give it a later day where its reason still holds"
            sentence = f"expired on {one.expires}, and does not count any more"
            found.append(_finding(policy, one, "expired", sentence, hint))
    alive, _ = policy.without_expired(day)
    show("compiling the requirements")
    asked = replace(question, policy=alive)
    problem = compile_problem(asked)
    for one, code, sentence, hint in (
        *_unknown(alive, {*known, *question.members}),
        *_twice(alive, problem),
        *_nothing_left(alive, problem),
        *_unmatched_edges(alive, problem),
        *_unmatched_projects(alive, problem),
    ):
        # one word on an entry is enough: whoever mends it runs the check again
        if not any(other.entry == _place(policy, one) for other in found):
            found.append(_finding(policy, one, code, sentence, hint))
    doubtful = [one for one in _all(alive) if not any(other.entry == _place(policy, one) for other in found)]
    for one in idle_entries(problem, doubtful, mode, effort, show):
        hint = "remove the entry, unless it is there for what may come"
        found.append(_finding(policy, one, "idle", "the plan is the same without it", hint))
    order = [_place(policy, one) for one in _all(policy)]
    return tuple(sorted(found, key=lambda one: order.index(one.entry)))


_Words = tuple[Override, Code, str, str]
"""An entry, what is wrong with it, in a word and in a sentence, and what to do."""


def _all(policy: Policy) -> tuple[Override, ...]:
    return (*policy.edges, *policy.projects)


def _place(policy: Policy, one: Override) -> str:
    several: tuple[Override, ...] = policy.edges if isinstance(one, EdgeOverride) else policy.projects
    # by identity, for a copy of an entry equals it
    at = next(i for i, other in enumerate(several) if other is one)
    return f"{'edge' if isinstance(one, EdgeOverride) else 'project'}[{at}]"


def _finding(policy: Policy, one: Override, code: Code, sentence: str, hint: str) -> Finding:
    return Finding(
        entry=_place(policy, one), scope=one.scope, action=one.action, code=code, sentence=sentence, hint=hint
    )


def _unknown(policy: Policy, known: Collection[ProjectName]) -> Iterator[_Words]:
    for one in _all(policy):
        named = (one.depender, one.dependency) if isinstance(one, EdgeOverride) else (one.project,)
        for name in named:
            if name is not None and name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=3)
                hint = f"near names: {', '.join(near)}" if near else "crawl it, or remove the entry"
                yield one, "unknown", f"neither the dataset nor the current set has a project {name}", hint


def _twice(policy: Policy, problem: Problem) -> Iterator[_Words]:
    """Yield entries that another one of the same rank precedes, and those that a hold makes void."""
    for i, one in enumerate(policy.edges):
        for earlier in policy.edges[:i]:
            if (earlier.depender, earlier.dependency) != (one.depender, one.dependency):
                continue
            if (len(earlier.versions) > 0) != (len(one.versions) > 0):
                continue
            both = _common(earlier, one, problem)
            if both is None:
                continue
            code, verb = _agreement(earlier, one)
            sentence = f"an earlier entry{both} {verb} ({earlier.action}: {earlier.reason}), and the first counts"
            yield one, code, sentence, "keep one of the two"
            break
    for j, two in enumerate(policy.projects):
        others = [other for other in policy.projects if other.project == two.project]
        if any(_same(other, two) for other in policy.projects[:j]):
            yield two, "duplicate", "an earlier entry says the same", "keep one of the two"
        elif two.action != "hold" and any(other.action == "hold" for other in others):
            sentence = f"{two.project} is held too, which leaves nothing to {two.action}"
            yield two, "contradiction", sentence, "remove this entry or the hold"


def _common(earlier: EdgeOverride, one: EdgeOverride, problem: Problem) -> str | None:
    """Say for which releases both entries are, or return None where there are none."""
    if earlier.versions == one.versions:
        return " of the same scope"
    for release in problem.question.releases.get(one.depender or ProjectName(""), ()):
        if all(two.versions.contains(release.version, prereleases=True) for two in (earlier, one)):
            return f" that holds for {release.project} {release.version} too"
    return None


def _agreement(earlier: EdgeOverride, one: EdgeOverride) -> tuple[Code, str]:
    if (earlier.action, earlier.part, earlier.replacement) == (one.action, one.part, one.replacement):
        return "duplicate", "says the same"
    return "contradiction", "says otherwise"


def _same(one: ProjectOverride, other: ProjectOverride) -> bool:
    return (one.project, one.action, one.versions) == (other.project, other.action, other.versions)


def _nothing_left(policy: Policy, problem: Problem) -> Iterator[_Words]:
    """Yield the last entry of each project whose pins and exclusions refuse everything there is."""
    for project in sorted({one.project for one in policy.projects}):
        limits = [one for one in policy.for_project(project) if one.action in ("pin", "exclude")]
        versions = _versions(problem, project)
        if not limits or not versions or not all(refusal(version, limits) for version in versions):
            continue
        several = f"{len(limits)} entries together" if len(limits) > 1 else "it"
        member = problem.question.members.get(project)
        left = f"; the set stays with {member.version}, against it" if member else ""
        sentence = f"{several} leave{'' if len(limits) > 1 else 's'} no version of {project}{left}"
        yield limits[-1], "contradiction", sentence, f"the dataset has {versions[0]} to {versions[-1]}"


def _versions(problem: Problem, project: ProjectName) -> list[Version]:
    """Return the versions of a project that the dataset or nixpkgs has, oldest first."""
    found = {parse_version(release.version) for release in problem.question.releases.get(project, ())}
    member = problem.question.members.get(project)
    if member is not None and member.version is not None:
        found.add(parse_nix_version(member.version).release)
    return sorted(version for version in found if version is not None)


def _unmatched_edges(policy: Policy, problem: Problem) -> Iterator[_Words]:
    """Yield the entries that no requirement of any candidate is decided by."""
    covered: set[int] = set()
    decisive: set[int] = set()
    dependencies = {one.dependency for one in policy.edges}
    releases = {
        id(value.release): value.release for values in problem.values.values() for value in values if value.release
    }
    for release in releases.values():
        for text in release.requires or ():
            requirement = parse_requirement(text)
            if requirement is None or requirement.project not in dependencies:
                continue
            edge = (release.project, release.version, requirement.project)
            covered.update(id(one) for one in policy.edges if one.covers(*edge))
            decisive.add(id(policy.for_edge(*edge)))
    for one in policy.edges:
        if id(one) in decisive:
            continue
        if id(one) in covered:
            yield one, "unmatched", "more specific entries decide all of its edges", "remove the entry"
            continue
        who = "no candidate" if one.depender is None else f"no candidate of {one.depender}{one.versions}"
        yield one, "unmatched", f"{who} requires {one.dependency}", "remove the entry, or correct its scope"


def _unmatched_projects(policy: Policy, problem: Problem) -> Iterator[_Words]:
    for one in policy.projects:
        if one.action == "hold":
            if one.project not in problem.question.members:
                sentence = f"nixpkgs does not have {one.project}, so there is no current version to hold"
                yield one, "unmatched", sentence, "write action = 'pin' with versions"
        elif not any(_applies(one, problem, version) for version in _versions(problem, one.project)):
            what = {"prerelease": "pre-release", "yanked": "yanked release"}.get(one.action, "release")
            which = f" that {one.versions} accepts" if len(one.versions) else ""
            sentence = f"the dataset has no {what} of {one.project}{which}"
            yield one, "unmatched", sentence, "remove the entry, or correct its versions"
        elif not any(value.kind is not Kind.ABSENT for value in problem.values.get((one.project, NO_EXTRA), ())):
            yield one, "unmatched", f"no plan can hold {one.project}", "remove the entry"


def _applies(one: ProjectOverride, problem: Problem, version: Version) -> bool:
    if not one.versions.contains(version, prereleases=True):
        return False
    if one.action == "prerelease":
        return version.is_prerelease
    if one.action == "yanked":
        return any(
            release.yanked is not None and parse_version(release.version) == version
            for release in problem.question.releases.get(one.project, ())
        )
    return True
