"""Drawn plans: any plan that the types allow, for laws about its JSON and its reports."""

from typing import get_args

from hypothesis import strategies as st

from normalize.projects import ProjectName, project_name
from solver.answervalues import MissingExtra
from solver.links import Links
from solver.plan import (
    Addition,
    Blocker,
    Change,
    Difference,
    Gain,
    Hold,
    LeftOut,
    Level,
    Package,
    Plan,
    Relaxation,
    Unknown,
    Vendoring,
)
from solver.planconflict import Conflict, Core, Fix, Reason, Remedy, Step
from solver.planlayers import BuildLayer, Family, Nowhere, PartialEdge, PolicyHold
from solver.policy import NARROWING


def few(hint: object) -> st.SearchStrategy[tuple[object, ...]]:
    """Draw none, one or two where a type allows any number: the third tells no law anything, and drawing is dear."""
    *kinds, last = get_args(hint)
    if last is Ellipsis:
        return st.lists(st.from_type(kinds[0]), max_size=2).map(tuple)
    return st.tuples(*map(st.from_type, (*kinds, last)))


st.register_type_strategy(tuple, few)
names = st.sampled_from(("numpy", "h5py", "scikit-learn", "zope-interface", "a", "0x")).map(project_name)
st.register_type_strategy(ProjectName, names)
counts = st.integers(min_value=0, max_value=10**20)
st.register_type_strategy(Blocker, st.builds(Blocker, price=counts, policy=...))
gains = st.builds(Gain, changes=st.lists(st.from_type(Change), max_size=1).map(tuple))
relaxations = st.builds(Relaxation, already=..., extra=..., marker=..., kind=..., targets=..., gain=st.none() | gains)
addresses = st.none() | st.sampled_from(("https://a.example/v1?a=b&c=(d)", "http://b.example"))
links = st.none() | st.builds(Links, changelog=addresses, homepage=addresses, repository=addresses)
ids = st.sampled_from(("0123456789ab", "abcdef012345"))
remedies = st.lists(st.builds(Remedy, reason=ids, risk=...), max_size=1).map(tuple)
fixes = st.builds(
    Fix,
    remedies=remedies,
    versions=st.dictionaries(names, st.text(), max_size=2).map(lambda known: tuple(known.items())),
)
few_counts = st.lists(st.integers(1, 9), max_size=2).map(tuple)
steps = st.builds(Step, number=st.integers(1, 9), reason=ids, after=few_counts)
reasons = st.lists(st.builds(Reason, id=ids), max_size=2).map(tuple)
cores = st.builds(Core, reasons=reasons, steps=st.lists(steps, max_size=1).map(tuple))
conflicts = st.builds(
    Conflict,
    cores=st.lists(cores, max_size=1).map(tuple),
    fixes=st.lists(fixes, max_size=1).map(tuple),
)
vendorings = st.builds(
    Vendoring,
    uses=counts,
    violated=st.lists(relaxations, max_size=1).map(tuple),
    obeyed=st.lists(st.from_type(Hold), max_size=1).map(tuple),
    newer=st.lists(st.from_type(Difference), max_size=1).map(tuple),
    coherent=st.lists(relaxations, max_size=1).map(tuple),
)


LISTS = {
    key: st.lists(one, max_size=2).map(tuple)
    for key, one in {
        "levels": st.builds(Level, value=counts, bound=counts),
        "relaxed": relaxations,
        "held": st.from_type(Hold),
        "added": st.builds(Addition, elsewhere=...),
        "left_out": st.from_type(LeftOut),
        "unknown": st.builds(Unknown, requirement=...),
        "families": st.from_type(Family),
        "partial": st.builds(PartialEdge, kind=...),
        "nowhere": st.from_type(Nowhere),
        "missing_extras": st.from_type(MissingExtra),
        "cycles": st.lists(names, min_size=2, max_size=3).map(tuple),
    }.items()
}
_HELD_BY_POLICY = st.none() | st.lists(st.builds(PolicyHold, action=st.sampled_from(NARROWING)), max_size=2).map(tuple)
packages = st.lists(st.builds(Package, links=links), max_size=3, unique_by=lambda one: one.project)
applications = st.lists(vendorings, max_size=2, unique_by=lambda one: one.application)


def plans_of(status: str) -> st.SearchStrategy[Plan]:
    """Draw a plan of a status; strategies are made once, because making them takes as long as drawing."""
    return st.builds(
        Plan,
        status=st.just(status),
        dataset=st.dictionaries(st.text(), st.text(), max_size=2).map(lambda facts: tuple(facts.items())),
        packages=packages.map(lambda found: tuple(sorted(found, key=lambda one: one.project))),
        vendoring=applications.map(lambda found: tuple(sorted(found, key=lambda one: one.application))),
        conflict=conflicts if status == "conflict" else st.none(),
        update_first=...,
        builds=st.none() | st.builds(BuildLayer, known=st.integers(0, 9), unknown=st.integers(0, 9)),
        dropped=...,
        stale_relaxations=...,
        excluded=...,
        held_by_policy=_HELD_BY_POLICY,
        **LISTS,
    )


_PLANS = st.one_of([plans_of(status) for status in ("optimal", "feasible", "conflict")])


def plans() -> st.SearchStrategy[Plan]:
    """Draw any plan that the types allow."""
    return _PLANS
