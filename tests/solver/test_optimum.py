"""The optimum of all levels, against brute force that prices plans from their definition with packaging alone."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import universes
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle, best
from packaging.requirements import Requirement
from toys import current, question, registry

from solver.compile import compile_problem
from solver.curate import curate
from solver.decide import decide
from solver.levels import MODES
from solver.verify import verify


@settings(max_examples=100)
@given(universes())
def test_every_level_is_as_brute_force_finds_it(asked):
    problem = compile_problem(asked)
    oracle = Oracle(problem)
    costs = oracle.all_costs()
    for mode in MODES:
        least, count = best(costs, mode)
        decision = decide(problem, mode)
        assert decision.proven
        assert {level.name: level.value for level in decision.levels} == {
            level.name: least[level.name] for level in decision.levels
        }
        assert decision.broken == least["broken"]
        chosen = {node[0]: decision.value(node) for node in oracle.projects}
        assert oracle.cost(chosen) == least, "the choice costs what it says"
        assert count == 1, "the tie-break leaves one answer"


@settings(max_examples=60)
@given(universes())
def test_plans_verify_and_list_exactly_what_they_violate(asked):
    for mode in MODES:
        plan = curate(asked, mode=mode)
        if plan.status == "conflict":
            assert plan.conflict.core
            assert plan.conflict.correction
        else:
            assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()


@settings(max_examples=60)
@given(universes(), st.data())
def test_adding_a_relaxable_bound_is_never_worse_than_relaxing_it(asked, data):
    """The bound goes to a project's oldest release, whose class of risk no other release's class rests on."""
    oldest = {project: found[0] for project, found in asked.releases.items() if found[0].requires}
    if not oldest:
        return
    project = data.draw(st.sampled_from(sorted(oldest)))
    requires = oldest[project].requires
    at = data.draw(st.integers(0, len(requires) - 1))
    bound = data.draw(st.sampled_from(("<1", "<2", "<3", "<=1.0")))
    bounded = (*requires[:at], with_bound(requires[at], bound), *requires[at + 1 :])
    releases = dict(asked.releases)
    releases[project] = (replace(oldest[project], requires=bounded), *releases[project][1:])
    before, after = (levels_of(one) for one in (asked, replace(asked, releases=releases)))
    if asked.policy.edges:  # a policy that forbids to relax makes a bound hard
        return
    dearest = max(vars_of(asked.policy.weights))
    assert before <= after <= (*before[:2], before[2] + dearest)


def with_bound(text, bound):
    head, semicolon, marker = text.partition(";")
    comma = "," if Requirement(head).specifier else ""
    return f"{head}{comma}{bound}{semicolon}{marker}"


def vars_of(weights):
    return (weights.lifted, weights.precautionary, weights.deliberate, weights.pin)


def levels_of(asked):
    decision = decide(compile_problem(asked), "fresh")
    values = {level.name: level.value for level in decision.levels}
    return (decision.broken, values["update_first"], values["risky"])


@settings(max_examples=40)
@given(universes())
def test_removing_a_requirement_never_breaks_a_plan(asked):
    """A plan that is coherent stays coherent when a release requires less."""
    plan = curate(asked, mode="fresh")
    if plan.status == "conflict":
        return
    project = plan.packages[0].project if plan.packages else None
    releases = {
        name: tuple(replace(one, requires=one.requires[1:]) if name == project else one for one in found)
        for name, found in asked.releases.items()
    }
    problems = verify(plan, releases, asked.current, asked.policy).problems
    assert [one for one in problems if " requires " in one] == [], "it may cost less, and lists too much"


@settings(max_examples=40)
@given(universes(), st.data())
def test_releases_that_a_plan_does_not_use_can_be_taken_away(asked, data):
    """Independence of irrelevant alternatives, as pubgrub tests it: what no plan chose made no plan possible."""
    decision = decide(compile_problem(asked), "fresh")
    used = {id(decision.value(node).release) for node in decision.choice}
    used |= {id(value.release) for values in decision.problem.values.values() for value in values if value.current}
    spare = [(project, one) for project, found in asked.releases.items() for one in found if id(one) not in used]
    if not spare:
        return
    project, gone = data.draw(st.sampled_from(spare))
    left = tuple(one for one in asked.releases[project] if one is not gone)
    fewer = replace(asked, releases={**asked.releases, project: left})
    assert levels_of(fewer)[:2] <= levels_of(asked)[:2], "its price may change with what shows it, not what must hold"


def test_the_issue_of_the_design_document():
    """h5py moves on, and tensorflow's cautious bound on it is what gives way."""
    asked = question(
        registry(
            "h5py 3.14.0 @1: numpy>=1.19.3",
            "h5py 3.16.0 @5: numpy>=1.21.2",
            "numpy 2.3.0 @1",
            "numpy 2.4.0 @6",
            "tensorflow 2.21.0 @3: h5py>=3.11.0,<3.15.0, numpy>=1.26",
        ),
        current("h5py 3.14.0", "numpy 2.3.0", "tensorflow 2.21.0"),
    )
    plan = curate(asked, mode="fresh")
    assert {package.project: package.version for package in plan.packages} == {
        "h5py": "3.16.0",
        "numpy": "2.4.0",
        "tensorflow": "2.21.0",
    }
    assert [(one.project, one.dependency, one.risk) for one in plan.relaxed] == [
        ("tensorflow", "h5py", "precautionary")
    ]
    assert plan.relaxed[0].evidence == "h5py 3.16.0 of 2026-05-01 came after 2.21.0 of 2026-03-01"


@pytest.mark.parametrize("mode", sorted(MODES))
def test_levels_come_in_the_order_of_the_mode(mode):
    plan = curate(question(registry("a 1.0"), current("a 1.0")), mode=mode)
    assert [level.name for level in plan.levels] == ["update_first", *MODES[mode]]
    assert plan.status == "optimal"


def test_the_same_input_gives_the_same_bytes():
    """Under other hash seeds, in another order, and beside another solve in a second thread."""
    script = """
import random, sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from toys import *
from solver.curate import curate
from solver.planjson import plan_to_text

draw = random.Random(int(sys.argv[1]))
lines = [f'p{i} {v}.0 @{v}: p{(i * 7 + v) % 20}<{v + 1}, p{(i * 3) % 20}>=1' for i in range(20) for v in (1, 2, 3)]
asked = question(registry(*lines), current(*(f'p{i} 1.0' for i in range(15))))
shuffled = {one: tuple(draw.sample(found, len(found))) for one, found in asked.releases.items()}
shuffled = dict(draw.sample(sorted(shuffled.items()), len(shuffled)))
attributes = tuple(draw.sample(asked.current.attributes, len(asked.current.attributes)))
other = replace(asked, releases=shuffled, current=replace(asked.current, attributes=attributes))
with ThreadPoolExecutor(2) as both:
    plans = set(both.map(lambda one: plan_to_text(curate(one, mode='fresh')), (asked, other)))
print(*plans)
"""
    outputs = set()
    for seed in "01234":
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-c", script, seed]
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(outputs) == 1
    assert outputs.pop().count(b'"status": "optimal"') == 1
