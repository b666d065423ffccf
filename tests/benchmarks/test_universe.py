"""Are generated universes what they promise, and do real plans come of them?"""

from dataclasses import replace
from itertools import pairwise

import pytest
from universe import REAL, RISKY, Shape, make_question

from normalize.requirements import parse_requirement
from normalize.specifiers import Part, violated_parts
from normalize.versions import parse_version
from solver.curate import curate
from solver.families import find_ties
from solver.verify import verify

SMALL = Shape(projects=60)


def requirements(question):
    return [text for found in question.releases.values() for release in found for text in release.requires or ()]


def test_the_same_shape_gives_the_same_universe_and_another_seed_another():
    asked, again, other = make_question(SMALL), make_question(SMALL), make_question(replace(SMALL, seed=2))
    assert (asked.releases, asked.current) == (again.releases, again.current)
    assert asked.releases != other.releases


def test_only_the_newest_releases_have_metadata_and_times_ascend():
    for found in make_question(replace(SMALL, candidates=4)).releases.values():
        known = [release.requires is not None for release in found]
        assert known == sorted(known)
        assert 1 <= sum(known) <= 4
        versions = [parse_version(release.version) for release in found]
        assert [release.uploaded for release in found] == sorted(release.uploaded for release in found)
        assert versions == sorted(set(versions))


def test_requirements_speak_of_what_existed_and_never_of_later_lower_bounds():
    asked = make_question(SMALL)
    for found in asked.releases.values():
        for release in found:
            for requirement in map(parse_requirement, release.requires or ()):
                existing = [
                    parse_version(one.version)
                    for one in asked.releases[requirement.project]
                    if one.uploaded <= release.uploaded
                ]
                assert existing
                assert Part.LOWER not in violated_parts(requirement.specifier, existing[-1])


@pytest.mark.parametrize(("styles", "low", "high"), [(REAL, 0.13, 0.21), (RISKY, 0.42, 0.58)])
def test_bounds_have_the_shares_that_were_asked_for(styles, low, high):
    lines = requirements(make_question(Shape(projects=200, candidates=3, styles=styles)))
    bounded = sum(any(sign in line for sign in ("<", "==", "~=")) for line in lines)
    assert low < bounded / len(lines) < high


@pytest.mark.parametrize("styles", [REAL, RISKY])
@pytest.mark.parametrize("mode", ["fresh", "stable"])
def test_plans_of_universes_larger_than_brute_force_can_judge_are_optimal_and_verify(styles, mode):
    asked = make_question(Shape(projects=40, styles=styles, candidates=6))
    plan = curate(asked, mode=mode)
    assert plan.status == "optimal"
    outcome = verify(plan, asked.releases, asked.current, asked.policy)
    assert outcome.problems == ()
    assert outcome.edges > 50


def test_texts_mostly_stay_from_one_release_to_the_next():
    kept = total = 0
    for found in make_question(Shape(projects=200)).releases.values():
        known = [set(release.requires) for release in found if release.requires is not None]
        for before, after in pairwise(known):
            kept += len(before & after)
            total += len(before)
    assert 0.85 < kept / total < 0.97


def test_families_are_released_together_and_pin_each_other():
    shape = Shape(projects=200, families=3)
    asked = make_question(shape)
    ties = find_ties(asked.releases)
    assert sum(tie.pinned > 0 for tie in ties.values()) > sum(
        tie.pinned > 0 for tie in find_ties(make_question(replace(shape, families=0)).releases).values()
    )


def test_hard_caps_are_entries_of_the_policy():
    policy = make_question(replace(SMALL, hard=1.0)).policy
    assert policy.edges
    assert {one.action for one in policy.edges} == {"forbid"}
    assert make_question(SMALL).policy.edges == ()
