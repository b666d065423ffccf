"""How is it told what is wrong with names? Lines, Markdown for an issue, lines of ``python-aliases.nix``, JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nixpkgs.aliases import alias_line, alias_lines
from normalize.aliases import Alias
from normalize.errors import UsageError
from normalize.nameaudit import Finding, Kind
from report.blocks import outlined
from report.parts import Document
from report.phrases import count
from report.quote import Markdown, code, fence, prose, row, say, series
from report.section import BLANK, ROW, folded

TITLES: dict[Kind, str] = {
    "attribute-and-alias": "Attribute and alias at once",
    "alias-cycle": "Aliases that lead in circles",
    "alias-to-nowhere": "Aliases to nowhere",
    "alias-chain": "Aliases that lead over others",
    "deviating-attribute": "Attributes that are not the project's name",
    "second-attribute": "Projects with several attributes",
    "silent-alias": "Aliases among the attributes",
    "same-name": "Names that are one after normalisation",
    "borrowed-name": "Names that belong to a project on the index",
    "import-clash": "Import names that several install",
    "import-hidden": "Import names that another package may hide",
    "relax-spelling": "Names that the relax hook does not find",
    "relax-prefix": "Names that the relax hook finds too often",
}
"""In the order in which they are told: what stops an evaluation first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesAudit:
    """What an audit of names found, and what it could not judge.

    Attributes:
        revision: the state of nixpkgs, for people.
        findings: in the order of `arranged`.
        attributes, aliases: how many of them were looked at.
        unjudged: attributes whose project is a guess, sorted.
        unseen: attributes of which nobody knows what they install, sorted.
    """

    revision: str
    findings: tuple[Finding, ...]
    attributes: int
    aliases: int
    unjudged: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def arranged(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings by kind and name."""
    kinds = list(TITLES)
    return tuple(sorted(findings, key=lambda one: (kinds.index(one.kind), one.names, one.sentence)))


def audit_lines(audit: NamesAudit) -> Iterator[str]:
    """Yield lines of plain text; they are not harmless for a terminal yet."""
    for one in audit.findings:
        doubt = "" if one.strength == "certain" else f" ({one.strength})"
        yield f"{one.kind}: {one.sentence}{doubt}"
        yield f"  hint: {one.hint}"
        lines, _ = alias_lines(one.writes)
        yield from (f"  {line}" for line in lines)
    yield _total(audit)
    yield from _limits(audit)


def audit_document(audit: NamesAudit) -> Document:
    """Return Markdown for an issue: a table for each kind, then the aliases to write."""
    total = prose(f"{_total(audit)}.")
    lines = [Markdown("## Names in nixpkgs' Python set"), BLANK, say("{} State: {}.", total, prose(audit.revision))]
    for kind, title in TITLES.items():
        found = [one for one in audit.findings if one.kind == kind]
        if found:
            table = [row("names", "what", "what to do", "strength"), Markdown("|---|---|---|---|")]
            table += (
                row(series(map(code, one.names)), prose(one.sentence), prose(one.hint), one.strength) for one in found
            )
            lines += (BLANK, say("### {}", title), BLANK, *folded(table, len(found), "entry", "entries"))
    writes, deletes, _ = alias_changes(audit.findings)
    if writes or deletes:
        lines += (BLANK, Markdown("### Lines of python-aliases.nix"))
        ready = nix_lines(audit)
        for i in range(0, len(ready), ROW):
            lines += (BLANK, fence(ready[i : i + ROW], "nix"))
    limits = [say("- {}", prose(line)) for line in _limits(audit)]
    if limits:
        lines += (BLANK, *limits)
    return outlined(lines)


def nix_lines(audit: NamesAudit) -> tuple[str, ...]:
    """Return the aliases to write, each line ready for ``python-aliases.nix``, and those to remove as comments.

    The list may be put between the braces of an attribute set as it is.
    """
    writes, deletes, unspellable = alias_changes(audit.findings)
    return (
        *(f"# remove the alias {name}" for name in deletes),
        *writes,
        *(f"# cannot be spelled in Nix: {name}" for name in unspellable),
    )


def alias_changes(findings: Sequence[Finding]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return lines to write, aliases to remove, and names that Nix cannot spell; where findings differ, the first wins.

    The names are quoted as ASCII, so that they may stand in comments.
    """
    wanted: dict[str, Alias] = {}
    for finding in findings:
        for alias in finding.writes:
            wanted.setdefault(alias.name, alias)
    deleted = sorted({name for finding in findings for name in finding.deletes} - wanted.keys())
    lines, unspellable = alias_lines(wanted.values())
    return lines, tuple(ascii(name) for name in deleted), tuple(ascii(name) for name in unspellable)


def audit_json(audit: NamesAudit) -> dict[str, Any]:
    """Return the JSON form; ``nix`` of an alias is None where Nix cannot spell it."""
    return {
        "revision": audit.revision,
        "attributes": audit.attributes,
        "aliases": audit.aliases,
        "unjudged": list(audit.unjudged),
        "unseen": list(audit.unseen),
        "findings": [
            {
                "kind": one.kind,
                "names": list(one.names),
                "sentence": one.sentence,
                "hint": one.hint,
                "strength": one.strength,
                "writes": [
                    {"name": alias.name, "target": alias.target, "fatal": alias.fatal, "nix": _nix(alias)}
                    for alias in one.writes
                ],
                "deletes": list(one.deletes),
            }
            for one in audit.findings
        ],
    }


def _nix(alias: Alias) -> str | None:
    try:
        return alias_line(alias)
    except UsageError:
        return None


def _total(audit: NamesAudit) -> str:
    found = count(len(audit.findings), "finding") if audit.findings else "nothing to mend"
    return f"{found} in {count(audit.attributes, 'attribute')} and {count(audit.aliases, 'alias', 'aliases')}"


def _limits(audit: NamesAudit) -> Iterator[str]:
    """Yield what could not be judged, so that silence about it is no praise."""
    if audit.unjudged:
        number = len(audit.unjudged)
        yield f"names not judged, because the project is not known or a guess: {count(number, 'attribute')}"
    if audit.unseen:
        yield f"what they install is not known: {count(len(audit.unseen), 'attribute')}"
