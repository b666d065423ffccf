"""Which sections of a report say what a plan costs and rests on? Vendoring, cycles, unknown metadata, a conflict."""

from collections import defaultdict
from collections.abc import Iterator

from report.conflict import CANDIDATES, NOR, PERHAPS, UNTOLD, core_tree
from report.phrases import LISTED, count, judged, sentence, verb
from report.quote import UNFOLD, Markdown, code, fold, prose, say, series
from report.section import BLANK, Section, codes, edge_text, folded, in_lines, release
from report.waysout import fixes_to_tell, remedy_texts
from report.words import UNKNOWN
from solver.answervalues import Unknown
from solver.plan import Plan, Vendoring
from solver.planconflict import Conflict

DEEPEST = 8
"""Lists are nested no deeper in Markdown; what lies deeper stands at this depth."""


def vendoring_section(plan: Plan) -> Section:
    """Return what each application costs the shared set."""
    lead = Markdown(
        "What each application costs the shared set, and whether private versions would pay. Private versions cost "
        "security\nsupport: nixpkgs gives it only to what is not vendored; `coset vendor` says which they would be. "
        "Only this set and\nits applications are looked at: other parts of nixpkgs may well use what only one of these "
        "uses, and `coset vendor`\nknows of further applications that do."
    )
    body: list[Markdown] = []
    for app in plan.vendoring:
        body += (*[BLANK] * bool(body), *_vendoring(app))
    return Section("Vendoring", lead, body or [Markdown("No application is named.")])


def _vendoring(app: Vendoring) -> Iterator[Markdown]:
    yield say("### {}", release(app.application, app.version))
    yield BLANK
    yield say("Recommendation: **{}**, because {}", app.recommendation, prose(sentence(app.reason)))
    yield BLANK
    short = len(app.exclusive) <= LISTED
    alone = say("; {} of them no other application of this set uses", len(app.exclusive)) if app.exclusive else BLANK
    names = say(": {}", codes(app.exclusive)) if app.exclusive and short else BLANK
    yield say("- It uses {} of this set{}{}.", count(app.uses, "attribute"), alone, names)
    if app.python is not None:
        yield say("- It fixes the interpreter: Python {}{}.", code(app.python), _unsupported(app))
    yield from _violated(app)
    yield from _gains(app)
    if not short:
        title = f"{count(len(app.exclusive), 'attribute')} that no other application of this set uses"
        yield from (BLANK, fold(title), codes(app.exclusive), BLANK, UNFOLD)


def _unsupported(app: Vendoring) -> Markdown:
    if not app.unsupported:
        return BLANK
    those = series(say("{} ({})", release(name, version), code(python)) for name, version, python in app.unsupported)
    what = count(len(app.unsupported), "chosen release")
    goes = "So this plan lets it go; `coset vendor` also counts what a set would cost in which it runs"
    return say(", which cannot run {}: {}. {}", what, those, Markdown(goes))


def _violated(app: Vendoring) -> Iterator[Markdown]:
    if not app.violated:
        yield Markdown("- The plan violates no upper part on its side.")
        return
    yield say("- The plan violates {} on its side:", count(len(app.violated), "upper part"))
    for edge in app.violated:
        yield say("  - {} ({}{})", edge_text(edge), judged(edge.risk), ", already there" if edge.already else "")


def _gains(app: Vendoring) -> Iterator[Markdown]:
    if app.obeyed:
        yield say("- {} of others that {} without it:", count(len(app.obeyed), "hold"), _vanish(app.obeyed))
        for hold in app.obeyed:
            yield say("  - {} at {} instead of {}", code(hold.attribute), code(hold.chosen), code(hold.newest))
    else:
        yield Markdown("- No hold of others vanishes without it.")
    if app.newer:
        yield say("- {} newer without it:", count(len(app.newer), "project"))
        for one in app.newer:
            yield say("  - {} at {} instead of {}", code(one.project), code(one.without), code(one.together))
    if app.coherent:
        yield say("- {} of others that {} without it:", count(len(app.coherent), "relaxation"), _vanish(app.coherent))
        for edge in app.coherent:
            yield say("  - {} ({})", edge_text(edge), judged(edge.risk))


def _vanish(those: tuple[object, ...]) -> str:
    return verb(len(those), "vanishes", "vanish")


def cycles_section(plan: Plan) -> Section:
    """Return the projects that require each other."""
    lines = [say("- {}", codes(cycle)) for cycle in plan.cycles] or [Markdown("There are no cycles.")]
    return Section("Cycles", Markdown("Projects that require each other; they are updated together."), lines)


def unknown_section(plan: Plan) -> Section:
    """Return what the plan rests on without proof, by reason."""
    groups: dict[str, list[Unknown]] = defaultdict(list)
    for one in plan.unknown:
        groups[one.reason].append(one)
    body: list[Markdown] = []
    for reason, those in sorted(groups.items()):
        words = UNKNOWN.get(reason, reason)
        lines = in_lines(say("- {} ({}):", words, f"{len(those):,}"), [_unknown(one) for one in those])
        body += folded(lines, len(those), "entry", f"entries: {words}")
    lead = Markdown("What nobody could read. It constrains nothing, so the plan rests on it without proof.")
    return Section("Unknown metadata", lead, body or [Markdown("Everything is known.")])


def _unknown(one: Unknown) -> Markdown:
    requirement = say(" ({})", code(one.requirement)) if one.requirement is not None else BLANK
    return say("{}{}", release(one.project, one.version), requirement)


def conflict_sections(plan: Plan) -> tuple[Section, ...]:
    """Return why there is no set, as trees of sentences, and the ways out with their prices, cheapest first."""
    assert plan.conflict is not None
    lead = "These cannot all hold. Without any one of them a set would exist, or the next conflict would show."
    return (
        Section("Why there is no set", Markdown(lead), [*_cores(plan.conflict)] or [Markdown(UNTOLD)]),
        _ways_out(plan.conflict),
    )


def _cores(conflict: Conflict) -> Iterator[Markdown]:
    if not conflict.cores:
        yield from (say("- {}", prose(sentence(line))) for line in conflict.core)
    for i, core in enumerate(conflict.cores):
        if i:
            yield from (BLANK, Markdown(NOR), BLANK)
        for line in core_tree(core):
            end = line.text if line.text.endswith(" and") else sentence(line.text)
            yield Markdown("  " * min(line.depth, DEEPEST) + say("- {}", prose(end)))
        if not core.minimal:
            yield from (BLANK, Markdown(PERHAPS))
        if core.excluded:
            yield from (BLANK, Markdown(CANDIDATES), BLANK)
            yield from (say("- {}", prose(sentence(one))) for one in core.excluded)


def _ways_out(conflict: Conflict) -> Section:
    if not conflict.fixes:
        correction = [say("- [ ] {}", prose(sentence(line))) for line in conflict.correction]
        lead = Markdown("A set exists when these are given up.")
        return Section("The cheapest way out", lead, correction or [Markdown("No way out is recorded.")])
    lines: list[Markdown] = []
    for fix in fixes_to_tell(conflict):
        then = say(", then {}", codes(f"{project} {version}" for project, version in fix.versions))
        lines.append(say("- [ ] {}{}", series(map(prose, remedy_texts(fix)), " and "), then if fix.versions else BLANK))
    lead = Markdown(
        "Each of these allows a set, as solving again has shown; the cheapest is first. One of them is enough."
    )
    return Section("Ways out", lead, lines)
