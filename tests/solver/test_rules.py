"""The rules of docs/model.md, one small registry each."""

import pytest
from toys import DARWIN, LINUX, application, current, question, registry, release

from dataset.currentset import Attribute
from normalize.errors import UsageError
from solver.curate import curate
from solver.policyread import policy_from_toml


def versions(plan):
    return {one.project: one.version for one in plan.packages}


def solve(*releases, now, mode="fresh", **facts):
    return curate(question(registry(*releases), current(*now), **facts), mode=mode)


def classes(plan):
    return {(one.project, one.dependency): one.risk for one in plan.relaxed}


# risk classes ---------------------------------------------------------------------------------------------------------


def test_lifted_a_later_release_accepts_what_the_chosen_one_forbids():
    plan = solve(
        "a 1.0 @2: b>=1,<2",
        "a 2.0 @4: b>=1,<3, c>=9",
        "b 1.0 @1",
        "b 2.0 @1",
        "c 1.0 @1",
        now=("a 1.0", "b 1.0", "c 1.0"),
    )
    assert versions(plan) == {"a": "1.0", "b": "2.0", "c": "1.0"}
    assert classes(plan) == {("a", "b"): "lifted"}
    assert plan.relaxed[0].evidence == "a 2.0 accepts b 2.0"


def test_a_later_release_that_asks_for_a_newer_floor_proves_nothing():
    plan = solve(
        "a 1.0 @2: b>=1,<2", "a 2.0 @4: b>=2, c>=9", "b 1.0 @1", "b 2.0 @1", "c 1.0 @1", now=("a 1.0", "b 1.0", "c 1.0")
    )
    assert versions(plan)["b"] == "1.0"
    assert plan.held[1].because[0].risk == "deliberate"


def test_precautionary_the_forbidden_release_came_later():
    plan = solve("a 1.0 @2: b<2", "b 1.0 @1", "b 2.0 @3", now=("a 1.0", "b 1.0"))
    assert classes(plan) == {("a", "b"): "precautionary"}


def test_deliberate_the_forbidden_release_was_there_to_be_excluded():
    plan = solve("a 1.0 @4: b<2", "b 1.0 @1", "b 2.0 @3", now=("a 1.0", "b 1.0"))
    assert classes(plan) == {}
    assert [(one.project, one.because[0].risk, one.because[0].requires) for one in plan.held] == [
        ("b", "deliberate", "b<2")
    ]


def test_old_releases_that_are_only_listed_still_show_what_was_there():
    listed = release("b 2.0 @1", requires=None, unknown="listed", source="index", trust="none")
    plan = solve("a 1.0 @2: b<2", "b 1.0 @1", listed, "b 3.0 @3", now=("a 1.0", "b 1.0"))
    assert plan.held[0].because[0].risk == "deliberate"
    assert versions(plan)["b"] == "1.0"


def test_a_pin_is_risky_however_young_the_releases_that_it_forbids():
    plan = solve("a 1.0 @2: b==1.0", "b 1.0 @1", "b 2.0 @3", now=("a 1.0", "b 1.0"))
    assert versions(plan)["b"] == "1.0"
    assert plan.held[0].because[0].risk == "pin"


def test_without_upload_times_nothing_is_called_precautionary():
    plan = solve("a 1.0: b<2", "b 1.0", "b 2.0", now=("a 1.0", "b 1.0"))
    assert plan.held[0].because[0].risk == "deliberate"


def test_exclusions_are_never_relaxed_unless_policy_says_so():
    releases = ("a 1.0 @2: b!=2.0", "b 1.0 @1", "b 2.0 @3")
    assert versions(solve(*releases, now=("a 1.0", "b 1.0")))["b"] == "1.0"
    force = {"edge": [{"scope": "a:b", "action": "force", "reason": "tested by hand"}]}
    plan = solve(*releases, now=("a 1.0", "b 1.0"), policy=force)
    assert versions(plan)["b"] == "2.0"
    assert [(one.risk, one.evidence) for one in plan.relaxed] == [("override", "tested by hand")]


# what nixpkgs does today ----------------------------------------------------------------------------------------------


