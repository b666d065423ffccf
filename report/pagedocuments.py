"""What does the page tell at length? Applications, families, cycles and a conflict, as titles with lines."""

from collections.abc import Iterator
from typing import Any

from normalize.projects import ProjectName
from report.conflict import PERHAPS
from report.pagegraph import reason
from report.pagelines import Line, Names, code, line, series, shown
from report.phrases import count, judged, sentence
from report.waysout import fixes_to_tell, remedy_texts
from solver.plan import Plan, Relaxation, Vendoring
from solver.planconflict import Conflict, Core, Fix

Entry = list[Any]
"""A title and its lines."""

MOST = 60
"""So many names are shown at once; the others when a reader asks for them."""


def documents(plan: Plan, names: Names) -> Iterator[dict[str, Any]]:
    """Yield the documents that have something to say."""
    if plan.conflict is not None:
        lead = "These cannot all hold. Without any one of the sentences of a core, a set would exist."
        yield _document("conflict", "Conflict", lead, list(_conflict(plan.conflict, names)))
    if plan.vendoring:
        lead = "What each application costs the shared set, and whether private versions would pay."
        yield _document("applications", "Applications", lead, [_application(names, one) for one in plan.vendoring])
    together = []
    if plan.families:
        told = [
            line(
                "{}: {}",
                series(names.link(project) for project in one.projects),
                "in step" if one.aligned else "not in step",
            )
            for one in plan.families
        ]
        together.append(["Families, whose releases are cut together", told])
    if plan.cycles:
        told = [line("{}", series(names.link(project) for project in cycle)) for cycle in plan.cycles]
        together.append(["Cycles of projects that require each other", told])
    if together:
        yield _document("together", "Together", "Projects that are best updated in one change.", together)


def _document(name: str, title: str, lead: str, entries: list[Entry]) -> dict[str, Any]:
    return {"name": name, "title": title, "lead": lead, "entries": entries}


def _application(names: Names, app: Vendoring) -> Entry:
    because = shown(sentence(app.reason))
    lines: list[Line] = [line("Recommendation: {}, because {}", app.recommendation, because)]
    alone = _names([_attribute(names, one) for one in app.exclusive])
    among = f"; of these {len(app.exclusive):,} no other application uses" if app.exclusive else ""
    lines.append(line("It uses {} of this set{}", count(app.uses, "attribute"), among, below=[alone] if alone else []))
    if app.python is not None:
        old = [
            line("{} requires Python {}", names.release(project, version), code(needs))
            for project, version, needs in app.unsupported
        ]
        which = f", which cannot run {count(len(old), 'chosen release')}" if old else ""
        lines.append(line("It fixes the interpreter: Python {}{}", code(app.python), which, below=old))
    if app.violated:
        told = f"The plan violates {count(len(app.violated), 'upper part')} on its side"
        lines.append(line("{}", told, below=[_edge(names, one) for one in app.violated]))
    else:
        lines.append(["The plan violates no upper part on its side"])
    if app.obeyed:
        holds = [
            line("{} at {} instead of {}", names.link(one.project), code(one.chosen), code(one.newest))
            for one in app.obeyed
        ]
        lines.append(line("{} of others without it fewer", count(len(holds), "hold"), below=holds))
    if app.newer:
        newer = [
            line("{} at {} instead of {}", names.link(one.project), code(one.without), code(one.together))
            for one in app.newer
        ]
        lines.append(line("{} newer without it", count(len(newer), "project"), below=newer))
    if app.coherent:
        fewer = [_edge(names, one) for one in app.coherent]
        lines.append(line("{} of others without it fewer", count(len(fewer), "relaxation"), below=fewer))
    return [f"{shown(app.application)} {shown(app.version)}", lines]


def _attribute(names: Names, attribute: str) -> Line:
    """Return a link to the project of an attribute, which is named beside it where it is called otherwise."""
    segment = names.of_attribute(attribute)
    spelled = names.numbers.get(ProjectName(attribute)) == segment or not isinstance(segment, int)
    return [segment] if spelled else line("{} ({})", segment, code(attribute))


def _names(every: list[Line]) -> Line:
    told = series(every[:MOST])
    more = f"and {len(every) - MOST:,} more"
    return [*told, " ", {"more": [more, series(every[MOST:])]}] if len(every) > MOST else told


def _edge(names: Names, edge: Relaxation) -> Line:
    needs = code(f"{edge.spelling}{edge.specifier}")
    risk = judged(edge.risk) + (", already there" if edge.already else "")
    met = line("{} {}", names.link(edge.dependency), code(edge.chosen))
    return line("{} needs {} and meets {} ({})", names.release(edge.project, edge.version), needs, met, risk)


def _conflict(conflict: Conflict, names: Names) -> Iterator[Entry]:
    if not conflict.cores:
        yield ["These cannot all hold", [reason(one, names) for one in conflict.core]]
    for i, core in enumerate(conflict.cores):
        yield ["Nor these, whatever becomes of the others" if i else "These cannot all hold", list(_core(core, names))]
    if conflict.fixes:
        fixes = [_fix(one, names) for one in fixes_to_tell(conflict)]
        yield ["Ways out, cheapest first; each was solved again", fixes]
    elif conflict.correction:
        yield ["The cheapest way out gives these up", [reason(one, names) for one in conflict.correction]]


def _core(core: Core, names: Names) -> Iterator[Line]:
    yield from (reason(one.sentence, names) for one in core.reasons)
    yield from () if core.minimal else (line(PERHAPS),)
    sentences = {one.id: one.sentence for one in core.reasons}
    if core.steps:
        steps = []
        for step in core.steps:
            after = "".join(f" and ({number})" for number in step.after if number != step.number - 1)
            why = reason(sentences.get(step.reason, step.reason), names)
            steps.append(line("({}) {}{}, so {}", str(step.number), why, after, shown(step.so)))
        yield line("How they contradict each other", below=steps)
    if core.excluded:
        yield line("These would do, and are no candidates", below=[[shown(one)] for one in core.excluded])


def _fix(fix: Fix, names: Names) -> Line:
    told = "; and ".join(map(shown, remedy_texts(fix)))
    versions = series(names.release(project, version) for project, version in fix.versions)
    return line("{}", told, below=[line("then {}", versions)] if versions else [])
