"""Where two ways of reading disagree, without reading anything."""

from dataclasses import replace

from dataset.currentset import Attribute, Recipe
from nixpkgs.agreement import Difference, differences
from nixpkgs.setreading import SetReading

HERE = Recipe(changelog="https://a.example/changes", homepage="https://a.example/", hash="sha256-x")


def told(one, other):
    first, second = (SetReading((Attribute(name="a", project=None, recipe=recipe),)) for recipe in (one, other))
    return differences(first, second)


def test_addresses_that_both_know_are_compared():
    assert told(HERE, HERE) == ()
    moved = replace(HERE, homepage="https://b.example/")
    assert told(HERE, moved) == (Difference("a", "homepage", "https://a.example/", "https://b.example/"),)
    assert [one.field for one in told(HERE, replace(moved, changelog="https://b.example/new"))] == [
        "changelog",
        "homepage",
    ]


def test_an_address_that_one_of_them_does_not_know_is_no_difference():
    assert told(HERE, replace(HERE, changelog=None, homepage=None)) == ()
    assert told(replace(HERE, homepage=None), HERE) == ()
