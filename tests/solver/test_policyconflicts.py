"""Where policy's entries are why no set exists: are they named with their reasons, and is taking them out a way out?"""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest
from drawn import NAMES
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from toys import current, policy, question, registry, release

from report.conflict import conflict_lines
from report.pagegraph import conflict_edges
from solver.conflictjson import conflict_to_json
from solver.curate import curate
from solver.entryremedy import without_entries
from solver.planjson import plan_from_text, plan_to_text
from solver.proposal import proposed
from solver.statusquo import StatusQuo

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
PINS = [
    {"name": "docutils", "action": "pin", "versions": "==0.23", "reason": "the newest"},
    {"name": "sphinx", "action": "pin", "versions": "==9.1.0", "reason": "tried"},
]
SHELF = registry(
    *("sphinx 9.1.0 @2: docutils>=0.21, docutils<0.23", "sphinx 9.1.1 @2: docutils>=0.21, docutils<0.23"),
    *("sphinx 9.2.0 @4: docutils>=0.21", "docutils 0.22 @1", "docutils 0.23 @3"),
    *("theme 1.0 @1", "theme 2.0 @5: docutils>=0.23, sphinx==9.1.0"),
)
SET = current("sphinx 9.1.0", "docutils 0.22", "theme 1.0")


def solved(*edges, projects=PINS):
    plan = curate(question(SHELF, SET, policy={"project": projects, "edge": list(edges)}), mode="fresh")
    if plan.conflict is not None:
        schema = {"$ref": "#/$defs/conflict", "$defs": SCHEMA["$defs"]}
        jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(conflict_to_json(plan.conflict))))
        assert plan_from_text(plan_to_text(plan)) == plan
    return plan


def ways(plan):
    return [" and ".join(one.sentence for one in fix.remedies) for fix in plan.conflict.fixes]


def test_a_forbidden_edge_is_named_with_its_reason_and_never_relaxed_as_such():
    plan = solved({"scope": "sphinx:docutils", "action": "forbid", "reason": "tests fail"})
    assert plan.conflict.core == (
        "sphinx 9.1.0 and 9.1.1 require docutils<0.23 and docutils>=0.21, and policy forbids to relax it: tests fail",
        "policy pins docutils==0.23: the newest",
        "policy pins sphinx==9.1.0: tried",
    )
    assert [one.policy for one in plan.conflict.cores[0].reasons] == ["tests fail", "the newest", "tried"]
    assert ways(plan) == [
        "take the policy's pin of docutils==0.23 out",
        "take the policy's pin of sphinx==9.1.0 out",
        "take the policy's forbid of sphinx:docutils out and let sphinx 9.1.0 meet docutils 0.23",
        "a release of sphinx that accepts docutils 0.23",
    ]
    assert plan.conflict.fixes[2].remedies[0].risk == "precautionary"
    assert plan.conflict.correction == (
        "sphinx 9.1.0 requires docutils<0.23, and would meet docutils 0.23, and policy forbids to relax it: tests fail",
    )
    told = "\n".join(conflict_lines(plan.conflict))
    assert "let sphinx 9.1.0 meet docutils 0.23 (policy; precautionary, cheap)" in told
    assert ("sphinx", "docutils", "docutils<0.23") in conflict_edges(plan.conflict)[0]
    assert solved().status == "optimal"


def test_an_entry_about_everybody_is_one_thing_to_take_out():
    releases = SHELF | registry("theme 1.0 @1: docutils<0.23")
    entry = {"scope": "*:docutils", "action": "forbid", "part": "both", "reason": "the ABI"}
    plan = curate(question(releases, SET, policy={"project": PINS[:1], "edge": [entry]}), mode="fresh")
    (out,) = [fix for fix in plan.conflict.fixes if any("forbid" in one.sentence for one in fix.remedies)]
    assert [one.sentence for one in out.remedies] == [
        "take the policy's forbid of *:docutils out and let theme 1.0 meet docutils 0.23"
    ]
    assert "theme 1.0 requires docutils<0.23, and policy forbids to violate it: the ABI" in plan.conflict.core


def test_a_lower_part_is_told_as_one():
    asked = question(
        registry("a 1.0 @1: b>=2", "b 1.0 @1"),
        current("a 1.0", "b 1.0"),
        policy={"edge": [{"scope": "a:b", "action": "forbid", "part": "lower", "reason": "crashes"}]},
    )
    plan = curate(asked, mode="fresh")
    assert plan.conflict.core == ("a 1.0 requires b>=2, and policy forbids to violate its lower part: crashes",)
    assert ways(plan)[0] == "take the policy's forbid of a:b out and let a 1.0 meet b 1.0, below what is required"


def test_what_policy_puts_in_a_requirements_place_is_told():
    entry = {"scope": "sphinx:docutils", "action": "replace", "with": ">=0.21,!=0.23", "part": "both", "reason": "bad"}
    plan = solved(entry)
    said = "which policy replaces with !=0.23,>=0.21: bad"
    assert any(
        one.sentence == f"sphinx 9.2.0 requires docutils>=0.21, {said}" for one in plan.conflict.cores[0].reasons
    )
    assert any(one.startswith("take the policy's replace of sphinx:docutils out") for one in ways(plan))
    assert all(said in one for one in plan.conflict.correction)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"action": "drop", "part": "upper"}, ", whose upper part policy drops: fine"),
        ({"action": "force"}, ", whose upper part policy lets be violated: fine"),
    ],
)
def test_what_policy_makes_easier_is_told_and_taking_it_out_is_no_way_out(entry, said):
    asked = question(
        registry("a 1.0 @1: b>=2,<3", "b 1.0 @1", "b 3.0 @2"),
        current(),
        asked=["a", "b<2"],
        ad_hoc=True,
        policy={"edge": [{"scope": "a:b", "reason": "fine", **entry}]},
    )
    plan = curate(asked, mode="fresh")
    assert any(one.startswith("a 1.0 requires b") and one.endswith(said) for one in plan.conflict.core)
    assert not any("policy" in way for way in ways(plan))


