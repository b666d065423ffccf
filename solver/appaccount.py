"""What does an application cost in the set, and what with private versions? Both sides, and a verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from normalize.projects import ProjectName
from normalize.targets import Target
from solver.appvalues import Account, InSet, Leaving
from solver.candidates import Kind
from solver.compile import Problem, compile_problem
from solver.conflict import explain_conflict
from solver.decide import Decision, decide
from solver.describe import packages, relaxations, updates_first
from solver.effort import USUAL, Effort
from solver.graph import exclusive, reachable
from solver.holds import holds
from solver.ledger import Ledger
from solver.plan import Difference, Plan
from solver.privateproblem import runs, shared_values, strict_question
from solver.privateset import private_set
from solver.privateversions import PrivateSet
from solver.question import Question
from solver.rebuilds import rebuilds
from solver.seats import Seat, with_seat
from solver.sentences import listed
from solver.vendoring import vendoring
from solver.verdict import judged


@dataclass(slots=True)
class Accountant:
    """Solves for one application after another; what they share is worked out once.

    Args:
        question: with a seat for each of them (:func:`solver.seats.take_seats`), none of them taken.
        seats: of all known applications, because what only one uses depends on the others.
        mode: the order of the goals.
    """

    question: Question
    seats: Sequence[Seat]
    mode: str
    effort: Effort = USUAL
    show: Callable[[str], None] = lambda _: None
    _ledger: Ledger = field(init=False)
    _known: dict[str, tuple[Problem, Decision, Plan]] = field(default_factory=dict)
    _strict: dict[tuple[Target, ...], Ledger] = field(default_factory=dict)
    _alone: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Find what only one application uses."""
        self._ledger = Ledger(self.question)
        graph = {one.name: one.dependencies for one in self.question.current.attributes}
        uses = {f"({seat.name})": _roots(seat) for seat in self.seats}
        self._alone = exclusive(graph, uses)

    def account(self, seat: Seat, python: str, refused: Sequence[tuple[str, str]] = ()) -> Account:
        """Return both sides for one application.

        Args:
            seat: its seat.
            python: the interpreter that it runs on.
            refused: interpreters that cannot run it, with the reason.
        """
        app = seat.demand.application
        self.show(f"solving with {app.name}")
        problem, decision, plan = self._with(seat)
        free = plain = decision
        if seat.bounded:
            self.show(f"solving with {app.name}, free of its bounds")
            _, free, _ = self._solved(with_seat(self.question, seat, free=True))
        graph = {one.name for one in self.question.current.attributes}
        alone = tuple(name for name in self._alone[f"({app.name})"] if name in graph)
        self.show(f"solving without {app.name}")
        standing = replace(app, dependencies=tuple(sorted(set(_roots(seat)) & graph)), attribute=_root(seat, problem))
        gone = alone if seat.own else (*alone, seat.attribute.name)
        without = vendoring(problem, plan, self.mode, standing, gone)
        without = replace(
            without,
            python=app.python,
            exclusive=alone,
            uses=without.uses - (standing.attribute == seat.attribute.name and not seat.own),
        )
        if without.unsupported:
            self.show(f"solving with {app.name} on Python {python}")
            names = {project for project, _, _ in without.unsupported} | self._used(seat)
            decision, plan = self._limited(problem, names, python)
        self.show(f"solving for private versions of {app.name}")
        mine = shared_values(plain).get(seat.project)
        shared = shared_values(free) | ({} if mine is None else {seat.project: mine})
        targets = tuple(dict.fromkeys(Target(python, one.system) for one in self.question.targets))
        strict = self._strictly(targets)
        private = private_set(with_seat(self.question, seat), seat, shared, targets, self.effort, ledger=strict)
        in_set = self._in_set(seat, decision, free, plan)
        verdict, reason = judged(seat, in_set, without, private)
        return Account(
            application=app.name,
            version=app.version,
            python=python,
            fixed=app.python is not None,
            refused=tuple(refused),
            known=seat.known,
            notes=(*app.notes, *self._missing(seat), *self._assumed(private)),
            in_set=in_set,
            private=private,
            leaving=self._leaving(seat, alone),
            vendoring=without,
            verdict=verdict,
            reason=reason,
        )

    def chosen(self, seat: Seat) -> Decision:
        """Return the best set that holds the application."""
        return self._with(seat)[1]

    def _with(self, seat: Seat) -> tuple[Problem, Decision, Plan]:
        """Solve with the application; one that asks for names alone changes nothing, so that one solve does for all."""
        plain = seat.own or not seat.bounded
        name = "" if plain else seat.name
        if name not in self._known:
            self._known[name] = self._solved(self.question if plain else with_seat(self.question, seat))
        return self._known[name]

    def _strictly(self, targets: tuple[Target, ...]) -> Ledger:
        """Return what is worked out of the set in which nothing is relaxed, once for all applications."""
        if targets not in self._strict:
            self._strict[targets] = Ledger(strict_question(self.question, targets), known_ties=self._ledger.ties())
        return self._strict[targets]

    def _solved(self, question: Question) -> tuple[Problem, Decision, Plan]:
        problem = compile_problem(question, self._ledger)
        decision = decide(problem, self.mode, self.effort, self.show)
        return problem, decision, self._plan(decision)

    def _plan(self, decision: Decision) -> Plan:
        return Plan(
            status="conflict" if decision.broken else "optimal" if decision.proven else "feasible",
            mode=self.mode,
            targets=tuple(map(str, self.question.targets)),
            dataset=(),
            levels=decision.levels,
            packages=packages(decision),
            relaxed=relaxations(decision),
            held=holds(decision),
            update_first=updates_first(decision),
            conflict=explain_conflict(decision, self.mode, self.effort) if decision.broken else None,
        )

    def _limited(self, problem: Problem, names: set[ProjectName], python: str) -> tuple[Decision, Plan]:
        """Solve with releases that an interpreter can run, of these projects, wherever they have any."""
        targets = (Target(python, self.question.targets[0].system),)
        unary = dict(problem.unary)
        for node, values in problem.values.items():
            able = [runs(value, targets) for value in values]
            if node[0] in names and not node[1] and any(able):
                unary[node] = [
                    cost if one else (cost[0] + 1, *cost[1:]) for cost, one in zip(unary[node], able, strict=True)
                ]
        decision = decide(replace(problem, unary=unary), self.mode, self.effort, self.show)
        return decision, self._plan(decision)

    def _used(self, seat: Seat) -> set[ProjectName]:
        by_name = {one.name: one for one in self.question.current.attributes}
        graph = {name: one.dependencies for name, one in by_name.items()}
        found = (by_name[name].project for name in reachable(graph, _roots(seat)) if name in by_name)
        return {project for project in found if project is not None}

    def _in_set(self, seat: Seat, decision: Decision, free: Decision, plan: Plan) -> InSet:
        if plan.conflict is not None:
            return InSet(conflict=plan.conflict)
        known = {(one.project, one.dependency, one.specifier) for one in relaxations(free)}
        own = tuple(one for one in plan.relaxed if one.project in seat.itself)
        if free is decision:
            return InSet(own=own)
        others = tuple(
            one
            for one in plan.relaxed
            if one.project not in seat.itself and (one.project, one.dependency, one.specifier) not in known
        )
        held = {one.project for one in holds(free)}
        late = {(one.project, one.dependency) for one in updates_first(free)}
        moved = _moved(decision, free)
        names = {one.project: one.attribute for one in plan.packages}
        changed = {names[one.project] for one in moved if one.project in names}
        changed |= {one.attribute for one in others if not one.already}
        members = {one.name for one in self.question.current.attributes}
        return InSet(
            own=own,
            others=others,
            held=tuple(one for one in plan.held if one.project not in held | {seat.project}),
            update_first=tuple(one for one in plan.update_first if (one.project, one.dependency) not in late),
            moved=moved,
            rebuilt=rebuilds(self.question.current, changed & members, self.question.targets).attributes
            if changed & members
            else 0,
        )

    def _missing(self, seat: Seat) -> tuple[str, ...]:
        app = seat.demand.application
        graph = {one.name for one in self.question.current.attributes}
        names = [name for name in (*app.dependencies, *([app.attribute] if app.attribute else [])) if name not in graph]
        return (f"this set does not have {listed(names)}, so nothing counts of what it requires",) if names else ()

    def _assumed(self, private: PrivateSet) -> tuple[str, ...]:
        """Say which private versions are compared with versions that the set has only if it keeps up."""
        members = self.question.members
        names = [one.project for one in private.versions if one.project not in members and one.shared is not None]
        if not names:
            return ()
        those = "their newest candidates that fit" if len(names) > 1 else "its newest candidate that fits"
        return (f"this set does not have {listed(names)}, and is taken to have {those}",)

    def _leaving(self, seat: Seat, alone: Sequence[str]) -> Leaving:
        leaving, root = set(alone), seat.attribute.name
        attributes = [one for one in self.question.current.attributes if one.name not in leaving | {root}]
        users: dict[str, list[str]] = {}
        optional: dict[str, list[str]] = {}
        for one in attributes:
            for name in one.dependencies:
                users.setdefault(name, []).append(one.name)
            for name in {name for _, several in one.optional_dependencies for name in several} & leaving:
                optional.setdefault(name, []).append(one.name)
        affected = reachable(users, leaving) - leaving
        kept = reachable({one.name: one.dependencies for one in self.question.current.attributes}, affected)
        return Leaving(
            free=tuple(sorted(leaving - kept)),
            needed=tuple((name, tuple(sorted(users.get(name, ())))) for name in sorted(leaving & kept)),
            affected=tuple(sorted(affected)),
            optional=tuple((name, tuple(sorted(who))) for name, who in sorted(optional.items())),
        )


def _moved(decision: Decision, free: Decision) -> tuple[Difference, ...]:
    found = []
    for node, i in decision.choice.items():
        if node[1] or node not in free.choice:
            continue
        value, other = decision.problem.values[node][i], free.value(node)
        if value.kind is Kind.ABSENT or other.kind is Kind.ABSENT or value.text == other.text:
            continue
        found.append(Difference(project=node[0], together=value.text or "", without=other.text or ""))
    return tuple(found)


def _roots(seat: Seat) -> tuple[str, ...]:
    app = seat.demand.application
    if app.attribute is not None:
        return (app.attribute, *app.dependencies)
    return app.dependencies or seat.attribute.dependencies


def _root(seat: Seat, problem: Problem) -> str | None:
    names = {one.name for one in problem.question.current.attributes}
    return seat.attribute.name if seat.attribute.name in names else None
