"""Counterfactuals and gains against brute force, which prices every choice from the compiled costs."""

from itertools import product

import pytest
from drawn import universes
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from toys import current, question, registry

from normalize.errors import UsageError
from report.otherwise import otherwise_lines
from solver.candidates import Kind
from solver.compile import compile_problem
from solver.counterfactual import Solver, forced, without_relaxing
from solver.curate import curate
from solver.decide import decide
from solver.describe import relaxations
from solver.edges import NO_EXTRA
from solver.gains import with_gains
from solver.holds import holds
from solver.levels import LEVELS, MODES, order_of
from solver.prices import PriceBook

LAWS = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
MODE = st.sampled_from(sorted(MODES))


def cost(problem, choice):
    """Return the sum of all costs of a choice, by level."""
    parts = [problem.unary[node][i] for node, i in choice.items()]
    parts += [table[choice[a]][choice[b]] for (a, b), table in problem.tables.items()]
    return [sum(column) for column in zip(*parts, strict=True)]


def ordered(costs, mode):
    return [costs[LEVELS.index(level)] for level in order_of(mode)]


def best(problem, mode, allowed):
    """Return the costs of the cheapest choice that is allowed, by brute force; None where there are too many."""
    nodes = list(problem.values)
    size = 1
    for node in nodes:
        size *= len(problem.values[node])
    assume(size <= 400)
    choices = (
        dict(zip(nodes, indexes, strict=True))
        for indexes in product(*(range(len(problem.values[node])) for node in nodes))
    )
    return min((cost(problem, one) for one in choices if allowed(one)), key=lambda costs: ordered(costs, mode))


def shown(decision, after, before):
    order = ("broken", *(level.name for level in decision.levels))
    differences = {level: after[LEVELS.index(level)] - before[LEVELS.index(level)] for level in order}
    return {level: by for level, by in differences.items() if by}


def told(changes):
    return {one.level: one.by for one in changes}


@LAWS
@given(universes(), MODE, st.data())
def test_a_forced_version_costs_exactly_what_brute_force_says(asked, mode, data):
    problem = compile_problem(asked)
    decision = decide(problem, mode)
    before = cost(problem, decision.choice)
    projects = sorted(node[0] for node in problem.values if not node[1])
    assume(projects)
    project = data.draw(st.sampled_from(projects))
    node = (project, NO_EXTRA)
    candidates = [value for value in problem.values[node] if value.kind is Kind.RELEASE]
    assume(candidates)
    wanted = data.draw(st.sampled_from(candidates))
    found = forced(decision, project, wanted.text, Solver(mode=mode))
    index = problem.values[node].index(wanted)
    least = best(problem, mode, lambda one: one[node] == index)
    assert told(found.changes) == shown(decision, least, before)
    assert found.proven
    assert found.possible == (least[0] <= before[0])
    assert bool(found.breaks) == (not found.possible)
    moves = {one.project: one.after for one in found.moves}
    if decision.choice[node] != index:
        assert moves[project] == wanted.text
    appear = {(one.project, one.dependency, one.chosen) for one in found.appear}
    assert not appear & {(one.project, one.dependency, one.chosen) for one in found.vanish}


@LAWS
@given(universes(), MODE)
def test_a_plan_without_a_relaxation_costs_exactly_what_brute_force_says(asked, mode):
    problem = compile_problem(asked)
    decision = decide(problem, mode)
    pairs = sorted({(one.project, one.dependency) for one in relaxations(decision)})
    assume(pairs and not decision.broken)
    before = cost(problem, decision.choice)
    for project, dependency in pairs:

        def unrelaxed(choice, project=project, dependency=dependency):
            met = problem.values[dependency, NO_EXTRA][choice[dependency, NO_EXTRA]].version
            edges = [
                edge
                for node, i in choice.items()
                if node[0] == project
                for edge in problem.edges[node][i].get(dependency, ())
            ]
            bad = ("upper", "exclusion")
            return met is None or not any(part.value in bad for edge in edges for part in edge.bounds.violated(met))

        found = without_relaxing(decision, project, dependency, Solver(mode=mode))
        try:
            least = best(problem, mode, unrelaxed)
        except ValueError:  # no choice at all does without it
            assert not found.possible
            continue
        assert found.possible == (least[0] == 0)
        if found.possible:
            assert told(found.changes) == shown(decision, least, before)
            assert (project, dependency) in {(one.project, one.dependency) for one in found.vanish}