@pytest.mark.parametrize(
    ("entry", "out"),
    [
        ({"name": "theme", "action": "hold"}, "hold of theme"),
        ({"name": "theme", "action": "exclude", "versions": ">=2"}, "exclude of theme>=2"),
        ({"name": "docutils", "action": "pin", "versions": "<0.23"}, "pin of docutils<0.23"),
    ],
)
def test_a_proposal_that_an_entry_makes_impossible_says_that_taking_it_out_lets_it_in(entry, out):
    asked = question(SHELF, SET, policy={"project": [entry | {"reason": "later"}]})
    found = proposed(StatusQuo(asked), ("theme==2.0",))
    assert found.outcome == "impossible"
    assert ways(found)[0] == f"take the policy's {out} out"
    assert ("theme", "2.0") in found.conflict.fixes[0].versions
    assert proposed(StatusQuo(replace(asked, policy=policy())), ("theme==2.0",)).outcome == "possible"


def test_a_proposal_that_a_forbidden_edge_makes_impossible_names_it():
    asked = question(
        SHELF, SET, policy={"edge": [{"scope": "sphinx:docutils", "action": "forbid", "reason": "tests fail"}]}
    )
    found = proposed(StatusQuo(asked), ("theme==2.0", "sphinx==9.1.0"))
    assert any(one.endswith("and policy forbids to relax it: tests fail") for one in found.conflict.core)
    way = "take the policy's forbid of sphinx:docutils out and let sphinx 9.1.0 meet docutils 0.23"
    assert way in ways(found)


@st.composite
def governed(draw):
    """Draw a small set whose policy often leaves nothing that holds together."""
    names = NAMES[:3]
    found, entries, edges = [], [], []
    for name in names:
        for version in range(1, draw(st.integers(2, 3)) + 1):
            other = draw(st.sampled_from([one for one in names if one != name]))
            bound = draw(st.sampled_from(("", "<2", "<3", ">=2", "!=2.0", ">=2,<3")))
            found.append(release(f"{name} {version}.0 @{version}", requires=(f"{other}{bound}",)))
        if draw(st.booleans()):
            action = draw(st.sampled_from(("pin", "exclude")))
            versions = draw(st.sampled_from(("==1.0", ">=2", "<2")))
            entries.append({"name": name, "action": action, "versions": versions, "reason": f"reason {name}"})
    for depender in (*names, "*"):
        for dependency in names:
            if depender != dependency and draw(st.booleans()):
                action = draw(st.sampled_from(("forbid", "forbid", "replace", "force", "drop")))
                more = {"with": draw(st.sampled_from(("!=2.0", ">=1,!=3.0")))} if action == "replace" else {}
                part = "both" if more else draw(st.sampled_from(("upper", "both")))
                reason = f"reason {depender}-{dependency}"
                edges.append(
                    {"scope": f"{depender}:{dependency}", "action": action, "part": part, "reason": reason, **more}
                )
    return question(
        registry(*found), current(*(f"{name} 1.0" for name in names)), policy={"project": entries, "edge": edges}
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(governed())
def test_a_core_names_all_entries_that_it_needs_and_taking_out_what_a_way_out_names_is_one(asked):
    plan = curate(asked, mode="fresh")
    assume(plan.conflict is not None)
    every = (*asked.policy.projects, *asked.policy.edges)
    for core in plan.conflict.cores:
        named = {one.policy for one in core.reasons}
        unnamed = [one for one in every if one.reason not in named]
        less = replace(asked, policy=without_entries(asked.policy, unnamed))
        assert curate(less, mode="fresh").status == "conflict"
        assert all(one.policy in one.sentence for one in core.reasons)
    for fix in plan.conflict.fixes:
        if all(one.kind == "policy" for one in fix.remedies):
            out = [[one for one in every if f"{one.action} of {one.scope} out" in it.sentence] for it in fix.remedies]
            assert all(len(one) == 1 for one in out)
            gone = [one for several in out for one in several]
            after = curate(replace(asked, policy=without_entries(asked.policy, gone)), mode="fresh")
            assert after.conflict is None
            chosen = {one.project: one.version for one in after.packages}
            assert all(chosen.get(project) == version for project, version in fix.versions)
            for fewer in combinations(gone, len(gone) - 1):
                still = curate(replace(asked, policy=without_entries(asked.policy, fewer)), mode="fresh")
                assert still.conflict is not None
        taken = {one.reason for one in fix.remedies if one.kind == "policy"}
        for one in fix.remedies:
            forbidden = asked_for(plan, one.reason).startswith("and policy forbids")
            assert one.kind != "relax" or not forbidden or one.reason in taken


def asked_for(plan, key):
    """Return what a sentence of the cores says of policy."""
    found = [one.sentence for core in plan.conflict.cores for one in core.reasons if one.id == key]
    return found[0].partition(", ")[2] if found else ""
