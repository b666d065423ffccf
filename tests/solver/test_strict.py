"""Strict mode against brute force with packaging alone: the same verdict, and nothing violated."""

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
from solver.decide import decide

NAMES = "abcd"
VERSIONS = ("0.9", "1.0", "2.0", "2.0.post1", "1!0.5")
BOUNDS = ("", "", "", "<2", ">=2", "==1.0", "!=2.0", "~=1.0", "<1", "===2.0", "==2.*", ">=1!0", "<2,>=1")
MARKERS = ("", "", "", '; extra == "x"', '; extra == "y"', '; sys_platform == "win32"', '; python_version >= "3.9"')
PYTHONS = ("", "", "", ">=3.9", "<3.9")


def universe(chance):
    """Return releases of two to four projects, which may require their own, or what is nowhere, and an ad hoc list."""

    def line(markers):
        extra = chance.choice(("", "", "[x]", "[y]", "[x,y]"))
        return f"{chance.choice(names)}{extra}{chance.choice(BOUNDS)}{chance.choice(markers)}"

    names = NAMES[: chance.randint(2, 4)]
    made = []
    for name in names[: len(names) - (chance.random() < 0.1)]:
        for version in sorted(chance.sample(VERSIONS, chance.randint(1, 3)), key=Version):
            lines = sorted({line(MARKERS) for _ in range(chance.randint(0, 2))})
            facts = {"requires_python": chance.choice(PYTHONS) or None, "extras": ("x", "y")[: chance.randint(0, 2)]}
            made.append(release(f"{name} {version} @1", requires=tuple(lines), **facts))
    return registry(*made), [line(("",)) for _ in range(chance.randint(1, 3))]


def valid(chosen, asked):
    """Return whether versions satisfy all that is asked for, and all that they require, as an installer sees it."""
    environment = LINUX.environment()
    todo = [(text, {"extra": ""}) for text in asked]
    seen = set()
    while todo:
        text, extra = todo.pop()
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({**environment, **extra}):
            continue
        found = chosen.get(requirement.name)
        if found is None or not requirement.specifier.contains(found.version, prereleases=True):
            return False
        for name in ("", *requirement.extras):
            if (found.project, name) not in seen and (not name or name in found.extras):
                seen.add((found.project, name))
                todo += [(text, {"extra": name}) for text in found.requires]
    return True


def some_valid(releases, asked):
    """Return whether any choice of at most one release of each project is valid."""
    python = Version(LINUX.environment()["python_full_version"])
    usable = [
        [
            None,
            *(one for one in several if Requirement(f"python{one.requires_python or ''}").specifier.contains(python)),
        ]
        for several in releases.values()
    ]
    return any(valid({one.project: one for one in choice if one is not None}, asked) for choice in product(*usable))


def strictly(releases, asked):
    return decide(compile_problem(question(releases, current(), asked=asked, strict=True, ad_hoc=True)), "fresh")


def chosen_by(decision):
    return {node[0]: value.release for node, value in decision.present()}


@settings(max_examples=200)
@given(st.randoms(use_true_random=True).map(universe))
def test_the_verdict_is_that_of_brute_force(drawn):
    releases, asked = drawn
    decision = strictly(releases, asked)
    assert decision.proven
    assert bool(decision.broken) == (not some_valid(releases, asked))
    if not decision.broken:
        assert valid(chosen_by(decision), asked)
        return
    for core in explain_conflict(decision, "fresh").cores:
        named = [one for one in asked if any(f"{one} is asked for" == reason.sentence for reason in core.reasons)]
        assert named
        assert not some_valid(releases, named)


def test_the_law_sees_both_verdicts():
    """A law that is held to one verdict alone tells little: both come often."""
    refused = sum(not some_valid(*universe(Random(seed))) for seed in range(200))
    assert 50 < refused < 150


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
