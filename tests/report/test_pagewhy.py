"""Where a project goes, and which newer releases do not count, as its section of the page says it."""

from dataclasses import replace

import pytest
from pageplans import package

from normalize.projects import project_name
from report.pagelines import Names
from report.pagewhy import headlines, holds, passed_over
from report.story import story
from solver.plan import Blocker, Exclusion, Hold, Plan


def told(found):
    """Return the lines as a reader sees them."""
    return ["".join(one if isinstance(one, str) else one[0] for one in line) for _, (_, line) in found]


def plan(packages, *excluded):
    return Plan(
        status="optimal",
        mode="fresh",
        targets=(),
        dataset=(),
        levels=(),
        packages=tuple(packages),
        excluded=tuple(Exclusion(project=project_name("a"), version=one, reason="yanked") for one in excluded),
    )


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (package("a", "1.0"), "Stays at 1.0, which is its newest candidate."),
        (package("a", "1.0", "3.0", state="held"), "Stays at 1.0, below its newest candidate 3.0."),
        (
            package("a", "2.0", "3.0", current="1.0", state="held"),
            "Moves from 1.0 to 2.0, not yet to its newest candidate 3.0.",
        ),
        (package("a", "3.0", "3.0", current="1.0", state="updated"), "Moves from 1.0 to 3.0, its newest candidate."),
        (
            package("a", "1.0", "3.0", current="2.0", state="downgraded"),
            "Moves back from 2.0 to 1.0; its newest candidate is 3.0.",
        ),
        (replace(package("a", None), newest=None), "Stays at an unknown version; no newest candidate is known."),
        (package("a", "unstable"), "Stays at unstable; no newest candidate is known."),
        (package("a", None, state="added"), "Is added at an unknown version; no newest candidate is known."),
        (package("a", "1.0", state="added"), "Is added at 1.0, its newest candidate."),
        (package("a", "1.0", "3.0", state="added"), "Is added at 1.0; its newest candidate is 3.0."),
    ],
)
def test_the_headline_says_where_a_project_goes(one, sentence):
    told_of = plan([one])
    assert told(headlines(told_of, Names(told_of))) == [sentence]


@pytest.mark.parametrize("version", [None, "unstable"])
def test_nobody_claims_a_newest_candidate_that_nobody_knows(version):
    (told_of,) = story(plan([package("a", version)]), project_name("a"))
    assert told_of == f"a stays at {version or 'an unknown version'}; no newest candidate is known"


@pytest.mark.parametrize(
    ("excluded", "sentence"),
    [
        (["1.1"], "1.1 is newer and no candidate: yanked."),
        (["1.1", "1.2"], "1.2 and 1.1 are newer and no candidates: yanked."),
        (["1.1", "1.2", "1.3"], "1.3 and 2 others are newer and no candidates: yanked."),
    ],
)
def test_newer_releases_that_are_no_candidates_are_counted(excluded, sentence):
    told_of = plan([package("a", "1.0")], *excluded)
    assert told(passed_over(told_of, Names(told_of))) == [sentence]
    nobody_knows = plan([package("a", None)], *excluded, "unreadable")
    assert told(passed_over(nobody_knows, Names(nobody_knows))) == [sentence.replace("newer and ", "")]


def test_what_policy_forbids_is_told_with_its_reason_and_nothing_that_reorders_it():
    edge = Blocker(
        project=project_name("b"),
        version="1",
        requires="a<2",
        dependency=project_name("a"),
        chosen="2.0",
        risk="deliberate",
        policy="no\u202e a 2",
    )
    hold = Hold(project=project_name("a"), attribute="a", chosen="1.0", newest="2.0", because=(edge,))
    told_of = replace(plan([package("a", "1.0", "2.0", state="held"), package("b", "1")]), held=(hold,))
    ((_, (_, line)),) = holds(told_of, Names(told_of))
    assert "forbidden by policy: no\\u202e a 2" in str(line).replace("\\\\", "\\")
