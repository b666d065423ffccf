"""Input that nobody should send: each gets a clear outcome, a value, within the search's budget."""

from dataclasses import replace

import pytest
from toys import current, question, registry, release

from dataset.currentset import Attribute
from solver.curate import curate
from solver.effort import USUAL
from solver.verify import verify

HUGE = 2**31
FEW = replace(USUAL, decisions=1_000, nodes=50)


def outcome(asked, *, mode="fresh", proven=True):
    """Solve within a small budget, and check what comes out."""
    plan = curate(asked, mode=mode, effort=FEW)
    assert plan.status == "conflict" or not proven or plan.status == "optimal"
    if plan.status != "conflict" and not asked.ad_hoc:
        assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
    return plan, {one.project: one.version for one in plan.packages}


def test_a_ring_of_hundreds():
    names = [f"p{i:03}" for i in range(300)]
    lines = [
        f"{name} {version}.0: {names[(i + 1) % 300]}=={version}.0" for i, name in enumerate(names) for version in (1, 2)
    ]
    plan, versions = outcome(question(registry(*lines), current(*(f"{name} 1.0" for name in names))))
    assert set(versions.values()) == {"2.0"}
    assert plan.cycles == (tuple(names),)


def test_a_ring_that_cannot_move_stays():
    names = [f"p{i:02}" for i in range(50)]
    lines = [
        f"{name} {version}.0: {names[(i + 1) % 50]}=={version}.0" for i, name in enumerate(names) for version in (1, 2)
    ]
    held = {"project": [{"name": "p07", "action": "hold", "reason": "native"}]}
    _, versions = outcome(question(registry(*lines), current(*(f"{name} 1.0" for name in names)), policy=held))
    assert set(versions.values()) == {"1.0"}


def test_everything_requires_everything():
    names = [f"p{i}" for i in range(12)]
    lines = [
        f"{name} {version}.0 @{version}: " + ", ".join(f"{one}<={version}.0" for one in names if one != name)
        for name in names
        for version in (1, 2, 3)
    ]
    _, versions = outcome(question(registry(*lines), current(*(f"{name} 1.0" for name in names))))
    assert set(versions.values()) == {"3.0"}


@pytest.mark.parametrize("text", ["a", "a==2.0", "a<1", "a!=1.0", "a[x]", "a[x]==2.0"])
def test_a_requirement_on_itself(text):
    lines = [release(f"a 1.0: {text}", extras=("x",)), release(f"a 1.5: {text}", extras=("x",))]
    plan, versions = outcome(question(registry(*lines), current("a 1.0")))
    assert (plan.status, set(versions)) == ("optimal", {"a"})


@pytest.mark.parametrize("specifier", [">2,<1", "==1.0,==2.0", "==1.0,!=1.0", "<0", "===nothing", ">=1,<1"])
def test_a_specifier_that_contradicts_itself(specifier):
    releases = registry(f"a 1.0: b{specifier}", "a 2.0", "b 1.0", "b 2.0")
    plan, versions = outcome(question(releases, current("a 1.0", "b 1.0")))
    assert (plan.status, versions) == ("optimal", {"a": "2.0", "b": "2.0"})
    strict = question(releases, current(), asked=["a<2"], strict=True, ad_hoc=True)
    plan, _ = outcome(strict)
    assert plan.status == "conflict"
    assert set(plan.conflict.core) == {"a<2 is asked for", f"a 1.0 requires b{specifier}"}


def test_a_project_without_any_release():
    releases = {**registry("a 1.0: ghost>=1"), "ghost": ()}
    plan, versions = outcome(question(releases, current("a 1.0", "ghost 3.0")))
    assert (plan.status, versions["ghost"]) == ("optimal", "3.0")
    assert [(one.project, one.reason) for one in plan.unknown] == [("ghost", "nixpkgs' version is not on the index")]
    plan, _ = outcome(question(releases, current(), asked=["a"], strict=True, ad_hoc=True))
    assert set(plan.conflict.core) == {"a is asked for", "a 1.0 requires ghost>=1"}


def test_a_project_whose_every_release_is_no_candidate():
    bad = [
        release("b 1.0", requires_python="<3"),
        release("b 2.0", yanked="broken"),
        "b 3.0rc1",
        release("b not-a-version"),
    ]
    releases = registry("a 1.0", "a 2.0: b", *bad)
    plan, versions = outcome(question(releases, current("a 1.0")))
    assert versions == {"a": "1.0"}
    assert [(one.project, one.because[0].risk) for one in plan.held] == [("a", "missing")]


def test_five_thousand_releases():
    lines = [f"a 1.{i} @{1 + i % 9}: b>={i}" for i in range(5_000)]
    releases = registry(*lines, *(f"b {i}" for i in range(0, 5_000, 500)))
    _, versions = outcome(question(releases, current("a 1.0", "b 0")))
    assert versions == {"a": "1.4500", "b": "4500"}


