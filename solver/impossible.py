"""Why can an update not come into the set, and what would let it? A minimal core, and ways out that were solved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from normalize.projects import ProjectName
from solver.compile import Problem
from solver.conflict import clashes, told_core
from solver.cores import Questions, cheapest_corrections
from solver.corrections import MOST_FIXES, Repair, price_of, verified_fixes
from solver.decide import Decision
from solver.edges import NO_EXTRA
from solver.effort import Effort
from solver.entryremedy import entry_remedy, without_entries
from solver.levels import LEVELS, Costs
from solver.neighbourhood import MODE, Neighbourhood
from solver.planconflict import Conflict, Fix
from solver.policy import NARROWING
from solver.question import Question
from solver.reasons import Suspect, make_case
from solver.statusquo import StatusQuo

_BROKEN, _UPDATE_FIRST = LEVELS.index("broken"), LEVELS.index("update_first")


def explained(hood: Neighbourhood, breaks: tuple[str, ...], effort: Effort) -> Conflict:
    """Return why what is asked for cannot be had, and what would allow it.

    A violated lower part counts as much as a requirement that no plan may violate: neither is ever proposed.

    Args:
        hood: what was looked at.
        breaks: what the nearest set with the update violates.
        effort: how hard to try.
    """
    problem = _hard(Neighbourhood(hood.quo, hood.asked, hood.scope, free=True).settle(effort).problem)
    case = make_case(problem, effort)
    questions = Questions(case.engine, effort.decisions)
    cores = clashes(questions, case, refuted=True)
    prices = {selector: price_of(case, suspect) for selector, suspect in case.suspects.items()}
    corrections = cheapest_corrections(questions, list(case.suspects), cores, prices.__getitem__, MOST_FIXES)
    sets = [[case.suspects[one] for one in sorted(found)] for found in corrections]

    def again(question: Question, edit: Callable[[Problem], Problem]) -> Decision:
        quo = hood.quo
        policy = replace(quo.question.policy, edges=question.policy.edges)
        if policy != quo.question.policy:
            quo = StatusQuo(replace(quo.question, policy=policy))
        return Neighbourhood(quo, question.asked, hood.scope).settle(effort, lambda one: edit(_hard(one)))

    repair = Repair(problem=problem, mode=MODE, effort=effort, again=again)
    told = tuple(told_core(case, core) for core in cores)
    fixes = [one for one in verified_fixes(repair, case, sets) if not _idle(hood, one)]
    blamed = [case.suspects[one] for core in cores for one in core.selectors]
    return Conflict(
        core=tuple(reason.sentence for reason in told[0].reasons) if told else (),
        correction=breaks,
        cores=told,
        fixes=(*_freed(hood, blamed, effort), *fixes)[:MOST_FIXES],
    )


def _freed(hood: Neighbourhood, blamed: Sequence[Suspect], effort: Effort) -> Iterator[Fix]:
    """Yield the entries that keep candidates away from the projects of the cores, where one less lets the update in."""
    quo = hood.quo
    projects = dict[ProjectName, str]()
    for one in blamed:
        if one.asked is not None:
            projects.setdefault(one.asked.project, one.id)
        elif one.rows is not None:
            projects.setdefault(one.rows.dependency, one.id)
    entries = [one for one in quo.question.policy.projects if one.action in NARROWING and one.project in projects]
    for entry in entries[:MOST_FIXES]:
        policy = without_entries(quo.question.policy, {entry})
        free = Neighbourhood(StatusQuo(replace(quo.question, policy=policy)), hood.asked, hood.scope)
        decision = free.settle(effort, _hard)
        if not decision.broken:
            wanted = sorted({one.project for one in hood.asked} | {entry.project})
            versions = [
                (project, text)
                for project in wanted
                if (project, NO_EXTRA) in decision.choice and (text := decision.value((project, NO_EXTRA)).text)
            ]
            yield Fix(
                remedies=(entry_remedy(decision, projects[entry.project], entry),),
                versions=tuple(versions),
            )


def _idle(hood: Neighbourhood, fix: Fix) -> bool:
    """Return whether a way out is not to make the update at all, which everybody knows."""
    wanted = {one.project for one in hood.asked if any(one.text in remedy.sentence for remedy in fix.remedies)}
    given_up = any(one.kind in ("loosen", "drop") for one in fix.remedies)
    now = {(project, hood.quo.value((project, NO_EXTRA)).text) for project in wanted}
    return given_up and bool(now & {*fix.versions})


def _hard(problem: Problem) -> Problem:
    """Return the problem in which lower parts are as hard as what no plan may violate.

    What policy takes away from the candidates is gone already, so nobody has to look for it again.
    """
    policy = replace(problem.question.policy, projects=())
    hard: dict[Costs, Costs] = {}

    def harder(cost: Costs) -> Costs:
        if not cost[_UPDATE_FIRST]:
            return cost
        if cost not in hard:
            changed = list(cost)
            changed[_BROKEN] += cost[_UPDATE_FIRST]
            hard[cost] = tuple(changed)  # type: ignore[assignment]  # as long as it was
        return hard[cost]

    tables = {pair: [tuple(map(harder, row)) for row in table] for pair, table in problem.tables.items()}
    return replace(problem, question=replace(problem.question, policy=policy), tables=tables)
