"""How are numbers, names, requirements and risk classes put into words, whatever they are told of?"""

from collections.abc import Sequence

from normalize.requirements import parse_requirement
from solver.planwords import CHEAP, RISKY

LISTED = 8
"""More dependers than this are counted, not listed: a list of 200 names explains nothing."""


def count(number: int, one: str, many: str = "") -> str:
    """Return the number with its noun.

    >>> count(1, "project"), count(1200, "project"), count(0, "dependency", "dependencies")
    ('1 project', '1,200 projects', '0 dependencies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def named(names: Sequence[str]) -> str:
    """Return names in a row; of many, the first ones and how many others there are."""
    more = len(names) - LISTED
    shown = list(names[:LISTED])
    if more > 0:
        return f"{', '.join(shown)} and {count(more, 'other')}"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


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


def sorted_form(requires: str) -> str:
    """Return a requirement with its parts in order, so that equal ones are spelled alike."""
    parsed = parse_requirement(requires)
    if parsed is None or parsed.url is not None:
        return requires
    extras = f"[{','.join(parsed.extras)}]" if parsed.extras else ""
    marker = f"; {parsed.marker}" if parsed.marker is not None else ""
    return f"{parsed.project}{extras}{','.join(sorted(str(one) for one in parsed.specifier))}{marker}"
