"""What is wrong with a policy? Entries that name nothing, contradict each other, have expired or change nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from packaging.version import Version

from normalize.namenear import close_names
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.versions import parse_version
from solver.candidates import Kind
from solver.compile import Problem, compile_problem
from solver.edges import NO_EXTRA
from solver.effort import USUAL, Effort
from solver.overridebook import OverrideBook
from solver.policy import EdgeOverride, Policy, ProjectOverride
from solver.policyclashes import Code, Override, Words, known_versions, nothing_left, twice
from solver.policyeffect import idle_entries
from solver.question import Question

_NEAR = 20
"""So many unknown names are compared with all that are known, which takes milliseconds each."""

_MANY = 20
"""From so many entries on that may change nothing, the wait is foretold."""


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


def lint(  # noqa: PLR0913 -- the last four say how to solve, which lint does to find entries that are idle
    policy: Policy,
    question: Question,
    *,
    known: Collection[ProjectName],
    day: str,
    mode: str = "fresh",
    effort: Effort = USUAL,
    show: Callable[[str], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
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
        tell: told how much is still to be done, where that is much.
    """
    places = _places(policy)
    found: dict[str, Finding] = {}

    def add(one: Override, code: Code, sentence: str, hint: str) -> None:
        # one word on an entry is enough: whoever mends it runs the check again
        place = places[id(one)]
        if place not in found:
            found[place] = Finding(
                entry=place, scope=one.scope, action=one.action, code=code, sentence=sentence, hint=hint
            )

    for one in _all(policy):
        if one.expires is not None and one.expires < day:
            hint = "remove the entry, or give it a later day where its reason still holds"
            add(one, "expired", f"expired on {one.expires}, and does not count any more", hint)
    alive, _ = policy.without_expired(day)
    show("compiling the requirements")
    problem = compile_problem(replace(question, policy=alive))
    for words in (
        *_unknown(alive, {*known, *question.members}),
        *twice(alive, question),
        *nothing_left(alive, question),
        *_unmatched_edges(alive, problem),
        *_unmatched_projects(alive, problem),
    ):
        add(*words)
    doubtful = [one for one in _all(alive) if places[id(one)] not in found]
    if len(doubtful) > _MANY:
        tell(
            f"{len(found):,} of {len(places):,} entries are to be mended so far; the plan is sought again without each "
            f"of the other {len(doubtful):,}, which takes a while; Ctrl-C tells what was found until then"
        )
    for one in idle_entries(problem, doubtful, mode, effort, show):
        add(one, "idle", "the plan is the same without it", "remove the entry, unless it is there for what may come")
    return tuple(found[place] for place in places.values() if place in found)


def _all(policy: Policy) -> tuple[Override, ...]:
    return (*policy.edges, *policy.projects)


def _places(policy: Policy) -> dict[int, str]:
    """Return where each entry is in the file, by identity, for a copy of an entry equals it."""
    return {
        id(one): f"{kind}[{i}]"
        for kind, several in (("edge", policy.edges), ("project", policy.projects))
        for i, one in enumerate(several)
    }


def _unknown(policy: Policy, known: Collection[ProjectName]) -> Iterator[Words]:
    spelled = sorted(known)
    near: dict[ProjectName, list[str]] = {}
    for one in _all(policy):
        named = (one.depender, one.dependency) if isinstance(one, EdgeOverride) else (one.project,)
        for name in named:
            if name is not None and name not in known:
                if name not in near and len(near) < _NEAR:
                    near[name] = close_names(name, spelled)
                names = ", ".join(near.get(name, ()))
                hint = f"near names: {names}" if names else "crawl it, or remove the entry"
                yield one, "unknown", f"neither the dataset nor the current set has a project {name}", hint


def _unmatched_edges(policy: Policy, problem: Problem) -> Iterator[Words]:
    """Yield the entries that no requirement of any candidate is decided by."""
    covered: set[int] = set()
    decisive: set[int] = set()
    pairs = defaultdict[tuple[ProjectName | None, ProjectName], list[EdgeOverride]](list)
    for one in policy.edges:
        pairs[one.depender, one.dependency].append(one)
    book = OverrideBook(policy)
    releases = {
        id(value.release): value.release for values in problem.values.values() for value in values if value.release
    }
    for release in releases.values():
        for text in release.requires or ():
            requirement = parse_requirement(text)
            if requirement is None:
                continue
            edge = (release.project, release.version, requirement.project)
            several = [*pairs.get((release.project, edge[2]), ()), *pairs.get((None, edge[2]), ())]
            if several:
                covered.update(id(one) for one in several if one.covers(*edge))
                decisive.add(id(book.find(*edge)))
    for one in policy.edges:
        if id(one) in decisive:
            continue
        if id(one) in covered:
            yield one, "unmatched", "more specific entries decide all of its edges", "remove the entry"
            continue
        who = "no candidate" if one.depender is None else f"no candidate of {one.depender}{one.versions}"
        yield one, "unmatched", f"{who} requires {one.dependency}", "remove the entry, or correct its scope"


def _unmatched_projects(policy: Policy, problem: Problem) -> Iterator[Words]:
    for one in policy.projects:
        if one.action == "hold":
            if one.project not in problem.question.members:
                sentence = f"nixpkgs does not have {one.project}, so there is no current version to hold"
                yield one, "unmatched", sentence, "write action = 'pin' with versions"
        elif not any(_applies(one, problem, version) for version in known_versions(problem.question, one.project)):
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
