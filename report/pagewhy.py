"""Why is a project not newer, and whom does it keep back? As lines with links from a hold to its cause."""

from collections.abc import Iterator

from normalize.projects import ProjectName
from report.blockers import Obstacle, obstacles
from report.moves import has_candidates, moves, skipped
from report.pagelines import Line, Names, code, line, series, shown
from report.phrases import LISTED, count, verb
from report.words import changes_text
from solver.plan import Hold, Package, Plan

WHY, BACK = "Why this version", "What it keeps back"

Found = Iterator[tuple[ProjectName, tuple[str, Line]]]
"""Projects, each with the title of a part of its section and a line for that part."""


def headlines(plan: Plan, names: Names) -> Found:  # noqa: ARG001 -- all parts are asked alike
    """Yield the sentence that says where a project goes."""
    moving = moves(plan)
    for one in plan.packages:
        yield one.project, (WHY, _headline(one, moves_on=one.project in moving))


def _headline(one: Package, *, moves_on: bool) -> Line:
    version = code(one.version) if one.version is not None else "an unknown version"
    newest = code(one.newest) if one.newest is not None else "unknown"
    current = code(one.current) if one.current is not None else "an unknown version"
    if one.state == "unchanged" and not has_candidates(one):
        return line("Stays at {}; no newest candidate is known.", version)
    if one.state == "added" and one.version is None:
        return line("Is added at {}; no newest candidate is known.", version)
    if one.state == "unchanged":
        return line("Stays at {}, which is its newest candidate.", version)
    if one.state == "held" and not moves_on:
        return line("Stays at {}, below its newest candidate {}.", version, newest)
    if one.state == "downgraded":
        return line("Moves back from {} to {}; its newest candidate is {}.", current, version, newest)
    if one.state == "added" and one.version == one.newest:
        return line("Is added at {}, its newest candidate.", version)
    if one.state == "added":
        return line("Is added at {}; its newest candidate is {}.", version, newest)
    if one.version == one.newest:
        return line("Moves from {} to {}, its newest candidate.", current, version)
    return line("Moves from {} to {}, not yet to its newest candidate {}.", current, version, newest)


def holds(plan: Plan, names: Names) -> Found:
    """Yield what the newest candidate of each held project would break, each cause with a link."""
    held = {one.project: one for one in plan.held}
    for hold in plan.held:
        found = obstacles(hold)
        if found:
            lines = [_obstacle(names, held, one) for one in found]
            yield hold.project, (WHY, line("{} would break", code(hold.newest), below=lines))
        else:
            told = "No requirement keeps it from {} by itself; an earlier goal of the mode {} weighs more."
            yield hold.project, (WHY, line(told, code(hold.newest), code(plan.mode)))
        if hold.moving:
            yield hold.project, (WHY, line("Moving it alone would mean: {}.", changes_text(hold.moving)))


def _obstacle(names: Names, held: dict[ProjectName, Hold], one: Obstacle) -> Line:
    risk = shown(one.judged)
    if one.own:
        link = names.link(one.dependency)
        has = line("does not hold {}", link) if one.risk == "missing" else line("has {} {}", link, code(one.chosen))
        told = line("it needs {} itself, and the plan {}", code(one.requirement), has)
        return line("{}{} ({})", told, _onward(held, one.dependency), risk)
    who = series(
        line("{}{}", names.release(project, version), _onward(held, project)) for project, version in one.dependers
    )
    others = f" and {count(one.others, 'other')}" if one.others else ""
    number = "" if one.number == 1 else f"{one.number} projects, which "
    needs = verb(one.number, "needs", "need")
    return (
        line("{}{} {} ({}){}", number, needs, code(one.requirement), risk, line(": {}{}", who, others))
        if number
        else (line("{} {} {} ({})", who, needs, code(one.requirement), risk))
    )


def _onward(held: dict[ProjectName, Hold], project: ProjectName) -> Line:
    """Return that a cause is itself held, which is where a reader goes on."""
    hold = held.get(project)
    return line(", itself held below {}", code(hold.newest)) if hold is not None else []


def passed_over(plan: Plan, names: Names) -> Found:
    """Yield the newer releases that are no candidates."""
    for one in skipped(plan):
        number = names.by_attribute.get(one.attribute)
        if number is not None:
            *others, newest = one.versions
            more = line(" and {}", code(others[0]) if len(others) == 1 else f"{len(others)} others") if others else []
            newer = "" if one.chosen is None else "newer and "
            verbs = verb(len(one.versions), f"is {newer}no candidate", f"are {newer}no candidates")
            told = line("{}{} {}: {}.", code(newest), more, verbs, shown(one.reason))
            yield plan.packages[number].project, (WHY, told)


def added(plan: Plan, names: Names) -> Found:
    """Yield the requirements that bring what is added."""
    for one in plan.added:
        lines = [
            line("{} requires {}", names.release(project, version), code(text))
            for project, version, text in one.because[:LISTED]
        ]
        if len(one.because) > LISTED:
            lines.append([f"and {count(len(one.because) - LISTED, 'other requirement')}"])
        where = "nixpkgs has it outside this set; it joins because" if one.elsewhere else "It joins the set because"
        yield one.project, (WHY, line("{}", where, below=lines))


def backs(plan: Plan, names: Names) -> Found:
    """Yield, for each project, the holds that it causes by a requirement, or by its own version."""
    for hold in plan.held:
        seen: set[ProjectName] = set()
        for edge in hold.because:
            own = edge.project == hold.project
            cause = edge.dependency if own else edge.project
            if cause == hold.project or cause in seen:
                continue
            seen.add(cause)
            kept = line("{} at {} instead of {}", names.link(hold.project), code(hold.chosen), code(hold.newest))
            who = "the newest candidate" if own else "this project"
            yield cause, (BACK, line("{}: {} needs {}", kept, who, code(edge.requires)))
