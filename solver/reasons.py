"""Which sentences can be to blame where no set exists? What is asked for, requirements, and entries of the policy."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from normalize.projects import ProjectName
from normalize.requirements import Requirement
from solver.candidates import Kind, meets
from solver.compile import ASKED, Problem, compile_problem
from solver.decide import Decision
from solver.edges import NO_EXTRA, Edge, Node
from solver.effort import USUAL, Effort
from solver.ledger import Ledger
from solver.policy import NARROWING, ProjectOverride
from solver.policyword import Word, word_on, would_meet
from solver.sat import Engine, make_engine
from solver.sentences import listed, stable_id
from solver.whatif import Rows, sharing, texts_of

BROKEN = 0
"""The position of the level ``broken`` in costs."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A value of a node leaves another node only some of its values."""

    node: Node
    index: int
    other: Node
    allowed: frozenset[int]


@dataclass(slots=True, kw_only=True, eq=False)
class Suspect:
    """One sentence that must hold; one of ``asked``, ``rows`` and ``entry`` says what it is.

    Attributes:
        word: policy's word on the rows, or None where it has none that counts.
        arcs: what it forbids; an entry of the policy forbids values by themselves, as arcs from the user's node.
    """

    id: str
    sentence: str
    asked: Requirement | None = None
    rows: Rows | None = None
    entry: ProjectOverride | None = None
    word: Word | None = None
    arcs: list[Arc] = field(default_factory=list)

    @property
    def policy(self) -> str:
        """Return the reason of the policy's entry that the sentence rests on, or "" for none."""
        if self.entry is not None:
            return self.entry.reason
        return "" if self.word is None else self.word.entry.reason


@dataclass(frozen=True, slots=True)
class Case:
    """All sentences that must hold, as a formula: every project has one value, and each selector is a sentence.

    Attributes:
        problem: what was decided, with all candidates that entries of the policy take away.
        suspects: by selector.
        ties: arcs that keep extras at the version of their project; nobody is to blame for them.
    """

    problem: Problem
    engine: Engine
    suspects: dict[int, Suspect]
    ties: tuple[Arc, ...]


def make_case(problem: Problem, effort: Effort = USUAL) -> Case:
    """Return the sentences of a problem that cannot be satisfied; the effort says which engine, and when to stop."""
    entries = [
        one
        for one in problem.question.policy.projects
        if one.action in NARROWING and (one.project, NO_EXTRA) in problem.values
    ]
    if entries:
        policy = problem.question.policy
        wide = replace(policy, projects=tuple(one for one in policy.projects if one not in entries))
        problem = compile_problem(replace(problem.question, policy=wide))
    picks: dict[Node, range] = {}
    engine = make_engine(effort.engine, effort.stop)
    count = 0
    for node, values in problem.values.items():
        picks[node] = range(count + 1, count + 1 + len(values))
        count += len(values)
        engine.add(picks[node])
        for k, a in enumerate(picks[node]):
            for b in picks[node][:k]:
                engine.add([-a, -b])
    ties: list[Arc] = []
    found = [*_asked(problem), *_required(problem, ties), *(_entry(problem, one) for one in entries)]
    suspects = dict(enumerate(found, count + 1))
    clauses = _Clauses(picks)
    for selector, suspect in suspects.items():
        for arc in suspect.arcs:
            engine.add([-selector, *clauses.of(arc)])
    for arc in ties:
        engine.add(clauses.of(arc))
    return Case(problem, engine, suspects, tuple(ties))


class _Clauses:
    """What arcs say as clauses; releases that require the same share what they allow, which is spelled once."""

    def __init__(self, picks: dict[Node, range]) -> None:
        self._picks = picks
        self._known: dict[tuple[Node, int], list[int]] = {}

    def of(self, arc: Arc) -> list[int]:
        """Return the clause of an arc."""
        key = (arc.other, id(arc.allowed))  # the arcs keep what they allow
        allowed = self._known.get(key)
        if allowed is None:
            allowed = self._known[key] = [self._picks[arc.other][j] for j in sorted(arc.allowed)]
        return allowed if arc.node == ASKED else [-self._picks[arc.node][arc.index], *allowed]


def _asked(problem: Problem) -> Iterator[Suspect]:
    for requirement in dict.fromkeys(problem.question.asked):
        arcs = []
        for extra in (NO_EXTRA, *requirement.extras):
            other = (requirement.project, extra)
            if other in problem.values:
                met = (j for j, value in enumerate(problem.values[other]) if meets(value, requirement))
                arcs.append(Arc(ASKED, 0, other, frozenset(met)))
        yield Suspect(
            id=stable_id("", "", requirement.project, requirement.bounds.text),
            sentence=f"{requirement.text} is asked for",
            asked=requirement,
            arcs=arcs,
        )


