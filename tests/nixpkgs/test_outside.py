"""What a plan requires of an attribute outside the set: one answer for report, overlay and edits."""

import pytest
from madeplans import addition, one_package, plan_of

from dataset.currentset import Attribute
from nixpkgs.outside import asked_of, enough, relaxed_in
from normalize.projects import project_name
from solver.plan import StaleRelaxation


def lib(version, *because):
    return addition("lib", version, [(depender, "1.0", text) for depender, text in because])


@pytest.mark.parametrize(
    ("version", "because", "expected"),
    [
        ("2.7", [("a", "lib>=2.5.0"), ("b", "Lib>=1,<3; python_version < '4'")], "<3,>=1,>=2.5.0"),
        ("2.7", [("a", "lib"), ("b", "lib @ https://loop.example/")], ""),
        ("2.7", [("a", "lib==2.7")], "==2.7"),
        ("2.7", [("a", "lib<2,>=1"), ("b", "lib!=2.7")], ">=1"),  # what the plan relaxes, or excludes by policy
        ("2.7", [("a", "lib~=2.5.0")], ">=2.5.0"),
        ("2.7", [("a", "lib>=3")], ">=3"),  # to be updated first
        (None, [("a", "lib<2,>=1")], "<2,>=1"),
        ("2.7", [("a", "lib>1,<2")], ">1"),
        ("2.7", [("a", "lib>1,>=0.5,<2,!=1.5,!=2.7")], "!=1.5,>1,>=0.5"),  # an exclusion is no upper part
        ("2.7", [("a", "lib==1.*,!=1.3.*")], "!=1.3.*,>=1"),
        ("2.7", [("a", "lib==1.0+local")], ">=1.0"),
        ("2.7", [("a", "lib>=1 (to build)"), ("b", "(no requirement")], ">=1"),
        ("snapshot", [("a", "lib>=1,<2")], "<2,>=1"),
    ],
)
def test_the_versions_that_are_good_enough(version, because, expected):
    assert str(enough(asked_of(lib(version, *because)))) == expected


def plan(*packages, stale=()):
    return plan_of(
        [one_package(project, "1.0", "1.0", "unchanged", attribute=attribute) for project, attribute in packages],
        stale_relaxations=tuple(StaleRelaxation(attribute=one, name=name, reason="") for one, name in stale),
    )


def attribute(name, *relaxed, project="a", points_to=None):
    return Attribute(name=name, project=project_name(project), version="1.0", relaxed=relaxed, points_to=points_to)


@pytest.mark.parametrize(
    ("relaxed", "stale", "expected"),
    [
        (("Lib",), (), ">1"),  # the hook drops exclusions too
        (("*",), (), ">1"),
        ((), (), "!=2.5.7,<3,>1"),
        (("lib",), [("a", "lib")], "!=2.5.7,<3,>1"),  # it is relaxed no more once the plan is there
    ],
)
def test_what_is_relaxed_already_has_no_upper_part(relaxed, stale, expected):
    one = lib("2.5.1", ("a", "lib>1,<3,!=2.5.7"))
    relaxes = relaxed_in([attribute("a", *relaxed)], plan(("a", "a"), stale=stale))
    assert str(enough(asked_of(one, relaxes))) == expected
    assert [each.depender for each in asked_of(one)] == ["a"]


@pytest.mark.parametrize("last", ["a", "a_0"])
def test_of_several_attributes_of_a_project_the_one_of_the_plan_is_asked(last):
    several = sorted([attribute("a", "lib"), attribute("a_0")], key=lambda one: one.name == last)
    several.append(attribute("other", points_to="a", project="b"))
    for chosen, expected in (("a", True), ("a_0", False), ("gone", False)):
        relaxes = relaxed_in(several, plan(("a", chosen), ("b", "other")))
        assert relaxes(project_name("a"), "Lib") is expected
        assert relaxes(project_name("b"), "lib")
        assert not relaxes(project_name("c"), "lib")
