"""Is the private set the smallest and the nearest, does it satisfy everything, and is what is told of it true?"""

from dataclasses import replace
from itertools import product

import pytest
from drawn import universes
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from toys import DARWIN, LINUX, application, current, question, registry, release

from dataset.applications import Demand, Pin
from normalize.requirements import parse_requirement
from solver.appaccount import Accountant
from solver.candidates import Kind
from solver.compile import compile_problem
from solver.decide import decide
from solver.edges import NO_EXTRA
from solver.privateproblem import decide_privately, runs, same, shared_values, strict_question
from solver.privateset import private_set
from solver.ranking import ranked
from solver.seats import take_seats, with_seat


def demand(name, *lines, pins=(), **facts):
    """Return an application with requirements, and pins as ``requirement: reason`` texts."""
    parsed = tuple(map(parse_requirement, lines))
    outside = [text.split(": ") for text in pins]
    return Demand(
        application=application(name, **facts),
        requirements=parsed,
        pins=tuple(Pin(requirement=parse_requirement(text), reason=reason) for text, reason in outside),
    )


def account(releases, now, asked, *, python="3.13", **facts):
    """Return the account of one application in a toy universe."""
    asked_question, (seat,) = take_seats(question(releases, now, **facts), [asked])
    return Accountant(asked_question, [seat], "fresh").account(seat, python)


def versions(private):
    """Return the private versions."""
    return {one.project: one.version for one in private.versions}


CHAIN = registry(
    "bcrypt 4.0 @1",
    "bcrypt 5.0 @6",
    "crypto 40.0 @1: ffi",
    "crypto 45.0 @5: ffi",
    "ffi 1.0 @1",
    "ossl 23.1 @1: crypto>=38,<41",
    "ossl 23.2 @2: crypto!=40.0,<42",
    "ossl 25.0 @5: crypto>=41,<46",
    "trust 1.0 @1: crypto>=3",
    "bystander 1.0 @1: ossl>=25",
)
CHAIN_SET = ("bcrypt 5.0", "crypto 45.0", "ffi 1.0", "ossl 25.0", "trust 1.0", "bystander 1.0")
CEPH = demand("ceph", "ossl", "trust", pins=("bcrypt<5: its sub-interpreters", "crypto<41: the same"))


@pytest.fixture(scope="module")
def chain():
    """Return the account of the application whose pins force others."""
    return account(CHAIN, current(*CHAIN_SET), CEPH)


class TestChain:
    """A pin that forces another one, and what stands around them."""

    def test_each_pin_is_forced_by_the_one_before(self, chain):
        told = [(one.step, one.project, one.version, one.shared) for one in chain.private.versions]
        assert told == [
            (1, "bcrypt", "4.0", "5.0"),
            (1, "crypto", "40.0", "45.0"),
            (2, "ossl", "23.1", "25.0"),
        ]
        third = chain.private.versions[2]
        assert [(one.project, one.version, one.requires, one.met) for one in third.causes] == [
            ("ossl", "25.0", "crypto>=41,<46", "40.0")
        ]
        assert (third.nearer.version, third.nearer.requires) == ("23.2", "crypto!=40.0,<42")
        assert chain.private.versions[0].causes[0].reason == "its sub-interpreters"

    def test_what_uses_a_private_version_is_built_once_more(self, chain):
        assert [(one.project, one.version, one.against) for one in chain.private.rebuilds] == [
            ("trust", "1.0", ("crypto",))
        ]
        assert chain.private.builds == 4

    def test_what_the_application_does_not_use_is_left_alone(self, chain):
        used = {one.project for one in chain.private.closure}
        assert used == {"bcrypt", "crypto", "ffi", "ossl", "trust"}

    def test_in_the_set_others_pay(self, chain):
        assert len(chain.in_set.update_first) == 1  # of the bystander, or of what the bystander requires
        assert {"bcrypt", "crypto"} <= {one.project for one in chain.in_set.held}
        assert chain.verdict == "vendor"
        assert "each one more to patch" in chain.reason


