"""Where does a plan tell the policy's reasons? At what entries forbid, and at the projects that they keep back."""

from dataclasses import replace

import pytest
from toys import current, policy, question, registry

from report.blockers import reason_of
from report.changes import held_section, summary
from report.story import story
from report.summary import summary_lines
from solver.curate import curate
from solver.planjson import plan_from_text, plan_to_json, plan_to_text
from solver.planread import plan_from_json
from solver.verify import verify

NO = "no b 2 please"


def forbidden(*, risk="cheap", part="upper"):
    """Return a question whose policy keeps b back: its relaxation would be cheap, or risky, or nothing to relax."""
    lower = part == "lower"
    return question(
        registry(
            f"a 1.0 @{2 if risk == 'cheap' else 5}: {'b>=2' if lower else 'b<2'}",
            "b 1.0 @1",
            "b 2.0 @3: c>=9" if lower else "b 2.0 @3",
            "c 1.0 @1",
        ),
        current("a 1.0", "b 1.0", "c 1.0"),
        policy={"edge": [{"scope": "a:b", "action": "forbid", "part": part, "reason": NO}]},
    )


@pytest.mark.parametrize(("risk", "told"), [("cheap", "precautionary"), ("risky", "deliberate")])
def test_a_hold_gives_the_reason_of_the_entry_that_forbids(risk, told):
    asked = forbidden(risk=risk)
    plan = curate(asked, mode="fresh")
    (hold,) = plan.held
    assert [(one.risk, one.level, one.policy) for one in hold.because] == [(told, "broken", NO)]
    assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
    assert plan_from_text(plan_to_text(plan)) == plan
    assert reason_of(hold) == f"a 1.0 needs b<2 (forbidden by policy: {NO})"
    assert f"  a 1.0 needs b<2 (forbidden by policy: {NO})" in story(plan, "b")
    assert any(f"(forbidden by policy: {NO})" in line for line in held_section(plan).body)


def test_a_lower_part_that_policy_forbids_to_violate_gives_the_reason_too():
    asked = forbidden(part="lower")
    asked = replace(asked, current=current("a 0.9", "b 1.0", "c 1.0"))
    asked.releases["a"].insert(0, replace(asked.releases["a"][0], version="0.9", requires=()))
    plan = curate(asked, mode="fresh")
    hold = next(one for one in plan.held if one.project == "a")
    assert [(one.risk, one.level, one.policy) for one in hold.because] == [("update-first", "broken", NO)]
    assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()


def test_a_plan_that_gives_another_reason_is_wrong_and_one_that_gives_none_is_of_an_earlier_release():
    asked = forbidden()
    plan = curate(asked, mode="fresh")
    (hold,) = plan.held

    def problems(told, entries=asked.policy):
        because = (replace(hold.because[0], policy=told),)
        other = replace(plan, held=(replace(hold, because=because),))
        return verify(other, asked.releases, asked.current, entries).problems

    assert problems("") == ()
    assert any("b is not held by a 1.0's requirement" in one for one in problems("something else"))
    assert problems(NO, policy()) != ()


def kept_back(action, versions=None, **facts):
    entry = {"name": "b", "action": action, "reason": NO}
    return question(
        registry("b 1.0 @1", "b 1.1 @2", "b 2.0 @3", "b 3.0rc1 @4", "c 1.0 @1"),
        current("b 1.0", "c 1.0"),
        policy={"project": [entry if versions is None else {**entry, "versions": versions}]},
        **facts,
    )


@pytest.mark.parametrize(
    ("action", "versions", "chosen"),
    [("hold", None, "1.0"), ("pin", "<2", "1.1"), ("pin", "==1.0", "1.0"), ("exclude", ">=2", "1.1")],
)
def test_a_plan_tells_what_policy_keeps_below_its_newest_release(action, versions, chosen):
    asked = kept_back(action, versions)
    plan = curate(asked, mode="fresh")
    assert plan.held == ()
    assert [(one.project, one.action, one.chosen, one.newest, one.reason) for one in plan.held_by_policy] == [
        ("b", action, chosen, "2.0", NO)
    ]
    assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
    assert plan_from_text(plan_to_text(plan)) == plan
    assert "0 projects are held; 1 held by policy; " in "".join(
        text for line in summary_lines(plan) for text, _ in line
    )
    assert "| held below the newest release by policy | 1 |" in tuple(summary(plan))
    done = {"hold": "held", "pin": "pinned", "exclude": "excluded"}[action]
    line = f"- `b` is at `{chosen}`; the newest release is `2.0` ({done} by policy: {NO})"
    assert tuple(held_section(plan).body) == ("Policy keeps 1 project below the newest release:", "", line)


@pytest.mark.parametrize(
    ("action", "versions"), [("pin", ">=1"), ("exclude", "<1.1"), ("exclude", "==1.1"), ("prerelease", None)]
)
def test_entries_that_leave_the_newest_release_hold_nothing(action, versions):
    plan = curate(kept_back(action, versions), mode="fresh")
    assert plan.held_by_policy == ()
    assert plan_to_json(plan)["held_by_policy"] == []


def test_two_entries_of_one_project_are_told_by_the_one_that_refuses_the_newest():
    entries = [
        {"name": "b", "action": "exclude", "versions": "==1.1", "reason": "broken"},
        {"name": "b", "action": "pin", "versions": "<2", "reason": NO},
    ]
    plan = curate(replace(kept_back("hold"), policy=policy(project=entries)), mode="fresh")
    assert [(one.action, one.reason) for one in plan.held_by_policy] == [("pin", NO)]


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"newest": "1.1"}, "b is wrongly listed as held by policy"),
        ({"chosen": "1.1"}, "b is wrongly listed as held by policy"),
        ({"reason": "another"}, "b is held by no policy that says hold: another"),
        ({"action": "pin"}, f"b is held by no policy that says pin: {NO}"),
        ({"project": "c", "attribute": "c"}, "b is missing as held by policy"),
    ],
)
def test_verify_finds_what_policy_does_not_keep_back(facts, problem):
    asked = kept_back("hold")
    plan = curate(asked, mode="fresh")
    false = replace(plan, held_by_policy=(replace(plan.held_by_policy[0], **facts),))
    assert problem in verify(false, asked.releases, asked.current, asked.policy).problems


def test_verify_finds_that_an_empty_list_leaves_one_out():
    asked = kept_back("hold")
    plan = replace(curate(asked, mode="fresh"), held_by_policy=())
    problems = verify(plan, asked.releases, asked.current, asked.policy).problems
    assert problems == ("b is missing as held by policy",)


def test_a_plan_of_an_earlier_release_tells_nothing_of_it_and_is_not_wrong():
    asked = kept_back("hold")
    data = plan_to_json(curate(asked, mode="fresh"))
    del data["held_by_policy"]
    plan = plan_from_json(data)
    assert plan.held_by_policy is None
    assert plan_to_json(plan) == data
    assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
