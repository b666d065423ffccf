"""Why has a project this version? What a plan says of one project, in sentences."""

from collections.abc import Iterator

from normalize.projects import ProjectName
from report.blockers import obstacles
from report.words import judged
from solver.plan import Package, Plan


def story(plan: Plan, project: ProjectName) -> tuple[str, ...]:
    """Return what the plan says of a project, one sentence per line; empty where it does not hold the project.

    The text holds outside text and is not harmless for a terminal yet.
    """
    package = next((one for one in plan.packages if one.project == project), None)
    return () if package is None else tuple(_lines(plan, package))


def _lines(plan: Plan, package: Package) -> Iterator[str]:
    yield _headline(package)
    yield from _why_not_newer(plan, package)
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
        "unchanged": f"{name} stays at {version}, which is its newest candidate",
        "updated": f"{name} moves from {package.current} to {version}",
        "held": f"{name} stays at {version}, below its newest candidate {package.newest}",
        "downgraded": f"{name} moves back from {package.current} to {version}",
        "added": f"{name} is added at {version}",
    }
    if package.state == "updated":
        newest = "its newest candidate" if package.version == package.newest else f"not yet {package.newest}"
        return f"{words['updated']}, {newest}"
    return words[package.state]


def _why_not_newer(plan: Plan, package: Package) -> Iterator[str]:
    for hold in plan.held:
        if hold.project != package.project:
            continue
        found = obstacles(hold)
        if not found:
            yield f"no requirement keeps it from {hold.newest}; the mode {plan.mode} changes as little as it can"
        else:
            yield f"{hold.newest} would break"
        for one in found:
            who = "its own" if one.own else ", ".join(f"{name} {version}'s" for name, version in one.dependers)
            more = f" and {one.others} others'" if one.others else ""
            met = f", and the plan has {one.chosen}" if one.own and one.chosen else ""
            yield f"  {who}{more} requirement {one.requirement}{met} ({judged(one.risk)})"
    by_reason: dict[str, list[str]] = {}
    for excluded in plan.excluded:
        if excluded.project == package.project:
            by_reason.setdefault(excluded.reason, []).append(excluded.version)
    for reason, versions in by_reason.items():
        newest = versions[-1] if len(versions) == 1 else f"{versions[-1]} and {len(versions) - 1} before it"
        yield f"no {'candidate is' if len(versions) == 1 else 'candidates are'} {newest}: {reason}"


def _edges(plan: Plan, package: Package) -> Iterator[str]:
    for edge in plan.relaxed:
        if package.project in (edge.project, edge.dependency):
            already = ", and nixpkgs relaxes it already" if edge.already else ""
            yield (
                f"{edge.project} {edge.version} requires {edge.dependency}{edge.specifier}, and {edge.chosen} violates"
                f" that: {judged(edge.risk)}{already}"
            )
            yield f"  {edge.evidence}"
    for first in plan.update_first:
        if package.project in (first.project, first.dependency):
            yield f"{first.project} {first.version} requires {first.dependency}{first.specifier}: update that first"
    for left in plan.left_out:
        if left.project == package.project:
            yield f"its requirement {left.requires} does not count: nixpkgs builds it without {left.dependency} today"
    for stale in plan.stale_relaxations:
        if stale.attribute == package.attribute:
            yield f"its relaxation of {stale.name} is not needed: {stale.reason}"
    for unknown in plan.unknown:
        if unknown.project == package.project:
            what = f" ({unknown.requirement})" if unknown.requirement else ""
            yield f"not known: {unknown.reason}{what}"