def test_a_version_of_the_set_that_satisfies_is_not_carried():
    found = account(CHAIN, current(*CHAIN_SET), demand("app", "ossl>=25", "trust"))
    assert versions(found.private) == {}
    assert found.verdict == "keep"
    assert found.reason == "it costs the shared set nothing and every bound around it holds"


def test_nixpkgs_own_relaxation_does_not_count_as_satisfied():
    releases = registry("lib 1.0 @1", "lib 2.0 @2", "app 1.0 @3: lib<2")
    now = current("lib 2.0", "app 1.0", app={"relaxed": ("lib",)})
    found = account(releases, now, Demand(application=application("app", attribute="app")))
    assert versions(found.private) == {"lib": "1.0"}
    assert [(one.dependency, one.already) for one in found.in_set.own] == [("lib", True)]
    assert found.verdict == "keep"
    assert "which nixpkgs has today" in found.reason
    assert "1 private version, one more to patch" in found.reason


def test_what_nixpkgs_removes_is_not_wanted():
    releases = registry("app 1.0 @3: gone<2, lib", "lib 1.0 @1", "gone 1.0 @1", "gone 2.0 @2")
    now = current("lib 1.0", "app 1.0", "gone 2.0", app={"removed": ("gone",)})
    found = account(releases, now, Demand(application=application("app", attribute="app")))
    assert versions(found.private) == {}
    assert {one.project for one in found.private.closure} == {"app", "lib"}


def test_an_interpreter_that_the_set_has_left_behind():
    releases = registry("docs 9.1 @1: util<2", "docs 9.2 @2: util<3", "util 1.0 @1", "util 2.0 @2")
    releases["docs"][1] = replace(releases["docs"][1], requires_python=">=3.13")
    now = current("docs 9.2", "util 2.0")
    found = account(releases, now, Demand(application=application("app", "docs", python="3.12")), python="3.12")
    assert versions(found.private) == {"docs": "9.1", "util": "1.0"}
    first, second = found.private.versions
    assert first.causes[0].interpreter
    assert (second.step, second.causes[0].project) == (2, "docs")
    assert [one.project for one in found.in_set.held] == ["docs"]


def test_what_contradicts_itself_has_a_minimal_core():
    asked = demand("app", "ffi", "crypto>=45", pins=("crypto<41: an old interface",))
    found = account(CHAIN, current(*CHAIN_SET), asked)
    assert found.verdict == "neither"
    assert found.reason == "it contradicts itself: nothing satisfies all that it asks for"
    assert set(found.private.conflict.core) == {"crypto>=45 is asked for", "crypto<41 is asked for"}


def test_a_release_that_is_only_listed_is_the_last_resort():
    known = registry("lib 2.0 @2", "lib 3.0 @3")
    known["lib"].insert(0, release("lib 1.0 @1", requires=None, unknown="listed"))
    now = current("lib 3.0")
    nearer = account(known, now, demand("app", "lib<3")).private
    assert (versions(nearer), nearer.versions[0].unread) == ({"lib": "2.0"}, False)
    last = account(known, now, demand("app", "lib<2")).private
    assert (versions(last), last.versions[0].unread) == ({"lib": "1.0"}, True)
    assert last.unknown == ("lib",)


def test_a_release_that_is_only_listed_is_not_to_blame():
    known = registry("lib 2.0 @2", "other 1.0 @1", "other 2.0 @2")
    known["lib"].insert(0, release("lib 1.0 @1", requires=None, unknown="listed"))
    found = account(known, current("lib 2.0", "other 2.0"), demand("app", "lib<2", "other<2", "other>=2"))
    assert set(found.private.conflict.core) == {"other<2 is asked for", "other>=2 is asked for"}


def test_what_nobody_has_crawled_is_unknown_and_not_carried():
    found = account(registry("lib 1.0 @1"), current("lib 1.0"), demand("app", "lib", "strange<2"))
    assert versions(found.private) == {}
    assert found.private.unknown == ("strange",)


def test_an_application_that_is_on_the_index_but_not_in_the_dataset_is_not_judged():
    asked = Demand(application=application("hub"), project="hub")
    found = account(registry("lib 1.0 @1"), current("lib 1.0"), asked)
    assert (found.known, found.verdict) == (False, "neither")
    assert found.reason == "what it requires is not in the dataset, so nothing can be judged"


