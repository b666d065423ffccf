"""Cores, derivations and ways out: against brute force, and word by word (``golden/*.txt``).

After a wanted change of the words, run the tests with ``COSET_GOLDEN=write`` in the environment, read the differences,
and commit them.
"""

import json
import os
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import jsonschema
import pytest
from drawn import NAMES
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from toys import current, question, registry, release

from normalize.requirements import parse_requirement
from report.conflict import conflict_lines
from report.otherwise import otherwise_lines
from report.story import story
from solver.compile import compile_problem
from solver.conflictjson import conflict_to_json
from solver.counterfactual import Solver, forced, without_relaxing
from solver.curate import curate
from solver.decide import decide
from solver.planjson import plan_from_text, plan_to_text
from solver.reasons import make_case

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
BOUNDS = ("", "<2", "<3", ">=2", ">=3", "==1.0", "!=2.0")


@st.composite
def contradictions(draw):
    """Draw what is asked for ad hoc of a few projects with one requirement each, often too much."""
    names = NAMES[: draw(st.integers(2, 4))]
    found = []
    for name in names:
        for version in range(1, draw(st.integers(1, 3)) + 1):
            other = draw(st.sampled_from([one for one in names if one != name]))
            requires = draw(st.sampled_from(("", f"{other}{draw(st.sampled_from(BOUNDS))}")))
            found.append(release(f"{name} {version}.0 @{version}: {requires}"))
    asked = draw(
        st.lists(st.builds("{}{}".format, st.sampled_from(names), st.sampled_from(BOUNDS)), min_size=1, max_size=3)
    )
    return question(registry(*found), current(), asked=dict.fromkeys(asked), strict=True, ad_hoc=True)


def satisfiable(releases, asked, ignored=(), upper=()):
    """Return whether versions exist that satisfy what is asked for, by trying all.

    Args:
        releases: the registry.
        asked: the requirements of the user.
        ignored: requirements that do not count, as ``(project, version, text)``.
        upper: those of which only the lower part counts.
    """
    names = sorted(releases)
    for picked in product(*[(None, *releases[name]) for name in names]):
        chosen = dict(zip(names, picked, strict=True))
        lines = [("", "", one.text) for one in asked]
        lines += [(name, one.version, text) for name, one in chosen.items() if one for text in one.requires]
        if all(line in ignored or met(line, chosen, lower_only=line in upper) for line in lines):
            return True
    return False


def met(line, chosen, *, lower_only):
    requirement = parse_requirement(line[2])
    one = chosen.get(requirement.project)
    if one is None:
        return False
    clauses = [clause for clause in requirement.specifier if not (lower_only and clause.operator in ("<", "!="))]
    if lower_only and any(clause.operator == "==" for clause in clauses):
        return one.version >= "1.0"
    return all(clause.contains(one.version) for clause in clauses)


def lines_of(suspect):
    if suspect.asked is not None:
        return {("", "", suspect.asked.text)}
    return {(suspect.rows.node[0], version, line) for version in suspect.rows.texts for line in suspect.rows.lines}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(contradictions())
def test_cores_are_minimal_and_every_way_out_is_one_and_minimal(asked):
    plan = curate(asked, mode="fresh")
    assert (plan.status == "conflict") == (not satisfiable(asked.releases, asked.asked))
    assume(plan.conflict is not None)
    by_id = {one.id: one for one in make_case(compile_problem(asked)).suspects.values()}
    used = [reason.id for core in plan.conflict.cores for reason in core.reasons]
    assert len(used) == len(set(used))
    for core in plan.conflict.cores:
        inside = [by_id[reason.id] for reason in core.reasons]
        others = {line for key, one in by_id.items() if one not in inside for line in lines_of(one)}
        everything = {line for one in by_id.values() for line in lines_of(one)}
        assert not satisfiable(asked.releases, asked.asked, ignored=others)
        for one in inside:
            assert satisfiable(asked.releases, asked.asked, ignored=others | (lines_of(one) & everything))
        if core.steps:
            assert core.steps[-1].so.startswith("no version of")
            assert all(number < step.number for step in core.steps for number in step.after)
            assert {step.reason for step in core.steps} == {reason.id for reason in core.reasons}
    assert plan.conflict.fixes
    for fix in plan.conflict.fixes:
        kinds = {remedy.reason: remedy.kind for remedy in fix.remedies}
        assert works(asked, by_id, kinds)
        for fewer in combinations(kinds.items(), len(kinds) - 1):
            assert not works(asked, by_id, dict(fewer))


def works(asked, by_id, kinds):
    """Return whether the remedies allow a set."""
    requirements, ignored, upper = [], set(), set()
    gone = {by_id[key].asked: kind for key, kind in kinds.items() if by_id[key].asked is not None}
    for one in asked.asked:
        if one not in gone:
            requirements.append(one)
        elif gone[one] == "loosen":
            requirements.append(parse_requirement(one.name))
    for key, kind in kinds.items():
        if by_id[key].rows is not None:
            (upper if kind == "relax" else ignored).update(lines_of(by_id[key]))
    return satisfiable(asked.releases, requirements, ignored, upper)


