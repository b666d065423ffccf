"""Strict mode against brute force with packaging alone: the same verdict, nothing violated, and nothing newer left."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version
from toys import LINUX, current, question, registry, release

from solver.compile import compile_problem
from solver.conflict import explain_conflict
from solver.effort import USUAL
from solver.yankedpins import decide_ad_hoc

NAMES = "abcd"
VERSIONS = ("0.9", "1.0", "1.5rc1", "2.0", "2.0.post1", "2.1b1", "1!0.5")
BOUNDS = ("", "", "", "", "", "<2", ">=2", "==1.0", "!=2.0", "~=1.0", "<1", "===2.0", "==2.*", ">=1!0", "<2,>=1")
MARKERS = ("", "", "", '; extra == "x"', '; extra == "y"', '; sys_platform == "win32"', '; python_version >= "3.9"')
PYTHONS = (None, None, None, None, None, ">=3.9", "<3.9")


def universe(chance):
    """Return releases of two to four projects, which may require their own, or what is nowhere, and an ad hoc list."""

    def line(markers):
        extra = chance.choice(("", "", "[x]", "[y]", "[x,y]"))
        return f"{chance.choice(names)}{extra}{chance.choice(BOUNDS)}{chance.choice(markers)}"

    names = NAMES[: chance.randint(2, 4)]
    made = []
    for name in names[: len(names) - (chance.random() < 0.1)]:
        for version in sorted(chance.sample(VERSIONS, chance.randint(1, 3)), key=Version):
            facts = {
                "requires": tuple(sorted({line(MARKERS) for _ in range(chance.randint(0, 2))})),
                "requires_python": chance.choice(PYTHONS),
                "extras": ("x", "y")[: chance.randint(0, 2)],
                "yanked": "broken" if chance.random() < 0.1 else None,
            }
            made.append(release(f"{name} {version} @1", **facts))
    return registry(*made), [line(("",)) for _ in range(chance.randint(1, 2))]


def pins(requirement):
    exact = [one.version for one in requirement.specifier if one.operator in ("==", "===")]
    return [Version(one) for one in exact if not one.endswith(".*")]


def needed(chosen, asked):
    """Return what is installed of these releases, or None where they do not satisfy all that is asked for.

    As an installer sees it: all that is required is there, and a yanked release only where something pins it.
    """
    environment = LINUX.environment()
    todo = [(text, {"extra": ""}) for text in asked]
    seen, pinned = set(), set()
    while todo:
        text, extra = todo.pop()
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({**environment, **extra}):
            continue
        found = chosen.get(requirement.name)
        if found is None or not requirement.specifier.contains(found.version, prereleases=True):
            return None
        if Version(found.version) in pins(requirement):
            pinned.add(found.project)
        for name in ("", *requirement.extras):
            if (found.project, name) not in seen and (not name or name in found.extras):
                seen.add((found.project, name))
                todo += [(text, {"extra": name}) for text in found.requires]
    installed = {name: chosen[name] for name, _ in seen}
    return installed if all(one.yanked is None or name in pinned for name, one in installed.items()) else None


def all_valid(releases, asked):
    """Return what is installed by each choice of at most one release of each project that is valid."""
    python = Version(LINUX.environment()["python_full_version"])

    def runs(one):
        return Requirement(f"python{one.requires_python or ''}").specifier.contains(python)

    usable = [[None, *filter(runs, several)] for several in releases.values()]
    every = ({one.project: one for one in choice if one is not None} for choice in product(*usable))
    return [found for one in every if (found := needed(one, asked)) is not None]


def is_last_resort(one):
    return one.yanked is not None or Version(one.version).is_prerelease


def last_resorts(installed):
    return sum(map(is_last_resort, installed.values()))


def strictly(releases, asked):
    problem = compile_problem(question(releases, current(), asked=asked, strict=True, ad_hoc=True))
    return decide_ad_hoc(problem, USUAL, lambda _: None)


def chosen_by(decision):
    return {node[0]: value.release for node, value in decision.present()}


@settings(max_examples=70)
@given(st.randoms(use_true_random=True).map(universe))
def test_the_answer_is_that_of_brute_force(drawn):
    """The same verdict, nothing violated, the fewest last resorts, and of one project asked for the newest there is."""
    releases, asked = drawn
    decision = strictly(releases, asked)
    assert decision.proven
    possible = all_valid(releases, asked)
    assert bool(decision.broken) == (not possible)
    if decision.broken:
        for core in explain_conflict(decision, "fresh").cores:
            named = [one for one in asked if any(f"{one} is asked for" == reason.sentence for reason in core.reasons)]
            assert named
            assert not all_valid(releases, named)
        return
    installed = chosen_by(decision)
    assert needed(installed, asked) == installed
    fewest = min(map(last_resorts, possible))
    assert last_resorts(installed) == fewest
    projects = {Requirement(one).name for one in asked}
    if len(projects) == 1:
        (name,) = projects
        best = [one[name] for one in possible if last_resorts(one) == fewest]
        assert installed[name] == max(best, key=lambda one: (not is_last_resort(one), Version(one.version)))


def test_the_law_sees_both_verdicts():
    """A law that is held to one verdict alone tells little: both come often."""
    refused = sum(not all_valid(*universe(Random(seed))) for seed in range(100))
    assert 20 < refused < 80


@pytest.mark.parametrize(
    ("releases", "asked", "found"),
    [
        # what is asked for is not older to keep what it requires new
        (("app 1: lib", "app 2: lib<2", "lib 1", "lib 2", "lib 3"), ["app"], {"app": "2", "lib": "1"}),
        # an older final release before a pre-release, however much older the rest is then
        (("app 1: lib<2", "app 2rc1", "lib 1", "lib 2", "lib 3"), ["app"], {"app": "1", "lib": "1"}),
        (("app 1: lib==1", "app 5: lib>=2rc1", "lib 1", "lib 2rc1"), ["app"], {"app": "1", "lib": "1"}),
        # what pins a yanked release must be chosen itself, for this target, with this extra
        (("app 1: lib==1", "app 2: lib", "lib 1 yanked", "lib 3"), ["app", "lib<2"], {"app": "1", "lib": "1"}),
        (("lib 3 yanked", "app 1: lib", "old 1: lib==3; sys_platform == 'win32'"), ["app", "old"], None),
        (("app 1", "app 2 yanked", "old 1: app==2; extra == 'x'"), ["app", "old"], {"app": "1", "old": "1"}),
        (("app 1", "app 2 yanked", "old 1: app==2"), ["app", "old"], {"app": "2", "old": "1"}),
        (("lib 1 yanked", "app 1: lib", "aside 1: lib==1"), ["app"], None),
    ],
)
def test_last_resorts_are_last(releases, asked, found):
    made = [release(one.replace(" yanked", ""), yanked="broken" if " yanked" in one else None) for one in releases]
    decision = strictly(registry(*made), asked)
    assert (None if decision.broken else {name: one.version for name, one in chosen_by(decision).items()}) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["b"], {"b": "1.0"}),
        (["b==2.0"], None),
        (["c"], {"c": "2.0"}),
        (["c[x]"], {"c": "1.0"}),
        (["c[y]"], {"c": "2.0"}),
        (["c[x]", "c>=2"], None),
        (["d"], None),
    ],
)
def test_a_release_must_be_what_it_requires_of_its_own_project(asked, found):
    releases = registry(
        "b 1.0",
        "b 2.0: b<2",
        release("c 1.0: c[y]==1.0; extra == 'x'", extras=("x", "y")),
        release("c 2.0: c[y]==1.0; extra == 'x'", extras=("x", "y")),
        "d 1.0: d[x]!=1.0",
    )
    decision = strictly(releases, asked)
    assert (None if decision.broken else {name: one.version for name, one in chosen_by(decision).items()}) == found


def test_a_refusal_says_that_an_extra_refuses_its_own_release():
    releases = registry(
        release("c 1.0: c[y]==1.0; extra == 'x'", extras=("x", "y")),
        release("c 2.0: c[y]==1.0; extra == 'x'", extras=("x", "y")),
        "d 1.0: d<1",
    )
    core = explain_conflict(strictly(releases, ["c[x]", "c>=2"]), "fresh").cores[0]
    assert {reason.sentence for reason in core.reasons} == {"c>=2 is asked for", "c[x] is asked for"}
    assert core.excluded == ("c[x] 2.0: it requires c[y]==1.0; extra == 'x', which it is not",)
    core = explain_conflict(strictly(releases, ["d"]), "fresh").cores[0]
    assert core.excluded == ("d 1.0: it requires d<1, which it is not",)
