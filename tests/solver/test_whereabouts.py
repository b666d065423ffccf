"""One solve serves all targets, and the plan says where they differ; extras and direct URLs bring what they bring."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle, best
from toys import DARWIN, LINUX, current, question, registry, release

from solver.compile import compile_problem
from solver.curate import curate
from solver.decide import decide
from solver.levels import MODES
from solver.verify import verify

BOTH = (LINUX, DARWIN)


def solve(*releases, now=(), targets=BOTH, **facts):
    asked = question(registry(*releases), current(*now), targets=targets, **facts)
    plan = curate(asked, mode="fresh")
    if plan.status != "conflict" and not asked.asked:
        assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
    return plan


def resolve(*releases, asked, **facts):
    return solve(*releases, asked=asked, targets=(LINUX,), strict=True, ad_hoc=True, **facts)


def versions(plan):
    return {one.project: one.version for one in plan.packages}


# targets --------------------------------------------------------------------------------------------------------------


def test_a_project_that_one_target_needs_says_which():
    plan = solve(
        *("click 8.0", "click 8.1: colorama; sys_platform == 'darwin'", "colorama 0.4: tools", "tools 1.0"),
        now=("click 8.0",),
    )
    assert {one.project: one.targets for one in plan.packages} == {
        "click": None,
        "colorama": (str(DARWIN),),
        "tools": (str(DARWIN),),
    }
    assert [(one.project, one.dependency, one.targets) for one in plan.partial] == [
        ("click", "colorama", (str(DARWIN),))
    ]


def test_a_project_that_no_target_needs_is_named_with_who_names_it():
    plan = solve("click 8.1: colorama; sys_platform == 'win32'", "colorama 0.4", now=("click 8.1",))
    assert [(one.project, one.because) for one in plan.nowhere] == [
        ("colorama", (("click", "8.1", "colorama; sys_platform == 'win32'"),))
    ]
    assert versions(plan) == {"click": "8.1"}


def test_what_some_release_needs_after_all_is_not_said_to_be_needed_nowhere():
    plan = solve(
        "click 8.1: colorama; sys_platform == 'win32'",
        "app 1.0: colorama",
        "colorama 0.4",
        now=("click 8.1", "app 1.0"),
    )
    assert plan.nowhere == ()


def test_a_project_that_different_targets_need_for_different_reasons_is_there_for_all():
    plan = solve(
        *("a 0.1", "b 0.1", "a 1.0: c; sys_platform == 'darwin'", "b 1.0: c>=1; sys_platform == 'linux'", "c 1.0"),
        now=("a 0.1", "b 0.1"),
    )
    assert {one.project: one.targets for one in plan.packages}["c"] is None
    assert len(plan.partial) == 2


def test_a_relaxation_of_one_target_says_so():
    plan = solve("a 1.0 @2: b<2; python_version < '3.14'", "b 1.0 @1", "b 2.0 @3", now=("a 1.0", "b 1.0"))
    assert [(one.dependency, one.targets) for one in plan.relaxed] == [("b", (str(LINUX),))]


# extras ---------------------------------------------------------------------------------------------------------------


def test_an_extra_that_refers_to_other_extras_of_its_own_project_brings_theirs():
    every = release(
        "pkg 1.0: pkg[a,b]; extra == 'all', one; extra == 'a', two[fast]; extra == 'b'", extras=("a", "all", "b")
    )
    two = release("two 1.0: speed; extra == 'fast'", extras=("fast",))
    plan = resolve(every, "one 1.0", two, "speed 1.0", asked=("pkg[all]",))
    assert versions(plan) == {"pkg": "1.0", "one": "1.0", "two": "1.0", "speed": "1.0"}
    assert plan.missing_extras == ()


def test_extras_that_refer_to_each_other_end():
    loop = release("pkg 1.0: pkg[b]; extra == 'a', pkg[a]; extra == 'b', one; extra == 'b'", extras=("a", "b"))
    assert versions(resolve(loop, "one 1.0", asked=("pkg[a]",))) == {"pkg": "1.0", "one": "1.0"}


def test_a_condition_beside_an_extra_counts_on_its_targets():
    made = release("pkg 1.0: old; extra == 'x' and python_version < '3.14'", extras=("x",))
    there = (made, "app 0.1", "app 1.0: pkg[x]", "old 1.0")
    assert "old" in versions(solve(*there, now=("app 0.1",)))
    assert "old" not in versions(solve(*there, now=("app 0.1",), targets=(DARWIN,)))


def test_an_extra_that_a_release_does_not_have_is_a_warning():
    plan = resolve("pkg 1.0", "app 1.0: pkg[y]", asked=("app", "pkg[x]"))
    assert [(one.project, one.dependency, one.chosen, one.extra) for one in plan.missing_extras] == [
        (None, "pkg", "1.0", "x"),
        ("app", "pkg", "1.0", "y"),
    ]
    assert plan.status == "optimal"


def test_a_release_whose_requirements_are_unknown_may_have_any_extra():
    unread = release("pkg 1.0", requires=None, unknown="sdist-dynamic", trust="none")
    assert resolve(unread, asked=("pkg[x]",)).missing_extras == ()


def test_spellings_of_an_extra_are_one():
    made = release("pkg 1.0: one; extra == 'Fast.Path'", extras=("Fast.Path",))
    assert "one" in versions(resolve(made, "one 1.0", asked=("pkg[fast_path]",)))


def test_extras_that_exclude_each_other_conflict_only_together():
    made = release("pkg 1.0: lib<2; extra == 'old', lib>=2; extra == 'new'", extras=("new", "old"))
    libs = ("lib 1.0", "lib 2.0")
    assert versions(resolve(made, *libs, asked=("pkg[old]",)))["lib"] == "1.0"
    assert versions(resolve(made, *libs, asked=("pkg[new]",)))["lib"] == "2.0"
    assert resolve(made, *libs, asked=("pkg[new,old]",)).status == "conflict"


def test_an_older_release_is_chosen_where_only_its_extra_can_be_met():
    old = release("pkg 1.0: lib<2; extra == 'x'", extras=("x",))
    new = release("pkg 2.0: lib>=3; extra == 'x'", extras=("x",))
    plan = resolve(old, new, "lib 1.0", asked=("pkg[x]",))
    assert versions(plan) == {"lib": "1.0", "pkg": "1.0"}


# spellings of versions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("specifier", "versions_there", "chosen"),
    [
        ("===1.0", ("1.0", "2.0"), "1.0"),
        (">=1.0", ("2.0", "1!0.5"), "1!0.5"),
        ("<3", ("2.0", "1!0.5"), "2.0"),
        ("==1!0.5", ("2.0", "1!0.5"), "1!0.5"),
        ("==1.0", ("1.0", "1.0+local.1"), "1.0+local.1"),
        ("==1.0+local.1", ("1.0", "1.0+local.1"), "1.0+local.1"),
        ("<=1.0", ("1.0", "1.0.post1"), "1.0"),
        ("==1.0.*", ("1.0", "1.0.post1", "1.1"), "1.0.post1"),
        ("~=1.4.5", ("1.4.4", "1.4.9", "1.5"), "1.4.9"),
        (">=1.0", ("1.0", "2.0rc1"), "1.0"),
        (">=2.0rc1", ("1.0", "2.0rc1"), "2.0rc1"),
        (">1.0", ("1.0", "2.0rc1"), "2.0rc1"),
        ("!=2.0", ("1.0", "2.0"), "1.0"),
    ],
)
def test_versions_are_compared_by_pep_440(specifier, versions_there, chosen):
    plan = resolve(*(f"pkg {version}" for version in versions_there), asked=(f"pkg{specifier}",))
    assert versions(plan) == {"pkg": chosen}


def test_a_direct_url_constrains_nothing_and_is_listed():
    plan = resolve("app 1.0: lib @ https://index.example/lib-9.zip", "lib 1.0", asked=("app",))
    assert plan.status == "optimal"
    assert [(one.project, one.requirement) for one in plan.unknown] == [
        ("app", "lib @ https://index.example/lib-9.zip")
    ]


# brute force ----------------------------------------------------------------------------------------------------------

_LINES = (
    *("pkg[a,b]; extra == 'all'", "pkg[a]; extra == 'b'", "lib<2; extra == 'a'", "lib>=2; extra == 'b'"),
    *("lib; sys_platform == 'darwin'", "more; extra == 'a' and python_version < '3.14'", "more<2; extra == 'all'"),
    *("pkg[all]; extra == 'b'", "lib[x]<3; extra == 'b'", "more"),
)
_ASKED = ("pkg", "pkg[a]", "pkg[b]", "pkg[all]", "pkg[a,b]<2", "pkg[none]", "lib[x]>=1")


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_extras_are_priced_as_brute_force_finds_it(data):
    def drawn(name, version, lines):
        requires = tuple(sorted(data.draw(st.sets(st.sampled_from(lines), max_size=3))))
        extras = data.draw(st.sampled_from((("a", "all", "b"), ("a",), ("all", "b"))))
        return release(f"{name} {version} @{version[0]}", requires=requires, extras=extras)

    releases = registry(
        *(drawn("pkg", version, _LINES) for version in ("1.0", "2.0")),
        *(
            release(f"lib {i}.0 @{i}: more; extra == 'x'", extras=data.draw(st.sampled_from(((), ("x",)))))
            for i in (1, 2)
        ),
        "more 1.0 @1",
        "more 2.0 @2",
        *(drawn("app", version, _ASKED) for version in ("1.0", "2.0")),
    )
    asked = question(releases, current("app 1.0", "lib 1.0"), targets=BOTH)
    problem = compile_problem(asked)
    oracle = Oracle(problem)
    costs = oracle.all_costs()
    for mode in MODES:
        least, _ = best(costs, mode)
        decision = decide(problem, mode)
        assert {one.name: one.value for one in decision.levels} == {
            one.name: least[one.name] for one in decision.levels
        }
        assert decision.broken == least["broken"]
        plan = curate(asked, mode=mode)
        if plan.status != "conflict":
            assert verify(plan, asked.releases, asked.current, asked.policy).problems == ()
