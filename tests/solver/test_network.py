"""Reductions and search on weighted constraint networks, against brute force."""

import random
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import branch, reduce
from solver.effort import Effort
from solver.formula import encode
from solver.network import Network
from solver.optimise import optimise
from solver.propagate import Propagator
from solver.search import minimise


def costs_of(unit):
    return st.sampled_from((0, 0, 1, 1, 2, 3, 5)).map(lambda cost: cost * unit)


# Strategies are made once: making them for every example takes longer than drawing from them.
UNITS = st.sampled_from((1, 7, 10**30))
COSTS = {unit: costs_of(unit) for unit in (1, 7, 10**30)}
UNARY = {
    unit: st.lists(st.lists(costs, min_size=1, max_size=3), min_size=1, max_size=5) for unit, costs in COSTS.items()
}
BOOLEANS = st.booleans()


@st.composite
def networks(draw):
    """Draw the costs of a network: small and huge weights, many ties, hard-looking peaks."""
    unit = draw(UNITS)
    costs = COSTS[unit]
    unary = draw(UNARY[unit])
    pairs = {}
    for a, b in combinations(range(len(unary)), 2):
        if draw(BOOLEANS):
            pairs[a, b] = [[draw(costs) for _ in unary[b]] for _ in unary[a]]
    return unary, pairs


def build(drawn):
    unary, pairs = drawn
    network = Network()
    for key, costs in enumerate(unary):
        network.add_variable(key, costs)
    for (a, b), costs in pairs.items():
        network.add_costs(a, b, [tuple(row) for row in costs])
    return network


def least(network):
    """Return the least cost of a network by trying everything."""
    keys = list(network.values)
    ranges = [range(len(network.values[key])) for key in keys]
    return min(network.cost(dict(zip(keys, choice, strict=True))) for choice in product(*ranges))


ENGINES = ("incremental", "documented")


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=60)
@given(networks(), st.booleans())
def test_the_optimum_is_as_brute_force_finds_it(engine, drawn, reduced):
    solution = optimise(build(drawn), Effort(engine=engine), reduce=reduced)
    assert solution.cost == solution.bound == least(build(drawn))
    assert build(drawn).cost(solution.choice) == solution.cost


@settings(max_examples=60)
@given(networks(), st.data())
def test_each_reduction_alone_keeps_the_optimum(drawn, data):
    network = build(drawn)
    key = data.draw(st.sampled_from(sorted(network.values)))
    reduce._normalise(network, key)
    assert least(network) == least(build(drawn))
    reduce._dominate(network, key)
    assert least(network) == least(build(drawn))


@settings(max_examples=60)
@given(networks(), st.data())
def test_elimination_keeps_the_optimum_and_can_be_undone(drawn, data):
    network = build(drawn)
    small = [key for key in network.values if len(network.pairs[key]) <= 2]
    if not small:
        return
    record = reduce._eliminate(network, data.draw(st.sampled_from(small)))
    keys = list(network.values)
    best = min(
        (dict(zip(keys, choice, strict=True)) for choice in product(*(range(len(network.values[k])) for k in keys))),
        key=network.cost,
    )
    complete = reduce.restore(
        reduce.Reduction([record], []), {key: network.values[key][at] for key, at in best.items()}
    )
    assert build(drawn).cost(complete) == least(build(drawn))


@settings(max_examples=60)
@given(networks())
def test_every_value_that_was_dominated_has_a_witness_that_costs_no_more(drawn):
    done = reduce.reduce_network(build(drawn))
    gone = {key: set() for key in range(len(drawn[0]))}

    def least_with(key, value):
        network = build(drawn)
        for other, values in gone.items():
            network.keep_values(
                other, [value] if other == key else [i for i in network.values[other] if i not in values]
            )
        return least(network)

    for key, value, witness in done.dominated:
        assert value not in gone[key]
        assert witness not in gone[key]
        assert least_with(key, witness) <= least_with(key, value)
        gone[key].add(value)


@pytest.mark.parametrize("width", [1, 2])
def test_projects_that_are_released_in_step_are_not_compared_release_by_release(monkeypatch, width):
    subtractions = 0

    def counted(a, b):
        nonlocal subtractions
        subtractions += 1
        return a - b

    monkeypatch.setattr(reduce, "sub", counted)
    count = 60
    network = Network()
    network.add_variable("a", [0] * count)
    network.add_variable("b", [0] * (count + 1))
    network.add_costs("a", "b", [(0, *(int(not i <= j < i + width) for j in range(count))) for i in range(count)])
    reduce._dominate(network, "a")
    assert len(network.values["a"]) == count
    assert subtractions < 10 * count * count


@settings(max_examples=60)
@given(networks(), st.data())
def test_a_network_says_the_same_in_both_directions(drawn, data):
    network = build(drawn)
    kept = data.draw(st.sampled_from(sorted(network.values)))
    network.keep_values(kept, sorted(data.draw(st.sets(st.sampled_from(network.values[kept]), min_size=1))))
    for key, others in network.pairs.items():
        for other in list(others):
            assert network.matrix(key, other) == [
                tuple(column) for column in zip(*network.matrix(other, key), strict=True)
            ]
            assert len(network.matrix(key, other)) == len(network.values[key])