def _required(problem: Problem, ties: list[Arc]) -> Iterator[Suspect]:
    """Yield the requirements that some choice would break; equal ones of one project's releases are one suspect.

    They are equal where policy has the same word on them. No line is in two suspects of a release: what a version of a
    project is forbidden by, and what wants an extra of it, is one where it rests on a line in common.
    """
    found = defaultdict[tuple[Node, ProjectName, tuple[str, ...], str], dict[int, list[Arc]]](dict)
    words: dict[tuple[Node, ProjectName, tuple[str, ...], str], Word] = {}
    for (node, other), table in problem.tables.items():
        if node == ASKED:
            continue
        left = {id(row): frozenset([j for j, cost in enumerate(row) if not cost[BROKEN]]) for row in table}
        hard = _hard(problem, node, other)
        told: dict[tuple[int, bool], tuple[str, ...]] = {}
        for i, row in enumerate(table):
            allowed = left[id(row)]
            if len(allowed) == len(row):
                continue
            there = problem.lines[node][i].get(other[0], ()) if other != (node[0], NO_EXTRA) else ()
            at = (id(there), i in hard)
            if at not in told:
                told[at] = texts_of(there if i in hard else sharing(there, other[1]), (other[0], NO_EXTRA))
            lines = told[at]
            arc = Arc(node, i, other, allowed)
            if lines:
                word = word_on(problem, node, i, there)
                key = (node, other[0], lines, "" if word is None else f"{word.entry.scope}{word.clause}")
                found[key].setdefault(i, []).append(arc)
                if word is not None and (word.decides or key not in words):
                    words[key] = word
            else:
                ties.append(arc)
    for key, by_row in sorted(found.items()):
        node, dependency, lines, _ = key
        texts = [problem.values[node][i].text or "?" for i in by_row]
        word = words.get(key)
        yield Suspect(
            id=stable_id(node[0], ",".join(texts), dependency, *lines),
            sentence=_sentence(problem, node, texts, lines) + ("" if word is None else word.clause),
            rows=Rows(node, dependency, frozenset(texts), lines),
            word=word,
            arcs=[arc for arcs in by_row.values() for arc in arcs],
        )


def _hard(problem: Problem, node: Node, other: Node) -> frozenset[int]:
    """Return the values of a node of which all lines on the other's project forbid some version of it together."""
    if not other[1]:
        return frozenset(range(len(problem.values[node])))
    table = problem.tables.get((node, (other[0], NO_EXTRA))) if other[0] != node[0] else None
    if table is None:
        return frozenset()
    broken = {id(row): any(cost[BROKEN] for cost in row) for row in table}
    return frozenset(i for i, row in enumerate(table) if broken[id(row)])


def _sentence(problem: Problem, node: Node, versions: Sequence[str], lines: Sequence[str]) -> str:
    wanted = " and ".join(lines)
    extra = f"[{node[1]}]" if node[1] else ""
    every = len(versions) == sum(value.kind is not Kind.ABSENT for value in problem.values[node])
    if every and len(versions) > 1:
        return f"every candidate of {node[0]}{extra} ({versions[0]} to {versions[-1]}) requires {wanted}"
    return f"{node[0]}{extra} {listed(versions)} {'requires' if len(versions) == 1 else 'require'} {wanted}"


def _entry(problem: Problem, entry: ProjectOverride) -> Suspect:
    node = (entry.project, NO_EXTRA)
    policy = replace(problem.question.policy, projects=(entry,))
    member = problem.question.members.get(entry.project)
    left = Ledger(replace(problem.question, policy=policy)).domain(entry.project, member).values
    texts = {value.text for value in left}
    allowed = frozenset(j for j, value in enumerate(problem.values[node]) if value.text in texts)
    verb = {"pin": "pins", "hold": "holds", "exclude": "excludes"}[entry.action]
    return Suspect(
        id=stable_id("policy", entry.action, entry.project, str(entry.versions)),
        sentence=f"policy {verb} {entry.project}{entry.versions}: {entry.reason}",
        entry=entry,
        arcs=[Arc(ASKED, 0, node, allowed)],
    )


def violated(decision: Decision) -> tuple[str, ...]:
    """Return the requirements that a decision breaks although no plan may, as sentences."""
    problem = decision.problem
    found: set[str] = set()
    for (node, other), table in problem.tables.items():
        i, j = decision.choice[node], decision.choice[other]
        if table[i][j][BROKEN]:
            edges: tuple[Edge, ...] = problem.edges[node][i].get(other[0], ())
            chosen = problem.values[other][j]
            met = f"{other[0]} {chosen.text}" if chosen.kind is not Kind.ABSENT else f"no release of {other[0]}"
            broken = [edge for edge in edges if chosen.version is None or edge.bounds.violated(chosen.version)]
            found.update(would_meet(edge, chosen.version, met) for edge in broken)
    return tuple(sorted(found))
