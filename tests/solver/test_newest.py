"""The newest releases, where they agree, against the engine: what is answered without solving is the optimum."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import LINUX, current, question, registry, release

from dataset.records import LISTED, Timestamp
from normalize.requirements import parse_requirement
from solver.compile import compile_problem
from solver.decide import decide
from solver.extras import missing_extras
from solver.newest import newest_choice
from solver.unknowns import unknowns

NAMES = "abcde"
PLAIN = ("", "", ">=1", "!=1.1")
BOUNDS = ("<2", "<3", ">=2", "==1.0", "!=3.0", "~=1.0", ">=2.0rc1", "==2.0rc1", "==2.0")
MARKERS = ('; extra == "x"', '; extra == "y"', '; sys_platform == "win32"', '; sys_platform == "linux"')
VERSIONS = ("1.0", "1.1", "2.0rc1", "2.0", "3.0", "3.0.post1")
EXTRAS = ((), ("x",), ("x", "Y"))
ODD = (
    {"yanked": "broken"},
    {"gone": Timestamp("2026-06-01T00:00:00Z")},
    {"requires_python": "<3.13"},
    {"requires": None, "unknown": LISTED},
    {"requires": None, "unknown": "sdist-dynamic"},
    {"unusable": ("what? ever",)},
)
DAY = Timestamp("2026-04-01T00:00:00Z")


def universe(chance):
    """Return releases of three to five projects, and an ad hoc list; the newest of them agree often enough."""

    def line(*, marked=False, odd=0.1):
        name = chance.choice(names)
        extra = chance.choice(("[x]", "[x,y]")) if chance.random() < 0.2 else ""
        bound = chance.choice(BOUNDS if chance.random() < odd else PLAIN)
        return f"{name}{extra}{bound}{chance.choice(MARKERS) if marked else ''}"

    names = NAMES[: chance.randint(3, 5)]
    made = []
    for name in names:
        for version in sorted(chance.sample(VERSIONS, chance.randint(1, 3)), key=VERSIONS.index):
            text = f"{name} {version}{chance.choice((' @3', ' @3', ' @3', ' @5', ''))}"
            lines = [line(marked=chance.random() < 0.3) for _ in range(chance.randint(0, 3))]
            facts = {"extras": chance.choice(EXTRAS), **(chance.choice(ODD) if chance.random() < 0.05 else {})}
            made.append(release(text, **{"requires": tuple(sorted(lines)), **facts}))
    return registry(*made), [line(odd=0.3) for _ in range(chance.randint(1, 2))]


universes = st.randoms(use_true_random=True).map(universe)


def newest(releases, asked, before=None):
    wanted = [parse_requirement(text) for text in asked]
    read = {}

    def reading(projects):
        assert not read.keys() & set(projects), "each project is read once"
        read.update((one, releases.get(one, ())) for one in projects)
        return {one: read[one] for one in projects}

    found = newest_choice(wanted, LINUX, before, reading)
    return None if found is None else {project: one.version for project, one in found.items()}


def engine(releases, asked, *, strict, before=None):
    return decide(
        compile_problem(question(releases, current(), asked=asked, strict=strict, ad_hoc=True, before=before)), "fresh"
    )


@settings(max_examples=150)
@given(universes, st.booleans(), st.sampled_from((None, DAY)))
def test_what_is_answered_without_solving_is_the_optimum(drawn, strict, before):
    releases, asked = drawn
    found = newest(releases, asked, before)
    if found is None:
        return
    decision = engine(releases, asked, strict=strict, before=before)
    assert decision.proven
    assert not decision.broken
    assert found == {node[0]: value.text for node, value in decision.present()}
    assert all(level.value == 0 for level in decision.levels if level.name not in ("staleness", "changed"))
    assert not unknowns(decision)
    assert not missing_extras(decision)


@settings(max_examples=150)
@given(universes)
def test_where_the_newest_do_not_agree_there_is_something_to_say(drawn):
    """Something stale, something unknown, an extra in vain or a last resort: else the engine is asked for nothing."""
    releases, asked = drawn
    if newest(releases, asked) is not None:
        return
    decision = engine(releases, asked, strict=True)
    stale = next(level.value for level in decision.levels if level.name == "staleness")
    chosen = [value.release for _, value in decision.present() if value.release is not None]
    early = {text[0] for text in asked if "rc" in text}
    last_resorts = [
        one for one in chosen if one.yanked is not None or ("rc" in one.version and one.project not in early)
    ]
    assert decision.broken or stale or last_resorts or unknowns(decision) or missing_extras(decision)


@pytest.mark.parametrize(("before", "several", "many"), [(None, 0.15, 0.06), (DAY, 0.05, 0.015)])
def test_the_laws_see_answers_of_several_projects(before, several, many):
    """A law that is held to nothing holds: this many universes are answered, with two or more and three or more."""
    sizes = [len(newest(*universe(Random(seed)), before) or ()) for seed in range(300)]
    assert sum(size >= 2 for size in sizes) > several * len(sizes)
    assert sum(size >= 3 for size in sizes) > many * len(sizes)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["a"], {"a": "2.0", "b": "2.0"}),
        (["a<2"], {"a": "1.0", "b": "2.0"}),
        (["b<2"], {"b": "1.0"}),
        (["a", "b<2"], None),  # which of the two is to be older takes a solver
        (["c"], {"c": "1.0"}),
        (["c[x]"], {"c": "1.0", "b": "2.0"}),
        (["c[z]"], None),  # the user should hear of it
        (["early"], None),
        (["early>=1.0rc1"], {"early": "1.0rc1"}),
        (["nowhere"], None),
    ],
)
def test_small_lists(asked, found):
    releases = registry(
        "a 1.0: b",
        "a 2.0: b>=2",
        "b 1.0",
        "b 2.0",
        release("c 1.0: b; extra == 'x', c[y]; extra == 'x'", extras=("x", "y")),
        "early 1.0rc1",
    )
    assert newest(releases, asked) == found
