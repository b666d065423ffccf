"""Should an application carry private versions? A verdict with its reason, which never leaves the price out."""

from solver.appvalues import InSet, Verdict
from solver.plan import Vendoring
from solver.planwords import RISKY
from solver.privateversions import PrivateSet
from solver.seats import Seat
from solver.sentences import listed

_ASKED = " is asked for"
"""How a core words what the application itself asks for."""

_SHOWN = 3
"""How many gains a reason names."""


def judged(seat: Seat, in_set: InSet, without: Vendoring, private: PrivateSet) -> tuple[Verdict, str]:
    """Weigh both sides; the reason never leaves the price out."""
    price = priced(private)
    if not seat.known:
        return "neither", "what it requires is not in the dataset, so nothing can be judged"
    if private.conflict is not None:
        late = any(one.project in seat.itself for one in in_set.update_first)
        mine = len(private.conflict.core) > 1 and all(one.endswith(_ASKED) for one in private.conflict.core)
        if mine or late or in_set.conflict is not None:
            return "neither", "it contradicts itself: nothing satisfies all that it asks for"
        if in_set.own:
            return "keep", "private versions cannot satisfy it either, so its own requirements have to be relaxed"
        return "keep", "private versions cannot satisfy what it uses either; in the set it costs nothing"
    if in_set.conflict is not None:
        return "vendor", f"no set can hold it; {price}"
    forced = _forced(in_set)
    if forced:
        return "vendor", f"in the set it costs {forced}; {price}"
    gained = [*(f"{one.project} {one.without}" for one in without.newer)]
    gained += [f"{one.project} unrelaxed" for one in without.coherent]
    if gained:
        more = " and more" if len(gained) > _SHOWN else ""
        return "vendor", f"without it the shared set gains {', '.join(gained[:_SHOWN])}{more}; {price}"
    if without.unsupported:  # and nothing else in the set would do
        names = ", ".join(f"{project} {version}" for project, version, _ in without.unsupported[:_SHOWN])
        return "vendor", f"its interpreter cannot run {names}; {price}"
    if in_set.own:
        number = len(in_set.own)
        risky = sum(one.risk in RISKY for one in in_set.own)
        today = ", which nixpkgs has today" if all(one.already for one in in_set.own) else ""
        what = f"{number} relaxation{'s' * (number != 1)} of its own ({risky or 'none'} risky{today})"
        return "keep", f"it needs {what} and costs nobody else anything; without relaxing, {price}"
    if private.versions:
        return "keep", f"it costs the shared set nothing; to obey every bound around it, {price}"
    return "keep", "it costs the shared set nothing and every bound around it holds"


def _forced(in_set: InSet) -> str:
    counts = (
        (len(in_set.held), "hold"),
        (len(in_set.others), "relaxation"),
        (len(in_set.update_first), "violated lower part"),
        (len({one.project for one in in_set.moved} - {one.project for one in in_set.held}), "other version"),
    )
    told = [f"{number} {what}{'s' * (number != 1)}" for number, what in counts if number]
    return listed(told) if told else ""


def priced(private: PrivateSet) -> str:
    """Say what private versions cost: each is one more to patch, and all around them is built once more."""
    versions, builds = len(private.versions), private.builds
    if not versions:
        return "no private version is needed"
    one = versions == 1
    return (
        f"the price is {versions} private version{'s' * (not one)}, {'' if one else 'each '}"
        f"one more to patch, and {builds} build{'s' * (builds != 1)} beside its own"
    )
