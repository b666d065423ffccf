"""Verification finds what is wrong: every way to falsify a good plan is noticed."""

from dataclasses import replace

import pytest
from toys import DARWIN, LINUX, current, question, registry, release

from dataset.currentset import Attribute
from solver.curate import curate
from solver.plan import Change, Hold, Relaxation, UpdateFirst
from solver.policyread import policy_from_toml
from solver.verify import verify

ASKED = question(
    registry(
        "h5py 3.14.0 @1: numpy>=1.19.3",
        "h5py 3.16.0 @5: numpy>=1.21.2",
        "numpy 2.3.0 @1",
        "numpy 2.4.0 @6",
        release("numpy 2.5.0 @7", yanked="broken"),
        "numpy 2.6.0rc1 @7",
        "tensorflow 2.20.0 @1",
        "tensorflow 2.21.0 @3: h5py>=3.11.0,<3.15.0, numpy>=1.26, keras[gpu]>=3",
        release("keras 3.1 @2: numpy<3; extra == 'gpu'", extras=("gpu",)),
        release("six 1.17 @1", requires_python="<3.14"),
        release("six 1.18 @2", requires_python="<3.13"),
    ),
    current("h5py 3.14.0", "numpy 2.3.0", "tensorflow 2.20.0", "six 1.17"),
)
PLAN = curate(ASKED, mode="fresh")


HOLDING = policy_from_toml({"schema": 1, "project": [{"name": "a", "action": "hold", "reason": "not yet"}]})


def problems(plan, asked=ASKED):
    return verify(plan, asked.releases, asked.current, asked.policy).problems


def changed(project, **facts):
    packages = tuple(replace(one, **facts) if one.project == project else one for one in PLAN.packages)
    return replace(PLAN, packages=packages)


def test_a_good_plan_has_no_problem_and_every_edge_is_counted():
    outcome = verify(PLAN, ASKED.releases, ASKED.current, ASKED.policy)
    assert outcome.problems == ()
    assert (outcome.packages, outcome.edges, outcome.satisfied, outcome.relaxed) == (5, 5, 4, 1)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (replace(PLAN, relaxed=()), "violated, and the plan does not list it as relaxed"),
        (changed("numpy", version="2.2.0"), "numpy 2.2.0 is neither a release in the dataset nor"),
        (changed("numpy", version="2.5.0"), "numpy 2.5.0 is yanked"),
        (changed("numpy", version="2.6.0rc1"), "numpy 2.6.0rc1 is a pre-release"),
        (changed("numpy", state="unchanged"), "numpy 2.4.0: state unchanged, but it is not nixpkgs' current version"),
        (changed("six", version="1.18", state="updated"), "six 1.18 requires Python <3.13, a target has 3.13"),
        (changed("h5py", attribute="h5"), "h5py: the plan's attribute or current version is not nixpkgs'"),
        (replace(PLAN, packages=PLAN.packages[1:]), "h5py is in nixpkgs' set (attribute h5py) and not in the plan"),
        (replace(PLAN, packages=(*PLAN.packages, PLAN.packages[0])), "a project has more than one version"),
        (
            replace(PLAN, packages=tuple(one for one in PLAN.packages if one.project != "keras")),
            "tensorflow 2.21.0 requires keras[gpu]>=3, and the plan does not hold keras",
        ),
        (
            replace(PLAN, relaxed=(*PLAN.relaxed, replace(PLAN.relaxed[0], project="h5py", dependency="numpy"))),
            "h5py -> numpy is listed as relaxed, and is not violated",
        ),
        (
            replace(
                PLAN,
                update_first=(
                    UpdateFirst(
                        project="h5py", version="1", attribute="h5py", dependency="numpy", specifier="", chosen="2"
                    ),
                ),
            ),
            "h5py -> numpy is listed as update first, and is not violated",
        ),
        (
            replace(PLAN, levels=tuple(replace(one, value=9, bound=9) for one in PLAN.levels)),
            "level changed says 9, the plan changes 4 projects",
        ),
        (
            replace(PLAN, levels=tuple(replace(one, value=3, bound=0) for one in PLAN.levels)),
            "level risky has value 3 and bound 0",
        ),
    ],
)
def test_every_fault_is_found(plan, sentence):
    assert any(sentence in one for one in problems(plan)), problems(plan)


