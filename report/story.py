"""Why has a project this version? What a plan says of one project, in sentences.

A hold may rest on other holds, and several on the same one: each is told once, under a number that others refer to.
"""

from collections.abc import Iterator, Mapping

from normalize.projects import ProjectName
from normalize.specifiers import parse_bounds
from normalize.versions import parse_version
from report.blockers import Obstacle, obstacles
from report.moves import has_candidates
from report.phrases import count, judged
from report.words import changes_text, hook_hits
from solver.plan import Hold, Package, Plan, UpdateFirst
from solver.sentences import latest

MOST_LEMMAS = 9
"""So many other holds are told at most behind the one that is asked for."""


def story(plan: Plan, project: ProjectName) -> tuple[str, ...]:
    """Return what the plan says of a project, one sentence per line; empty where it does not hold the project.

    The text holds outside text and is not harmless for a terminal yet.
    """
    package = next((one for one in plan.packages if one.project == project), None)
    return () if package is None else tuple(_lines(plan, package))


def _lines(plan: Plan, package: Package) -> Iterator[str]:
    holds = {one.project: one for one in plan.held}
    lemmas = {package.project: 0}
    yield _headline(package)
    yield from _why_not_newer(plan, package, holds, lemmas)
    yield from _lemmas(plan, holds, lemmas)
    yield from _edges(plan, package)
    for addition in plan.added:
        if addition.project == package.project:
            yield "it joins the set because"
            yield from (f"  {name} {version} requires {text}" for name, version, text in addition.because)
    for app in plan.vendoring:
        if package.attribute in app.exclusive:
            yield f"of the applications, only {app.application} uses it"
        for difference in app.newer:
            if difference.project == package.project:
                yield f"without {app.application} it would be {difference.without}"
        for name, version, needs in app.unsupported:
            if name == package.project:
                yield f"{app.application} fixes Python {app.python}, and {name} {version} requires Python {needs}"


def _headline(package: Package) -> str:
    attribute = "" if package.attribute == package.project else f" (attribute {package.attribute})"
    name = f"{package.project}{attribute}"
    version = package.version or "an unknown version"
    words = {
        "unchanged": f"{name} stays at {version}, which is its newest candidate"
        if has_candidates(package)
        else f"{name} stays at {version}; no newest candidate is known",
        "updated": f"{name} moves from {package.current} to {version}",
        "held": f"{name} stays at {version}, below its newest candidate {package.newest}",
        "downgraded": f"{name} moves back from {package.current} to {version}",
        "added": f"{name} is added at {version}",
    }
    if package.state == "updated":
        newest = "its newest candidate" if package.version == package.newest else f"not yet {package.newest}"
        return f"{words['updated']}, {newest}"
    return words[package.state]


def _lemmas(plan: Plan, holds: Mapping[ProjectName, Hold], lemmas: dict[ProjectName, int]) -> Iterator[str]:
    """Yield the holds that others rest on; telling one may add further ones."""
    told = 0
    while told < len(lemmas) - 1:
        told += 1
        hold = holds[list(lemmas)[told]]
        yield f"({told}) {hold.project} stays at {hold.chosen}, below its newest candidate {hold.newest}"
        yield from _broken(plan, hold, holds, lemmas)


def _broken(plan: Plan, hold: Hold, holds: Mapping[ProjectName, Hold], lemmas: dict[ProjectName, int]) -> Iterator[str]:
    """Yield what the newest candidate would break, and what moving there alone would change."""
    found = obstacles(hold)
    if not found:
        yield f"no requirement keeps it from {hold.newest}; the mode {plan.mode} changes as little as it can"
    else:
        yield f"{hold.newest} would break"
    for one in found:
        number = ""
        if one.own and one.dependency in holds and (one.dependency in lemmas or len(lemmas) <= MOST_LEMMAS):
            lemma = lemmas.setdefault(one.dependency, len(lemmas))
            number = f" ({lemma})" if lemma else ""
        yield f"  {_obstacle(one, number)}"
    if hold.moving:
        yield f"  moving it alone would mean: {changes_text(hold.moving)}"


def _obstacle(one: Obstacle, lemma: str) -> str:
    """Return a requirement and who has it; equal ones of several projects are one sentence."""
    if one.own:
        has = f"has {one.dependency} {one.chosen}" if one.chosen else "does not hold it"
        return f"it needs {one.requirement} itself, and the plan {has}{lemma} ({one.judged})"
    who = ", ".join(f"{name} {version}" for name, version in one.dependers)
    if one.number == 1:
        return f"{who} needs {one.requirement} ({one.judged})"
    others = f" and {count(one.others, 'other')}" if one.others else ""
    return f"{one.number:,} projects need {one.requirement} ({one.judged}): {who}{others}"


