"""How is a proposal told in a pull request? A title as nixpkgs writes it, a table, ready lines, boxes for people."""

from collections.abc import Iterable, Iterator

from nixpkgs.nixtext import assignment
from report.blocks import outlined
from report.conflict import PERHAPS
from report.labels import labels
from report.parts import Document
from report.phrases import count, judged, sentence
from report.proposal import addition_reasons, behind_text, beside, branch_text, reasons, step_text, ways_out
from report.quote import Markdown, code, fence, link, plain, prose, row, say, series
from report.section import BLANK, codes, folded, release
from solver.proposalparts import Proposal, RelaxList, Step
from solver.rebuilds import Rebuilds

PREFIX = "python3Packages."


def proposal_document(found: Proposal) -> Document:
    """Return the text of a pull request, or why there can be none; its first line is the title."""
    lines = [say("# {}", title(found)), BLANK, *(_impossible(found) if found.outcome == "impossible" else _body(found))]
    while not lines[-1]:
        lines.pop()
    return outlined(lines)


def title(found: Proposal) -> Markdown:
    """Return the title in the form of nixpkgs' commit messages."""
    asked = [one for one in found.steps if one.asked]
    if found.outcome == "possible" and asked:
        return code("; ".join(f"{PREFIX}{step_text(one)}" for one in asked))
    return code(", ".join(found.asked))


def _body(found: Proposal) -> Iterator[Markdown]:
    if found.outcome == "unchanged":
        yield Markdown("Nothing has to change: the current set meets this.")
        yield BLANK
        yield from (say("- {}", prose(one)) for one in found.passed_over)
        return
    yield plain(sentence(beside(found)[0].upper() + beside(found)[1:]))
    yield BLANK
    yield from _table(found)
    if found.passed_over:
        yield from (Markdown("Newer, and out of reach:"), BLANK)
        yield from (*(say("- {}", prose(one)) for one in found.passed_over), BLANK)
    yield from _relaxed(found)
    yield from _added(found)
    if found.left_behind:
        yield from (Markdown("## Applications that cannot follow"), BLANK)
        yield from (*(say("- {}", prose(sentence(str(one)))) for one in found.left_behind), BLANK)
    yield from _rebuilds(found)
    yield from _to_do(found)


def _table(found: Proposal) -> Iterator[Markdown]:
    yield from (row("attribute", "current", "new", "why"), Markdown("|---|---|---|---|"))
    for one in found.steps:
        if one.before is not None:
            yield row(
                code(one.attribute), code(one.before), link(code(one.after or "not needed"), one.changelog), _why(one)
            )
    yield BLANK


def _why(step: Step) -> Markdown:
    if step.asked:
        return Markdown("asked for") if step.newest in (None, step.after) else say("newest: {}", code(step.newest))
    return series((prose(reason) for reason in reasons(step.because, step.project)), "; ")


def _relaxed(found: Proposal) -> Iterator[Markdown]:
    if found.mended or found.behind:
        yield from (Markdown("## Violated today"), BLANK)
        yield from (say("- mended: {}", prose(one)) for one in found.mended)
        yield from (say("- still: {}", prose(behind_text(one))) for one in found.behind)
        yield BLANK
    if not (found.relaxed or found.standing or found.stale):
        return
    yield from (Markdown("## Relaxations"), BLANK)
    for one in (*found.relaxed, *found.standing):
        needs = code(f"{one.spelling}{one.specifier}")
        state = ", already there" if one.already else ", violated today already" if one in found.standing else ""
        yield say(
            "- {} needs {} and meets {}: {}; {}",
            release(one.attribute, one.version),
            needs,
            code(one.chosen),
            judged(one.risk) + state,
            prose(sentence(one.evidence)),
        )
        for other in one.hits:
            yield say(
                "  - The hook does not look at a name's end: {} also relaxes {}.", code(one.spelling), code(other)
            )
    for stale in found.stale:
        reason = prose(sentence(stale.reason))
        yield say("- {} no longer needs its relaxation of {}: {}", code(stale.attribute), code(stale.name), reason)
    yield BLANK
    for change in found.relax_deps:
        yield from _list(change)