def test_what_only_it_uses_and_what_others_need_of_it():
    now = current(
        "app 1.0", "alone 1.0", "wanted 1.0", "below 1.0", "other 1.0", "fan 1.0", "lazy 1.0",
        app={"dependencies": ("alone", "wanted", "below")},
        wanted={"dependencies": ("below",)},
        other={"dependencies": ("wanted",)},
        fan={"dependencies": ("other",)},
        lazy={"optional_dependencies": (("fast", ("alone",)),)},
    )  # fmt: skip
    names = ("app", "alone", "wanted", "below", "other", "fan", "lazy")
    found = account(
        registry(*(f"{name} 1.0" for name in names)), now, Demand(application=application("app", attribute="app"))
    )
    assert found.leaving.free == ("alone", "app")
    assert found.leaving.needed == (("below", ()), ("wanted", ("other",)))
    assert found.leaving.affected == ("fan", "other")
    assert found.leaving.optional == (("alone", ("lazy",)),)


def test_a_python_root_with_a_pin_from_outside():
    releases = registry(
        "flow 1.0 @4: lib<2, num", "lib 1.0 @1", "lib 2.0 @2", "num 1.0 @1", "num 2.0 @2", "user 1.0: num"
    )
    now = current("flow 1.0", "lib 2.0", "num 2.0", "user 1.0", flow={"relaxed": ("lib",)})
    app = application("flow", attribute="flow")
    found = account(releases, now, Demand(application=app, pins=demand("", pins=("num<2: an old ABI",)).pins))
    assert versions(found.private) == {"lib": "1.0", "num": "1.0"}
    assert found.private.rebuilds == ()  # flow is the application itself
    assert [(one.project, one.dependency) for one in found.in_set.own] == [("flow", "lib")]
    assert [one.project for one in found.in_set.held] == ["num"]
    assert {one.project for one in found.private.closure} == {"flow", "lib", "num"}


@pytest.mark.parametrize(("name", "stands"), [("lib", "lib-application"), ("../ é", "application"), ("app", "app")])
def test_an_application_never_takes_a_project_s_name(name, stands):
    _, (seat,) = take_seats(question(registry("lib 1.0"), current("lib 1.0")), [demand(name, "lib<2")])
    assert (seat.project, seat.name) == (stands, name)


def test_attributes_that_the_set_lacks_are_told():
    asked = Demand(application=application("app", "lib", "lost"))
    found = account(registry("lib 1.0"), current("lib 1.0"), asked)
    assert found.notes == ("this set does not have lost, so nothing counts of what it requires",)


def test_projects_that_the_set_lacks_are_compared_with_their_newest():
    releases = registry("lib 1.0 @1", "guest 1.0 @1", "guest 2.0 @2")
    found = account(releases, current("lib 1.0"), demand("app", "lib", "guest<2"))
    assert [(one.version, one.shared) for one in found.private.versions] == [("1.0", "2.0")]
    assert found.notes == ("this set does not have guest, and is taken to have its newest candidate that fits",)


def test_the_ranking_puts_what_others_gain_first():
    greedy = demand("greedy", pins=("crypto<41: an old interface",))
    modest = demand("modest", "ffi")
    asked, seats = take_seats(question(CHAIN, current(*CHAIN_SET)), [modest, greedy])
    work = Accountant(asked, seats, "fresh")
    ranks = ranked([work.account(seat, "3.13") for seat in seats])
    assert [one.account.application for one in ranks] == ["greedy", "modest"]
    assert ranks[0].freed > 0 == ranks[1].freed


@st.composite
def asked_of(draw):
    """Draw a universe, an application in it, and where it runs."""
    universe = draw(universes())
    names = sorted(universe.members)
    assume(names)
    lines = [
        f"{draw(st.sampled_from(names))}{draw(st.sampled_from(('', '<2', '<3', '>=2', '==1.0', '!=2.0', '[x]')))}"
        for _ in range(draw(st.integers(1, 3)))
    ]
    return universe, demand("zz", *lines), draw(st.sampled_from(((LINUX,), (LINUX, DARWIN))))


