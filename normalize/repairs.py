"""What did a requirement mean that is not PEP 508? The legacy spellings with one clear meaning, repaired by name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from normalize.requirements import parse_requirement

_LONGEST = 4000
"""Real requirements stay under 500 characters; from 4,300 digits on Python refuses to read a number."""

_LONGEST_REPAIRED = 1000

_DEEPEST = 50
"""Parentheses; packaging reads markers by recursion, and what is read must not depend on how deep the caller is."""

_HEAD = re.compile(r"(\s*[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(?:\[[^\[\]]*\])?\s*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One spelling that older tools took, and what it meant.

    Attributes:
        name: stable; the dataset holds it.
        part: what `change` is given: all that stands before the marker, the versions in it, or the marker.
        reason: why the meaning is not in doubt.
        change: from the part as it is spelled to PEP 508; returns what it does not concern as it is.
    """

    name: str
    part: Literal["requirement", "versions", "marker"]
    reason: str
    change: Callable[[str], str]


def _stray_quotes(requirement: str) -> str:
    """Take away quotes: ``x>='1.0'``."""
    return requirement.replace("'", "").replace('"', "")


def _missing_comma(versions: str) -> str:
    """Put a comma between a version and the next operator: ``>=7.2.0<8.0.0``."""
    return re.sub(r"([0-9A-Za-z*])\s*(?=[<>=~]|!=)", r"\1,", versions)


def _surplus_comma(versions: str) -> str:
    """Take away commas before, after and beside commas: ``>=1,,<2``."""
    opening, inside, closing = _without_parentheses(versions)
    kept = [one for one in inside.split(",") if one.strip()]
    return versions if len(kept) == inside.count(",") + 1 else opening + ",".join(kept) + closing


def _not_equal_tilde(versions: str) -> str:
    """Read ``!=~5.0`` as ``!=5.0.*``."""
    return re.sub(r"!=\s*~\s*(\d+(?:\.\d+)*)(?![\w.*+])", r"!=\1.*", versions)


def _missing_dot(versions: str) -> str:
    """Put a dot before the star: ``!=3.0*``."""
    return re.sub(r"([<>=])(\s*\d+(?:\.\d+)*)\*", r"\1\2.*", versions)


def _star_without_equality(versions: str) -> str:
    """Take away the star after an operator that knows none: ``>=1.9.*``, ``<3.4 .*``."""
    return re.sub(r"([<>]=?\s*\d+(?:\.\d+)*)\s*\.\s*\*", r"\1", versions)


def _greater_than_dev(versions: str) -> str:
    """Read ``>dev`` as newer than the least development release."""
    return re.sub(r">(\s*)dev\b", r">\g<1>0.0.0.dev0", versions)


def _trailing_zero(versions: str) -> str:
    """Take away the zeros after the number of a pre-, post- or development release: ``9.0.0a1.0``."""
    return re.sub(r"(\d(?:a|b|rc|\.?post|\.?dev)\d+)(?:\.0+)+(?![\w.*+])", r"\1", versions)


def _old_marker_names(marker: str) -> str:
    """Spell the variables of PEP 345 and of its drafts as PEP 508 does, outside of quotes: ``platform.system``."""
    quoted_or_name = re.compile(r"""'[^']*'|"[^"]*"|\b(?:os|sys|platform|implementation)\.[a-z]+(?:_[a-z]+)*""")

    def spelled(match: re.Match[str]) -> str:
        text = match[0]
        return text if text[0] in "'\"" else text.replace(".", "_")

    return quoted_or_name.sub(spelled, marker)


REPAIRS = (
    Repair(
        name="stray-quotes",
        part="requirement",
        reason="outside of the marker, PEP 508 has no use for quotes; setup.py files quoted versions",
        change=_stray_quotes,
    ),
    Repair(
        name="missing-comma",
        part="versions",
        reason="an operator ends the version before it",
        change=_missing_comma,
    ),
    Repair(
        name="surplus-comma",
        part="versions",
        reason="nothing stands between the commas, so nothing is asked for there",
        change=_surplus_comma,
    ),
    Repair(
        name="not-equal-tilde",
        part="versions",
        reason="`~` stood for the series, as in `~=`; uv reads it the same way",
        change=_not_equal_tilde,
    ),
    Repair(
        name="missing-dot",
        part="versions",
        reason="a star stands for the rest of a version, which begins with a dot",
        change=_missing_dot,
    ),
    Repair(
        name="star-without-equality",
        part="versions",
        reason="setuptools compared the version without the star; uv reads it the same way",
        change=_star_without_equality,
    ),
    Repair(
        name="greater-than-dev",
        part="versions",
        reason="setuptools held `dev` for older than every number; uv reads it the same way",
        change=_greater_than_dev,
    ),
    Repair(
        name="trailing-zero",
        part="versions",
        reason="PEP 440 has one number there, and a zero after it adds nothing",
        change=_trailing_zero,
    ),
    Repair(
        name="old-marker-names",
        part="marker",
        reason="PEP 345 and its drafts wrote a dot where PEP 508 writes an underscore",
        change=_old_marker_names,
    ),
)
"""In the order in which they are tried. Names are stable; what a name does may only grow."""


def is_requirement(text: str) -> bool:
    """Return whether the text is PEP 508 as it is, within bounds that no honest requirement meets.

    >>> is_requirement("a>1; os_name == 'nt'"), is_requirement("a>1<2")
    (True, False)
    """
    if len(text) > _LONGEST or text.count("(") > _DEEPEST:
        return False
    return parse_requirement.__wrapped__(text) is not None  # uncached: outside text is not to stay in memory


def repaired(raw: str) -> tuple[str, str] | None:
    """Return the requirement as PEP 508 and the names of the repairs, joined by ``+``; None where none helps.

    Repairs follow one upon the other until the requirement is PEP 508, so that none happens without need. One that is
    PEP 508 as it is needs none, and None is returned. A marker's quotes and letters are never touched, because
    ``'Windows'`` and ``'windows'`` mean different things.

    >>> repaired("x>=7.2.0<8.0.0"), repaired("x>=1"), repaired("x @ '")
    (('x>=7.2.0,<8.0.0', 'missing-comma'), None, None)
    """
    if len(raw) > _LONGEST_REPAIRED or "@" in raw.partition(";")[0] or is_requirement(raw):
        return None
    requirement, semicolon, marker = raw.partition(";")
    done: list[str] = []
    for repair in REPAIRS:
        before = (requirement, marker)
        if repair.part == "requirement":
            requirement = repair.change(requirement)
        elif repair.part == "marker":
            marker = repair.change(marker)
        else:
            requirement = _with_versions(requirement, repair.change)
        if (requirement, marker) == before:
            continue
        done.append(repair.name)
        text = f"{requirement}{semicolon}{marker}".strip()
        if is_requirement(text):
            return text, "+".join(done)
    return None


def _with_versions(requirement: str, change: Callable[[str], str]) -> str:
    """Return the requirement with its versions changed; the name and the extras before them may end in a digit too."""
    match = _HEAD.fullmatch(requirement)
    return requirement if match is None else match[1] + change(match[2])


def _without_parentheses(versions: str) -> tuple[str, str, str]:
    text = versions.strip()
    return ("(", text[1:-1], ")") if text.startswith("(") and text.endswith(")") else ("", text, "")
