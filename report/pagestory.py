"""What does a plan say of each project? All of it, as lines with links to follow.

Every part goes over one list of the plan once, and adds its lines to all projects that they are about.
"""

from collections import defaultdict

from report.pagelines import Line, Names, away, code, line, series, shown
from report.pagewhy import Found, added, backs, headlines, holds, passed_over
from report.phrases import judged
from report.relaxdeps import relax_deps
from report.words import UNKNOWN, changes_text, hook_hits
from solver.links import Links
from solver.plan import Plan, Relaxation

RELAXED, FIRST, LEFT, WHERE, TOGETHER, APPS, ELSEWHERE, UNREAD = (
    "Relaxations",
    "Update first",
    "Does not count",
    "Where targets differ",
    "Released together",
    "Applications",
    "Read on",
    "Not known",
)

MOST = 40
"""So many lines of a part are shown at most; the tables have all."""


def stories(plan: Plan, names: Names) -> dict[int, list[list[object]]]:
    """Return the parts ``[title, lines]`` of each project by its number; a project without anything to say has none."""
    parts: dict[int, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for tell in (
        headlines,
        holds,
        passed_over,
        added,
        backs,
        _relaxed,
        _edits,
        _firsts,
        _left,
        _stale,
        _where,
        _ties,
        _apps,
        _links,
    ):
        for project, (title, told) in tell(plan, names):
            number = names.numbers.get(project)
            if number is not None:
                parts[number][title].append(told)
    for one in plan.unknown:
        number = names.numbers.get(one.project)
        if number is not None:
            what = line(" ({})", code(one.requirement)) if one.requirement is not None else []
            parts[number][UNREAD].append(line("{}{}.", shown(UNKNOWN.get(one.reason, one.reason)), what))
    return {number: [[title, _cut(lines)] for title, lines in parts[number].items()] for number in sorted(parts)}


def _cut(lines: list[Line]) -> list[Line]:
    return lines if len(lines) <= MOST else [*lines[:MOST], [f"and {len(lines) - MOST:,} more"]]


def _relaxed(plan: Plan, names: Names) -> Found:
    for edge in plan.relaxed:
        told = _relaxation(names, edge)
        yield edge.project, (RELAXED, told)
        if edge.dependency != edge.project:
            yield edge.dependency, (RELAXED, told)


def _relaxation(names: Names, edge: Relaxation) -> Line:
    below: list[Line] = [[shown(edge.evidence)]]
    if edge.hits:
        below.append([shown(hook_hits(edge))])
    if edge.gain is not None:
        gain = edge.gain
        told = "It buys {} {}: without it {} ({})."
        below.append(
            line(told, names.link(gain.project), code(gain.chosen), code(gain.version), changes_text(gain.changes))
        )
    verbs = "requires" if edge.kind == "run" else "needs to build"
    return line(
        "{} {} {}, and {} {} violates that: {}{}",
        names.release(edge.project, edge.version),
        verbs,
        code(edge.spelling + edge.specifier + (f"; {edge.marker}" if edge.marker else "")),
        names.link(edge.dependency),
        code(edge.chosen),
        judged(edge.risk),
        "; nixpkgs relaxes it already" if edge.already else "",
        below=below,
    )


def _edits(plan: Plan, names: Names) -> Found:
    """Yield the lines to put into nixpkgs."""
    for one in relax_deps(plan):
        number = names.by_attribute.get(one.attribute)
        if one.new and number is not None:
            lines = [line("{}", code(text)) for text in one.lines]
            yield plan.packages[number].project, (RELAXED, line("To be written in its package file:", below=lines))


def _firsts(plan: Plan, names: Names) -> Found:
    for one in plan.update_first:
        who = names.release(one.project, one.version)
        needs = code(f"{one.dependency}{one.specifier}")
        told = line("{} requires {}, and {} is {}", who, needs, names.link(one.dependency), code(one.chosen))
        yield one.project, (FIRST, told)
        if one.dependency != one.project:
            yield one.dependency, (FIRST, told)


def _left(plan: Plan, names: Names) -> Found:
    for one in plan.left_out:
        told = "Its requirement {} does not count: nixpkgs builds it without {} today."
        yield one.project, (LEFT, line(told, code(one.requires), names.link(one.dependency)))


def _stale(plan: Plan, names: Names) -> Found:
    for one in plan.stale_relaxations:
        number = names.by_attribute.get(one.attribute)
        if number is not None:
            told = line("Its relaxation of {} is not needed: {}.", code(one.name), shown(one.reason))
            yield plan.packages[number].project, (RELAXED, told)


def _where(plan: Plan, names: Names) -> Found:
    for one in plan.packages:
        if one.targets is not None:
            on = line("{} only", series(map(code, one.targets))) if one.targets else "no target by itself"
            yield one.project, (WHERE, line("It is needed on {}.", on))
    for edge in plan.partial:
        verbs = "requires" if edge.kind == "run" else "needs to build"
        who = names.release(edge.project, edge.version)
        told = line("{} {} {} on {} only", who, verbs, code(edge.requires), series(map(code, edge.targets)))
        yield edge.project, (WHERE, told)
        if edge.dependency != edge.project:
            yield edge.dependency, (WHERE, told)
    for nowhere in plan.nowhere:
        for project in sorted({project for project, _, _ in nowhere.because}):
            yield project, (WHERE, line("It names {}, which no target needs.", names.link(nowhere.project)))
    for missing in plan.missing_extras:
        asker = names.release(missing.project, missing.version) if missing.project else "the request"
        wanted = code(f"{missing.dependency}[{missing.extra}]")
        told = line("Asked for by {}: {}, an extra that {} does not have.", asker, wanted, code(missing.chosen))
        yield missing.dependency, (WHERE, told)
        if missing.project and missing.project != missing.dependency:
            yield missing.project, (WHERE, told)


def _ties(plan: Plan, names: Names) -> Found:
    for family in plan.families:
        for tie in family.ties:
            step = "in step" if tie.aligned else line("not in step, for it names {}", code(tie.names or "no version"))
            told = line(
                "{} is released together with {}; with {} {}",
                *(names.release(tie.project, tie.version), names.link(tie.dependency), code(tie.chosen or "?"), step),
                below=[[shown(tie.evidence)]],
            )
            for project in dict.fromkeys((tie.project, tie.dependency)):
                yield project, (TOGETHER, told)


def _links(plan: Plan, names: Names) -> Found:  # noqa: ARG001 -- all parts are asked alike
    for one in plan.packages:
        told = one.links or Links()
        known = (("changelog", told.changelog), ("home page", told.homepage), ("source", told.repository))
        found = [away(text, address) for text, address in known if address is not None]
        if found:
            yield one.project, (ELSEWHERE, line("Its {}.", series(found)))


def _apps(plan: Plan, names: Names) -> Found:
    for app in plan.vendoring:
        name = shown(app.application)
        for attribute in app.exclusive:
            number = names.by_attribute.get(attribute)
            if number is not None:
                yield plan.packages[number].project, (APPS, [f"Of the applications, only {name} uses it."])
        for one in app.newer:
            yield one.project, (APPS, line("Without {} it would be at {}.", name, code(one.without)))
        for project, version, needs in app.unsupported:
            told = "{} fixes Python {}, and {} requires Python {}."
            yield project, (APPS, line(told, name, code(app.python or "?"), code(version), code(needs)))
