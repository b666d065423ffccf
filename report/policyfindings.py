"""How is it told what is wrong with a policy? Lines for the terminal, Markdown for an issue, tables for JSON."""

from collections.abc import Sequence
from typing import Any

from report.blocks import outlined
from report.parts import Document
from report.phrases import count
from report.quote import Markdown, code, prose, row, say
from report.section import BLANK
from solver.policylint import Finding


def finding_lines(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return two lines per finding, for a terminal that the caller protects."""
    return tuple(
        line
        for one in findings
        for line in (f"{one.entry} {one.action} {one.scope}: {one.code}: {one.sentence}", f"  hint: {one.hint}")
    )


def findings_document(findings: Sequence[Finding], name: str, entries: int) -> Document:
    """Return a table of the findings, or a sentence where there are none.

    Args:
        findings: what was found.
        name: of the policy's file.
        entries: how many entries it has.
    """
    if not findings:
        return outlined([say("{}: nothing to mend in {}.", code(name), count(entries, "entry", "entries"))])
    head = say(
        "{}: {} of {} to mend.", code(name), len({one.entry for one in findings}), count(entries, "entry", "entries")
    )
    table = [row("entry", "action", "scope", "what", "why", "what to do"), Markdown("|---|---|---|---|---|---|")]
    table += (
        row(code(one.entry), one.action, code(one.scope), one.code, prose(one.sentence), prose(one.hint))
        for one in findings
    )
    return outlined([head, BLANK, *table])


def findings_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return a table per finding, for programs."""
    return [
        {
            "entry": one.entry,
            "action": one.action,
            "scope": one.scope,
            "code": one.code,
            "sentence": one.sentence,
            "hint": one.hint,
        }
        for one in findings
    ]
