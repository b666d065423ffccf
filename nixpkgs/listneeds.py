"""Does what ``pythonRelaxDeps`` or ``pythonRemoveDeps`` does to a line of METADATA change what the hook says of it?"""

from collections.abc import Sequence
from typing import Literal

from nixpkgs.checkedrelease import Checked, Line
from nixpkgs.runtimecheck import judge
from normalize.projects import extra_name
from normalize.relaxhook import hits, rewritten
from normalize.requirements import parse_requirement
from normalize.specifiers import Part

Need = Literal["needed", "idle", "open"]
"""Whether a list's hold on a line changes what the hook says: it does, it does not, nobody can tell."""


def hit_lines(checked: Checked, name: str, *, removing: bool = False) -> tuple[list[Line], list[Line]]:
    """Return the lines that a name hits: those that it means, and others that begin like it."""
    found = [one for one in checked.lines if hits(name, one.requirement.name, removing=removing)]
    own = [one for one in found if str(one.requirement.project) == extra_name(name)]
    return own, [one for one in found if str(one.requirement.project) != extra_name(name)]


def is_bounded(line: Line) -> bool:
    """Return whether a line says which versions or which file it wants."""
    return bool(len(line.requirement.specifier)) or line.requirement.url is not None


def relaxation_need(line: Line) -> Need:
    """Return whether a line's relaxation changes what the hook says."""
    if not line.counts or not is_bounded(line):
        return "idle"
    if line.requirement.url is not None or line.verdict.outcome == "violated":
        return "needed"
    return "idle" if line.verdict.outcome == "met" else "open"


def removal_need(checked: Checked, line: Line) -> Need:
    """Return whether a line's removal changes what the hook says."""
    if not line.counts:
        return "idle"
    if not line.targets:  # the hook does not look at it, but whoever asks for the extra might
        return "idle" if line.verdict.outcome == "met" else "open"
    relaxed = parse_requirement(rewritten(line.requirement.text, checked.attribute.relaxed) or "")
    verdict = line.verdict if relaxed is None else judge(relaxed, checked.environment)
    if verdict.outcome == "met":
        return "open" if verdict.doubt else "idle"
    return "open" if verdict.outcome == "unknown" else "needed"


def worst(lines: Sequence[Line]) -> list[Line]:
    """Return the line that tells most: one with a violated lower part, else the first."""
    return sorted(lines, key=lambda one: (Part.LOWER not in one.verdict.parts, not one.targets))[:1]


def why_idle(line: Line) -> str:
    """Return why a line needs nothing."""
    if not line.counts:
        return f"no target has {line.requirement.text}"
    if not len(line.requirement.specifier):
        return f"{line.requirement.text} sets no bounds"
    if line.verdict.outcome != "met":
        return f"{line.requirement.text} is relaxed already, and {line.verdict.installed} is there"
    return f"{line.verdict.installed} meets {line.requirement.text}"


def why_open(line: Line) -> str:
    """Return why nobody can tell whether a line needs something."""
    asked = "only an extra asks for" if not line.targets else "METADATA asks for"
    if line.verdict.outcome == "missing":
        return f"{asked} {line.requirement.text}, and this set has no {line.requirement.project}"
    why = line.verdict.doubt or f"{line.verdict.installed} is there"
    return f"{asked} {line.requirement.text}, and {why}"