HELD = question(
    registry(
        "a 1.0 @1: b<2",
        "a 2.0 @5: b<2",
        "b 1.0 @1",
        "b 2.0 @3",
        "c 1.0 @1: d<2",
        "d 1.0 @1",
        "d 2.0 @3",
        release("e 1.0 @1: f; extra == 'x'", extras=("x",)),
        "f 1.0 @1",
        "a 3.0 @6: b<2, e[x,y]>=1",
    ),
    current("a 1.0", "b 1.0", "c 1.0", "d 1.0"),
)
TRUE = curate(HELD, mode="fresh")


def leveled(name, by):
    levels = tuple(
        replace(one, value=one.value + by, bound=one.bound + by) if one.name == name else one for one in TRUE.levels
    )
    return replace(TRUE, levels=levels)


def moved(project, **facts):
    return replace(
        TRUE, packages=tuple(replace(one, **facts) if one.project == project else one for one in TRUE.packages)
    )


def test_the_plan_to_falsify_has_a_hold_a_relaxation_an_addition_and_no_fault():
    assert [one.project for one in TRUE.held] == ["b"]
    assert [(one.dependency, one.risk) for one in TRUE.relaxed] == [("d", "precautionary")]
    assert [one.project for one in TRUE.added] == ["e", "f"]
    assert problems(TRUE, HELD) == ()


@pytest.mark.parametrize(
    "lie",
    [
        *(leveled(level.name, by) for level in TRUE.levels for by in (1, -1) if level.value + by >= 0),
        *(replace(TRUE, levels=TRUE.levels[:i] + TRUE.levels[i + 1 :]) for i in range(len(TRUE.levels))),
        moved("b", version="2.0", state="updated"),
        moved("a", version="2.0"),
        moved("d", version="1.0", state="held"),
        moved("b", newest="1.0"),
        moved("b", state="unchanged"),
        replace(TRUE, relaxed=()),
        *(replace(TRUE, relaxed=(replace(TRUE.relaxed[0], risk=risk),)) for risk in ("lifted", "deliberate", "pin")),
        replace(TRUE, relaxed=(replace(TRUE.relaxed[0], already=True),)),
        replace(TRUE, relaxed=(replace(TRUE.relaxed[0], chosen="1.0"),)),
        replace(TRUE, relaxed=(replace(TRUE.relaxed[0], kind="build"),)),
        replace(TRUE, relaxed=TRUE.relaxed * 2),
        replace(TRUE, held=()),
        replace(TRUE, held=TRUE.held * 1 + (replace(TRUE.held[0], project="d"),)),
        replace(TRUE, held=(replace(TRUE.held[0], newest="3.0"),)),
        replace(TRUE, held=(replace(TRUE.held[0], because=(replace(TRUE.held[0].because[0], risk="lifted"),)),)),
        replace(TRUE, held=(replace(TRUE.held[0], because=(replace(TRUE.held[0].because[0], requires="b<9"),)),)),
        replace(TRUE, packages=tuple(one for one in TRUE.packages if one.project != "f")),
        *(replace(TRUE, mode=mode) for mode in ("zzz", "", "stable", "staleness,risky,cheap,changed")),
        moved("a", state="downgraded"),
        moved("e", attribute="zzz"),
        moved("e", current="1.0"),
        replace(TRUE, held=TRUE.held * 2),
        replace(TRUE, held=(replace(TRUE.held[0], attribute="zzz"),)),
        replace(TRUE, held=(replace(TRUE.held[0], because=()),)),
        replace(TRUE, held=(replace(TRUE.held[0], because=TRUE.held[0].because * 2),)),
        *(
            replace(TRUE, held=(replace(TRUE.held[0], because=(replace(TRUE.held[0].because[0], **facts),)),))
            for facts in ({"level": "cheap"}, {"price": 3}, {"dependency": "a"}, {"policy": "abi"})
        ),
        *(
            replace(TRUE, relaxed=(replace(TRUE.relaxed[0], **facts),))
            for facts in (
                {"attribute": "zzz"},
                {"version": "9.0"},
                {"specifier": "<9"},
                {"marker": "os_name == 'nt'"},
                {"targets": (str(LINUX),)},
            )
        ),
        replace(TRUE, added=()),
        replace(TRUE, added=tuple(replace(one, version="9.0") for one in TRUE.added)),
    ],
)
def test_no_falsified_certificate_passes(lie):
    assert problems(lie, HELD)