TOWN = (
    *("capped 1.0 @3: lib<3", "lib 2.0 @2", "lib 3.0 @4"),
    *("app 1.0 @1: part<2, tool", "app 2.0 @2: part<3, tool", "tool 1.0 @3: part>=3"),
    *("part 1.0 @1", "part 2.0 @2", "part 3.0 @4"),
    *("lost 1.0 @1: nowhere>=1", release("pulled 1.0 @1"), release("pulled 1.1 @2", yanked="broken")),
)
CASES = {
    "a-cap": (["capped", "lib>=3"], {}),
    "two-conflicts": (["app", "capped", "lib>=3"], {}),
    "a-missing-project": (["lost"], {}),
    "a-yanked-release": (["pulled>1.0"], {}),
    "a-pin-of-the-policy": (
        ["capped"],
        {"project": [{"name": "lib", "action": "pin", "versions": ">=3", "reason": "the ABI changed"}]},
    ),
}


def compare(name, text):
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("COSET_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", CASES)
def test_conflicts_word_by_word(name):
    asked, policy = CASES[name]
    plan = curate(
        question(registry(*TOWN), current(), asked=asked, policy=policy, strict=True, ad_hoc=True), mode="fresh"
    )
    compare(f"conflict-{name}", "".join(f"{line}\n" for line in conflict_lines(plan.conflict)))
    data = conflict_to_json(plan.conflict)
    schema = {"$ref": "#/$defs/conflict", "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(data)))
    whole = replace(plan, added=())  # what brings an addition may be the user, who is no project
    assert plan_from_text(plan_to_text(whole)) == whole


CITY = registry(
    *("base 1.0 @1", "base 2.0 @2", "mid 1.0 @1", "mid 2.0 @4: base>=2", "top 1.0 @1", "top 2.0 @5: mid>=2, base>=2"),
    *(f"plugin-{letter} 1.0 @3: base<2" for letter in "abcd"),
    *("early 1.0 @1: late<2", "late 1.0 @1", "late 2.0 @6", "user 1.0 @2", "user 2.0 @7: late>=2"),
)
SET = current(
    *("base 1.0", "mid 1.0", "top 1.0", *(f"plugin-{letter} 1.0" for letter in "abcd")),
    *("early 1.0", "late 1.0", "user 1.0"),
)


SHELVES = registry(
    *("early 1.0 @1: late==1.0", "early 2.0rc1 @2: late", "late 1.0 @1", "late 2.0 @6", "late 3.0a1 @7"),
    release("late 1.5 @3", yanked="broken"),
)
SHELF_ASKS = ("early", "early>=2.0rc1", "early<2", "late", "late<2", "late==1.5", "late==2.0", "late>=3.0a1")


@given(
    asked=st.lists(st.sampled_from(SHELF_ASKS), min_size=1, max_size=4, unique=True),
    then=st.lists(st.sampled_from(SHELF_ASKS), min_size=1, max_size=4, unique=True),
    ad_hoc=st.booleans(),
)
def test_a_ledger_serves_only_what_is_compiled_the_same_without_it(asked, then, ad_hoc):
    ledger = compile_problem(question(SHELVES, current(), asked=asked, strict=True, ad_hoc=ad_hoc)).ledger
    after = question(SHELVES, current(), asked=then, strict=True, ad_hoc=ad_hoc)
    fresh = compile_problem(after)
    again = compile_problem(after, ledger if ledger.serves(after) else None)
    assert (again.values, again.unary, again.tables) == (fresh.values, fresh.unary, fresh.tables)


@pytest.mark.parametrize(
    ("more", "serves"), [("late<2", True), ("early<2", True), ("late==1.5", False), ("late>=3.0a1", False)]
)
def test_a_ledger_serves_no_question_with_other_candidates(more, serves):
    before = question(SHELVES, current(), asked=["early", more], strict=True, ad_hoc=True)
    after = question(SHELVES, current(), asked=["early", more.rstrip("=<>.0123456789a")], strict=True, ad_hoc=True)
    assert compile_problem(before).ledger.serves(after) is serves


def test_holds_and_counterfactuals_word_by_word():
    asked = question(CITY, SET)
    plan = curate(asked, mode="fresh")
    decision = decide(compile_problem(asked), "fresh")
    solver = Solver(mode="fresh")
    text = [*story(plan, "top"), "", *story(plan, "late"), ""]
    text += [*otherwise_lines(forced(decision, "top", "newest", solver)), ""]
    text += [*otherwise_lines(forced(decision, "late", "2.0", solver)), ""]
    text += otherwise_lines(without_relaxing(decision, "early", "late", solver))
    compare("otherwise", "".join(f"{line}\n" for line in text))
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(plan_to_text(plan)))
    assert plan_from_text(plan_to_text(plan)) == plan
