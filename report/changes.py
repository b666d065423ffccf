"""Which sections of a report say where versions go? The summary, updates, holds, releases that are no candidates."""

from collections.abc import Iterator

from report.blockers import Obstacle, obstacles, strongest
from report.moves import Move, Skipped, downgrades, moves, skipped, updates
from report.phrases import count, judged, verb
from report.quote import Markdown, code, link, prose, row, say, series
from report.section import BLANK, Section, codes, folded, release, releases
from report.words import LEVELS, counts, relaxations_by_class
from solver.plan import Hold, Plan
from solver.planlayers import PolicyHold

NEWEST = 3
"""So many of the releases that are no candidates are named, and the rest is counted."""

_STATE_WORDS = {"held": "held at the current version"}


def summary(plan: Plan) -> Iterator[Markdown]:
    """Yield the lines that stand before all sections: counts, what the objective reached, what the plan rests on."""
    elsewhere = sum(one.elsewhere for one in plan.added)
    yield from (row("what", "number"), Markdown("|---|--:|"), row("projects in the plan", f"{len(plan.packages):,}"))
    for state, number in counts(plan).items():
        yield row(_STATE_WORDS.get(state, state), f"{number:,}")
    yield row("held below the newest candidate, moved or not", f"{len(plan.held):,}")
    if plan.held_by_policy:
        yield row("held below the newest release by policy", f"{len(plan.held_by_policy):,}")
    for risk, number, already in relaxations_by_class(plan):
        there = f" ({already:,} already in nixpkgs)" if already else ""
        yield row(f"relaxations: {judged(risk)}{there}", f"{number:,}")
    yield row("update first", f"{len(plan.update_first):,}")
    yield row("to be added: nixpkgs has it outside this set", f"{elsewhere:,}")
    yield row("to be added: this set does not know it", f"{len(plan.added) - elsewhere:,}")
    yield row("left out", f"{len(plan.left_out):,}")
    yield row("stale relaxations", f"{len(plan.stale_relaxations):,}")
    yield row("unknown metadata", f"{len(plan.unknown):,}")
    yield BLANK
    levels = [level for level in plan.levels if level.name in LEVELS]
    if levels:
        yield from (row("goal, most important first", "value", "proven bound"), Markdown("|---|--:|--:|"))
        for level in levels:
            yield row(LEVELS[level.name], f"{level.value:,}", f"{level.bound:,}")
        yield BLANK
    yield from provenance(plan)


def provenance(plan: Plan) -> Iterator[Markdown]:
    """Yield what the plan rests on."""
    yield say("- mode: {}", code(plan.mode))
    yield say("- targets: {}", codes(plan.targets))
    for name, value in plan.dataset:
        first, _, last = value.partition(" to ")
        shown = first if first == last else value
        yield say("- {}: {}", name.replace("_", " "), prose(shown) if " " in shown else code(shown))


def updates_section(plan: Plan) -> Section:
    """Return what becomes newer, and older."""
    up, down = updates(plan), downgrades(plan)
    body: list[Markdown] = []
    if up:
        table = (row("attribute", "current", "new", "newest?"), _FOUR, *map(_update, up))
        body += folded(table, len(up), "update")
    else:
        body.append(Markdown("Nothing to update."))
    if down:
        body += (BLANK, say("{} older:", count(len(down), "project becomes", "projects become")), BLANK)
        body += (row("attribute", "current", "new", "newest"), _FOUR, *map(_downgrade, down))
    return Section(
        "Updates",
        Markdown("Projects that become newer."),
        body,
    )


_FOUR = Markdown("|---|---|---|---|")


def _update(one: Move) -> Markdown:
    newest = "yes" if one.newest is None else code(one.newest)
    return row(code(one.attribute), code(one.current), link(code(one.new), one.changelog), newest)


def _downgrade(one: Move) -> Markdown:
    newest = code(one.newest) if one.newest else None
    return row(code(one.attribute), code(one.current), link(code(one.new), one.changelog), newest)


def held_section(plan: Plan) -> Section:
    """Return what stays below its newest candidate, and why."""
    body: list[Markdown] = []
    leaders = strongest(plan.held)
    if leaders:
        names = series(say("{} ({})", code(name), number) for name, number in leaders)
        body += (say("These keep the most projects back: {}.", names), BLANK)
    moved = moves(plan)
    lines = [line for hold in plan.held for line in _hold(hold, moved.get(hold.project), plan.mode)]
    body += folded(lines, len(plan.held), "hold")
    if plan.held_by_policy:
        number = count(len(plan.held_by_policy), "project")
        body += [*(BLANK,) * bool(body), say("Policy keeps {} below the newest release:", number), BLANK]
        body += folded(map(_held_by_policy, plan.held_by_policy), len(plan.held_by_policy), "project")
    lead = "Projects kept below their newest candidate, with the requirements that the newest candidate would break."
    return Section("Held", Markdown(lead), body or [Markdown("Nothing is held.")])


def _held_by_policy(one: PolicyHold) -> Markdown:
    done = {"hold": "held", "pin": "pinned", "exclude": "excluded"}[one.action]
    told = say("- {} is at {}; the newest release is {}", code(one.attribute), code(one.chosen), code(one.newest))
    return say("{} ({} by policy: {})", told, done, prose(one.reason))


def _hold(hold: Hold, move: Move | None, mode: str) -> Iterator[Markdown]:
    chosen = code(hold.chosen)
    if move is None:
        where = say("stays at {}", chosen)
    elif move.down:
        where = say("goes back from {} to {}", code(move.current), chosen)
    else:
        where = say("moves from {} to {} only", code(move.current), chosen)
    yield say("- {} {}; the newest candidate is {}", code(hold.attribute), where, code(hold.newest))
    found = obstacles(hold)
    for one in found:
        yield say("  - [ ] {}", _obstacle(hold, one))
    if not found:
        yield say("  - no requirement keeps it back by itself; an earlier goal of the mode {} weighs more", code(mode))


def _obstacle(hold: Hold, one: Obstacle) -> Markdown:
    needs = code(one.requirement)
    if one.own:
        has = "does not hold it" if one.risk == "missing" else say("has {}", code(one.chosen))
        own = release(hold.project, hold.newest)
        return say("{} itself needs {}, and the plan {} ({})", own, needs, has, one.judged)
    who = releases(one.dependers)
    if one.number == 1:
        return say("{} needs {} ({})", who, needs, one.judged)
    others = say(" and {}", count(one.others, "other")) if one.others else BLANK
    return say("{} projects need {} ({}): {}{}", one.number, needs, one.judged, who, others)


def excluded_section(plan: Plan) -> Section:
    """Return the newer releases that are no candidates."""
    entries = skipped(plan)
    lines = folded(map(_skipped, entries), len(entries), "entry", "entries")
    lead = Markdown("Releases newer than the chosen one that are no candidates.")
    return Section("Excluded releases", lead, lines or (Markdown("No newer release is excluded."),))


def _skipped(one: Skipped) -> Markdown:
    newest, others = one.versions[-NEWEST:], len(one.versions) - NEWEST
    versions = codes(reversed(newest))
    if others > 0:
        versions = say("{} and {} {}", versions, f"{others:,}", verb(others, "older one", "older ones"))
    chosen = Markdown("an unknown version") if one.chosen is None else code(one.chosen)
    return say("- {} (chosen: {}): {} ({})", code(one.attribute), chosen, versions, one.reason)