ABSURD = {
    "many-clauses": "b" + ",".join(f"!={i}" for i in range(10, 4_000)),
    "many-extras": f"b[{','.join(f'x{i}' for i in range(300))}]",
    "long-name": "b" * 500_000,
    "wide-marker": "b; " + " or ".join(["python_version < '3'"] * 1_000),
}


@pytest.mark.parametrize("text", ABSURD.values(), ids=ABSURD.keys())
def test_a_requirement_of_absurd_length(text):
    releases = registry(release("a 1.0", requires=(text,)), "b 1", "b 2")
    plan, versions = outcome(question(releases, current("a 1.0", "b 1")))
    assert (plan.status, versions["a"], versions["b"]) == ("optimal", "1.0", "2")


UNREADABLE = {
    "deep-marker": "b; " + "(" * 2_000 + "python_version > '3'" + ")" * 2_000,
    "digits": "b>=" + "9" * 5_000,
    "digits-in-marker": "b<1; python_version > '" + "9" * 5_000 + "'",
    "clauses-without-end": "b" + ">=1," * 10_000 + "oops",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_requirement_that_would_break_its_readers_constrains_nothing(text):
    releases = registry(release("a 1.0", requires=(text,)), "b 1", "b 2")
    plan, versions = outcome(question(releases, current("a 1.0", "b 1")))
    assert (plan.status, versions) == ("optimal", {"a": "1.0", "b": "2"})


def test_requires_python_of_absurd_length():
    releases = registry(release("a 1.0"), release("a 2.0", requires_python=">=" + "9" * 5_000))
    assert outcome(question(releases, current("a 1.0")))[1] == {"a": "2.0"}  # unreadable, so it excludes nothing


def test_numbers_that_no_machine_word_holds():
    numbers = [HUGE - 1, HUGE, 2**63, 2**64 + 1, 10**300]
    releases = registry("a 1.0: b<" + str(10**300), *(f"b {number}.{number}" for number in numbers))
    plan, versions = outcome(question(releases, current("a 1.0", f"b {HUGE}.{HUGE}")))
    assert versions == {"a": "1.0", "b": f"{2**64 + 1}.{2**64 + 1}"}
    assert plan.held[0].newest == f"{10**300}.{10**300}"
    assert outcome(question(releases, current("b " + "7" * 5_000)))[0].unknown[0].reason.startswith("nixpkgs' version")


def test_costs_that_no_machine_word_holds():
    weights = {"deliberate": 10**40, "pin": 10**60}
    releases = registry("a 1.0 @5: b<2", "b 1.0 @1", "b 2.0 @2", "c 1.0 @1: b>=2")
    plan, _ = outcome(question(releases, current("a 1.0", "b 1.0", "c 1.0"), policy={"weights": weights}))
    assert {one.name: one.value for one in plan.levels}["risky"] == 10**40


def test_unknown_metadata_everywhere():
    lines = [
        release(f"p{i} {version}", requires=None, unknown="sdist-dynamic", trust="none")
        for i in range(30)
        for version in (1, 2)
    ]
    plan, versions = outcome(question(registry(*lines), current(*(f"p{i} 1" for i in range(30)))))
    assert set(versions.values()) == {"2"}
    assert len(plan.unknown) == 30


def test_nothing_is_known_at_all():
    attributes = tuple(Attribute(name=f"a{i}", project=f"a{i}", version=None) for i in range(20))
    plan, versions = outcome(question({}, current(*attributes)))
    assert set(versions.values()) == {None}
    assert len(plan.unknown) == 20


def test_a_policy_that_excludes_the_world():
    names = [f"p{i}" for i in range(20)]
    lines = [f"{name} {version}.0: p0>={version}" for name in names for version in (1, 2)]
    entries = [{"name": name, "action": "exclude", "versions": ">=0", "reason": "no"} for name in names]
    asked = question(registry(*lines), current(*(f"{name} 1.0" for name in names)), policy={"project": entries})
    plan, versions = outcome(asked)
    assert (plan.status, set(versions.values())) == ("optimal", {"1.0"})
    strict = question(registry(*lines), current(), asked=["p1"], strict=True, ad_hoc=True, policy={"project": entries})
    assert "p1 is asked for" in outcome(strict)[0].conflict.core


def test_a_policy_that_forbids_and_drops_the_world():
    lines = ["a 1.0 @1: b<2", "a 2.0 @2: b<2", "b 1.0 @1", "b 2.0 @3"]
    now = current("a 1.0", "b 2.0")
    forbid = {"edge": [{"scope": "*:b", "action": "forbid", "reason": "no"}]}
    assert outcome(question(registry(*lines), now, policy=forbid))[1] == {"a": "2.0", "b": "1.0"}
    drop = {"edge": [{"scope": "*:b", "action": "drop", "reason": "no"}]}
    assert outcome(question(registry(*lines), now, policy=drop))[1] == {"a": "2.0", "b": "2.0"}


def test_no_project_no_target_no_release():
    assert outcome(question({}, current()))[1] == {}
    assert outcome(question(registry("a 1.0", "a 2.0"), current("a 1.0"), targets=()))[1] == {"a": "2.0"}
