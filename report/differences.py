"""Which sections of a report exist only for some plans? Families, differences of targets, missing extras, builds."""

from collections.abc import Iterable, Iterator

from report.phrases import count, judged, sentence, verb
from report.quote import Markdown, code, prose, say, series
from report.section import Section, codes, folded, release
from solver.plan import Plan, Relaxation
from solver.planlayers import FamilyTie


def optional_sections(plan: Plan) -> Iterator[Section]:
    """Yield the sections that have something to say."""
    if plan.families:
        lead = Markdown(
            "Projects whose releases are cut together, which their releases show; best updated in one change."
        )
        yield _section("Families", lead, (_family(family.projects, family.ties) for family in plan.families))
    if plan.partial or plan.nowhere:
        lead = Markdown("Requirements that apply on some targets only, and projects that are named and needed on none.")
        yield _section("Where targets differ", lead, (*_partial(plan), *_nowhere(plan)))
    if plan.missing_extras:
        lead = Markdown("Extras that are asked for and that the chosen release does not have. They bring nothing.")
        yield _section("Missing extras", lead, _missing(plan))
    if plan.builds is not None:
        lead = say(
            "What building requires counts in this plan. It is known of {}, and not known of {}.",
            count(plan.builds.known, "chosen release"),
            f"{plan.builds.unknown:,}",
        )
        relaxed = [_build(edge) for edge in plan.relaxed if edge.kind == "build"]
        yield _section("Build requirements", lead, relaxed or [Markdown("None of them is violated.")])


def _section(title: str, lead: Markdown, lines: Iterable[Markdown]) -> Section:
    body = list(lines)
    return Section(title, lead, folded(body, len(body), "entry", "entries"))


def _family(projects: Iterable[str], ties: Iterable[FamilyTie]) -> Markdown:
    return say("- {}: {}", codes(projects), series(map(_tie, ties)))


def _tie(tie: FamilyTie) -> Markdown:
    chosen = code(tie.chosen or "?")
    if tie.names is None:
        state = say("free to part from {} {}", code(tie.dependency), chosen)
    elif tie.aligned:
        state = say("in step with {} {}", code(tie.dependency), chosen)
    else:
        state = say("**not in step**: it names {} {}, the plan has {}", code(tie.dependency), code(tie.names), chosen)
    return say("{} is {} ({})", release(tie.project, tie.version), state, prose(tie.evidence))


def _partial(plan: Plan) -> Iterator[Markdown]:
    for one in plan.packages:
        if one.targets is not None:
            where = say("on {} only", codes(one.targets)) if one.targets else Markdown("on no target by itself")
            yield say("- {} is needed {}", release(one.project, one.version), where)
    for edge in plan.partial:
        does = "needs" if edge.kind == "run" else "needs to build"
        yield say(
            "- {} {} {} on {} only", release(edge.project, edge.version), does, code(edge.requires), codes(edge.targets)
        )


def _nowhere(plan: Plan) -> Iterator[Markdown]:
    for one in plan.nowhere:
        by = sorted({project for project, _, _ in one.because})
        namers = f"{count(len(by), 'project')} {verb(len(by), 'names', 'name')} it"
        yield say("- {} is needed on no target; {}", code(one.project), namers)


def _missing(plan: Plan) -> Iterator[Markdown]:
    for one in plan.missing_extras:
        asker = release(one.project, one.version) if one.project else Markdown("The request")
        yield say(
            "- {} asks for {}, which {} does not have", asker, code(f"{one.dependency}[{one.extra}]"), code(one.chosen)
        )


def _build(edge: Relaxation) -> Markdown:
    already = ", undone today" if edge.already else ""
    return say(
        "- {} needs {} to build and meets {}: {}{}; {} To be undone in `pyproject.toml`, not by `pythonRelaxDeps`.",
        release(edge.attribute, edge.version),
        code(f"{edge.spelling}{edge.specifier}"),
        code(edge.chosen),
        judged(edge.risk),
        already,
        prose(sentence(edge.evidence)),
    )
