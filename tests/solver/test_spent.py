"""What is said where the effort is spent before it is known whether there is a set, or why there is none."""

from dataclasses import replace

import pytest
from toys import current, question, registry

from normalize.errors import OutsideError
from report.conflict import PERHAPS, UNTOLD, conflict_lines
from solver import cores
from solver.compile import compile_problem
from solver.conflict import explain_conflict
from solver.conflictjson import conflict_to_json
from solver.cores import Questions, Spent, disjoint_cores, minimal_core
from solver.curate import curate
from solver.decide import decide
from solver.effort import USUAL, Effort
from solver.sat import make_engine


def pigeons(number):
    """Return a question that no solver likes: so many projects, each to have another version, and one too few."""
    names = [f"p{i}" for i in range(number)]
    texts = [
        f"{name} {version} @1: {', '.join(f'{other}!={version}' for other in names if other != name)}"
        for name in names
        for version in range(1, number)
    ]
    return question(registry(*texts), current(), asked=names, strict=True, ad_hoc=True)


def clashing(selectors):
    """Return an engine in which the first two of the selectors clash."""
    engine = make_engine()
    engine.add([-selectors[0], -selectors[1]])
    return engine


def test_a_core_that_could_not_be_made_smaller_says_so(monkeypatch):
    decision = decide(compile_problem(pigeons(5)), "fresh")
    assert decision.refuted
    whole = explain_conflict(decision, "fresh").cores[0]
    assert whole.minimal
    monkeypatch.setattr(cores, "_EACH", 0)
    conflict = explain_conflict(decision, "fresh")
    assert not conflict.cores[0].minimal
    assert conflict_to_json(conflict)["cores"][0]["minimal"] is False
    assert PERHAPS in list(conflict_lines(conflict))


def test_where_nothing_was_found_out_no_core_is_told():
    decision = decide(compile_problem(pigeons(5)), "fresh")
    conflict = explain_conflict(decision, "fresh", replace(USUAL, decisions=0))
    assert conflict.cores == conflict.core == conflict.fixes == ()
    assert next(iter(conflict_lines(conflict))) == UNTOLD


def test_no_conflict_is_claimed_where_it_is_not_known_that_there_is_one():
    """A search that is cut short may hold a choice that breaks something though another would not."""
    asked = pigeons(6)
    with pytest.raises(OutsideError, match="the effort was spent before a set was found, or shown to be impossible"):
        curate(asked, mode="fresh", effort=Effort(decisions=0, nodes=0))
    assert curate(asked, mode="fresh").status == "conflict"


def test_questions_spend_together():
    questions = Questions(clashing([1, 2]), 45)
    assert questions.clash([1, 2]) == [1, 2]
    assert questions.clash([1]) is None
    assert questions.clash([2]) is None
    with pytest.raises(Spent):
        questions.clash([1, 2])
    with pytest.raises(Spent):
        disjoint_cores(questions, [1, 2])
    assert minimal_core(Questions(clashing([1, 2]), 1_000), [1, 2, 3]).selectors == (1, 2)