def test_a_better_plan_than_the_certificate_allows_is_noticed():
    """What the dataset says now decides, not what the plan says: a later release changes the counts."""
    releases = {**HELD.releases, "d": (*HELD.releases["d"], release("d 3.0 @7"))}
    found = verify(TRUE, releases, HELD.current, HELD.policy).problems
    assert "d: its newest candidate is 3.0" in found
    assert any(one.startswith("level staleness says") for one in found)


def test_a_violated_lower_part_must_be_listed_as_update_first():
    asked = question(registry("a 1.0: b>=2", "b 1.0"), current("a 1.0", "b 1.0"))
    plan = curate(asked, mode="fresh")
    assert [(one.project, one.dependency, one.specifier) for one in plan.update_first] == [("a", "b", ">=2")]
    assert problems(plan, asked) == ()
    assert any("a lower part is violated" in one for one in problems(replace(plan, update_first=()), asked))


@pytest.mark.parametrize("facts", [{"attribute": "zzz"}, {"version": "9.0"}, {"specifier": ">=3"}, {"chosen": "2.0"}])
def test_what_is_listed_as_update_first_is_a_requirement_of_its_release(facts):
    asked = question(registry("a 1.0: b>=2", "b 1.0"), current("a 1.0", "b 1.0"))
    plan = curate(asked, mode="fresh")
    assert problems(replace(plan, update_first=(replace(plan.update_first[0], **facts),)), asked)
    assert problems(replace(plan, update_first=plan.update_first * 2), asked)


@pytest.mark.parametrize("part", ["lower", "upper", "both"])
def test_a_specifier_that_policy_put_there_is_the_one_that_is_listed(part):
    entry = {"scope": "a:b", "action": "replace", "part": part, "with": "<0.5", "reason": "abi"}
    asked = question(registry("a 1.0: b>=0.7,<1.5", "b 1.0"), current("a 1.0", "b 1.0"), policy={"edge": [entry]})
    plan = curate(asked, mode="fresh")
    assert plan.relaxed
    assert problems(plan, asked) == ()
    assert problems(replace(plan, relaxed=(replace(plan.relaxed[0], specifier=">=0.7,<1.5"),)), asked)


def test_a_plan_of_goals_in_an_order_of_their_own_is_right():
    plan = curate(HELD, mode="staleness, risky,cheap,changed")
    assert problems(plan, HELD) == ()
    assert problems(replace(plan, mode="fresh"), HELD) == ("the levels are not in the order of the mode 'fresh'",)


def test_a_release_below_nixpkgs_version_is_a_downgrade():
    """Where policy refuses nixpkgs' version, states follow from versions alone."""
    entry = {"name": "b", "action": "pin", "versions": "<2", "reason": "abi"}
    asked = question(registry("b 1.0 @1", "b 2.0 @3"), current("b 2.0"), policy={"project": [entry]})
    plan = curate(asked, mode="fresh")
    assert [one.state for one in plan.packages] == ["downgraded"]
    assert problems(plan, asked) == ()
    assert problems(replace(plan, packages=(replace(plan.packages[0], state="updated"),)), asked)


def test_policy_and_exclusions_are_checked():
    asked = question(
        registry("a 1.0 @1: b<2", "b 1.0 @1", "b 2.0 @2", "c 1.0: b!=1.0"), current("a 1.0", "b 1.0", "c 1.0")
    )
    forbid = question(
        asked.releases, asked.current, policy={"edge": [{"scope": "a:b", "action": "forbid", "reason": "abi"}]}
    )
    plan = curate(asked, mode="fresh")
    assert problems(plan, asked) == ()
    assert any("policy forbids to relax it" in one for one in problems(plan, forbid))
    held = question(asked.releases, asked.current, policy={"project": [{"name": "b", "action": "hold", "reason": "x"}]})
    assert any("policy says hold" in one for one in problems(plan, held))
    older = replace(
        plan,
        packages=tuple(
            replace(one, version="1.0", state="held") if one.project == "b" else one for one in plan.packages
        ),
        relaxed=(),
    )
    assert any("an exclusion is violated" in one for one in problems(older, asked))


