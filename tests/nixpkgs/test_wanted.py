"""What a plan wants of package files: dependencies that certainly come or go, and what a commit says of it."""

from dataclasses import replace

import pytest
from toys import DARWIN, LINUX, release

from nixpkgs.commitmessage import commit_message
from nixpkgs.fitting import Fitted
from nixpkgs.relaxneeds import bounded_requirements
from nixpkgs.requirementchange import ExtraChange, requirement_change
from nixpkgs.treeedit import Step
from nixpkgs.wanted import Relax, wanted_changes
from normalize.projects import project_name
from normalize.targets import Target
from solver.plan import LeftOut, Package, Plan, Relaxation, StaleRelaxation

TARGETS = (LINUX, DARWIN)
ATTRIBUTES = {project_name(one): one for one in ("a", "b", "c")}


def change(before, after, left_out=()):
    old, new = (None if text is None else release(text) for text in (before, after))
    return requirement_change(old, new, TARGETS, ATTRIBUTES, frozenset(map(project_name, left_out)))


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost", "unsure"),
    [
        ("x 1: a", "x 2: a", [], [], ""),
        ("x 1: a<2", "x 2: A>=2", [], [], ""),
        ("x 1: a", "x 2: a, b>=1", ["b"], [], ""),
        ("x 1: a, b", "x 2: a", [], ["b"], ""),
        ("x 1: a, b", "x 2: a, b; extra == 'x'", [], [], "b only for an extra or on another target"),
        ("x 1:", "x 2: a; sys_platform == 'darwin'", [], [], ""),
        ("x 1:", "x 2: a; sys_platform == 'darwin', a; sys_platform != 'darwin'", ["a"], [], ""),
        ("x 1:", "x 2: a; sys_platform == 'win32'", [], [], ""),
        ("x 1:", "x 2: a[y,z]", ["a"], [], "add what the extra y, z needs"),
        ("x 1:", "x 2: new", [], [], "requires new now, which the plan does not hold"),
        ("x 1: gone", "x 2:", [], [], ""),
        (None, "x 2: a", [], [], "what its present release requires is not known"),
        ("x 1: a", None, [], [], "what its new release requires is not known"),
    ],
)
def test_only_what_is_certain_changes(before, after, gained, lost, unsure):
    found = change(before, after)
    assert [attribute for _, attribute in found.gained] == gained
    assert [attribute for _, attribute in found.lost] == lost
    assert unsure in " ".join(found.unsure)
    assert bool(found.unsure) == bool(unsure)


@pytest.mark.parametrize(
    ("before", "after", "attribute", "condition", "where"),
    [
        ("x 1:", "x 2: a; sys_platform == 'darwin'", "a", "stdenv.hostPlatform.isDarwin", (False, True)),
        ("x 1:", "x 2: a; platform_machine == 'x86_64'", "a", "stdenv.hostPlatform.isx86_64", (True, False)),
        # no short way to say it: no list, but a note
        ("x 1:", "x 2: a; platform_machine == 'arm64'", "a", "", (False, True)),
        ("x 1:", "x 2: a; sys_platform == 'darwin' and python_version < '3.15'", "a", "", (False, True)),
        ("x 1:", "x 2: a[y]; sys_platform == 'darwin'", "a", "", (False, True)),
        # it was required before, if on other targets: nixpkgs may have it in its own way
        ("x 1: a; sys_platform == 'win32'", "x 2: a; sys_platform == 'darwin'", "a", "", (False, True)),
    ],
)
def test_what_some_targets_need_has_the_condition_that_says_so_everywhere(before, after, attribute, condition, where):
    (some,) = change(before, after).sometimes
    assert (some.attribute, some.condition, some.targets) == (attribute, condition, where)
    assert some.note.endswith("now, but not on every target")


def test_a_condition_is_that_of_the_marker_and_not_of_the_targets():
    old, new = release("x 1:"), release("x 2: a; python_version < '3.12'")
    targets = (Target("3.11", LINUX.system), Target("3.13", LINUX.system))
    (some,) = requirement_change(old, new, targets, ATTRIBUTES).sometimes
    assert (some.condition, some.targets) == ('pythonOlder "3.12"', (True, False))


def test_what_no_target_required_and_nobody_names_any_more_fades():
    found = change("x 1: a; python_version < '3.8', b; extra == 'z'", "x 2:")
    assert found.faded == ((project_name("a"), "a"),)
    assert change("x 1: a; python_version < '3.8'", "x 2: a; extra == 'z'").faded == ()