def test_what_nixpkgs_relaxes_is_free_and_what_it_relaxes_without_need_is_stale():
    a = Attribute(name="a", project="a", version="1.0", relaxed=("b", "c", "gone"))
    plan = solve("a 1.0 @4: b<2, c<9", "b 1.0 @1", "b 2.0 @3", "c 1.0 @1", now=(a, "b 1.0", "c 1.0"))
    assert versions(plan)["b"] == "2.0"
    assert [(one.dependency, one.already) for one in plan.relaxed] == [("b", True)]
    assert [level.value for level in plan.levels if level.name in ("risky", "cheap")] == [0, 0]
    assert [(one.name, one.reason) for one in plan.stale_relaxations] == [
        ("c", "the plan's 1.0 meets c<9"),
        ("gone", "METADATA of 1.0 does not require it"),
    ]


def test_a_relaxation_for_an_extra_is_judged_only_where_the_plan_has_the_dependency():
    a = Attribute(name="a", project="a", version="1.0", relaxed=("b",))
    one = release("a 1.0 @4: b<2; extra == 'x'", extras=("x",))
    assert solve(one, now=(a,)).stale_relaxations == ()
    assert [stale.reason for stale in solve(one, "b 1.0", now=(a, "b 1.0")).stale_relaxations] == [
        "the plan's 1.0 meets b<2; extra == 'x'"
    ]


def test_what_nixpkgs_removes_is_no_edge():
    a = Attribute(name="a", project="a", version="1.0", removed=("Lib.Clang",))
    plan = solve("a 1.0: lib_clang>=13", now=(a,))
    assert (plan.status, plan.added) == ("optimal", ())


def test_a_versioned_attribute_stays_in_its_series():
    cython = Attribute(name="cython_0", project="cython", version="0.29.37.1", series="0")
    plan = solve("cython 0.29.38 @1", "cython 3.2 @2", now=(cython,))
    assert versions(plan) == {"cython": "0.29.38"}
    assert [(one.version, one.reason) for one in plan.excluded] == [("3.2", "attribute cython_0 stays in the 0 series")]


def test_a_version_that_could_not_be_read_is_left_alone_and_said_to_be_unknown():
    clang = Attribute(name="clang", project="clang", version=None)
    plan = solve("clang 20.1 @1", "a 1.0: clang>=99", now=(clang, "a 1.0"))
    assert versions(plan)["clang"] is None
    assert plan.update_first == ()
    assert [(one.project, one.reason) for one in plan.unknown] == [("clang", "nixpkgs' version could not be read")]


# candidates -----------------------------------------------------------------------------------------------------------


def test_every_release_that_is_no_candidate_has_its_reason():
    plan = solve(
        "a 1.0 @1",
        release("a 1.1 @2", yanked="bad upload"),
        "a 2.0rc1 @3",
        release("a 1.2 @3", requires_python=">=3.14"),
        "a 2!garbage @4",
        "a 1.3 @6",
        now=("a 1.0",),
        before="2026-05-01T00:00:00Z",
        targets=(LINUX, DARWIN),
    )
    assert versions(plan) == {"a": "1.0"}
    assert [(one.version, one.reason) for one in plan.excluded] == [
        ("1.1", "yanked: bad upload"),
        ("2.0rc1", "a pre-release"),
        ("1.2", "requires-python >=3.14 fails on 3.13 x86_64-linux"),
        ("2!garbage", "its version is not PEP 440"),
        ("1.3", "uploaded 2026-06-01, not before 2026-05-01"),
    ]


def test_a_current_version_that_would_be_no_candidate_stays_possible():
    plan = solve("defusedxml 0.7.1 @1", "defusedxml 0.8.0rc2 @2", now=("defusedxml 0.8.0rc2",))
    assert [(one.version, one.state) for one in plan.packages] == [("0.8.0rc2", "unchanged")]