def test_a_hold_of_a_project_that_nixpkgs_does_not_have_holds_nothing():
    asked = question(
        registry("a 1.0 @1", "a 2.0 @2: g", "g 1.0 @1"),
        current("a 1.0"),
        policy={"project": [{"name": "g", "action": "hold", "reason": "not yet"}]},
    )
    plan = curate(asked, mode="fresh")
    assert [(one.project, one.version) for one in plan.added] == [("g", "1.0")]
    assert problems(plan, asked) == ()


def test_snapshots_are_compared_by_the_release_that_they_follow():
    attribute = Attribute(name="html5lib", project="html5lib", version="1.1-unstable-2024-02-21")
    asked = question(
        registry("html5lib 1.1 @1", "mechanize 0.4 @2: html5lib>=0.999,<1.2"), current(attribute, "mechanize 0.4")
    )
    plan = curate(asked, mode="fresh")
    assert [(one.project, one.version, one.state) for one in plan.packages] == [
        ("html5lib", "1.1-unstable-2024-02-21", "unchanged"),
        ("mechanize", "0.4", "unchanged"),
    ]
    assert [(one.project, one.reason) for one in plan.unknown] == [
        ("html5lib", "a snapshot of 2024-02-21 after 1.1, which is not on the index")
    ]
    assert problems(plan, asked) == ()


def test_the_lists_of_a_plan_name_the_edge_that_they_are_about():
    assert [type(one) for one in PLAN.relaxed] == [Relaxation]
    assert PLAN.relaxed[0].spelling == "h5py"


MARKED = question(
    registry("a 1.0 @1: b<2", "a 2.0 @5: c; sys_platform == 'darwin'", "b 1.0 @1", "b 2.0 @3", "c 1.0 @1"),
    current("a 1.0", "b 1.0", "c 1.0"),
    targets=(LINUX, DARWIN),
)
PARTIAL = curate(MARKED, mode="fresh")


def test_requirements_of_some_targets_are_counted():
    assert [(one.project, one.dependency, one.targets) for one in PARTIAL.partial] == [("a", "c", (str(DARWIN),))]
    assert problems(PARTIAL, MARKED) == ()
    assert problems(replace(PARTIAL, partial=()), MARKED)
    assert problems(replace(PARTIAL, partial=(replace(PARTIAL.partial[0], targets=(str(LINUX),)),)), MARKED)


def by_one(changes):
    return (replace(changes[0], by=changes[0].by + 1), *changes[1:])


def test_what_moving_a_hold_would_change_is_counted():
    hold = TRUE.held[0]
    assert [(one.level, one.by) for one in hold.moving] == [("risky", 2), ("staleness", -2), ("changed", 1)]
    for moving in (by_one(hold.moving), hold.moving[1:], hold.moving[::-1], ()):
        found = problems(replace(TRUE, held=(replace(hold, moving=moving),)), HELD)
        assert [one for one in found if one.startswith("moving b to 2.0 is said to change ")], found


def test_what_a_relaxation_buys_is_counted():
    relaxed = TRUE.relaxed[0]
    assert relaxed.gain is not None
    for gain in (
        None,
        replace(relaxed.gain, changes=by_one(relaxed.gain.changes)),
        replace(relaxed.gain, version="9.0"),
        replace(relaxed.gain, project="c", version="1.0"),
    ):
        found = problems(replace(TRUE, relaxed=(replace(relaxed, gain=gain),)), HELD)
        assert [one for one in found if one.startswith("relaxing c's d is said to buy ")], found


def test_a_plan_that_one_move_would_better_is_not_optimal():
    """Everything is told as it is, but for the bounds: nobody has proven them."""
    asked = question(registry("a 1.0 @1", "a 2.0 @3"), current("a 1.0"))
    stays = curate(replace(asked, policy=HOLDING), mode="fresh")
    moving = (Change(level="staleness", by=-1), Change(level="changed", by=1))
    values = {"staleness": 1}
    lie = replace(
        stays,
        levels=tuple(replace(one, value=(v := values.get(one.name, 0)), bound=v) for one in stays.levels),
        packages=(replace(stays.packages[0], newest="2.0", state="held"),),
        held=(Hold(project="a", attribute="a", chosen="1.0", newest="2.0", because=(), moving=moving),),
        held_by_policy=(),
    )
    assert problems(lie, asked) == ("moving a to 2.0 alone would be better, and the plan is called optimal",)
    assert problems(replace(lie, status="feasible"), asked) == ()
