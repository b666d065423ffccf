"""Both ways of asking pycosat give models that are models and cores that are cores."""

import ctypes
import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.errors import UsageError
from solver import sat
from solver.cores import Questions, minimal_core
from solver.engines import engine_name
from solver.sat import Documented, Incremental, make_engine

ENGINES = ("incremental", "documented")
VARIABLES = 6
LITERALS = st.integers(1, VARIABLES).flatmap(lambda v: st.sampled_from((v, -v)))
clauses = st.lists(st.lists(LITERALS, min_size=1, max_size=3), max_size=14)
assumed = st.lists(LITERALS, max_size=6, unique_by=abs)


def satisfiable(formula, extra=()):
    return any(
        all(any((model[abs(one) - 1] == (one > 0)) for one in clause) for clause in [*formula, *([x] for x in extra)])
        for model in product((False, True), repeat=VARIABLES)
    )


def engine_with(name, formula):
    engine = make_engine(name)
    for clause in formula:
        engine.add(clause)
    return engine


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=80)
@given(st.lists(st.tuples(clauses, assumed), min_size=1, max_size=3))
def test_every_answer_of_a_growing_formula_is_right(name, steps):
    engine, formula = make_engine(name), []
    for more, assumptions in steps:
        for clause in more:
            engine.add(clause)
        formula += more
        answer = engine.solve(assumptions)
        assert answer == satisfiable(formula, assumptions)
        if answer:
            model = engine.model()
            true = {v if model[v] else -v for v in range(1, len(model))}
            assert all(true & set(clause) for clause in formula)
            assert true >= set(assumptions)
        else:
            failed = engine.failed()
            assert set(failed) <= set(assumptions)
            assert not satisfiable(formula, failed)


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=60)
@given(clauses, assumed)
def test_cores_are_cores_and_minimal(name, formula, assumptions):
    found = minimal_core(Questions(engine_with(name, formula), 100_000), assumptions)
    if satisfiable(formula, assumptions):
        assert found is None
    else:
        assert found is not None
        assert found.minimal
        assert not satisfiable(formula, found.selectors)
        assert all(satisfiable(formula, [one for one in found.selectors if one != left]) for left in found.selectors)


def test_the_engines_agree_on_a_thousand_random_cores():
    """Formulas are drawn until a thousand clash; the core that one engine finds is one to the other too."""
    chance = random.Random(1)
    clashing = fine = 0
    while clashing < 1_000:
        size = chance.randint(4, 10)
        literals = [one for v in range(1, size + 1) for one in (v, -v)]
        formula = [chance.sample(literals, 3) for _ in range(chance.randint(3 * size, 5 * size))]
        assumptions = [v * chance.choice((1, -1)) for v in range(1, size // 2)]
        one, other = (engine_with(name, formula) for name in ENGINES)
        answer = one.solve(assumptions)
        assert answer == other.solve(assumptions)
        if answer:
            fine += 1
        else:
            clashing += 1
            assert other.solve(one.failed()) is False
            assert one.solve(other.failed()) is False
    assert fine > 300, "formulas that clash and formulas that do not"


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("literal", [0, 2**30, -(2**30), 2**31, 2**40 + 1])
def test_literals_that_would_abort_the_process_are_refused(name, literal):
    engine = make_engine(name)
    with pytest.raises(ValueError, match="literal"):
        engine.add([literal])
    with pytest.raises(ValueError, match="literal"):
        engine.solve([literal])
    assert engine.solve() is True


@pytest.mark.parametrize("name", ENGINES)
def test_the_empty_formula_and_the_empty_clause(name):
    assert engine_with(name, []).solve() is True
    broken = engine_with(name, [[1], []])
    assert broken.solve([1]) is False
    assert broken.failed() == []


def pigeons(holes):
    """Return the formula that no solver likes: one pigeon more than there are holes."""
    at = {(p, h): p * holes + h + 1 for p in range(holes + 1) for h in range(holes)}
    some = [[at[p, h] for h in range(holes)] for p in range(holes + 1)]
    alone = [[-at[p, h], -at[q, h]] for h in range(holes) for p in range(holes + 1) for q in range(p)]
    return some + alone


@pytest.mark.parametrize("name", ENGINES)
def test_decisions_that_run_out_are_no_answer(name):
    engine = engine_with(name, pigeons(9))
    assert engine.solve(decisions=50) is None
    small = engine_with(name, pigeons(4))
    assert small.solve(decisions=100_000) is False


def test_who_stops_is_heard_within_a_slice():
    asked = []
    engine = make_engine("incremental", lambda: len(asked) >= 3 or asked.append(1))
    for clause in pigeons(12):
        engine.add(clause)
    assert engine.solve() is None
    assert len(asked) == 3


def test_a_preferred_model_is_tried_first():
    engine = engine_with("incremental", [[1, 2, 3]])
    wanted = [False, False, True, False]
    engine.prefer(wanted)
    assert engine.solve() is True
    assert engine.model() == wanted


def test_auto_takes_what_is_there(monkeypatch):
    assert isinstance(make_engine(), Incremental)

    class Hidden:
        def __init__(self, _path):
            pass

    monkeypatch.setattr(ctypes, "CDLL", Hidden)  # a build that does not export PicoSAT's functions
    sat._picosat.cache_clear()
    try:
        assert isinstance(make_engine(), Documented)
        with pytest.raises(UsageError, match="is not there"):
            make_engine("incremental")
    finally:
        monkeypatch.undo()
        sat._picosat.cache_clear()


def test_an_unknown_engine_is_named():
    with pytest.raises(UsageError, match="there is no engine 'minisat'"):
        engine_name("minisat")
