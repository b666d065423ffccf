"""Which words do reports use for states, classes and numbers? Those of the glossary, singular and plural right."""

from solver.plan import Plan, Relaxation
from solver.planwords import CHEAP, RISKY

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


UNKNOWN: dict[str, str] = {
    "sdist-dynamic": "the sdist says its requirements only once it is built",
    "no-readable-file": "no file of the release could be read",
    "unreachable": "the files could not be fetched",
    "listed": "the release is listed, but was not read",
    "reader-broken": "reading it failed in a way that nobody foresaw",
}
"""What the crawler's codes for unknown requirements mean."""


def count(number: int, one: str, many: str = "") -> str:
    """Return the number with its noun.

    >>> count(1, "project"), count(1200, "project"), count(0, "dependency", "dependencies")
    ('1 project', '1,200 projects', '0 dependencies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def hook_hits(edge: Relaxation) -> str:
    """Return a phrase on what nixpkgs' hook takes for the edge as well, or "" where it takes nothing."""
    if not edge.hits:
        return ""
    return f"the hook does not look at a name's end, so {edge.spelling} also relaxes {', '.join(edge.hits)}"


def verb(number: int, one: str, many: str) -> str:
    """Return the verb's form for the number: ``verb(1, "needs", "need")`` is ``needs``."""
    return one if number == 1 else many


def price(risk: str) -> str:
    """Return the price word of a class, or of what stands in a class's place on a hold.

    >>> price("lifted"), price("pin"), price("update-first")
    ('cheap', 'risky', 'never relaxed')
    """
    if risk in CHEAP:
        return "cheap"
    if risk in RISKY:
        return "risky"
    return {"override": "as policy says", "update-first": "never relaxed", "missing": "not in the set"}[risk]


def judged(risk: str) -> str:
    """Return what relaxing an edge would mean, with its price.

    >>> judged("deliberate"), judged("update-first")
    ('deliberate, risky', 'a lower part, never relaxed')
    """
    kind = {"update-first": "a lower part", "missing": "a new project", "override": "override"}.get(risk, risk)
    return f"{kind}, {price(risk)}"


def sentence(text: str) -> str:
    """Return a reason as a sentence: with a full stop, and its first letter as it is, which may be a name's.

    >>> sentence("numpy 2 was uploaded later"), sentence("Why not?"), sentence("")
    ('numpy 2 was uploaded later.', 'Why not?', '')
    """
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


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