def _list(change: RelaxList) -> Iterator[Markdown]:
    if not change.after:
        yield from (say("In {}, `pythonRelaxDeps` goes.", code(change.attribute)), BLANK)
        return
    if change.after == ("*",):
        lines: Iterable[str] = ("pythonRelaxDeps = true;",)
    else:
        lines = assignment("pythonRelaxDeps", change.after)
    yield from (say("In {}:", code(change.attribute)), BLANK, fence(lines, "nix"), BLANK)


def _added(found: Proposal) -> Iterator[Markdown]:
    if not found.added:
        return
    yield from (Markdown("## Needed beside this set"), BLANK)
    lines = []
    for one in found.added:
        where = "nixpkgs has it outside this set" if one.elsewhere else "this set does not know it"
        because = series(prose(reason) for reason in addition_reasons(one))
        lines.append(say("- {} ({}): {}", release(one.attribute, one.version), Markdown(where), because))
    yield from (*folded(lines, len(lines), "project"), BLANK)


def _rebuilds(found: Proposal) -> Iterator[Markdown]:
    built = found.rebuilds
    if built is None:
        return
    yield from (Markdown("## Rebuilds"), BLANK)
    yield say("- {}{}", Markdown("at least " if built.extract else ""), _numbers(built))
    yield say("- labels: {}", codes(labels(built.kernels)))
    yield say("- target branch: {}", branch_text(built))
    yield say("- applications affected: {}", codes(found.applications) or Markdown("none"))
    yield BLANK


def _numbers(built: Rebuilds) -> Markdown:
    return series(say("{} on {}", count(number, "rebuild"), code(kernel)) for kernel, number in built.kernels)


def _to_do(found: Proposal) -> Iterator[Markdown]:
    yield from (Markdown("## To do"), BLANK)
    for one in found.steps:
        if one.before is not None and one.after is not None:
            read = link(Markdown("the changelog"), one.changelog)
            yield say("- [ ] {}: version and hash, after reading {}", code(f"{PREFIX}{step_text(one)}"), read)
    for addition in found.added:
        if addition.elsewhere:
            yield say("- [ ] {}: is it new enough in nixpkgs?", code(f"{PREFIX}{addition.attribute}"))
        elif addition.version is None:
            yield say("- [ ] {}: package it; the dataset does not hold it", code(f"{PREFIX}{addition.attribute}"))
        else:
            yield say("- [ ] {}", code(f"{PREFIX}{addition.attribute}: init at {addition.version}"))
    for change in found.relax_deps:
        names = sorted({*change.after} - {*change.before})
        gone = sorted({*change.before} - {*change.after})
        if names:
            yield say("- [ ] {}: relax {}, and see that its tests pass", code(change.attribute), codes(names))
        if gone:
            yield say("- [ ] {}: remove {} from `pythonRelaxDeps`", code(change.attribute), codes(gone))
    for behind in found.left_behind:
        see = code(f"coset vendor {behind.application}")
        yield say("- [ ] {} needs its own {}: see {}", code(behind.application), code(behind.project), see)
    for unknown in found.unknown:
        version = release(unknown.project, unknown.version)
        yield say("- [ ] {}: look at its requirements by hand: {}", version, prose(unknown.reason))
    for left in found.left_out:
        yield say("- [ ] {}: does nixpkgs still build it without {}?", code(left.attribute), code(left.dependency))
    yield Markdown("- [ ] `nixpkgs-review` passes on what is built again")


def _impossible(found: Proposal) -> Iterator[Markdown]:
    yield Markdown("No set contains this update.")
    yield BLANK
    for core in () if found.conflict is None else found.conflict.cores:
        yield from (Markdown("These cannot all hold:"), BLANK)
        yield from (say("- {}", prose(reason.sentence)) for reason in core.reasons)
        yield from (say("- no candidate is {}", prose(excluded)) for excluded in core.excluded)
        yield from () if core.minimal else (BLANK, Markdown(PERHAPS))
        yield BLANK
    if found.breaks:
        yield from (Markdown("The nearest set would break:"), BLANK)
        yield from (*(say("- {}", prose(one)) for one in found.breaks), BLANK)
    ways = ways_out(found)
    if ways:
        yield from (Markdown("Ways out, each solved again:"), BLANK)
        yield from (say("- {}", prose(one)) for one in ways)