def _why_not_newer(
    plan: Plan, package: Package, holds: Mapping[ProjectName, Hold], lemmas: dict[ProjectName, int]
) -> Iterator[str]:
    if package.project in holds:
        yield from _broken(plan, holds[package.project], holds, lemmas)
    by_reason: dict[str, list[str]] = {}
    for excluded in plan.excluded:
        if excluded.project == package.project:
            by_reason.setdefault(excluded.reason, []).append(excluded.version)
    for reason, versions in by_reason.items():
        yield f"no {'candidate is' if len(versions) == 1 else 'candidates are'} {latest(versions)}: {reason}"


def _edges(plan: Plan, package: Package) -> Iterator[str]:
    for edge in plan.relaxed:
        if package.project in (edge.project, edge.dependency):
            already = ", and nixpkgs relaxes it already" if edge.already else ""
            verb = "requires" if edge.kind == "run" else "needs to build"
            yield (
                f"{edge.project} {edge.version} {verb} {edge.dependency}{edge.specifier}, and {edge.chosen} violates"
                f" that: {judged(edge.risk)}{already}"
            )
            yield f"  {edge.evidence}"
            if edge.hits:
                yield f"  {hook_hits(edge)}"
            if edge.gain is not None:
                gain = edge.gain
                change = changes_text(gain.changes)
                yield f"  it buys {gain.project} {gain.chosen}: without it {gain.version} ({change})"
    for first in plan.update_first:
        if package.project in (first.project, first.dependency):
            yield f"{first.project} {first.version} requires {first.dependency}{first.specifier}: update that first"
            yield from _barred(plan, first)
    for left in plan.left_out:
        if left.project == package.project:
            yield f"its requirement {left.requires} does not count: nixpkgs builds it without {left.dependency} today"
    for stale in plan.stale_relaxations:
        if stale.attribute == package.attribute:
            yield f"its relaxation of {stale.name} is not needed: {stale.reason}"
    yield from _differences(plan, package)
    for unknown in plan.unknown:
        if unknown.project == package.project:
            what = f" ({unknown.requirement})" if unknown.requirement else ""
            yield f"not known: {unknown.reason}{what}"


def _barred(plan: Plan, first: UpdateFirst) -> Iterator[str]:
    """Yield why releases that would meet a violated lower part are no candidates: a policy's pin, or an interpreter."""
    bounds = parse_bounds(first.specifier)
    by_reason: dict[str, list[str]] = {}
    for one in plan.excluded:
        version = parse_version(one.version) if one.project == first.dependency else None
        if version is not None and not bounds.violated(version):
            by_reason.setdefault(one.reason, []).append(one.version)
    for reason, versions in by_reason.items():
        word = "is no candidate" if len(versions) == 1 else "are no candidates"
        yield f"  {first.dependency} {latest(versions)} would do, and {word}: {reason}"


def _differences(plan: Plan, package: Package) -> Iterator[str]:
    """Yield where targets differ for a project, whom it is released together with, and extras that it lacks."""
    if package.targets is not None:
        yield f"it is needed on {', '.join(package.targets) or 'no target by itself'}{' only' * bool(package.targets)}"
    for edge in plan.partial:
        if package.project in (edge.project, edge.dependency):
            verb = "requires" if edge.kind == "run" else "needs to build"
            yield f"{edge.project} {edge.version} {verb} {edge.requires}: on {', '.join(edge.targets)} only"
    for nowhere in plan.nowhere:
        if package.project in {project for project, _, _ in nowhere.because}:
            yield f"it names {nowhere.project}, which no target needs"
    for family in plan.families:
        for tie in family.ties:
            if package.project in (tie.project, tie.dependency):
                step = "in step" if tie.aligned else f"not in step, for it names {tie.names}"
                pair = f"{tie.project} {tie.version} is released together with {tie.dependency}"
                yield f"{pair}; with {tie.chosen} {step}"
                yield f"  {tie.evidence}"
    for missing in plan.missing_extras:
        if package.project in (missing.project, missing.dependency):
            asker = f"{missing.project} {missing.version} asks" if missing.project else "you ask"
            yield f"{asker} for {missing.dependency}[{missing.extra}], an extra that {missing.chosen} does not have"
