"""Projects that are released together are found by their releases, and kept in step where that costs no risk."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle, best
from toys import current, question, registry, release

from dataset.records import Timestamp
from solver.compile import compile_problem
from solver.curate import curate
from solver.decide import decide
from solver.families import find_ties
from solver.levels import MODES
from solver.verify import verify

CORE = tuple(f"core 2.{i} @{i}" for i in range(1, 6))
PINNING = tuple(f"shell 1.{i} @{i}: core==2.{i}" for i in range(1, 6))
FLOORS = tuple(f"status 2.{i} @{i}: core>=2.{i}" for i in range(1, 6))


def solve(*releases, now, mode="fresh", **facts):
    asked = question(registry(*releases), current(*now), **facts)
    plan = curate(asked, mode=mode)
    if plan.status != "conflict":
        assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
    return plan


def versions(plan):
    return {one.project: one.version for one in plan.packages}


def test_pins_and_floors_that_move_along_are_evidence():
    ties = find_ties(registry(*CORE, *PINNING, *FLOORS))
    assert {pair: (tie.together, tie.releases, tie.pinned) for pair, tie in ties.items()} == {
        ("shell", "core"): (5, 5, 5),
        ("status", "core"): (5, 5, 0),
    }
    assert (
        ties["shell", "core"].evidence == "5 of 5 releases of shell name the core of the same version or day, by pins"
    )


@pytest.mark.parametrize(
    ("why", "releases"),
    [
        ("the floor never moves", tuple(f"a 1.{i} @{i}: core>=2.1" for i in range(1, 6))),
        ("pins on another day and version", tuple(f"a 1.{i} @{i + 4}: core==2.{i}" for i in range(1, 6))),
        ("too few releases", ("a 1.1 @1: core==2.1", "a 1.2 @2: core==2.2")),
        ("an extra brings it", tuple(f"a 1.{i} @{i}: core==2.{i}; extra == 'x'" for i in range(1, 6))),
        ("most pins name another day", (*(f"a 1.{i} @9: core==2.{i}" for i in range(1, 4)), "a 1.5 @5: core==2.5")),
        ("it names what the dataset does not hold", tuple(f"a 1.{i} @{i}: other==2.{i}" for i in range(1, 6))),
    ],
)
def test_what_is_no_evidence(why, releases):
    assert find_ties(registry(*CORE, *releases)) == {}, why


def test_a_sibling_that_does_not_keep_up_any_more_ties_nobody():
    more = tuple(f"core 2.{i} @{i}" for i in range(6, 10))
    assert find_ties(registry(*CORE, *more[:3], *PINNING))
    assert find_ties(registry(*CORE, *more, *PINNING)) == {}


def test_releases_after_the_day_asked_for_are_no_evidence():
    releases = registry(*CORE, *PINNING)
    assert find_ties(releases, Timestamp("2026-04-15T00:00:00Z"))["shell", "core"].releases == 4
    assert find_ties(releases, Timestamp("2026-02-15T00:00:00Z")) == {}


def test_siblings_stay_in_step_where_one_of_them_is_held():
    held = {"project": [{"name": "status", "action": "hold", "reason": "native library"}]}
    plan = solve(*CORE, *FLOORS, now=("core 2.3", "status 2.3"), policy=held)
    assert versions(plan) == {"core": "2.3", "status": "2.3"}
    assert [(family.projects, family.aligned) for family in plan.families] == [(("core", "status"), True)]
    assert ("unaligned", 0, 0) in {(one.name, one.value, one.bound) for one in plan.levels}


def test_a_risky_relaxation_weighs_more_than_step():
    held = {"project": [{"name": "status", "action": "hold", "reason": "native library"}]}
    needs = "app 1.0 @9: core>=2.4"
    plan = solve(*CORE, *FLOORS, needs, now=("core 2.4", "status 2.3", "app 1.0"), policy=held)
    assert versions(plan) == {"app": "1.0", "core": "2.5", "status": "2.3"}
    tie = plan.families[0].ties[0]
    assert (tie.names, tie.chosen, tie.aligned) == ("2.3", "2.5", False)


def test_nixpkgs_and_policy_may_let_siblings_part():
    held = [{"name": "status", "action": "hold", "reason": "native library"}]
    relaxed = solve(
        *CORE,
        *FLOORS,
        now=(*current("core 2.3", "status 2.3", status={"relaxed": ("core",)}).attributes,),
        policy={"project": held},
    )
    force = [{"scope": "status:core", "action": "force", "reason": "tested"}]
    forced = solve(*CORE, *FLOORS, now=("core 2.3", "status 2.3"), policy={"project": held, "edge": force})
    for plan in (relaxed, forced):
        assert versions(plan)["core"] == "2.5"
        assert plan.families[0].ties[0].names is None


def test_the_level_follows_the_risky_one_in_every_mode():
    for mode in (*MODES, "staleness,cheap,risky,changed"):
        names = [one.name for one in solve(*CORE, *FLOORS, now=("core 2.3", "status 2.3"), mode=mode).levels]
        assert names[names.index("risky") + 1] == "unaligned"


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_optimum_with_families_is_as_brute_force_finds_it(data):
    releases = registry(*CORE)
    siblings = data.draw(st.sampled_from((("shell",), ("shell", "status"))))
    for name in siblings:
        operator = data.draw(st.sampled_from(("==", ">=", "~=")))
        for i in range(1, 6):
            cap = data.draw(st.sampled_from(("", "", ", other<2")))
            made = release(f"{name} 2.{i} @{i}: core{operator}2.{i}{cap}")
            releases.setdefault(made.project, []).append(made)
    releases |= registry("other 1.0 @1", "other 2.0 @4")
    now = current(
        *(f"{name} 2.{data.draw(st.integers(1, 5))}" for name in ("core", *siblings)),
        "other 1.0",
        **{siblings[0]: {"relaxed": data.draw(st.sampled_from(((), (), ("core",))))}},
    )
    asked = question(releases, now)
    problem = compile_problem(asked)
    oracle = Oracle(problem)
    costs = oracle.all_costs()
    for mode in MODES:
        least, _ = best(costs, mode)
        decision = decide(problem, mode)
        assert {one.name: one.value for one in decision.levels} == {
            one.name: least[one.name] for one in decision.levels
        }
        plan = curate(asked, mode=mode)
        assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()


def test_verification_notices_what_a_plan_gets_wrong_about_families():
    asked = question(registry(*CORE, *FLOORS), current("core 2.3", "status 2.3"))
    plan = curate(asked, mode="fresh")
    family = plan.families[0]
    lies = (
        replace(plan, families=()),
        replace(plan, families=(replace(family, ties=(replace(family.ties[0], aligned=False),)),)),
        replace(plan, families=(replace(family, aligned=False),)),
        replace(
            plan,
            levels=tuple(replace(one, value=1, bound=1) if one.name == "unaligned" else one for one in plan.levels),
        ),
    )
    for lie in lies:
        assert verify(lie, asked.releases, asked.current, asked.policy).problems