def test_policy_allows_pre_releases_and_yanked_releases_and_pins_and_excludes():
    releases = ("a 1.0", "a 2.0rc1", release("a 1.5", yanked=""), "b 1.0", "b 2.0", "b 3.0", "c 1.0", "c 2.0")
    policy = {
        "project": [
            {"name": "a", "action": "prerelease", "reason": "r"},
            {"name": "b", "action": "exclude", "versions": "==3.0", "reason": "crashes"},
            {"name": "c", "action": "hold", "reason": "moves with the native library"},
        ]
    }
    plan = solve(*releases, now=("a 1.0", "b 1.0", "c 1.0"), policy=policy)
    assert versions(plan) == {"a": "2.0rc1", "b": "2.0", "c": "1.0"}
    assert ("b", "3.0", "excluded by policy: crashes") in [(e.project, e.version, e.reason) for e in plan.excluded]
    pinned = {"project": [{"name": "b", "action": "pin", "versions": "~=1.0", "reason": "r"}]}
    assert versions(solve("b 1.0", "b 1.5", "b 2.0", now=("b 1.0",), policy=pinned)) == {"b": "1.5"}


def test_a_release_with_unknown_requirements_constrains_nothing_and_is_listed():
    unknown = release("a 2.0 @2", requires=None, unknown="sdist-dynamic", source="sdist", trust="none")
    plan = solve("a 1.0 @1: b<1", unknown, "b 1.0", now=("a 1.0", "b 1.0"))
    assert versions(plan)["a"] == "2.0"
    assert [(one.project, one.version, one.reason) for one in plan.unknown] == [("a", "2.0", "sdist-dynamic")]


# markers, extras, additions -------------------------------------------------------------------------------------------


def test_one_solve_serves_all_targets():
    plan = solve(
        "a 1.0 @9: b<2; sys_platform == 'darwin', c<2; python_version >= '3.15'",
        "b 1.0 @1",
        "b 2.0 @2",
        "c 1.0 @1",
        "c 2.0 @2",
        now=("a 1.0", "b 1.0", "c 1.0"),
        targets=(LINUX, DARWIN),
    )
    assert versions(plan) == {"a": "1.0", "b": "1.0", "c": "2.0"}


def test_extras_count_where_they_are_asked_for():
    foo = release("foo 1.0 @9: bar<2; extra == 'x'", extras=("x",))
    bars = ("bar 1.0 @1", "bar 2.0 @2")
    assert versions(solve(foo, *bars, "a 1.0: foo", now=("foo 1.0", "bar 1.0", "a 1.0")))["bar"] == "2.0"
    plan = solve(foo, *bars, "a 1.0: foo[x]", now=("foo 1.0", "bar 1.0", "a 1.0"))
    assert versions(plan)["bar"] == "1.0"
    assert plan.held[0].because[0].requires == "bar<2; extra == 'x'"


def test_an_extra_may_ask_for_another_extra_of_its_own_project():
    foo = release("foo 1.0 @9: foo[x]; extra == 'all', bar<2; extra == 'x'", extras=("all", "x"))
    plan = solve(foo, "bar 1.0 @1", "bar 2.0 @2", "a 1.0: foo[all]", now=("foo 1.0", "bar 1.0", "a 1.0"))
    assert versions(plan)["bar"] == "1.0"


def test_projects_that_an_update_needs_are_added_with_their_reason():
    plan = solve("a 1.0 @1", "a 2.0 @2: new>=1", "new 1.0 @1", "new 1.1 @2: newer", "newer 3 @1", now=("a 1.0",))
    assert versions(plan) == {"a": "2.0", "new": "1.1", "newer": "3"}
    assert [(one.project, one.because) for one in plan.added] == [
        ("new", (("a", "2.0", "new>=1"),)),
        ("newer", (("new", "1.1", "newer"),)),
    ]
    assert {one.project: one.state for one in plan.packages} == {"a": "updated", "new": "added", "newer": "added"}


def test_a_project_outside_the_dataset_is_unknown_and_no_conflict():
    plan = solve("a 1.0 @1", "a 2.0 @2: nowhere>=1", now=("a 1.0",))
    assert versions(plan) == {"a": "2.0", "nowhere": None}
    assert [(one.project, one.version) for one in plan.added] == [("nowhere", None)]
    assert [(one.project, one.reason) for one in plan.unknown] == [("nowhere", "the dataset does not hold it")]


