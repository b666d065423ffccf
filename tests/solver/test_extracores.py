"""Sentences of a conflict where releases have several lines on a project, some of which ask for extras."""

from collections import Counter
from itertools import chain

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toys import current, question, registry, release

from solver.compile import compile_problem
from solver.curate import curate
from solver.reasons import make_case

NAMES = ("a", "b", "c")
BOUNDS = ("", "", "<2", ">=2", ">=3", "==1.0")
EXTRAS = ("", "", "[x]", "[y]", "[x,y]")
MARKERS = ("", "", '; extra == "x"', '; extra == "y"')


def asked_of(releases, asked):
    return question(registry(*releases), current(), asked=asked, strict=True, ad_hoc=True)


@st.composite
def doubles(draw):
    """Draw what is asked for of projects whose releases have up to three lines, many on one project, with extras."""
    some = st.builds("{}{}{}".format, st.sampled_from(NAMES), st.sampled_from(EXTRAS), st.sampled_from(BOUNDS))
    releases = []
    for name in NAMES:
        for version in range(1, draw(st.integers(1, 3)) + 1):
            lines = draw(st.lists(st.builds("{}{}".format, some, st.sampled_from(MARKERS)), max_size=3, unique=True))
            kept = [line for line in lines if not line.startswith(name) or "[" in line]
            releases.append(release(f"{name} {version}.0 @{version}: {', '.join(kept)}", extras=("x", "y")))
    return asked_of(releases, dict.fromkeys(draw(st.lists(some, min_size=1, max_size=3))))


def dead_end():
    return asked_of(
        ("site 1.0 @1: srv>=1, srv[std]>=2", release("srv 1.0 @1: lib<2", extras=("std",)), "lib 2.0 @2"),
        ["site", "site<2"],
    )


def lines_of(suspect):
    return [(suspect.rows.node, version, line) for version in suspect.rows.texts for line in suspect.rows.lines]


def test_what_a_release_requires_of_a_project_with_and_without_an_extra_is_one_sentence():
    plan = curate(dead_end(), mode="fresh")
    told = [sorted(reason.sentence for reason in core.reasons) for core in plan.conflict.cores]
    assert told == [["site 1.0 requires srv>=1 and srv[std]>=2", "site is asked for"]]
    assert [step.so for core in plan.conflict.cores for step in core.steps][-1] == "no version of srv is left"
    ways = [[remedy.sentence for remedy in fix.remedies] for fix in plan.conflict.fixes]
    assert ways == [["a release of site that does not require srv>=1 and srv[std]>=2"]]


def test_extras_of_the_project_itself_are_apart_where_no_line_asks_for_both():
    lines = 'p[x]; extra == "all", p[y]; extra == "all", p[z]; extra == "more", p[y,z]; extra == "more"'
    case = make_case(compile_problem(asked_of([release(f"p 1.0 @1: {lines}", extras=tuple("xyz"))], ["p[all,more]"])))
    told = Counter((one.rows.node[1], len(one.rows.lines)) for one in case.suspects.values() if one.rows is not None)
    assert not told  # extras that are not declared are no sentences
    case = make_case(
        compile_problem(
            asked_of([release(f"p 1.0 @1: {lines}", extras=("x", "y", "z", "all", "more"))], ["p[all,more]"])
        )
    )
    told = Counter((one.rows.node[1], len(one.rows.lines)) for one in case.suspects.values() if one.rows is not None)
    assert told == {("all", 1): 2, ("more", 2): 1}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(doubles())
def test_no_line_of_a_release_is_in_two_sentences_and_no_way_out_is_listed_twice(asked):
    case = make_case(compile_problem(asked))
    found = Counter(chain.from_iterable(lines_of(one) for one in case.suspects.values() if one.rows is not None))
    assert all(count == 1 for count in found.values())
    conflict = curate(asked, mode="fresh").conflict
    for core in conflict.cores if conflict is not None else ():
        assert len({reason.sentence for reason in core.reasons}) == len(core.reasons)
    for fix in conflict.fixes if conflict is not None else ():
        assert len({remedy.sentence for remedy in fix.remedies}) == len(fix.remedies)
