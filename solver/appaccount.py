"""What does an application cost in the set, and what with private versions? Both sides, and a verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from normalize.targets import Target
from solver.candidates import Kind
from solver.compile import Problem, compile_problem
from solver.conflict import explain_conflict
from solver.decide import Decision, decide
from solver.describe import packages, relaxations, updates_first
from solver.effort import USUAL, Effort
from solver.graph import exclusive, reachable
from solver.holds import holds
from solver.ledger import Ledger
from solver.plan import Difference, Hold, Plan, Relaxation, UpdateFirst, Vendoring
from solver.planconflict import Conflict
from solver.planwords import RISKY
from solver.privateproblem import shared_values
from solver.privateset import PrivateSet, private_set
from solver.question import Question
from solver.rebuilds import rebuilds
from solver.seats import Seat, with_seat
from solver.sentences import listed
from solver.vendoring import vendoring


@dataclass(frozen=True, slots=True, kw_only=True)
class InSet:
    """What the set has to do for the application, compared with a set in which the application's bounds do not count.

    Attributes:
        own: relaxations of the application's own requirements.
        others: relaxations of others that only it makes necessary.
        held: holds that only it makes necessary; ``update_first`` likewise.
        moved: projects that are at another version because of it (``together``) than they would be (``without``).
        rebuilt: how many attributes are built again for that, at least.
        conflict: why no set can hold it; None where one can.
    """

    own: tuple[Relaxation, ...] = ()
    others: tuple[Relaxation, ...] = ()
    held: tuple[Hold, ...] = ()
    update_first: tuple[UpdateFirst, ...] = ()
    moved: tuple[Difference, ...] = ()
    rebuilt: int = 0
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What could leave ``python-packages.nix`` with the application.

    Attributes:
        free: the attributes that nothing else in this set uses.
        needed: those that no other application uses, but other attributes do: attribute -> those that use it.
        affected: everything that would break, directly or not, where all of them left.
        optional: those that an extra of another attribute brings: attribute -> whose; such an extra would be lost.
    """

    free: tuple[str, ...]
    needed: tuple[tuple[str, tuple[str, ...]], ...]
    affected: tuple[str, ...]
    optional: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Both sides for one application.

    Attributes:
        application, version: its name and its own version.
        python: the interpreter that it runs on; ``fixed`` whether its package fixes it.
        refused: interpreters of the set that cannot run it, each with the reason.
        known: whether it is known what it requires.
        in_set: what it costs in the set.
        private: what it would carry instead.
        leaving: what could leave the set with it.
        vendoring: what a solve without it gains, as plans tell it.
        verdict: ``keep`` it in the set, ``vendor``, or ``neither`` where both are impossible or nothing is known.
        reason: one sentence, which names the price.
    """

    application: str
    version: str
    python: str
    fixed: bool
    refused: tuple[tuple[str, str], ...]
    known: bool
    notes: tuple[str, ...]
    in_set: InSet
    private: PrivateSet
    leaving: Leaving
    vendoring: Vendoring
    verdict: Literal["keep", "vendor", "neither"]
    reason: str


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
    _plain: tuple[Problem, Decision, Plan] | None = None
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
        problem, decision, plan = self._solved(with_seat(self.question, seat), plain=seat.own or not seat.bounded)
        free = decision
        if seat.bounded:
            self.show(f"solving with {app.name}, free of its bounds")
            _, free, _ = self._solved(with_seat(self.question, seat, free=True), plain=False)
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
        self.show(f"solving for private versions of {app.name}")
        shared = shared_values(free) | {
            project: value for project, value in shared_values(decision).items() if project == seat.project
        }
        targets = tuple(dict.fromkeys(Target(python, one.system) for one in self.question.targets))
        private = private_set(with_seat(self.question, seat), seat, shared, targets, self.effort)
        in_set = self._in_set(seat, decision, free, plan)
        verdict, reason = judged(seat, in_set, without, private)
        return Account(
            application=app.name,
            version=app.version,
            python=python,
            fixed=app.python is not None,
            refused=tuple(refused),
            known=seat.known,
            notes=app.notes,
            in_set=in_set,
            private=private,
            leaving=self._leaving(seat, alone),
            vendoring=without,
            verdict=verdict,
            reason=reason,
        )

    def chosen(self, seat: Seat) -> Decision:
        """Return the best set that holds the application."""
        return self._solved(with_seat(self.question, seat), plain=seat.own or not seat.bounded)[1]

    def _solved(self, question: Question, *, plain: bool) -> tuple[Problem, Decision, Plan]:
        """Solve; a seat that asks for names alone changes nothing, so that one solve does for all such."""
        if plain and self._plain is not None:
            return self._plain
        problem = compile_problem(self.question if plain else question, self._ledger)
        decision = decide(problem, self.mode, self.effort, self.show)
        plan = Plan(
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
        if plain:
            self._plain = (problem, decision, plan)
        return problem, decision, plan

    def _in_set(self, seat: Seat, decision: Decision, free: Decision, plan: Plan) -> InSet:
        if plan.conflict is not None:
            return InSet(conflict=plan.conflict)
        known = {(one.project, one.dependency, one.specifier) for one in relaxations(free)}
        own = tuple(one for one in plan.relaxed if one.project == seat.project)
        if free is decision:
            return InSet(own=own)
        others = tuple(
            one
            for one in plan.relaxed
            if one.project != seat.project and (one.project, one.dependency, one.specifier) not in known
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


def judged(
    seat: Seat, in_set: InSet, without: Vendoring, private: PrivateSet
) -> tuple[Literal["keep", "vendor", "neither"], str]:
    """Weigh both sides; the reason never leaves the price out."""
    price = priced(private)
    if not seat.known:
        return "neither", "what it requires is not in the dataset, so nothing can be judged"
    if private.conflict is not None:
        if in_set.conflict is not None:
            return "neither", "it contradicts itself: neither the set nor private versions satisfy it"
        if in_set.own:
            return "keep", "private versions cannot satisfy it either, so its own requirements have to be relaxed"
        return "keep", "private versions cannot satisfy what it uses either; in the set it costs nothing"
    if in_set.conflict is not None:
        return "vendor", f"no set can hold it; {price}"
    forced = _forced(in_set)
    if forced:
        return "vendor", f"in the set it costs others {forced}; {price}"
    gained = [*(f"{one.project} {one.without}" for one in without.newer)]
    gained += [f"{one.project} unrelaxed" for one in without.coherent]
    if gained:
        more = " and more" if len(gained) > _SHOWN else ""
        return "vendor", f"without it the shared set gains {', '.join(gained[:_SHOWN])}{more}; {price}"
    if without.unsupported:
        names = ", ".join(f"{project} {version}" for project, version, _ in without.unsupported[:_SHOWN])
        return "vendor", f"its interpreter cannot run {names}; {price}"
    if in_set.own:
        number = len(in_set.own)
        risky = sum(one.risk in RISKY for one in in_set.own)
        today = ", which nixpkgs has today" if all(one.already for one in in_set.own) else ""
        what = f"{number} relaxation{'s' * (number != 1)} of its own ({risky or 'none'} risky{today})"
        return "keep", f"it needs {what} and costs nobody else anything; without relaxing, {price}"
    if private.versions:
        return "keep", f"it costs the shared set nothing; to obey every bound around it, {price}"
    return "keep", "it costs the shared set nothing and every bound around it holds"


_SHOWN = 3


def _forced(in_set: InSet) -> str:
    counts = (
        (len(in_set.held), "hold"),
        (len(in_set.others), "relaxation"),
        (len(in_set.update_first), "violated lower part"),
        (len({one.project for one in in_set.moved} - {one.project for one in in_set.held}), "other version"),
    )
    told = [f"{number} {what}{'s' * (number != 1)}" for number, what in counts if number]
    return listed(told) if told else ""


def priced(private: PrivateSet) -> str:
    """Say what private versions cost: each is one more to patch, and all around them is built once more."""
    versions, builds = len(private.versions), private.builds
    if not versions:
        return "no private version is needed"
    one = versions == 1
    return (
        f"the price is {versions} private version{'s' * (not one)}, {'' if one else 'each '}"
        f"one more to patch, and {builds} build{'s' * (builds != 1)} beside its own"
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