def test_what_nixpkgs_builds_the_current_release_without_is_left_out_and_said_to_be():
    qt = Attribute(name="pyqt6", project="pyqt6", version="6.11", dependencies=("elsewhere",), removed=("gone",))
    plan = solve(
        "pyqt6 6.11 @1: PyQt6_Qt6<6.12, elsewhere, gone, sip; python_version < '3'",
        "pyqt6 6.12 @2: PyQt6_Qt6>=6.12,<6.13, sip",
        "pyqt6-qt6 6.11 @1",
        "sip 1.0",
        now=(qt,),
    )
    assert versions(plan) == {"pyqt6": "6.12", "sip": "1.0"}
    assert [(one.project, one.version, one.dependency, one.requires) for one in plan.left_out] == [
        ("pyqt6", "6.12", "pyqt6-qt6", "PyQt6_Qt6>=6.12,<6.13")
    ]


# holds, update first, conflicts ---------------------------------------------------------------------------------------


def test_a_depender_is_held_where_its_newest_needs_what_the_index_does_not_have():
    plan = solve("a 1.0 @1: b>=1", "a 2.0 @2: b>=3", "b 1.0 @1", "b 2.0 @2", now=("a 1.0", "b 1.0"))
    assert versions(plan) == {"a": "1.0", "b": "2.0"}
    hold = plan.held[0]
    assert (hold.project, hold.chosen, hold.newest) == ("a", "1.0", "2.0")
    assert [(one.project, one.version, one.requires, one.risk) for one in hold.because] == [
        ("a", "2.0", "b>=3", "update-first")
    ]


def test_unmeetable_requirements_are_a_value_with_a_minimal_core():
    forbid = {"edge": [{"scope": "*:void", "action": "forbid", "reason": "abi"}]}
    plan = solve(
        "cosmos 1.1 @1: void<2",
        "star 1.0 @1: void>=1, void!=1.0",
        "void 1.0 @1",
        "void 2.0 @2",
        "bystander 1.0",
        now=("cosmos 1.1", "star 1.0", "void 1.0", "bystander 1.0"),
        policy=forbid,
    )
    assert plan.status == "conflict"
    said = ", and policy forbids to relax it: abi"
    assert plan.conflict.core == (
        f"cosmos 1.1 requires void<2{said}",
        f"star 1.0 requires void!=1.0 and void>=1{said}",
    )
    assert plan.conflict.correction == (f"cosmos 1.1 requires void<2, and would meet void 2.0{said}",)


def test_cycles_are_reported_and_do_no_harm():
    plan = solve("a 1.0", "a 2.0: b", "b 1.0: c", "c 1.0: a", "d 1.0: a", now=("a 1.0", "d 1.0"))
    assert plan.cycles == (("a", "b", "c"),)


def test_stable_changes_only_what_it_must():
    plan = solve(
        "a 1.0 @1: b>=2",
        "b 1.0 @1",
        "b 2.0 @2",
        "b 3.0 @3",
        "c 1.0",
        "c 2.0",
        now=("a 1.0", "b 1.0", "c 1.0"),
        mode="stable",
    )
    assert versions(plan) == {"a": "1.0", "b": "3.0", "c": "1.0"}


# vendoring ------------------------------------------------------------------------------------------------------------


def test_an_application_that_holds_others_back_should_carry_its_own():
    attributes = (
        Attribute(name="tf", project="tf", version="1.0", dependencies=("numpy", "gast")),
        Attribute(name="gast", project="gast", version="1.0"),
        Attribute(name="numpy", project="numpy", version="1.0"),
        Attribute(name="sci", project="sci", version="1.0", dependencies=("numpy",)),
    )
    apps = (application("calc", "sci", python="3.12"), application("tf", attribute="tf"))
    releases = registry(
        "tf 1.0 @9: numpy<2, gast",
        "gast 1.0",
        "numpy 1.0 @1",
        release("numpy 2.0 @2", requires_python=">=3.13"),
        "sci 1.0: numpy",
    )
    plan = curate(question(releases, current(*attributes, applications=apps)), mode="fresh")
    by_name = {one.application: one for one in plan.vendoring}
    tf = by_name["tf"]
    assert tf.exclusive == ("gast", "tf")
    assert [(one.project, one.together, one.without) for one in tf.newer] == [("numpy", "1.0", "2.0")]
    assert [one.project for one in tf.obeyed] == ["numpy"]
    assert tf.recommendation == "vendor"
    assert tf.reason == "without it the shared set gains numpy 2.0; every private version is one more to patch"
    assert by_name["calc"].recommendation == "keep"
    assert by_name["calc"].unsupported == ()


