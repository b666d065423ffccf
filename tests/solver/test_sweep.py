"""What every update takes, and which ones can be made together."""

import json

import pytest
from drawn import universes
from hypothesis import event, given, settings
from hypothesis import strategies as st
from toys import application, current, question, registry, release

from normalize.errors import UsageError
from solver.batches import batches, independent
from solver.candidates import Kind
from solver.ease import available, effect
from solver.edges import NO_EXTRA
from solver.effectjson import effect_from_json, effect_to_json
from solver.proposal import proposed
from solver.scope import scope_of
from solver.statusquo import StatusQuo

TOWN = registry(
    *("free 1.0 @1", "free 2.0 @3"),
    *("lib 1.0 @1", "lib 2.0 @3"),
    *("strict 1.0 @4: lib<2", "strict 1.1 @5: lib<2"),
    *("pair 1.0 @1: half==1.0", "pair 2.0 @3: half==2.0, new"),
    *("half 1.0 @1", "half 2.0 @3"),
    "new 1.0 @3",
    *("stuck 1.0 @1", "stuck 2.0 @3: lib>=9"),
    *("patch 1.0.0 @1", "patch 1.0.1 @2", "patch 2.0.0 @3"),
)
NAMES = ("free", "lib", "strict", "pair", "half", "stuck", "patch")


def quo_of(**facts):
    app = application("app", "lib", "free")
    return StatusQuo(question(TOWN, current(*(f"{name} 1.0" for name in NAMES), applications=[app]), **facts))


def effects_of(quo):
    return {one.project: effect(quo, one) for one in available(quo)}


def test_every_ease():
    found = effects_of(quo_of())
    assert {name: one.ease for name, one in found.items()} == {
        "free": "free",
        "half": "others",
        "lib": "relaxing",
        "pair": "others",
        "patch": "free",
        "strict": "free",
        "stuck": "impossible",
    }
    assert [(one.project, one.before, one.after) for one in found["pair"].shifts] == [
        ("pair", "1.0", "2.0"),
        ("half", "1.0", "2.0"),
        ("new", None, "1.0"),
    ]
    assert [(one.project, one.specifier, one.chosen) for one in found["lib"].written] == [("strict", "<2", "2.0")]
    assert found["lib"].touched == ("lib", "strict")
    assert "lib>=9" in found["stuck"].breaks[0]
    assert found["free"].applications == ("app",)


def test_what_an_application_cannot_follow_is_not_free():
    releases = {**TOWN, "free": [*TOWN["free"][:1], release("free 2.0 @3", requires_python=">=3.13")]}
    for python, ease in (("3.12", "vendoring"), ("3.13", "free")):
        app = application("app", "lib", "free", python=python)
        quo = StatusQuo(question(releases, current("free 1.0", "lib 1.0", applications=[app])))
        found = effects_of(quo)
        assert (found["free"].ease, found["lib"].ease) == (ease, "free")
        assert found["free"].breaks == (
            ("app fixes Python 3.12, and free 2.0 requires Python >=3.13",) * (ease != "free")
        )
        assert effect_from_json(effect_to_json(found["free"]), "here") == found["free"]
        assert {one.ease for one in batches(found.values())} == {"free", ease}


def test_batches_of_the_town():
    found = batches(effects_of(quo_of()).values())
    assert [(one.ease, [e.update.project for e in one.effects], one.contained) for one in found] == [
        ("free", ["free", "patch", "strict"], ()),
        ("relaxing", ["lib"], ()),
        ("others", ["half"], (("pair", "half"),)),
    ]


def test_a_ladder_limits_what_is_available():
    quo = quo_of()
    assert [(one.project, one.after) for one in available(quo, scope_of("patch"))] == [("patch", "1.0.1")]
    assert [one.project for one in available(quo, scope_of("minor"))] == ["patch", "strict"]
    with pytest.raises(UsageError, match="there is no ladder 'rope'"):
        scope_of("rope")


def test_an_attribute_that_nixpkgs_has_elsewhere():
    here = current(*(f"{name} 1.0" for name in NAMES))
    here = type(here)(revision="r", date="2026-07-15", attributes=here.attributes, elsewhere=frozenset({"new"}))
    shifts = effects_of(StatusQuo(question(TOWN, here)))["pair"].shifts
    assert [one.elsewhere for one in shifts] == [False, False, True]


def state(quo, effects):
    """Return the set after some updates: every project's value."""
    values = {project: quo.value((project, NO_EXTRA)) for project in quo.question.members}
    for shift in (shift for one in effects for shift in one.shifts):
        domain = quo.ledger.domain(shift.project, quo.question.members.get(shift.project))
        values[shift.project] = next(one for one in domain.values if one.text == shift.after)
    return values


def unmet(quo, values):
    """Return every requirement of the set that is not met, by looking at each: nothing of the sweep is used."""
    found, seen = set(), set()
    queue = [(project, NO_EXTRA) for project, value in values.items() if value.kind is not Kind.ABSENT]
    while queue:
        node = queue.pop()
        if node in seen or node[0] not in values:
            continue
        seen.add(node)
        value = values[node[0]]
        for project, lines in quo.ledger.lines(value.release, node[1], quo.question.members.get(node[0])).items():
            met = values.get(project)
            for line in lines:
                queue += [(project, extra) for extra in line.requirement.extras]
                if met is None or (met.version is not None and line.bounds.violated(met.version)):
                    found.add((node, value.text, line.requirement.text, met and met.text))
    return found


@settings(max_examples=40)
@given(universes(), st.randoms(use_true_random=False))
def test_a_batch_costs_together_what_its_updates_cost_alone(asked, random):
    quo = StatusQuo(asked)
    updates = list(available(quo))
    random.shuffle(updates)
    effects = [effect(quo, one) for one in updates]
    before = unmet(quo, state(quo, ()))
    for batch in batches(effects):
        event(f"{len(batch.effects)} updates together")
        alone = [unmet(quo, state(quo, [one])) for one in batch.effects]
        together = unmet(quo, state(quo, batch.effects))
        assert together - before == set().union(*(one - before for one in alone))
        assert before - together == set().union(*(before - one for one in alone))
        moved = [shift.project for one in batch.effects for shift in one.shifts]
        assert len(moved) == len(set(moved))
        forced = tuple(f"{one.project}=={one.after}" for one in (made.update for made in batch.effects))
        assert proposed(quo, forced, why=False).outcome == "possible"


@settings(max_examples=40)
@given(universes(), st.randoms(use_true_random=False))
def test_neither_order_nor_company_matters(asked, random):
    quo = StatusQuo(asked)
    updates = available(quo)
    once = [effect(quo, one) for one in updates]
    shuffled = list(updates)
    random.shuffle(shuffled)
    again = {one.project: effect(StatusQuo(asked), one) for one in shuffled}
    assert once == [again[one.project] for one in updates]
    assert batches(once) == batches([again[one.project] for one in shuffled])
    placed = [
        part for batch in batches(once) for part in (*(e.update.project for e in batch.effects), *dict(batch.contained))
    ]
    assert sorted(placed) == [one.update.project for one in once if one.ease != "impossible"]


@settings(max_examples=20)
@given(universes())
def test_effects_come_back_from_json(asked):
    quo = StatusQuo(asked)
    for one in available(quo):
        found = effect(quo, one)
        assert effect_from_json(json.loads(json.dumps(effect_to_json(found))), "here") == found
        assert independent(found, found) is False


def test_no_effect_is_read_from_something_else():
    with pytest.raises(UsageError, match=r"here: update: missing|here\.update: expected a table"):
        effect_from_json({}, "here")