@settings(max_examples=60)
@given(networks())
def test_branch_and_bound_alone_finds_the_optimum(drawn):
    network = build(drawn)
    branching = branch.Branching(Effort(), cost=10**40, left=10_000)
    assert branching.closed(branch.part(network, list(network.values)))
    assert branching.cost == build(drawn).cost(branching.best) == least(build(drawn))


@settings(max_examples=40)
@given(networks(), st.integers(0, 3))
def test_branch_and_bound_never_says_that_it_is_done_where_it_is_not(drawn, nodes):
    network = build(drawn)
    branching = branch.Branching(Effort(), cost=10**40, left=nodes)
    closed = branching.closed(branch.part(network, list(network.values)))
    if closed:
        assert branching.cost == least(build(drawn))
    elif branching.best is not None:
        assert branching.cost == build(drawn).cost(branching.best) >= least(build(drawn))


@pytest.mark.parametrize("seed", range(40))
def test_a_branching_that_is_cut_short_keeps_a_whole_choice(seed):
    """Networks that need several levels: the best choice so far holds what the reductions of each level took out."""
    chance = random.Random(seed)
    network = Network()
    for key in range(chance.randint(6, 8)):
        network.add_variable(key, [chance.choice((0, 0, 1, 2, 3)) for _ in range(3)])
    for one, other in combinations(network.values, 2):
        if chance.random() < 0.8:
            network.add_costs(one, other, [tuple(chance.choice((0, 0, 1, 2, 5)) for _ in range(3)) for _ in range(3)])
    keys = list(network.values)
    for nodes in range(1, 11):
        branching = branch.Branching(Effort(), cost=10**40, left=nodes)
        closed = branching.closed(branch.part(network, keys))
        if branching.best is not None:
            assert branching.best.keys() == set(keys)
            assert network.cost(branching.best) == branching.cost
        if closed:
            break


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=60)
@given(networks())
def test_an_encoding_says_what_the_network_costs(engine, drawn):
    network = build(drawn)
    encoding = encode(network, list(network.values))
    found = minimise(encoding.formula, Effort(engine=engine))
    assert found.cost == found.bound == least(network)
    assert network.cost(encoding.decode(found.model)) == found.cost


def odd_cycle():
    """Return "different from the next" in a circle of five, which propagation alone does not refute."""
    network = Network()
    for key in range(5):
        network.add_variable(key, [0, 0])
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 4), (0, 4)):
        network.add_costs(a, b, [(3, 0), (0, 3)])
    return network


@pytest.mark.parametrize("engine", ENGINES)
def test_a_search_without_decisions_returns_its_best_with_a_bound_below(engine):
    network = odd_cycle()
    encoding = encode(network, list(network.values))
    found = minimise(encoding.formula, Effort(engine=engine, decisions=0))
    assert found.bound < 3 <= network.cost(encoding.decode(found.model)) <= found.cost
    assert minimise(encoding.formula, Effort(engine=engine)).bound == 3
    solution = optimise(odd_cycle(), Effort(engine=engine, decisions=0, nodes=0), reduce=False)
    assert solution.bound < 3 <= solution.cost == network.cost(solution.choice)
    by_branches = optimise(odd_cycle(), Effort(engine=engine, decisions=0), reduce=False)
    assert by_branches.bound == by_branches.cost == 3


@pytest.mark.parametrize("engine", ENGINES)
def test_a_search_that_is_stopped_keeps_its_best(engine):
    solution = optimise(odd_cycle(), Effort(engine=engine, stop=lambda: True), reduce=False)
    assert solution.bound < 3 <= solution.cost == odd_cycle().cost(solution.choice)


def test_who_watches_hears_costs_fall_and_bounds_rise_until_they_meet():
    heard = []
    solution = optimise(odd_cycle(), Effort(tell=lambda cost, bound: heard.append((cost, bound))), reduce=False)
    costs, bounds = zip(*heard, strict=True)
    assert list(costs) == sorted(costs, reverse=True)
    assert list(bounds) == sorted(bounds)
    assert all(bound <= solution.cost <= cost for cost, bound in heard)


def test_components_are_found_apart():
    network = Network()
    for key in "abcd":
        network.add_variable(key, [0, 1])
    network.add_costs("a", "c", [(0, 1), (1, 0)])
    assert network.components() == [["a", "c"], ["b"], ["d"]]


clauses = st.lists(
    st.lists(st.integers(1, 6).flatmap(lambda v: st.sampled_from((v, -v))), min_size=1, max_size=3), max_size=14
)


def satisfiable(formula, extra=()):
    return any(
        all(any((model[abs(one) - 1] == (one > 0)) for one in clause) for clause in [*formula, *([x] for x in extra)])
        for model in product((False, True), repeat=6)
    )


@settings(max_examples=80)
@given(clauses, st.lists(st.integers(1, 6).flatmap(lambda v: st.sampled_from((v, -v))), max_size=6, unique_by=abs))
def test_propagation_finds_only_real_cores(formula, assumptions):
    if not satisfiable(formula):
        return
    found = Propagator(6, formula).core(assumptions)
    if found is not None:
        assert set(found) <= set(assumptions)
        assert not satisfiable(formula, found)
