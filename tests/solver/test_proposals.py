"""Laws of proposals: they contain the update, leave alone what they can, stay within the ladder, and say why."""

import pickle
import re

import pytest
from drawn import universes
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version
from toys import application, current, question, registry, release

from normalize.errors import UsageError
from solver.proposal import proposed
from solver.scope import Scope, scope_of
from solver.statusquo import StatusQuo

LIB = registry(
    *("lib 1.0 @1", "lib 1.1 @2", "lib 2.0 @3", "lib 3.0 @5", "lib 4.0 @6"),
    *("app 1.0 @2: lib<2", "app 1.1 @4: lib<4, tool>=1.5", "app 2.0 @6: lib<4, tool>=2"),
    *("tool 1.0 @1", "tool 1.5 @2", "tool 2.0 @3", "tool 2.0.1 @4"),
    "other 1.0 @1: lib, nothing>=1",
)
NOW = current("lib 1.0", "app 1.0", "tool 1.0", "other 1.0", applications=(application("office", "app"),))


def quo(releases=LIB, now=NOW, **facts):
    return StatusQuo(question(releases, now, **facts))


def moves(found):
    return {one.project: one.after for one in found.steps}


def test_what_must_move_moves_for_a_reason_and_nothing_else_does():
    found = proposed(quo(), ("lib==3.0",))
    assert (found.outcome, found.proven) == ("possible", True)
    assert moves(found) == {"lib": "3.0"}
    assert [(one.project, one.risk, one.already) for one in found.relaxed] == [("app", "lifted", False)]
    assert found.relax_deps[0].after == ("lib",)


def test_a_risky_relaxation_is_dearer_than_moves():
    releases = {**LIB, **registry("app 1.0 @4: lib<2", "app 1.1 @5: lib<4, lib>1, tool>=1.5")}
    found = proposed(quo(releases), ("lib==3.0",))
    assert moves(found) == {"lib": "3.0", "app": "1.1", "tool": "2.0.1"}
    assert found.relaxed == ()
    by_name = {one.project: one for one in found.steps}
    assert by_name["lib"].asked
    assert by_name["lib"].because == ()
    assert [(one.project, one.requires) for one in by_name["app"].because] == [("app", "lib<2")]
    assert [(one.project, one.requires, one.risk) for one in by_name["tool"].because] == [
        ("app", "tool>=1.5", "update-first")
    ]


def test_the_ladder_keeps_others_near_and_says_what_would_do():
    releases = {**LIB, **registry("app 1.0 @4: lib<2", "app 2.0 @5: lib<4, lib>1, tool>=2")}
    minor = proposed(quo(releases), ("lib==3.0", "app>1"), scope_of("minor"))
    assert minor.outcome == "impossible"
    assert minor.wider == "--ladder major"
    assert "app 2.0 requires tool>=2" in minor.conflict.core
    assert minor.breaks == ("app 2.0 requires tool>=2, and would meet tool 1.0",)
    assert proposed(quo(releases), ("lib==3.0", "app>1")).outcome == "possible"
    with pytest.raises(UsageError, match="no ladder 'tiny'"):
        scope_of("tiny")


def test_an_impossible_update_has_a_core_and_ways_out():
    policy = {"edge": [{"scope": "app:lib", "action": "forbid", "reason": "known to fail"}]}
    found = proposed(quo(policy=policy), ("lib==4.0",))
    assert found.outcome == "impossible"
    assert "lib==4.0 is asked for" in found.conflict.core
    assert any("lib<4" in sentence for sentence in found.conflict.core)
    assert found.instead == "lib==3.0"
    assert all(fix.remedies[0].kind != "loosen" for fix in found.conflict.fixes)


