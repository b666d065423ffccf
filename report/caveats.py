"""Which sections of a report say what a plan costs and rests on? Vendoring, cycles, unknown metadata, a conflict."""

from collections import defaultdict
from collections.abc import Iterator

from report.blockers import LISTED
from report.quote import UNFOLD, Markdown, code, fold, prose, say, series
from report.section import BLANK, Section, codes, edge_text, folded, in_lines, release
from report.words import UNKNOWN, count, judged, sentence, verb
from solver.plan import Plan, Unknown, Vendoring


def vendoring_section(plan: Plan) -> Section:
    """Return what each application costs the shared set."""
    lead = Markdown(
        "What each application costs the shared set, and whether private versions would pay. Private versions cost "
        "security\nsupport: nixpkgs gives it only to what is not vendored. Only this set is looked at: other parts of "
        "nixpkgs may well use\nwhat only one of these applications uses."
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
        title = f"{count(len(app.exclusive), 'attribute')} of this set that only {app.application} uses"
        yield from (BLANK, fold(title), codes(app.exclusive), BLANK, UNFOLD)


def _unsupported(app: Vendoring) -> Markdown:
    if not app.unsupported:
        return BLANK
    those = series(say("{} ({})", release(name, version), code(python)) for name, version, python in app.unsupported)
    return say(", which cannot run {}: {}", count(len(app.unsupported), "chosen release"), those)


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
    """Return why there is no set, and the cheapest way out."""
    assert plan.conflict is not None
    core = [say("- {}", prose(sentence(line))) for line in plan.conflict.core]
    correction = [say("- [ ] {}", prose(sentence(line))) for line in plan.conflict.correction]
    return (
        Section(
            "Why there is no set",
            Markdown("These cannot all hold. Without any one of them a set would exist."),
            core or [Markdown("No reason is recorded.")],
        ),
        Section(
            "The cheapest way out",
            Markdown("A set exists when these are given up."),
            correction or [Markdown("No way out is recorded.")],
        ),
    )
