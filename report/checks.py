"""How is it told what a check of the current set found? Lines for the terminal, Markdown for an issue, JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from nixpkgs.checkfindings import KINDS, Finding, Kind
from nixpkgs.setcheck import SetCheck
from report.blocks import outlined
from report.parts import Document
from report.phrases import count
from report.quote import Markdown, code, prose, row, say
from report.section import BLANK, LONG, codes, folded
from report.words import UNKNOWN

TITLES: dict[Kind, tuple[str, str]] = {
    "violated": ("Bounds that are violated", "The runtime-dependency hook fails the build."),
    "not-installed": (
        "Requirements that nothing brings",
        "The runtime-dependency hook fails the build, unless what was not read brings them.",
    ),
    "update-first": (
        "Relaxations that hide a violated lower part",
        "A lower part says what the code needs: update the dependency rather than relax.",
    ),
    "prefix": (
        "Names that hit another requirement",
        "The hook of pythonRelaxDeps and pythonRemoveDeps does not look at a name's end.",
    ),
    "wider": ("Wider than needed", "Less would do."),
    "stale-relaxation": ("Stale relaxations", "METADATA does not show the need of them."),
    "stale-removal": ("Stale removals", "METADATA does not show the need of them."),
    "stale-switch": ("Checks switched off without need", "The runtime-dependency hook would find nothing."),
    "relaxed": ("Relaxations that are needed", "METADATA shows the need; nothing is to be done."),
    "removed": ("Removals that are needed", "METADATA shows the need; nothing is to be done."),
    "unchecked": ("Not checked by nixpkgs", "What the hook would say if it ran; builds do not fail."),
    "unknown": ("Unknown", "Nobody can judge these, so that silence about them is no praise."),
}
"""What each kind is called, and what it means; our own words."""


def check_lines(check: SetCheck, *, verbose: bool = False) -> Iterator[str]:
    """Yield lines of plain text, which are not harmless for a terminal yet: first what should be mended.

    Args:
        check: what was found.
        verbose: whether long lists of what needs no mending are told, too.
    """
    quiet = [one for one in check.findings if not one.mend]
    for one in (*(one for one in check.findings if one.mend), *quiet):
        if not one.mend and not verbose and sum(other.kind == one.kind for other in quiet) > LONG:
            continue
        yield f"{one.kind}: {told(one)}"
        if one.mend and one.hint:
            yield f"  hint: {one.hint}"
    for kind in KINDS:
        number = sum(one.kind == kind for one in quiet)
        if number > LONG and not verbose:
            yield f"{kind}: {count(number, 'finding')}, which --verbose lists"
    yield total(check)


def total(check: SetCheck) -> str:
    """Return one line on the whole."""
    mend = check.mend
    needed = [sum(one.kind in kinds for one in check.findings) for kinds in (("relaxed", "update-first"), ("removed",))]
    attributes = count(check.attributes, "attribute")
    return (
        f"{f'{mend:,}' if mend else 'nothing'} to mend in {attributes}, of which {check.judged:,} could be judged;"
        f" {count(needed[0], 'relaxation')} and {count(needed[1], 'removal')} are needed"
    )


def told(one: Finding) -> str:
    """Return a finding as one sentence, with the doubt that there is."""
    reason = f": {UNKNOWN.get(one.reason, one.reason)}" if one.reason else ""
    doubt = f" (not certain: {one.doubt})" if one.doubt else ""
    return one.sentence + reason + doubt


def check_document(check: SetCheck) -> Document:
    """Return Markdown for an issue: a table for each kind."""
    lines = [
        *(Markdown("## Requirements in nixpkgs' Python set"), BLANK),
        *(say("{} State: {}.", prose(f"{total(check)}."), prose(check.revision)), BLANK),
        say("Targets: {}.", codes(check.targets)),
    ]
    for mend in (True, False):
        for kind, (title, meaning) in TITLES.items():
            found = [one for one in check.findings if one.kind == kind and one.mend == mend]
            if found:
                number = len(found)
                table = folded(_table(found, hints=mend), number, "entry", "entries")
                heading = title if mend or not any(one.doubt for one in found) else f"{title}, perhaps"
                lines += (BLANK, say("### {} ({})", heading, number), BLANK, prose(meaning), BLANK, *table)
    return outlined(lines)


def _table(found: Sequence[Finding], *, hints: bool) -> list[Markdown]:
    head = ("attribute", "what", *(["what to do"] if hints else []))
    return [
        row(*head),
        Markdown("|---" * len(head) + "|"),
        *(row(code(one.attribute), prose(told(one)), *([prose(one.hint)] if hints else [])) for one in found),
    ]


def check_json(check: SetCheck) -> dict[str, Any]:
    """Return the JSON form; ``targets`` of a finding is null where it is about all of them."""
    return {
        "revision": check.revision,
        "date": check.date,
        "targets": list(check.targets),
        "attributes": check.attributes,
        "judged": check.judged,
        "mend": check.mend,
        "findings": [
            {
                "kind": one.kind,
                "mend": one.mend,
                "attribute": one.attribute,
                "version": one.version,
                "sentence": one.sentence,
                "hint": one.hint,
                "doubt": one.doubt,
                "name": one.name,
                "requirement": one.requirement,
                "installed": one.installed,
                "parts": list(one.parts),
                "targets": None if one.targets is None else list(one.targets),
                "position": one.position,
                "line": one.line,
                "reason": one.reason,
            }
            for one in check.findings
        ],
    }
