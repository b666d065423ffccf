"""Which words do reports use for states, classes and numbers? Those of the glossary, singular and plural right."""

from collections.abc import Sequence

from report.phrases import verb
from solver.plan import Change, Plan, Relaxation

CLASSES: dict[str, str] = {
    "lifted": "a later release of the depender accepts the version",
    "precautionary": "the forbidden release was uploaded after the depender, so nobody can have tested it",
    "deliberate": "the forbidden release already existed when the depender was uploaded: someone chose to exclude it",
    "pin": "`==` on a full version, with nothing known in its favour",
    "exclusion": "`!=` names the chosen version",
    "override": "policy decides, with its own reason",
}
"""What each risk class means; our own words, as Markdown."""

RANK: dict[str, int] = {name: i for i, name in enumerate(CLASSES)}
"""The classes in the order in which prices rise; policy stands apart."""

STATUSES: dict[str, str] = {
    "optimal": "Optimal: no other set is better at any level.",
    "feasible": "Feasible: the best set found; a better one may exist, within the bounds below.",
    "conflict": "Conflict: no set satisfies what must hold.",
}

STATES = ("unchanged", "updated", "held", "downgraded", "added")

LEVELS: dict[str, str] = {
    "broken": "requirements that no plan may violate",
    "update_first": "violated lower parts",
    "risky": "risky relaxations",
    "unaligned": "siblings that are released together and are not in step",
    "staleness": "newer candidates passed over, weighted by dependents",
    "cheap": "cheap relaxations",
    "changed": "projects that change, which means rebuilds",
}
"""What each level of the objective counts. Levels that are not here only break ties, and reports leave them out."""

_CHANGES: dict[str, tuple[str, str]] = {
    "broken": (
        "{n} {more} requirement that must hold is violated",
        "{n} {more} requirements that must hold are violated",
    ),
    "update_first": ("{n} {more} lower part is violated", "{n} {more} lower parts are violated"),
    "risky": ("risky relaxations weigh {n} {less}", "risky relaxations weigh {n} {less}"),
    "unaligned": ("{n} {more} sibling is out of step", "{n} {more} siblings are out of step"),
    "staleness": ("the set is {n} step {further} the newest", "the set is {n} steps {further} the newest"),
    "cheap": ("cheap relaxations weigh {n} {less}", "cheap relaxations weigh {n} {less}"),
    "changed": ("{n} {more} project changes", "{n} {more} projects change"),
}
"""How each level of the objective is said to change, by one and by several. A relaxation weighs what policy says of its
class; a step is a newer candidate passed over, and one more step for each dependent of its project."""

UNKNOWN: dict[str, str] = {
    "sdist-dynamic": "the sdist says its requirements only once it is built",
    "no-readable-file": "no file of the release could be read",
    "unreachable": "the files could not be fetched",
    "listed": "the release is listed, but was not read",
    "reader-broken": "reading it failed in a way that nobody foresaw",
}
"""What the crawler's codes for unknown requirements mean."""


def hook_hits(edge: Relaxation) -> str:
    """Return a phrase on what nixpkgs' hook takes for the edge as well, or "" where it takes nothing."""
    if not edge.hits:
        return ""
    return f"the hook does not look at a name's end, so {edge.spelling} also relaxes {', '.join(edge.hits)}"


def changes_text(changes: Sequence[Change]) -> str:
    """Return what differs per level, most important first, in words.

    >>> changes_text([Change(level="risky", by=2), Change(level="staleness", by=-5), Change(level="changed", by=1)])
    'risky relaxations weigh 2 more, the set is 5 steps nearer to the newest, 1 more project changes'
    """
    return ", ".join(map(_changed, changes))


def _changed(change: Change) -> str:
    if change.level not in _CHANGES:  # of a plan that another release of coset wrote
        return f"{change.level} {change.by:+,}"
    one, several = _CHANGES[change.level]
    up = change.by > 0
    return verb(abs(change.by), one, several).format(
        n=f"{abs(change.by):,}",
        more="more" if up else "fewer",
        less="more" if up else "less",
        further="further from" if up else "nearer to",
    )


def counts(plan: Plan) -> dict[str, int]:
    """Return how many projects have each state, in the order of the glossary, without states that none has."""
    found = {state: sum(one.state == state for one in plan.packages) for state in STATES}
    return {state: number for state, number in found.items() if number}


def relaxations_by_class(plan: Plan) -> tuple[tuple[str, int, int], ...]:
    """Return ``(class, relaxations, of them already in nixpkgs)`` for each class that occurs, riskiest first."""
    return tuple(
        (risk, len(those), sum(one.already for one in those))
        for risk in sorted(CLASSES, key=lambda name: -RANK[name])
        if (those := [one for one in plan.relaxed if one.risk == risk])
    )