@LAWS
@given(universes(), MODE)
def test_moving_alone_is_priced_as_the_whole_choice_is(asked, mode):
    problem = compile_problem(asked)
    decision = decide(problem, mode)
    before = cost(problem, decision.choice)
    prices = PriceBook(decision)
    for node in problem.values:
        if node[1] or any(other[0] == node[0] and other[1] for other in problem.values):
            continue
        if any(edge.requirement.extras for rows in problem.edges[node] for edges in rows.values() for edge in edges):
            continue
        for index in range(len(problem.values[node])):
            after = cost(problem, {**decision.choice, node: index})
            assert told(prices.changes(node, index)) == shown(decision, after, before)


@LAWS
@given(universes(), MODE)
def test_a_hold_is_never_cheaper_to_lift_than_to_keep(asked, mode):
    decision = decide(compile_problem(asked), mode)
    for hold in holds(decision):
        by = told(hold.moving)
        first = next((by[level] for level in order_of(mode) if level in by), 0)
        assert first > 0 or not by
        assert mode != "fresh" or hold.because
        for one in hold.because:
            assert one.price > 0
    for one in with_gains(decision, relaxations(decision)):
        if one.gain is not None:
            by = told(one.gain.changes)
            assert next((by[level] for level in order_of(mode) if level in by), 0) >= 0


TOWN = registry(
    "base 1.0 @1",
    "base 2.0 @2",
    "base 3.0rc1 @3",
    "x 1.0 @3: base<2",
    "y 1.0 @3: base<2",
    "top 1.0 @1",
    "top 2.0 @5: base>=2",
)
SET = current("base 1.0", "x 1.0", "y 1.0", "top 1.0")


def test_what_the_dataset_does_not_know_cannot_be_forced():
    decision = decide(compile_problem(question(TOWN, SET)), "fresh")
    with pytest.raises(UsageError, match="the dataset knows no base 9") as caught:
        forced(decision, "base", "9", Solver(mode="fresh"))
    assert caught.value.hint == "candidates: 1.0 and 2.0"


@pytest.mark.parametrize(
    ("entry", "version", "reason"),
    [
        (None, "3.0rc1", "a pre-release"),
        ({"action": "hold"}, "2.0", "held by policy: not yet"),
        ({"action": "exclude", "versions": ">=2"}, "2.0.0", "excluded by policy: not yet"),
    ],
)
def test_what_is_known_and_no_candidate_is_in_no_set_and_the_reason_is_said(entry, version, reason):
    policy = {"project": [{"name": "base", "reason": "not yet", **entry}]} if entry else {}
    decision = decide(compile_problem(question(TOWN, SET, policy=policy)), "fresh")
    found = forced(decision, "base", version, Solver(mode="fresh"))
    assert not found.possible
    spelled = "2.0" if entry else version
    candidates = "1.0" if entry else "1.0 and 2.0"
    assert list(otherwise_lines(found)) == [
        f"no set has base {spelled}",
        f"base {spelled} is no candidate: {reason}",
        f"candidates: {candidates}",
    ]


def test_what_no_set_can_have_is_said_with_what_it_would_break():
    policy = {"edge": [{"scope": "*:base", "action": "forbid", "reason": "abi"}]}
    decision = decide(compile_problem(question(TOWN, SET, policy=policy)), "fresh")
    found = forced(decision, "base", "newest", Solver(mode="fresh"))
    assert not found.possible
    assert found.breaks == (
        "x 1.0 requires base<2, and would meet base 2.0, and policy forbids to relax it: abi",
        "y 1.0 requires base<2, and would meet base 2.0, and policy forbids to relax it: abi",
    )


def test_the_gain_of_a_relaxation_is_the_cheapest_single_move():
    releases = registry("a 1.0 @1: b<2", "b 1.0 @1", "b 2.0 @5", "c 1.0 @2", "c 2.0 @5: b>=2")
    plan = curate(question(releases, current("a 1.0", "b 1.0", "c 1.0")), mode="fresh")
    (edge,) = plan.relaxed
    assert (edge.gain.project, edge.gain.chosen, edge.gain.version) == ("b", "2.0", "1.0")
    assert told(edge.gain.changes) == {"update_first": 1, "staleness": 3, "cheap": -2, "changed": -1}
