"""The newest releases, where they agree, against the engine: what is answered without solving is the optimum."""

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

NAMES = "abcd"
BOUNDS = ("", "", "", "<2", ">=2", "==1.0", "!=3.0", "~=1.0", ">=2.0rc1", "==2.0rc1")
MARKERS = ("", "", '; extra == "x"', '; extra == "y"', '; sys_platform == "win32"')
VERSIONS = ("1.0", "1.1", "2.0rc1", "2.0", "3.0", "3.0.post1")
FACTS = (
    *({},) * 6,
    {"yanked": "broken"},
    {"gone": Timestamp("2026-06-01T00:00:00Z")},
    {"requires_python": "<3.13"},
    {"requires": None, "unknown": LISTED},
    {"requires": None, "unknown": "sdist-dynamic"},
    {"unusable": ("what? ever",)},
)
DAY = Timestamp("2026-04-01T00:00:00Z")


@st.composite
def lists(draw):
    """Draw releases of at most four projects, and an ad hoc list."""

    def line(markers):
        extra = draw(st.sampled_from(("", "", "", "[x]", "[x,y]")))
        return f"{draw(st.sampled_from(NAMES))}{extra}{draw(st.sampled_from(BOUNDS))}{draw(st.sampled_from(markers))}"

    made = []
    for name in NAMES[: draw(st.integers(2, 4))]:
        for version in sorted(draw(st.sets(st.sampled_from(VERSIONS), min_size=1, max_size=3)), key=VERSIONS.index):
            text = f"{name} {version}{draw(st.sampled_from(('', ' @3', ' @5')))}"
            lines = [line(MARKERS) for _ in range(draw(st.integers(0, 2)))]
            facts = {"extras": draw(st.sampled_from(((), ("x",), ("x", "Y")))), **draw(st.sampled_from(FACTS))}
            made.append(release(text, **{"requires": tuple(sorted(lines)), **facts}))
    return registry(*made), [line(("",)) for _ in range(draw(st.integers(1, 2)))]


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


@settings(max_examples=120)
@given(lists(), st.booleans(), st.sampled_from((None, DAY)))
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


@settings(max_examples=60)
@given(lists())
def test_what_the_engine_answers_with_the_newest_alone_needs_no_engine(drawn):
    """Nothing stale, nothing unknown, no extra in vain, no last resort: the newest are found to agree."""
    releases, asked = drawn
    decision = engine(releases, asked, strict=True)
    plain = all(one.yanked is None and "rc" not in one.version for several in releases.values() for one in several)
    stale = next(level.value for level in decision.levels if level.name == "staleness")
    if not (decision.broken or stale or unknowns(decision) or missing_extras(decision)) and plain:
        assert newest(releases, asked) is not None


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