class Brute(Oracle):
    """All private sets, judged with packaging alone."""

    def __init__(self, problem, seat, shared):
        super().__init__(problem)
        self.seat, self.shared = seat, shared

    def read_lines(self, value, project, extra):
        if project != self.seat.project:
            yield from super().read_lines(value, project, extra)
        elif not extra:
            for text in value.release.requires:
                yield Requirement(text), canonicalize_name(Requirement(text).name), None

    def closure(self, choice):
        """Return what is needed, or None where a requirement does not hold."""
        queue, seen = [(self.seat.project, "")], set()
        while queue:
            project, extra = queue.pop()
            if (project, extra) in seen:
                continue
            seen.add((project, extra))
            if extra:
                queue.append((project, ""))
            for requirement, name, _ in self.lines(choice[project], project, extra):
                met = choice[name]
                if met.kind is Kind.ABSENT:
                    return None
                if met.version is not None and not requirement.specifier.contains(met.version, prereleases=True):
                    return None
                queue += [(name, ""), *((name, canonicalize_name(one)) for one in requirement.extras)]
        return {project for project, _ in seen}

    def best(self):
        """Return the fewest private versions and the least distance, or None where nothing satisfies."""
        candidates = [self.problem.values[project, NO_EXTRA] for project, _ in self.projects]
        found = None
        for values in product(*candidates):
            choice = {project: value for (project, _), value in zip(self.projects, values, strict=True)}
            used = self.closure(choice)
            if used is None:
                continue
            private = [one for one in used if self.private(one, choice[one])]
            cost = len(private), sum(self.far(one, choice[one]) for one in private)
            found = cost if found is None else min(found, cost)
        return found

    def private(self, project, value):
        away = project != self.seat.project and value.kind is not Kind.OUTSIDE
        return away and not same(value, self.shared.get(project))

    def far(self, project, value):
        """Count the candidates from the set's version to this one, this one included."""
        present = [one for one in self.problem.values[project, NO_EXTRA] if one.kind is not Kind.ABSENT]
        at, mine = present.index(value), self.shared.get(project)
        there = [i for i, one in enumerate(present) if same(one, mine)]
        if there:
            return abs(there[0] - at)
        if mine is None or mine.version is None:
            return len(present) - at
        between = [
            one for one in present if min(value.version, mine.version) < one.version < max(value.version, mine.version)
        ]
        return len(between) + 1


@settings(max_examples=40)
@given(asked_of())
def test_no_private_set_is_smaller_or_nearer(drawn):
    universe, asked, targets = drawn
    asked_question, (seat,) = take_seats(universe, [asked])
    free = decide(compile_problem(with_seat(asked_question, seat, free=True)), "fresh")
    shared = shared_values(free)
    seated = with_seat(asked_question, seat)
    strict = strict_question(seated, targets)
    decision = decide_privately(strict, seat, shared)
    best = Brute(decision.problem, seat, shared).best()
    found = private_set(seated, seat, shared, targets)
    if best is None:
        assert found.conflict is not None
        assert found.conflict.core
        return
    assert found.conflict is None
    assert found.proven
    assert (len(found.versions), sum(one.distance for one in found.versions)) == best
    for one in found.versions:
        assert one.causes, "every private version has a reason"
    touched = {one.project for one in (*found.versions, *found.rebuilds)}
    for one in found.rebuilds:
        assert set(one.against) <= touched
        assert one.against
    chosen = {node[0]: decision.value(node) for node in decision.choice if not node[1]}
    assert all(runs(chosen[one.project], targets) for one in found.closure if one.project in chosen)


def test_the_distance_counts_candidates():
    releases = registry(*(f"lib {number}.0 @{number}" for number in range(1, 6)))
    found = account(releases, current("lib 5.0"), demand("app", "lib<3"))
    assert [(one.version, one.distance) for one in found.private.versions] == [("2.0", 3)]
    assert Version(found.private.versions[0].shared) == Version("5.0")
