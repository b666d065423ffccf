"""Do people read on where the metadata of a release says, and are sent nowhere else?"""

import pytest
from toys import current, question, registry

from dataset.currentset import Recipe
from dataset.records import About, Release
from normalize.errors import UsageError
from normalize.projects import ProjectName
from solver.curate import curate
from solver.links import Links, links_of, of_version
from solver.planjson import plan_from_text, plan_to_text


def release(version, **told):
    about = About(**told) if told else None
    return Release(project=ProjectName("a"), version=version, requires=(), trust="claimed", about=about)


def attribute(version, **addresses):
    (one,) = current(f"a {version}", a={"recipe": Recipe(**addresses)}).attributes
    return one


NEWS = "https://a.example/news"


def test_the_release_itself_tells_first_then_another_one_then_nixpkgs():
    chosen, older = release("2.0", changelog=NEWS), release("1.0", changelog="https://old.example/", homepage=NEWS)
    here = attribute("1.0", changelog="https://nix.example/1.0", homepage="https://nix.example/")
    assert links_of(chosen, [chosen, older], here) == Links(changelog=NEWS, homepage=NEWS)
    assert links_of(release("2.0"), [older], here).changelog == "https://old.example/"
    assert links_of(release("2.0"), [], here) == Links(
        changelog="https://nix.example/2.0", homepage="https://nix.example/"
    )
    assert links_of(None, [], here).changelog == "https://nix.example/1.0"
    assert links_of(release("2.0"), [release("1.0")], None) is None


def test_what_names_another_version_is_about_that_one_alone():
    assert links_of(release("2.0"), [release("1.5", changelog="https://a.example/1.5")], None) is None


@pytest.mark.parametrize(
    ("address", "old", "new", "expected"),
    [
        ("https://a.example/v1.2/CHANGES", "1.2", "1.3", "https://a.example/v1.3/CHANGES"),
        ("https://a.example/CHANGES-1.2.html", "1.2", "1.3", "https://a.example/CHANGES-1.3.html"),
        ("https://a.example/1.2/changes#1.2", "1.2", "1.3", "https://a.example/1.2/changes#1.2"),
        ("https://a.example/11.2", "1.2", "1.3", "https://a.example/11.2"),
        ("https://a.example/0.1.2", "1.2", "1.3", "https://a.example/0.1.2"),
        ("https://a.example/1.23", "1.2", "1.3", "https://a.example/1.23"),
        ("https://a.example/python3/", "3", "4", "https://a.example/python3/"),
        ("https://a.example/v1.2", "1.2", "1.3) [x](javascript:x", "https://a.example/v1.2"),
        ("https://a.example/v1.2", "1.2", None, "https://a.example/v1.2"),
        ("https://a.example/v1.2", None, "1.3", "https://a.example/v1.2"),
        ("https://a.example/v1.2", "1.2", "1" * 300, "https://a.example/v1.2"),
    ],
)
def test_the_version_is_exchanged_where_it_stands_once(address, old, new, expected):
    assert of_version(address, old, new) == expected


def test_a_plan_carries_links_and_refuses_what_is_none():
    here = current("a 1.0", a={"recipe": Recipe(changelog="https://nix.example/v1.0")})
    plan = curate(question(registry("a 1.0", "a 2.0"), here), mode="fresh")
    assert [one.links for one in plan.packages] == [Links(changelog="https://nix.example/v2.0")]
    text = plan_to_text(plan)
    assert plan_from_text(text) == plan
    with pytest.raises(UsageError, match="expected an http or https address, found 'javascript:"):
        plan_from_text(text.replace("https:", "javascript:"))
    with pytest.raises(UsageError, match="unknown key"):
        plan_from_text(text.replace('"changelog"', '"other"'))