def test_an_interpreter_that_cannot_run_the_chosen_versions_is_named():
    attributes = (Attribute(name="numpy", project="numpy", version="1.0"),)
    releases = registry("numpy 1.0 @1", release("numpy 2.0 @2", requires_python=">=3.13"))
    apps = (application("ceph", "numpy", python="3.12"),)
    plan = curate(question(releases, current(*attributes, applications=apps)), mode="fresh")
    assert plan.vendoring[0].unsupported == (("numpy", "2.0", ">=3.13"),)


# policy files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"schema": 2}, "policy.toml: schema: expected 1, found 2"),
        ({"schema": 1, "wieghts": {}}, "policy.toml: wieghts: unknown key"),
        ({"schema": 1, "weights": {"pin": -1}}, "policy.toml: weights.pin: expected a whole number, found a number"),
        ({"schema": 1, "edge": [{"scope": "a"}]}, "policy.toml: edge[0].scope: 'a' has no ':'"),
        (
            {"schema": 1, "edge": [{"scope": "a:b", "action": "frob", "reason": "r"}]},
            "policy.toml: edge[0].action: 'frob' is not one of force, forbid, drop, replace",
        ),
        ({"schema": 1, "edge": [{"scope": "a:b", "action": "drop"}]}, "policy.toml: edge[0].reason: missing"),
        (
            {"schema": 1, "edge": [{"scope": "a==x:b", "reason": "r"}]},
            "policy.toml: edge[0].scope: '==x' is not a version specifier",
        ),
        (
            {"schema": 1, "edge": [{"scope": "a:b", "action": "replace", "reason": "r"}]},
            "policy.toml: edge[0].with: 'replace' needs the specifier that counts instead",
        ),
        (
            {"schema": 1, "project": [{"name": "a b", "action": "hold", "reason": "r"}]},
            "policy.toml: project[0].name: 'a b' cannot be a project name",
        ),
        (
            {"schema": 1, "project": [{"name": "a", "action": "pin", "reason": "r"}]},
            "policy.toml: project[0].versions: 'pin' needs it",
        ),
        (
            {"schema": 1, "project": [{"name": "a", "action": "hold", "reason": "r", "expires": "soon"}]},
            "policy.toml: project[0].expires: 'soon' is not a day",
        ),
    ],
)
def test_a_policy_with_a_mistake_is_refused_with_the_path_to_it(data, sentence):
    with pytest.raises(UsageError) as caught:
        policy_from_toml(data)
    assert caught.value.sentence == sentence


def test_overrides_are_scoped_and_the_most_specific_one_counts():
    policy = policy_from_toml(
        {
            "schema": 1,
            "edge": [
                {"scope": "*:numpy", "action": "force", "reason": "all"},
                {"scope": "a:numpy", "action": "forbid", "reason": "a"},
                {"scope": "a==1.2.3:numpy", "action": "replace", "with": ">=2", "reason": "a 1.2.3"},
            ],
        }
    )
    assert policy.for_edge("b", "1", "numpy").reason == "all"
    assert policy.for_edge("a", "1", "numpy").reason == "a"
    assert policy.for_edge("a", "1.2.3", "numpy").reason == "a 1.2.3"
    assert policy.for_edge("a", "1", "scipy") is None


def test_expired_overrides_do_nothing_and_are_named():
    policy = policy_from_toml(
        {
            "schema": 1,
            "edge": [{"scope": "a:b", "action": "drop", "reason": "until a 2", "expires": "2026-06-30"}],
            "project": [{"name": "c", "action": "hold", "reason": "for now", "expires": "2026-12-31"}],
        }
    )
    left, sentences = policy.without_expired("2026-11-21")
    assert (left.edges, len(left.projects)) == ((), 1)
    assert sentences == ("the override a:b expired on 2026-06-30: until a 2",)


def test_a_replaced_requirement_counts_as_written_by_policy():
    policy = {"edge": [{"scope": "a:b", "action": "replace", "with": ">=1", "reason": "METADATA is wrong"}]}
    plan = solve("a 1.0 @9: b<2", "b 1.0 @1", "b 2.0 @2", now=("a 1.0", "b 1.0"), policy=policy)
    assert (versions(plan)["b"], plan.relaxed) == ("2.0", ())