def test_extras_that_both_releases_have_gain_and_lose():
    old = release("x 1: a; extra == 'z'", extras=("z",))
    new = release("x 2: b; extra == 'z', c[q]; extra == 'z', x[y]; extra == 'z'", extras=("z",))
    assert change_of(old, new) == (ExtraChange("z", ("b",), ("a",)),)
    assert change_of(replace(old, extras=()), new) == ()
    assert change_of(old, replace(new, unusable=("?",))) == ()
    assert change_of(old, release("x 2: a; extra == 'y'", extras=("y", "z"))) == ()


def change_of(old, new):
    return requirement_change(old, new, TARGETS, ATTRIBUTES).extras


def test_what_true_stands_for_is_judged_by_the_plan():
    plan = {project_name(one): package(one, "2.0", "1.0", "updated") for one in ("a", "b")}
    found = bounded_requirements(
        release("x 2: A<2, b>=1, c<9, a, b<1; extra == 'z', b<1; sys_platform == 'win32'"), TARGETS, plan
    )
    assert [(one.name, one.attribute, one.met) for one in found] == [
        ("A", "a", False),
        ("b", "b", True),
        ("c", None, False),
    ]
    assert bounded_requirements(None, TARGETS, plan) is None
    assert bounded_requirements(release("x 2: b>=1", unusable=("?",)), TARGETS, plan) is None


def test_what_nixpkgs_does_without_does_not_come():
    assert change("x 1:", "x 2: a, b", left_out=["a"]).gained == ((project_name("b"), "b"),)


def test_unknown_requirements_change_nothing():
    known = release("x 1: a")
    unknown = release("x 2:", requires=None, unknown="sdist-dynamic", source="index", trust="none")
    found = requirement_change(known, unknown, TARGETS, ATTRIBUTES)
    assert (found.gained, found.lost) == ((), ())
    assert found.unsure == ("what its new release requires is not known, so dependencies stay as they are",)


def package(name, version, current, state):
    return Package(
        project=project_name(name), attribute=name, version=version, current=current, newest=version, state=state
    )


def relaxation(name, **facts):
    return Relaxation(
        **{
            "project": project_name(name),
            "version": "2",
            "attribute": name,
            "dependency": project_name("a"),
            "spelling": "A",
            "specifier": "<1",
            "chosen": "3",
            "risk": "precautionary",
            "evidence": "",
            **facts,
        }
    )


def test_a_plan_wants_changes_of_what_the_set_has():
    plan = Plan(
        status="optimal",
        mode="fresh",
        targets=tuple(map(str, TARGETS)),
        dataset=(),
        levels=(),
        packages=(
            package("a", "3", None, "added"),
            package("old", "1", "1", "unchanged"),
            package("stale", "1", "1", "held"),
            package("unread", None, "1", "unchanged"),
            package("x", "2", "1.0", "updated"),
        ),
        relaxed=(
            relaxation("x"),
            relaxation("x", specifier="!=3", hits=("ab",)),
            relaxation("x", kind="build", spelling="builds"),
            relaxation("x", extra="all", spelling="extra"),
        ),
        stale_relaxations=(StaleRelaxation(attribute="stale", name="b", reason="it fits"),),
        left_out=(
            LeftOut(project=project_name("x"), version="2", attribute="x", dependency=project_name("b"), requires="b"),
        ),
    )
    releases = {project_name("x"): [release("x 1:"), release("x 2: a, b")]}
    stale, x = wanted_changes(plan, releases, TARGETS)
    assert (stale.attribute, stale.version, stale.stale) == ("stale", None, (("b", "it fits"),))
    assert (x.attribute, x.current, x.version) == ("x", "1.0", "2")
    assert x.relax == (Relax("A", "2 requires A<1,!=3", ("ab",)),)
    assert x.requires.gained == ((project_name("a"), "a"),)


@pytest.mark.parametrize(
    ("facts", "changes", "message"),
    [
        ({"version": "2"}, {"version": "2"}, "python3Packages.x: 1 -> 2\n"),
        ({}, {"relax": (Relax("A", ""), Relax("B", ""))}, "python3Packages.x: relax A, B\n"),
        ({}, {"unrelax": ("*",)}, "python3Packages.x: do not relax everything any more\n"),
        (
            {"version": "2", "points_to": "x2"},
            {"gain": ("a",), "lose": ("b",)},
            "python3Packages.x: 1 -> 2\n\n- point to x2\n- add a\n- remove b\n",
        ),
        (
            {"version": "2\n\nSigned-off-by: x"},
            {"relax": (Relax("a\r\nb", ""),)},
            "python3Packages.x: 1 -> 2 Signed-off-by: x\n\n- relax a b\n",
        ),
    ],
)
def test_commits_are_worded_as_nixpkgs_words_them(facts, changes, message):
    step = Step(**{"attribute": "x", "current": "1", "version": "1", "changes": Fitted(**changes), **facts})
    assert commit_message(step) == message
