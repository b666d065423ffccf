"""What would allow a set? Ways out of a conflict, each solved again before it is suggested."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from normalize.projects import ProjectName
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Part
from solver.candidates import Kind
from solver.compile import ASKED, Problem, compile_problem
from solver.decide import Decision, decide
from solver.edges import NO_EXTRA, Edge
from solver.effort import Effort
from solver.entryremedy import PRICES, dearest, entry_of, entry_remedy, without_entries
from solver.planconflict import Fix, Remedy, RemedyKind
from solver.question import Question
from solver.reasons import Case, Suspect
from solver.whatif import Rows, relaxed, without

MOST_FIXES = 6
"""So many ways out are suggested; nobody reads more, and each is a solve."""

_ASKED, _POLICY, _UPSTREAM = 30, 35, 100
"""In which order ways out are told: what is in the user's hands before what is risky, what others must do last."""

Try = tuple[RemedyKind, Suspect]


Again = Callable[[Question, Callable[[Problem], Problem]], Decision]
"""Decides a question anew, about the problem that an edit makes of its problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """How the decision that broke something was found, and how to look for others.

    Attributes:
        again: what solves again; None for a whole solve in the mode.
    """

    problem: Problem
    mode: str
    effort: Effort
    show: Callable[[str], None] = lambda _: None
    again: Again | None = None


def price_of(case: Case, suspect: Suspect) -> int:
    """Return what removing a sentence counts in the order of the ways out."""
    if suspect.rows is None:
        return _ASKED if suspect.asked is not None else _POLICY
    if suspect.word is not None and suspect.word.decides:
        return _POLICY
    edges = _edges(case.problem, suspect.rows)
    risks = case.problem.ledger.risks
    found = []
    for value in case.problem.values[suspect.rows.dependency, NO_EXTRA]:
        if value.version is not None:
            parts = [(edge, edge.bounds.violated(value.version)) for edge in edges]
            if not any(Part.LOWER in violated for _, violated in parts):
                found += [PRICES[risks.classify(edge, value.version).name] for edge, bad in parts if bad]
    return min(found, default=_UPSTREAM)


def verified_fixes(repair: Repair, case: Case, corrections: Sequence[Sequence[Suspect]]) -> tuple[Fix, ...]:
    """Return the ways out that solving again has shown to be ways out, cheapest first.

    Args:
        repair: the problem that cannot be satisfied.
        case: its sentences.
        corrections: minimal sets of sentences without which the others can hold.
    """
    found: dict[frozenset[tuple[RemedyKind, object]], tuple[int, Fix]] = {}
    for suspects in corrections:
        done = False
        for tries in _tries(suspects):
            if done and not any(kind == "upstream" for kind, _ in tries):
                continue  # giving up more than it takes is no better way out
            repair.show("solving without what contradicts")
            decision = _solved(repair, tries)
            if decision is None or decision.broken:
                continue
            done = True
            remedies = _remedies(decision, tries)
            fix = Fix(remedies=remedies, versions=_versions(decision, suspects, case))
            found.setdefault(_given_up(tries), (sum(_price(one) for one in remedies), fix))
    least = [(*one, up) for up, one in found.items() if not any(other < up for other in found)]
    ordered = sorted(least, key=lambda one: (one[0], [remedy.sentence for remedy in one[1].remedies]))
    return tuple(fix for _, fix, _ in ordered)[:MOST_FIXES]


def _given_up(tries: Sequence[Try]) -> frozenset[tuple[RemedyKind, object]]:
    """Return what a way out gives up: an entry of the policy on many requirements is one thing."""
    return frozenset((kind, entry_of(suspect) if kind == "policy" else suspect.id) for kind, suspect in tries)


def _remedies(decision: Decision, tries: Sequence[Try]) -> tuple[Remedy, ...]:
    found: list[Remedy] = []
    done: set[object] = set()
    for kind, suspect in tries:
        entry = entry_of(suspect) if kind == "policy" else None
        if entry is None or entry not in done:
            found.append(_remedy(decision, kind, suspect))
            done.add(entry)
    return tuple(found)


def _tries(suspects: Sequence[Suspect]) -> list[tuple[Try, ...]]:
    """Return the ways to remove these sentences: as little of each as may do, then with a new release of others."""
    mild = [one for suspect in suspects for one in _mild(suspect)]
    full: list[Try] = []
    for suspect in suspects:
        full += [("upstream", suspect)] if suspect.rows is not None else _mild(suspect)
    dropped: list[Try] = [("drop" if kind == "loosen" else kind, suspect) for kind, suspect in full]
    return list(dict.fromkeys(map(tuple, (mild, full, dropped))))


def _mild(suspect: Suspect) -> list[Try]:
    """Return what removes as little of a sentence as may do. What policy forbids is never relaxed as such."""
    if suspect.asked is not None:
        return [("loosen" if len(suspect.asked.specifier) else "drop", suspect)]
    if suspect.entry is not None:
        return [("policy", suspect)]
    word = suspect.word
    if word is None or not (word.decides or word.forbids):
        return [("relax", suspect)]
    return [("policy", suspect)] if word.decides else [("policy", suspect), ("relax", suspect)]


def _price(remedy: Remedy) -> int:
    if remedy.kind == "relax":
        return PRICES.get(remedy.risk or "", _UPSTREAM)
    if remedy.kind == "policy":
        return _POLICY + PRICES.get(remedy.risk or "", 0)
    return {"loosen": _ASKED, "drop": _ASKED + 2}.get(remedy.kind, _UPSTREAM)


def _solved(repair: Repair, tries: Sequence[Try]) -> Decision | None:
    """Solve again without the sentences; None where that cannot be asked."""
    question = repair.problem.question
    asked: list[Requirement] = []
    gone = {suspect.asked: kind for kind, suspect in tries if suspect.asked is not None}
    for requirement in question.asked:
        if requirement not in gone:
            asked.append(requirement)
        elif gone[requirement] == "loosen" and (loose := _loose(requirement)) is not None:
            asked.append(loose)
    if question.asked and not asked:
        return None
    entries = {entry for kind, suspect in tries if kind == "policy" and (entry := entry_of(suspect)) is not None}
    policy = without_entries(question.policy, entries)
    changed = replace(question, asked=tuple(asked), policy=policy) if gone or entries else question

    def edit(problem: Problem) -> Problem:
        for kind, suspect in tries:
            if suspect.rows is not None and kind != "policy":
                problem = relaxed(problem, suspect.rows) if kind == "relax" else without(problem, suspect.rows)
        return problem

    if repair.again is not None:
        return repair.again(changed, edit)
    problem = repair.problem
    if changed is not question:
        ledger = problem.ledger if problem.ledger.serves(changed) else None
        problem = compile_problem(changed, ledger)
    return decide(edit(problem), repair.mode, repair.effort)


def _loose(requirement: Requirement) -> Requirement | None:
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    return parse_requirement(f"{requirement.name}{extras}")


def _remedy(decision: Decision, kind: RemedyKind, suspect: Suspect) -> Remedy:
    if suspect.asked is not None:
        text = suspect.asked.text
        project = suspect.asked.project
        at = decision.choice.get((project, NO_EXTRA))
        version = None if at is None else decision.problem.values[project, NO_EXTRA][at].text
        wider = (
            f"widen {text} to allow {project} {version}" if version else f"widen {text}: {project} is not needed then"
        )
        said = wider if kind == "loosen" else f"do not ask for {text}"
        return Remedy(kind=kind, reason=suspect.id, sentence=said)
    entry = entry_of(suspect) if kind == "policy" else None
    if entry is not None:
        return entry_remedy(decision, suspect.id, entry)
    assert suspect.rows is not None
    return _edge_remedy(decision, kind, suspect.id, suspect.rows)


def _edge_remedy(decision: Decision, kind: RemedyKind, reason: str, rows: Rows) -> Remedy:
    problem = decision.problem
    node = (rows.dependency, NO_EXTRA)
    met = decision.value(node) if node in decision.choice else None
    name = f"{rows.node[0]}[{rows.node[1]}]" if rows.node[1] else str(rows.node[0])
    wanted = " and ".join(rows.lines)
    there = met is not None and met.kind is not Kind.ABSENT and met.text is not None
    if kind == "upstream":
        said = f"accepts {rows.dependency} {met.text}" if there and met is not None else f"does not require {wanted}"
        return Remedy(kind=kind, reason=reason, sentence=f"a release of {name} that {said}")
    depender = decision.value((rows.node[0], NO_EXTRA))
    risks = []
    if met is not None and met.version is not None and depender.text in rows.texts:
        risks = [
            problem.ledger.risks.classify(edge, met.version).name
            for edge in _edges(problem, rows, depender.text)
            if edge.bounds.violated(met.version)
        ]
    risk = dearest(risks)
    version = f" {depender.text}" if depender.text else ""
    against = f" and let it meet {rows.dependency} {met.text}" if there and met is not None else ""
    return Remedy(kind=kind, reason=reason, sentence=f"relax {wanted} of {name}{version}{against}", risk=risk)


def _edges(problem: Problem, rows: Rows, version: str | None = None) -> tuple[Edge, ...]:
    """Return the edges of the newest of the releases, or of one of them."""
    values = problem.values.get(rows.node, ())
    for i in range(len(values) - 1, -1, -1):
        if values[i].text in rows.texts and version in (None, values[i].text):
            return problem.edges[rows.node][i].get(rows.dependency, ())
    return ()


def _versions(decision: Decision, suspects: Sequence[Suspect], case: Case) -> tuple[tuple[ProjectName, str], ...]:
    """Return the versions of what was asked for and of what the sentences are about."""
    projects = {one.project for one in case.problem.question.asked}
    for suspect in suspects:
        projects |= {node[0] for arc in suspect.arcs for node in (arc.node, arc.other) if node != ASKED}
    found = []
    for project in sorted(projects):
        node = (project, NO_EXTRA)
        text = decision.value(node).text if node in decision.choice else None
        if text is not None:
            found.append((project, text))
    return tuple(found)
