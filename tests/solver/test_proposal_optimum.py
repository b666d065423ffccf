"""A proposal is the best of all choices, priced with packaging alone from what is worse than today."""

from dataclasses import replace
from itertools import product

from drawn import universes
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from packaging.requirements import Requirement

from normalize.errors import UsageError
from solver.candidates import Kind, meets
from solver.compile import ASKED, compile_problem
from solver.levels import LEVELS
from solver.neighbourhood import Neighbourhood
from solver.request import meant
from solver.scope import Scope
from solver.statusquo import StatusQuo

REQUESTS = ("a", "b", "c", "a==2.0", "b>=2", "a<3", "c>=3", "b==1.0", "a>1", "d", "a[x]>=2")
SHOWN = ("broken", "update_first", "risky", "unaligned", "changed", "staleness", "cheap")


class Difference(Oracle):
    """Prices a choice by what is worse than today."""

    def __init__(self, problem, quo):
        super().__init__(problem)
        self.quo = quo

    def now(self, project):
        return self.quo.value((project, ""))

    def cost(self, choice):
        costs = self.moves(choice)
        extras = self.extras(choice)
        for project, value in choice.items():
            for extra in ("", *sorted(extras[project])):
                for name, lines in self.pairs(value, project, extra).items():
                    after = self.pair((project, value, extra), name, lines, choice[name])
                    if (project, extra) in self.quo.values:
                        before = self.before(project, extra, name)
                        after = {level: max(0, after[level] - before[level]) for level in after}
                    for level, price in after.items():
                        costs[level] += price
        return costs

    def moves(self, choice):
        """Return what each project's own version costs."""
        costs = dict.fromkeys(self.zero(), 0)
        for project, value in choice.items():
            at = self.problem.values[project, ""]
            if value.kind is not Kind.ABSENT:
                costs["staleness"] += (len(at) - 1 - self.place(project, value)) * (1 + self.quo.dependents(project))
            costs["changed"] += not same(value, self.now(project))
        return costs

    def place(self, project, value):
        return next(i for i, one in enumerate(self.problem.values[project, ""]) if same(one, value))

    def before(self, project, extra, name):
        """Return what a project's requirements on another cost today."""
        now = next(one for one in self.problem.values[project, ""] if same(one, self.now(project)))
        met = next(one for one in self.problem.values[name, ""] if same(one, self.now(name)))
        lines = self.pairs(now, project, extra).get(name)
        return self.pair((project, now, extra), name, lines, met) if lines else dict.fromkeys(self.zero(), 0)

    @staticmethod
    def zero():
        return (*SHOWN, "rank", "name")

    def extras(self, choice):
        extras = {project: set() for project in choice}
        for _ in range(10):
            for project, value in choice.items():
                for extra in ("", *sorted(extras[project])):
                    for requirement, name, _ in self.lines(value, project, extra):
                        if choice[name].kind is not Kind.ABSENT or name == project:
                            extras[name] |= set(requirement.extras)
        return extras

    def pairs(self, value, project, extra):
        found = {}
        for requirement, name, action in self.lines(value, project, extra):
            if name != project:
                found.setdefault(name, []).append((requirement, action))
        return found

    def pair(self, source, name, lines, met):
        project, _, extra = source
        costs = dict.fromkeys(self.zero(), 0)
        costs["unaligned"] += not extra and self.unaligned(project, name, lines, met.version)
        self.price_pair(source, (name, met), lines, costs)
        return costs

    def least(self, asked, *, back):
        """Return the levels of the best choice that meets what is asked for, compared with today, without the ties."""
        nodes = [node for node in self.projects if node[0]]
        costs = [
            self.cost({node[0]: value for node, value in zip(nodes, values, strict=True)})
            for values in product(*(self.allowed(node, asked, back=back) for node in nodes))
        ]
        best = dict(zip(SHOWN, min(tuple(one[level] for level in SHOWN) for one in costs), strict=True))
        now = self.cost({node[0]: self.now(node[0]) for node in nodes})
        assert {level: price for level, price in now.items() if price and level != "staleness"} == {}
        return best | {"staleness": best["staleness"] - now["staleness"]}

    def allowed(self, node, asked, *, back):
        values = self.problem.values[node]
        if node[0] != asked.project:
            at = next(i for i, one in enumerate(values) if same(one, self.now(node[0])))
            return values if back or self.now(node[0]).kind is Kind.ABSENT else values[at:]
        return [
            one
            for one in values
            if one.kind is not Kind.ABSENT
            and (one.version is None or Requirement(asked.text).specifier.contains(one.version, prereleases=True))
        ]


class Planned(Difference):
    """Prices a choice by what a plan would price worse than today; for universes without extras."""

    def cost(self, choice):
        costs = self.moves(choice)
        for (node, other), table in self.problem.tables.items():
            if node != ASKED:
                after, before = (
                    table[self.place(node[0], values[0])][self.place(other[0], values[1])]
                    for values in ((choice[node[0]], choice[other[0]]), (self.now(node[0]), self.now(other[0])))
                )
                for level, one, today in zip(LEVELS, after, before, strict=True):
                    costs[level] += max(0, one - today)
        return costs


def same(one, other):
    """Return whether two values are the same, whichever ledger made them."""
    return (one.kind, one.text, one.current) == (other.kind, other.text, other.current)


def behind(hood, node, value):
    """Return how many candidates of a project are newer; an absent one is behind none."""
    values = hood.domain(node[0]).values
    at = next(i for i, one in enumerate(values) if one is value)
    return 0 if value.kind is Kind.ABSENT else len(values) - 1 - at


@settings(max_examples=60)
@given(universes(), st.sampled_from(REQUESTS), st.booleans())
def test_no_choice_is_better(question, text, back):
    agrees(question, text, Difference, back=back)


@settings(max_examples=40)
@given(universes(), st.sampled_from(REQUESTS[:-1]), st.data())
def test_no_choice_is_better_where_building_counts(question, text, data):
    """What a plan with the same layer would count is counted, and nothing else."""
    built = st.sampled_from([(), ("a<2",), ("b>=2",), ("c!=2.0", "a"), ("b==1.0",), None])
    releases = {
        project: tuple(
            replace(
                one,
                requires=tuple(text.replace("[x]", "").replace("[y]", "") for text in one.requires),
                builds=None if (found := data.draw(built)) is None else tuple(t for t in found if t[0] != project),
            )
            for one in several
        )
        for project, several in question.releases.items()
    }
    agrees(replace(question, releases=releases, build_requirements=True), text, Planned, back=False)


def agrees(question, text, oracle, *, back):
    quo = StatusQuo(question)
    scope = Scope(back=back)
    try:
        asked = meant(quo, text, scope)
    except UsageError:
        assume(False)
    hood = Neighbourhood(quo, (asked,), scope)
    assume(any(meets(value, asked) for value in hood.domain(asked.project).values))
    decision = hood.settle()
    problem = compile_problem(replace(question, asked=(asked,)))
    found = {level.name: level.value for level in decision.levels} | {"broken": decision.broken}
    least = oracle(problem, quo).least(asked, back=back)
    found["staleness"] = sum(
        (behind(hood, node, decision.value(node)) - behind(hood, node, quo.value(node))) * (1 + quo.dependents(node[0]))
        for node in hood.values
        if node[0] and not node[1]
    )
    assert decision.proven
    assert {level: found.get(level, 0) for level in SHOWN} == least
