"""Why is there no set? Minimal cores of sentences, how they contradict each other, and the ways out."""

from collections.abc import Sequence
from functools import cache

from normalize.errors import OutsideError
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.versions import parse_version
from solver.compile import Problem
from solver.cores import Clash, Questions, Spent, cheapest_corrections, disjoint_cores
from solver.corrections import MOST_FIXES, Repair, price_of, verified_fixes
from solver.decide import Decision
from solver.derivation import derivation
from solver.effort import USUAL, Effort
from solver.planconflict import Conflict, Core, Reason
from solver.reasons import Case, Suspect, make_case, violated
from solver.sentences import latest


def explain_conflict(decision: Decision, mode: str, effort: Effort = USUAL) -> Conflict:
    """Return why the decision breaks requirements that no plan may violate, and what would allow a set.

    Args:
        decision: the best choice, which breaks something.
        mode: the order of the levels by which it was found.
        effort: how hard to try, also where the ways out are solved again.

    Raises:
        OutsideError: it is not known whether there is a set, and was not found out with this effort.
    """
    case = make_case(decision.problem, effort)
    questions = Questions(case.engine, effort.decisions)
    cores = clashes(questions, case, refuted=decision.refuted)

    @cache
    def price(selector: int) -> int:
        return price_of(case, case.suspects[selector])

    corrections = cheapest_corrections(questions, list(case.suspects), cores, price, MOST_FIXES)
    sets = [[case.suspects[one] for one in sorted(found)] for found in corrections]
    repair = Repair(problem=decision.problem, mode=mode, effort=effort)
    told = tuple(told_core(case, core) for core in cores)
    return Conflict(
        core=tuple(reason.sentence for reason in told[0].reasons) if told else (),
        correction=violated(decision),
        cores=told,
        fixes=verified_fixes(repair, case, sets),
    )


def clashes(questions: Questions, case: Case, *, refuted: bool) -> tuple[Clash, ...]:
    """Return minimal cores that share no sentence; none where it is known that there is one and not which.

    Args:
        questions: about the formula of the case.
        case: the sentences.
        refuted: whether it is known that not all sentences can hold.

    Raises:
        OutsideError: that is not known, and was not found out with this effort, or they can.
    """
    try:
        found = disjoint_cores(questions, list(case.suspects))
    except Spent:
        found = ()
    if not found and not refuted:
        raise OutsideError(
            "the effort was spent before a set was found, or shown to be impossible",
            hint="ask for versions that are known to fit; 'coset solve --decisions' gives more",
        )
    return found


def told_core(case: Case, clash: Clash) -> Core:
    """Return a core with how its sentences contradict each other."""
    core = [case.suspects[one] for one in clash.selectors]
    return Core(
        minimal=clash.minimal,
        reasons=tuple(
            Reason(id=one.id, sentence=one.sentence, siblings=_siblings(case, one), policy=one.policy) for one in core
        ),
        steps=derivation(case, core),
        excluded=tuple(sentence for one in core for sentence in _excluded(case.problem, one)),
    )


def _siblings(case: Case, suspect: Suspect) -> tuple[ProjectName, ...]:
    """Return the other projects that require of the same dependency the same, however they spell it.

    Where policy has a word on it, they are those of which policy says the same.
    """
    rows = suspect.rows
    if rows is None:
        return ()
    same = _spelled(rows.lines)
    others = {
        one.rows.node[0]
        for one in case.suspects.values()
        if one.rows is not None
        and one.rows.dependency == rows.dependency
        and (suspect.word is None or one.word == suspect.word)
        and _spelled(one.rows.lines) == same
    }
    return tuple(sorted(others - {rows.node[0]}))


def _spelled(lines: Sequence[str]) -> list[tuple[str, str, str]]:
    parsed = [parse_requirement(text) for text in lines]
    return sorted((one.bounds.text, ",".join(one.extras), str(one.marker or "")) for one in parsed if one is not None)


def _excluded(problem: Problem, suspect: Suspect) -> list[str]:
    """Say which releases would meet what is asked for, or what no candidate meets, and are no candidates."""
    if suspect.asked is not None:
        project, lines = suspect.asked.project, [suspect.asked]
    elif suspect.rows is not None and not any(arc.allowed for arc in suspect.arcs):
        project = suspect.rows.dependency
        lines = [one for text in suspect.rows.lines if (one := parse_requirement(text)) is not None]
    else:
        return []
    by_reason: dict[tuple[str, str], list[str]] = {}
    extras = sorted({extra for one in lines for extra in one.extras})
    for name, text, reason in problem.ledger.excluded(project, extras, problem.question.members.get(project)):
        version = parse_version(text)
        if version is not None and not any(one.bounds.violated(version) for one in lines):
            by_reason.setdefault((name, reason), []).append(text)
    return [f"{name} {latest(texts)}: {reason}" for (name, reason), texts in by_reason.items()]
