"""What building requires is a layer of its own: it counts where it is asked for, and is undone by other means."""

from dataclasses import replace

from toys import current, question, registry, release

from report.proposal import proposal_lines
from solver.compile import compile_problem
from solver.curate import curate
from solver.decide import decide
from solver.proposal import proposed
from solver.statusquo import StatusQuo
from solver.verify import verify


def solve(*releases, now, layer=True, **facts):
    asked = question(registry(*releases), current(*now), build_requirements=layer, **facts)
    plan = curate(asked, mode="fresh")
    if plan.status != "conflict":
        assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
    return plan


def versions(plan):
    return {one.project: one.version for one in plan.packages}


APP_1 = release("app 1.0 @2: lib<3", builds=("maker>=1,<3",))
APP_2 = release("app 2.0 @4: lib<3", builds=("maker>=1,<2",))
MAKERS = ("maker 1.0 @1", "maker 2.0 @3", "lib 1.0 @1")
NOW = ("app 1.0", "maker 1.0", "lib 1.0")


def test_build_requirements_count_only_where_the_layer_is_on():
    off, on = (solve(APP_1, APP_2, *MAKERS, now=NOW, layer=layer) for layer in (False, True))
    assert versions(off) == {"app": "2.0", "lib": "1.0", "maker": "2.0"}
    assert off.builds is None
    assert versions(on) == {"app": "1.0", "lib": "1.0", "maker": "2.0"}
    assert (on.builds.known, on.builds.unknown) == (1, 2)
    assert [(one.project, one.because[0].requires, one.because[0].kind) for one in on.held] == [
        ("app", "maker>=1,<2", "build")
    ]


def test_a_relaxed_build_requirement_is_listed_as_one():
    plan = solve(release("app 1.0 @2: lib<3", builds=("maker<2",)), *MAKERS, now=NOW)
    assert [(one.project, one.dependency, one.kind, one.risk, one.extra) for one in plan.relaxed] == [
        ("app", "maker", "build", "precautionary", None)
    ]


def test_to_run_and_to_build_are_relaxed_by_different_means_and_cost_apart():
    both = release("app 1.0 @2: maker<2", builds=("maker<2",))
    plan = solve(both, *MAKERS, now=NOW)
    assert sorted(one.kind for one in plan.relaxed) == ["build", "run"]
    assert {one.name: one.value for one in plan.levels}["cheap"] == 4


def test_what_nixpkgs_builds_against_its_bounds_today_is_free_and_what_it_builds_without_is_left_out():
    patched = release("app 1.0 @4: lib<3", builds=("maker==1.0", "wheelmaker>=9"))
    plan = solve(patched, *MAKERS, now=("app 1.0", "maker 2.0", "lib 1.0"))
    assert [(one.dependency, one.kind, one.already) for one in plan.relaxed] == [("maker", "build", True)]
    assert "wheelmaker" not in versions(plan)


def test_a_new_build_requirement_joins_the_set_with_its_reason():
    plan = solve(
        "app 1.0 @1",
        release("app 2.0 @4", builds=("maker[fast]>=2; sys_platform == 'linux'",)),
        *MAKERS,
        now=("app 1.0",),
    )
    assert [(one.project, one.version, one.because) for one in plan.added] == [
        ("maker", "2.0", (("app", "2.0", "maker[fast]>=2; sys_platform == 'linux' (to build)"),))
    ]
    assert [(one.dependency, one.extra) for one in plan.missing_extras] == [("maker", "fast")]


def test_projects_that_build_each_other_are_no_cycle():
    plan = solve(release("a 1.0", builds=("b",)), release("b 1.0", builds=("a",)), now=("a 1.0", "b 1.0"))
    assert plan.cycles == ()


def test_verification_needs_no_list_of_what_is_unknown_and_counts_it():
    app = release("app 1.0 @2: lib<3", builds=("maker<2",))
    asked = question(registry(app, *MAKERS), current(*NOW), build_requirements=True)
    plan = curate(asked, mode="fresh")
    for lie in (
        replace(plan, builds=None),
        replace(plan, builds=replace(plan.builds, known=3, unknown=0)),
        replace(plan, relaxed=tuple(replace(one, kind="run") for one in plan.relaxed)),
    ):
        assert verify(lie, asked.releases, asked.current, asked.policy).problems


def test_what_nixpkgs_builds_against_an_exclusion_today_does_not_count():
    held = {"project": [{"name": "maker", "action": "hold", "reason": "x"}]}
    app = release("app 1.0", builds=("maker!=1.0",))
    assert solve(app, "maker 1.0", now=("app 1.0", "maker 1.0"), policy=held).status == "optimal"


def test_the_sentence_of_a_build_requirement_has_its_own_verb():
    asked = question(registry(APP_1, *MAKERS), current(*NOW), build_requirements=True)
    decision = decide(compile_problem(asked), "fresh")
    assert {str(edge) for _, edge, _ in decision.edges()} == {
        "app 1.0 requires lib<3",
        "app 1.0 needs maker>=1,<3 to build",
    }


def proposal(*releases, now, asked, layer=True):
    return proposed(StatusQuo(question(registry(*releases), current(*now), build_requirements=layer)), (asked,))


def test_a_proposal_heeds_what_building_requires_only_where_the_layer_is_on():
    off, on = (proposal(APP_1, *MAKERS, "maker 3.0 @5", now=NOW, asked="maker", layer=one) for one in (False, True))
    assert off.relaxed == off.relax_deps == ()
    assert [(one.project, one.specifier, one.kind, one.risk) for one in on.relaxed] == [
        ("app", "<3,>=1", "build", "precautionary")
    ]
    assert on.relax_deps == ()  # pythonRelaxDeps cannot undo it
    assert "  app 1.0 needs to build maker<3,>=1, and meets 3.0 (precautionary, cheap)" in [*proposal_lines(on)]


def test_a_proposal_says_that_a_build_requirement_makes_others_move():
    new = release("app 2.0 @4: lib<3", builds=("maker>=2",))
    found = proposal(APP_1, new, *MAKERS, now=NOW, asked="app==2.0")
    assert [(one.project, one.after, [why.requires for why in one.because]) for one in found.steps] == [
        ("app", "2.0", []),
        ("maker", "2.0", ["maker>=2 (to build)"]),
    ]
    assert [(one.project, one.reason) for one in found.unknown] == [("maker", "what building it requires is not known")]


def test_a_proposal_leaves_what_is_built_against_its_bounds_today():
    patched = release("app 1.0 @4: lib<3", builds=("maker==1.0",))
    newer = release("app 2.0 @5: lib<3", builds=("maker>=2",))
    now = ("app 1.0", "maker 2.0", "lib 1.0")
    found = proposal(patched, newer, *MAKERS, "maker 3.0 @5", now=now, asked="maker==3.0")
    assert (found.relaxed, [(one.dependency, one.kind) for one in found.standing]) == ((), [("maker", "build")])
    assert proposal(patched, newer, *MAKERS, now=now, asked="app==2.0").relaxed == ()