def test_what_is_violated_today_is_no_news_and_is_told_when_it_ends():
    now = current("lib 3.0", "app 1.0", "tool 1.0", "other 1.0")
    found = proposed(quo(now=now), ("tool==1.5",))
    assert moves(found) == {"tool": "1.5"}
    found = proposed(quo(now=now), ("app==1.1",))
    assert moves(found) == {"app": "1.1", "tool": "2.0.1"}
    assert found.mended == ("app 1.0 requires lib<2, which lib 3.0 violates today",)
    assert proposed(quo(now=now), ("lib==4.0",)).standing[0].dependency == "lib"


def test_a_name_alone_is_its_newest_candidate_within_the_ladder():
    assert proposed(quo(), ("lib",)).asked == ("lib==4.0",)
    assert proposed(quo(), ("lib",), Scope("minor")).asked == ("lib==1.1",)
    assert proposed(quo(), ("lib",), Scope("patch")).outcome == "unchanged"


def test_what_is_built_again_and_the_applications():
    now = current(
        *("lib 1.0", "app 1.0", "tool 1.0"),
        app={"dependencies": ("lib",)},
        applications=(application("office", "app"), application("app", attribute="app"), application("far", "tool")),
    )
    found = proposed(quo(now=now), ("lib==1.1",))
    assert found.rebuilds.changed == ("lib",)
    assert found.rebuilds.dependents == ("app",)
    assert sorted(found.applications) == ["app", "office"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("far", "the dataset knows nothing of 'far'"),
        ("lib @ https://host.example/lib.whl", "names an address"),
        ("lib=>2", "is not a requirement"),
        ("lib>=2; python_version < '3'", "applies on none of the targets"),
    ],
)
def test_bad_requests_say_what_is_wrong(text, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        proposed(quo(), (text,))


@pytest.mark.parametrize(
    ("text", "excluded", "instead"),
    [
        ("lib==9", (), "lib==4.0"),
        ("lib>4", ("lib 5.0: yanked: broken",), "lib==4.0"),
        ("lib==5.0", ("lib 5.0: yanked: broken",), "lib==4.0"),
        ("lib<1", (), ""),
    ],
)
def test_what_no_candidate_meets_is_a_truthful_no(text, excluded, instead):
    releases = {**LIB, "lib": [*LIB["lib"], release("lib 5.0 @6", yanked="broken")]}
    found = proposed(quo(releases), (text,))
    assert (found.outcome, found.proven) == ("impossible", True)
    assert found.conflict.core == (f"{text} is asked for",)
    assert found.conflict.cores[0].excluded == excluded
    assert (found.instead, found.wider) == (instead, "")


def test_a_requirement_that_another_one_of_the_release_contains_is_not_told():
    requires = ("lib<4,>=3", "lib>=3", "lib>=2; sys_platform == 'linux'")
    releases = {**LIB, "app": [*LIB["app"][:1], release("app 2.0 @6", requires=requires)]}
    found = proposed(quo(releases), ("app==2.0",))
    lib = next(one for one in found.steps if one.project == "lib")
    assert [one.requires for one in lib.because] == ["lib<4,>=3", "lib>=2; sys_platform == 'linux'"]
    found = proposed(quo(releases), ("app==2.0", "lib<2"))
    assert found.breaks == (
        "app 2.0 requires lib<4,>=3, and would meet lib 1.0",
        "app 2.0 requires lib>=2; sys_platform == 'linux', and would meet lib 1.0",
    )


HOLD = {"project": [{"name": "lib", "action": "hold", "reason": "it moves with its server"}]}


def test_a_hold_is_no_secret():
    found = proposed(quo(policy=HOLD), ("lib",))
    assert found.outcome == "unchanged"
    assert found.passed_over == ("lib 4.0 and 3 before it are no candidates: held by policy: it moves with its server",)
    assert proposed(quo(policy=HOLD), ("lib==1.0",)).passed_over == ()
    asked = proposed(quo(policy=HOLD), ("lib==2.0",))
    assert asked.outcome == "impossible"
    assert asked.conflict.cores[0].excluded == ("lib 2.0: held by policy: it moves with its server",)


def test_what_is_newer_than_the_newest_candidate_is_told_unless_nobody_means_it():
    beyond = (
        release("lib 5.0 @6", requires_python=">=3.15"),
        release("lib 6.0 @6", yanked="broken"),
        release("lib 7.0rc1 @6"),
        release("lib 8.0", requires=None, unknown="listed"),
    )
    found = proposed(quo({**LIB, "lib": [*LIB["lib"], *beyond]}), ("lib",))
    assert (found.outcome, moves(found)["lib"]) == ("possible", "4.0")
    assert found.passed_over == (
        "lib 8.0 is no candidate: its metadata was not crawled",
        "lib 5.0 is no candidate: requires-python >=3.15 fails on 3.13 x86_64-linux",
    )


NEEDS = {**LIB, "lib": [*LIB["lib"][:1], release("lib 2.0 @3", requires_python=">=3.13")]}


@pytest.mark.parametrize(
    ("python", "uses", "behind"),
    [("3.12", "app", True), ("3.13", "app", False), (None, "app", False), ("3.12", "tool", False)],
)
def test_an_application_that_fixes_an_interpreter_cannot_follow(python, uses, behind):
    now = current(
        *("lib 1.0", "app 1.0", "tool 1.0"),
        app={"dependencies": ("lib",)},
        applications=(application("office", uses, python=python), application("self", attribute="tool")),
    )
    found = proposed(quo(NEEDS, now), ("lib==2.0",))
    said = ("office fixes Python 3.12, and lib 2.0 requires Python >=3.13",)
    assert (found.outcome, found.breaks) == ("possible", said if behind else ())
    assert [(one.application, one.project) for one in found.left_behind] == [("office", "lib")] * behind


def test_what_an_application_cannot_run_today_already_is_no_news():
    releases = {**LIB, "lib": [release(f"lib {n}.0 @{n}", requires_python=">=3.13") for n in (1, 2)]}
    now = current("lib 1.0", applications=(application("office", "lib", python="3.12"),))
    assert proposed(quo(releases, now), ("lib==2.0",)).left_behind == ()


REQUESTS = ("a", "b", "c>=2", "a==2.0", "b<=2", "d")


@settings(max_examples=35)
@given(universes(), st.sampled_from(REQUESTS), st.sampled_from(("patch", "minor", "major")))
def test_a_proposal_contains_the_update_and_keeps_to_the_ladder(asked, text, rung):
    start = StatusQuo(asked)
    try:
        found = proposed(start, (text,), scope_of(rung), why=False)
    except UsageError:
        assume(False)
    assert found.proven
    wanted = Requirement(found.asked[0])
    for one in found.steps:
        before = start.value((one.project, ""))
        if one.project == wanted.name:
            assert one.asked
            assert wanted.specifier.contains(one.after, prereleases=True)
        elif one.before is not None:
            kept = {"patch": 2, "minor": 1, "major": 0}[rung]
            assert Version(one.after) >= before.version
            assert Version(one.after).release[:kept] == before.version.release[:kept]
    if wanted.name not in {one.project for one in found.steps}:
        assert found.outcome != "possible" or found.steps == ()


@settings(max_examples=35)
@given(universes(), st.sampled_from("abc"))
def test_proposing_what_is_there_changes_nothing(asked, name):
    start = StatusQuo(asked)
    value = start.value((name, ""))
    assume(value.version is not None)
    found = proposed(start, (f"{name}=={value.version}",))
    assert (found.outcome, found.steps, found.relaxed, found.breaks) == ("unchanged", (), (), ())


@settings(max_examples=12)
@given(universes(), st.lists(st.sampled_from(REQUESTS), min_size=2, max_size=3))
def test_the_order_of_proposals_and_the_process_do_not_matter(asked, texts):
    shared = StatusQuo(asked)
    for text in texts:
        try:
            found = proposed(shared, (text,))
        except UsageError:
            continue
        fresh = proposed(StatusQuo(pickle.loads(pickle.dumps(asked))), (text,))
        assert pickle.loads(pickle.dumps(found)) == fresh
        assert found.to_json() == fresh.to_json()
