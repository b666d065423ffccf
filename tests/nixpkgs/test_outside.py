"""What a plan requires of an attribute outside the set: one answer for report, overlay and edits."""

import pytest

from dataset.currentset import Attribute
from nixpkgs.outside import asked_of, enough, relaxed_in
from normalize.projects import project_name
from solver.plan import Addition


def addition(version, *because):
    return Addition(
        project=project_name("lib"),
        attribute="lib",
        version=version,
        because=tuple((project_name(depender), "1.0", text) for depender, text in because),
        elsewhere=True,
    )


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
        ("2.7", [("a", "lib>=1 (to build)"), ("b", "(no requirement")], ">=1"),
        ("snapshot", [("a", "lib>=1,<2")], "<2,>=1"),
    ],
)
def test_the_versions_that_are_good_enough(version, because, expected):
    assert str(enough(asked_of(addition(version, *because)))) == expected


@pytest.mark.parametrize(("relaxed", "expected"), [(("Lib",), ">=2.5.0"), (("*",), ">=2.5.0"), ((), "~=2.5.0")])
def test_what_is_relaxed_already_has_no_upper_part(relaxed, expected):
    attributes = [Attribute(name="a", project=project_name("a"), version="1.0", dependencies=(), relaxed=relaxed)]
    one = addition("2.5.1", ("a", "lib~=2.5.0"))
    assert str(enough(asked_of(one, relaxed_in(attributes)))) == expected
    assert [each.depender for each in asked_of(one)] == ["a"]
