"""What shows that a bound was too strict? The dataset alone, whatever may be chosen in this solve."""

from dataclasses import replace

import pytest
from drawn import universes
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import DARWIN, LINUX, current, question, registry, release

from dataset.currentset import Attribute
from normalize.specifiers import Part
from normalize.targets import Target
from normalize.versions import parse_version
from solver.curate import curate
from solver.ledger import Ledger
from solver.policyread import policy_from_toml
from solver.privateproblem import strict_question
from solver.verify import verify

OLD = Target("3.12", "x86_64-linux")


def project(action, versions=None):
    entry = {"name": "a", "action": action, "reason": "told"}
    return {"project": [entry if versions is None else {**entry, "versions": versions}]}


def asked(*, lifter=None, now="a 1.0", **facts):
    """Return a question whose answer keeps a 1.0 where b moves on: a 2.0 accepts b 2.0, and c 9 is not there."""
    lifter = lifter or release("a 2.0 @4: b>=1,<3, c>=9")
    return question(
        registry("a 1.0 @2: b>=1,<2", lifter, "b 1.0 @1", "b 2.0 @1", "c 1.0 @1"),
        current(now, "b 1.0", "c 1.0"),
        **facts,
    )


def class_of(one):
    provenance = (("before", one.before),) if one.before else ()
    plan = curate(one, mode="fresh", provenance=provenance)
    assert verify(plan, one.releases, one.current, one.policy).problems == ()
    edges = [*plan.relaxed, *(edge for hold in plan.held for edge in hold.because)]
    return {edge.risk for edge in edges if (edge.project, edge.dependency, edge.chosen) == ("a", "b", "2.0")}


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"policy": project("exclude", ">=2")},
        {"policy": project("pin", "==1.0")},
        {"policy": project("hold")},
        {"lifter": release("a 2.0 @4: b>=1,<3, c>=9", requires_python=">=3.13"), "targets": (LINUX, OLD)},
        {"now": Attribute(name="a_1", project="a", version="1.0", series="1")},
        {"before": "2026-05-01T00:00:00Z"},
    ],
    ids=["candidate", "excluded", "pinned away", "held", "another interpreter", "another series", "early enough"],
)
def test_a_release_that_cannot_be_chosen_lifts_a_bound_all_the_same(facts):
    assert class_of(asked(**facts)) == {"lifted"}


@pytest.mark.parametrize(
    "facts",
    [
        {"before": "2026-04-01T00:00:00Z"},
        {"lifter": release("a 2.0: b>=1,<3, c>=9"), "before": "2026-05-01T00:00:00Z"},
        {"lifter": release("a 2.0rc1 @4: b>=1,<3, c>=9"), "policy": project("prerelease")},
        {"lifter": release("a 2.0 @4: b>=1,<3, c>=9", yanked="broken"), "policy": project("yanked")},
        {"lifter": release("a 2.0 @4: b>=1,<3, c>=9", gone="2026-05-01T00:00:00Z")},
        {"lifter": release("a 2.0 @4", requires=None, unknown="listed", source="index", trust="none")},
        {
            "lifter": release("a 2.0 @4", requires=None, unknown="sdist-dynamic", source="sdist", trust="none"),
            "policy": project("exclude", ">=2"),
        },
    ],
    ids=["too late", "perhaps too late", "a pre-release", "yanked", "gone", "only listed", "unknown"],
)
def test_a_release_that_was_withdrawn_or_not_read_or_not_there_yet_shows_nothing(facts):
    assert class_of(asked(**facts)) == {"deliberate"}


ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(("a", "b", "c")),
            "action": st.sampled_from(("exclude", "pin")),
            "versions": st.sampled_from((">=2", ">=3", "==1.0", "==2.0", "<2")),
            "reason": st.just("drawn"),
        }
    )
    | st.fixed_dictionaries(
        {"name": st.sampled_from(("a", "b")), "action": st.just("hold"), "reason": st.just("drawn")}
    ),
    min_size=1,
    max_size=2,
)


@settings(max_examples=40)
@given(universes(), ENTRIES)
def test_what_policy_says_of_projects_never_changes_the_class_of_an_edge(drawn, entries):
    told = replace(drawn, policy=replace(drawn.policy, projects=policy_from_toml(with_schema(entries)).projects))
    assert classes(told) == classes(drawn)
    plan = curate(told, mode="fresh")
    if plan.status != "conflict":
        assert verify(plan, told.releases, told.current, told.policy).problems == ()


@settings(max_examples=40)
@given(universes())
def test_a_further_target_never_changes_the_class_of_an_edge(drawn):
    """Which interpreters a release runs on says nothing of bounds; which of its requirements apply there does."""
    everywhere = {name: tuple(map(unmarked, found)) for name, found in drawn.releases.items()}
    one = replace(drawn, releases=everywhere, targets=(LINUX,))
    assert classes(replace(one, targets=(LINUX, DARWIN, OLD))) == classes(one)
    alone = replace(one, policy=replace(one.policy, edges=()))
    assert classes(strict_question(alone, (OLD,))) == classes(alone), "as an application on its own interpreter sees it"


def with_schema(entries):
    return {"schema": 1, "project": entries}


def unmarked(one):
    return replace(one, requires=tuple(sorted({text.partition(";")[0] for text in one.requires})))


def classes(drawn):
    """Return the class of each edge at each version that violates its upper part."""
    ledger = Ledger(drawn)
    found = {}
    for name, releases in drawn.releases.items():
        for one in releases:
            for edge in ledger.edges(one, "", drawn.members.get(name)):
                for other in drawn.releases.get(edge.requirement.project, ()):
                    version = parse_version(other.version)
                    if Part.UPPER in edge.bounds.violated(version):
                        key = (name, one.version, edge.requirement.text, other.version)
                        found[key] = ledger.risks.classify(edge, version)
    return found
