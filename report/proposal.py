"""How is a proposal told on a terminal? What moves and why, what is relaxed, what is built again, which branch."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from report.conflict import conflict_lines
from report.labels import branch, labels
from report.phrases import count, judged, named, verb
from report.waysout import way_text
from report.words import hook_hits
from solver.consequences import Because
from solver.following import LeftBehind
from solver.plan import Addition, Relaxation, UpdateFirst
from solver.planconflict import Fix
from solver.proposalparts import Proposal, Step
from solver.rebuilds import Rebuilds

SHOWN = 4
"""So many reasons of one move, and so many names of one reason, are told; the JSON has all."""


def proposal_lines(found: Proposal) -> Iterator[str]:
    """Yield lines of plain text; they hold outside text and are not harmless for a terminal yet."""
    if found.outcome == "unchanged":
        rung = "" if found.ladder == "major" else f" within a {found.ladder} release"
        yield f"nothing has to change{rung}: the current set meets {', '.join(found.asked)}"
        yield from (f"  {one}" for one in found.passed_over)
        return
    if found.outcome == "impossible":
        yield from _impossible(found)
        return
    yield headline(found)
    yield from _moves(found)
    yield from _additions(found)
    yield from _relaxed(found)
    if found.passed_over:
        yield "newer, and out of reach:"
        yield from (f"  {one}" for one in found.passed_over)
    if found.mended:
        yield "violated today, and then no more:"
        yield from (f"  {one}" for one in found.mended)
    if found.left_behind:
        yield "cannot follow:"
        yield from (f"  {one}; {private_text(one)}" for one in found.left_behind)
    yield from _open_ends(found)
    if found.rebuilds is not None:
        yield from _rebuilds(found.rebuilds, found.applications)


def headline(found: Proposal) -> str:
    """Return what the proposal comes to, in one line."""
    return f"{', '.join(map(step_text, _asked(found)))}: {beside(found)}"


def beside(found: Proposal) -> str:
    """Return what it takes beside the update itself."""
    moved = sum(not one.asked and one.before is not None for one in found.steps)
    joined = sum(one.before is None for one in found.steps)
    new = sum(not one.already for one in found.relaxed)
    parts = [f"{count(moved, 'other')} must move along"] if moved else []
    parts += [f"{count(joined, 'project')} from outside this set {verb(joined, 'is', 'are')} needed"] if joined else []
    parts += [f"{count(new, 'requirement')} must be relaxed"] if new else []
    text = ", ".join(parts) or "nothing else has to move"
    if found.left_behind:
        text += f", but {named(list(dict.fromkeys(one.application for one in found.left_behind)))} cannot follow"
    return text + ("" if found.proven else " (not proven to be the least)")


def private_text(one: LeftBehind) -> str:
    """Return what an application that cannot follow needs, and who says what that takes."""
    return f"it needs its own {one.project}, see 'coset vendor {one.application}'"


def step_text(step: Step) -> str:
    """Return a move as nixpkgs writes it."""
    if step.before is None:
        return f"{step.attribute}: {'to' if step.elsewhere else 'init at'} {step.after}"
    return f"{step.attribute}: {step.before} -> {step.after or 'not needed'}"


def _asked(found: Proposal) -> list[Step]:
    return [one for one in found.steps if one.asked] or list(found.steps)


def _moves(found: Proposal) -> Iterator[str]:
    moved = [one for one in found.steps if one.before is not None]
    if all(one.asked and not newest_text(one) for one in moved):
        moved = []  # the headline says it all
    if moved:
        yield "moves:"
    for one in moved:
        yield f"  {step_text(one)}{newest_text(one)}"
        if not one.asked:
            yield from (f"    {reason}" for reason in reasons(one.because, one.project))
    moving = {one.project for one in found.steps}
    for short in found.short:
        if short.project not in moving:
            yield f"  {short.project}: {short.chosen} meets the request, so it stays (newest {short.newest})"
        elif short.because:
            yield f"  {short.project} {short.newest} meets the request too, but would break more:"
            yield from (f"    {reason}" for reason in reasons(short.because, short.project))
        else:
            yield f"  {short.project} {short.newest} meets the request too, but more projects would have to change"


def newest_text(step: Step) -> str:
    """Say which candidate is the newest, where the move does not reach it."""
    return "" if step.newest in (None, step.after) else f" (newest {step.newest})"


def reasons(because: Sequence[Because], project: str) -> tuple[str, ...]:
    """Return why a project cannot stay, one sentence per requirement; those that are alike are merged."""
    groups = defaultdict[tuple[str, str, str, str], list[str]](list)
    for one in because:
        groups[one.requires, one.risk, one.chosen or "", one.dependency].append(f"{one.project} {one.version}")
    found = []
    for (requires, risk, chosen, dependency), who in groups.items():
        names = ", ".join(who[:SHOWN]) + (f" and {len(who) - SHOWN:,} others" if len(who) > SHOWN else "")
        if risk == "together":
            found.append(f"{names} {verb(len(who), 'is', 'are')} released together with it ({requires})")
        elif dependency != project:
            met = f"it would meet {dependency} {chosen}" if chosen else f"{dependency} would not be there"
            found.append(f"{names} requires {requires}, and {met} ({judged(risk)})")
        else:
            found.append(f"{names} {verb(len(who), 'requires', 'require')} {requires}{_kind(risk)}")
    if not found:
        return ("no requirement by itself: with it at its version, more would have to change",)
    shown = found[:SHOWN]
    return (*shown, f"and {count(len(found) - SHOWN, 'other requirement')}") if len(found) > SHOWN else tuple(shown)


def _kind(risk: str) -> str:
    return "" if risk in ("update-first", "missing") else f" ({judged(risk)})"


def _additions(found: Proposal) -> Iterator[str]:
    outside = [one for one in found.added if one.elsewhere]
    unknown = [one for one in found.added if not one.elsewhere]
    for title, several in (
        ("needs from nixpkgs outside this set, which does not say their versions:", outside),
        ("must be added, for this set does not know them:", unknown),
    ):
        if several:
            yield title
        for one in several:
            yield f"  {one.attribute} {one.version or '(unknown to the dataset)'}: {'; '.join(addition_reasons(one))}"


def addition_reasons(one: Addition) -> tuple[str, ...]:
    """Return who needs a project that this set does not hold."""
    because = [f"{name} {version} requires {text}" if name else "asked for" for name, version, text in one.because]
    return (*because[:2], f"{len(because) - 2} more") if len(because) > 3 else tuple(because)


def _relaxed(found: Proposal) -> Iterator[str]:
    new = [one for one in found.relaxed if not one.already]
    if new:
        yield "must be relaxed:"
    for one in new:
        yield f"  {relaxation_text(one)}"
        yield f"    {one.evidence}"
        if one.hits:
            yield f"    {hook_hits(one)}"
    there = [one for one in (*found.relaxed, *found.standing) if one.already]
    if there:
        yield "relaxed in nixpkgs already, and still needed:"
        yield from (f"  {relaxation_text(one)}" for one in there)
    violated = [one for one in found.standing if not one.already]
    if violated or found.behind:
        yield "violated today already, and still:"
        yield from (f"  {relaxation_text(one)}" for one in violated)
        yield from (f"  {behind_text(one)}" for one in found.behind)
    if found.stale:
        yield "no longer needed in pythonRelaxDeps:"
        yield from (f"  {one.attribute}: {one.name}; {one.reason}" for one in found.stale)


def relaxation_text(edge: Relaxation) -> str:
    """Return an edge, what it meets, and the class of relaxing it."""
    needs = "requires" if edge.kind == "run" else "needs to build"
    where = f" on {', '.join(edge.targets)} only" if edge.targets else ""
    what = f"{edge.project} {edge.version} {needs} {edge.spelling}{edge.specifier}{where}"
    return f"{what}, and meets {edge.chosen} ({judged(edge.risk)})"


def behind_text(one: UpdateFirst) -> str:
    """Return a lower part that is violated, and by what."""
    return f"{one.project} {one.version} requires {one.dependency}{one.specifier}, and meets {one.chosen}"


def _open_ends(found: Proposal) -> Iterator[str]:
    if found.left_out or found.unknown:
        yield "not counted:"
    for left in found.left_out:
        yield f"  {left.project} {left.version} requires {left.requires}: nixpkgs builds it without {left.dependency}"
    for unknown in found.unknown:
        what = f": {unknown.requirement}" if unknown.requirement else ""
        yield f"  {unknown.project} {unknown.version or ''}{what} ({unknown.reason})"


def _rebuilds(built: Rebuilds, applications: Iterable[str]) -> Iterator[str]:
    least = "at least " if built.extract else ""
    numbers = ", ".join(f"{number:,} on {kernel}" for kernel, number in built.kernels)
    yield f"rebuilds: {least}{numbers} ({', '.join(labels(built.kernels))})"
    yield f"target branch: {branch_text(built)}"
    names = ", ".join(applications)
    yield f"applications affected: {names or 'none'}"


def branch_text(built: Rebuilds) -> str:
    """Return the branch to target, and why."""
    target = branch(built.kernels)
    if target.name != "master":
        return f"{target.name}, or python-updates while a round is open: {target.reason}"
    if built.extract:
        return "master by this count, which lacks most dependents: the current set is an extract of nixpkgs"
    return f"{target.name}: {target.reason}"


def _impossible(found: Proposal) -> Iterator[str]:
    limit = "" if found.ladder == "major" else f" while others move by a {found.ladder} release at most"
    yield f"no set meets {' and '.join(found.asked)}{limit}"
    conflict = found.conflict
    if conflict is not None:
        yield from conflict_lines(replace(conflict, fixes=(), correction=()))
    if found.breaks:
        yield "The nearest set would break:"
        yield from (f"  {one}" for one in found.breaks)
    ways = ways_out(found)
    if ways:
        yield "Ways out, each solved again:"
        yield from (f"  {number}. {way}" for number, way in enumerate(ways, 1))


def ways_out(found: Proposal) -> tuple[str, ...]:
    """Return what would let an impossible update or something near it in, cheapest first, in few sentences."""
    ways = [f"ask for {found.instead}"] if found.instead else []
    ways += [f"let others move further: {found.wider}"] if found.wider else []
    fixes = () if found.conflict is None else found.conflict.fixes
    fixes = tuple(one for one in fixes if len(one.remedies) <= SHOWN and not _said(one, found.instead))
    return (*ways, *(way_text(one) for one in fixes[: SHOWN - len(ways)]))


def _said(fix: Fix, instead: str) -> bool:
    """Return whether a way out is only to ask for the release that is suggested already."""
    loosened = all(one.kind == "loosen" for one in fix.remedies)
    return loosened and instead in {f"{project}=={version}" for project, version in fix.versions}
