"""Reductions and search on weighted constraint networks, against brute force."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import reduce
from solver.formula import encode
from solver.network import Network
from solver.optimise import optimise
from solver.propagate import Propagator
from solver.sat import core, solve
from solver.search import minimise


@st.composite
def networks(draw):
    """Draw the costs of a network: small and huge weights, many ties, hard-looking peaks."""
    unit = draw(st.sampled_from((1, 7, 10**30)))
    costs = st.sampled_from((0, 0, 1, 1, 2, 3, 5)).map(lambda cost: cost * unit)
    unary = draw(st.lists(st.lists(costs, min_size=1, max_size=3), min_size=1, max_size=5))
    pairs = {}
    for a, b in combinations(range(len(unary)), 2):
        if draw(st.booleans()):
            pairs[a, b] = [[draw(costs) for _ in unary[b]] for _ in unary[a]]
    return unary, pairs


def build(drawn):
    unary, pairs = drawn
    network = Network()
    for key, costs in enumerate(unary):
        network.add_variable(key, costs)
    for (a, b), costs in pairs.items():
        network.add_costs(a, b, [list(row) for row in costs])
    return network


def least(network):
    """Return the least cost of a network by trying everything."""
    keys = list(network.values)
    ranges = [range(len(network.values[key])) for key in keys]
    return min(network.cost(dict(zip(keys, choice, strict=True))) for choice in product(*ranges))


@settings(max_examples=80)
@given(networks(), st.booleans())
def test_the_optimum_is_as_brute_force_finds_it(drawn, reduced):
    solution = optimise(build(drawn), reduce=reduced)
    assert solution.cost == solution.bound == least(build(drawn))
    assert build(drawn).cost(solution.choice) == solution.cost


@settings(max_examples=60)
@given(networks(), st.data())
def test_each_reduction_alone_keeps_the_optimum(drawn, data):
    network = build(drawn)
    key = data.draw(st.sampled_from(sorted(network.values)))
    rule = data.draw(st.sampled_from((reduce._normalise, reduce._dominate)))
    rule(network, key)
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
    complete = reduce.restore([record], {key: network.values[key][at] for key, at in best.items()})
    assert build(drawn).cost(complete) == least(build(drawn))


@settings(max_examples=60)
@given(networks())
def test_an_encoding_says_what_the_network_costs(drawn):
    network = build(drawn)
    encoding = encode(network, list(network.values))
    found = minimise(encoding.formula, budget=10_000)
    assert found.cost == found.bound == least(network)
    assert network.cost(encoding.decode(found.model)) == found.cost


def test_a_search_without_budget_returns_its_best_with_a_bound_below():
    # an odd cycle of "different" constraints, which propagation alone does not refute
    network = Network()
    for key in range(5):
        network.add_variable(key, [0, 0])
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 4), (0, 4)):
        network.add_costs(a, b, [[3, 0], [0, 3]])
    encoding = encode(network, list(network.values))
    found = minimise(encoding.formula, budget=0)
    assert found.bound < 3 <= network.cost(encoding.decode(found.model)) <= found.cost
    assert minimise(encoding.formula, budget=10).bound == 3
    solution = optimise(network, reduce=False, budget=0)
    assert solution.bound < 3 <= solution.cost == network.cost(solution.choice)


def test_components_are_found_apart():
    network = Network()
    for key in "abcd":
        network.add_variable(key, [0, 1])
    network.add_costs("a", "c", [[0, 1], [1, 0]])
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
@given(clauses)
def test_models_are_models(formula):
    model = solve(formula, 6)
    assert (model is not None) == satisfiable(formula)
    if model is not None:
        assert all(any(model[abs(one)] == (one > 0) for one in clause) for clause in formula)


@settings(max_examples=60)
@given(clauses, st.permutations(range(1, 7)).flatmap(lambda vs: st.sampled_from((vs, [-v for v in vs]))))
def test_cores_are_cores_and_minimal(formula, selectors):
    found = core(formula, selectors, 6)
    if satisfiable(formula, selectors):
        assert found is None
    else:
        assert found is not None
        assert not satisfiable(formula, found)
        assert all(satisfiable(formula, [one for one in found if one != left]) for left in found)


@settings(max_examples=80)
@given(clauses, st.lists(st.integers(1, 6).flatmap(lambda v: st.sampled_from((v, -v))), max_size=6, unique_by=abs))
def test_propagation_finds_only_real_cores(formula, assumptions):
    if not satisfiable(formula):
        return
    found = Propagator(6, formula).core(assumptions)
    if found is not None:
        assert set(found) <= set(assumptions)
        assert not satisfiable(formula, found)


@pytest.mark.parametrize("clause", [[0], [3], [-3], [2**31], [2**40 + 1]])
def test_literals_that_would_abort_the_process_are_refused(clause):
    with pytest.raises(ValueError, match="literal"):
        solve([clause], 2)


def test_the_empty_formula_and_the_empty_clause():
    assert solve([], 0) == [False]
    assert solve([[]], 0) is None
    assert solve([[]], 1) is None
