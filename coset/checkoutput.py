"""How do the findings of a check reach the terminal, in each form?"""

import sys

from coset import terminal
from coset.checking import PolicyCheck
from nixpkgs.setcheck import SetCheck
from report.annotations import check_annotations, policy_annotations
from report.checks import check_json, check_lines, check_markdown
from report.policyfindings import finding_lines, findings_json, findings_markdown
from report.words import count


def print_set(found: SetCheck, form: str, *, json: bool, verbose: bool) -> None:
    """Print what a check of the current set found.

    Args:
        found: what it found.
        form: ``text``, ``markdown`` or ``github``; of no account where JSON is wanted.
        json: whether it is.
        verbose: whether long lists of what needs no mending are printed as text, too.
    """
    if json:
        terminal.print_json({"set": check_json(found)})
    elif form == "markdown":
        sys.stdout.write(check_markdown(found))
    else:
        for line in check_annotations(found) if form == "github" else check_lines(found, verbose=verbose):
            terminal.print_line(line)


def print_policy(outcome: PolicyCheck, form: str, *, json: bool) -> None:
    """Print what a check of the policy found, in the same forms."""
    findings = outcome.findings
    if json:
        table = {"entries": outcome.entries, "day": outcome.day, "findings": findings_json(findings)}
        terminal.print_json({"policy": table})
    elif form == "markdown":
        sys.stdout.write(findings_markdown(findings, outcome.name, outcome.entries))
    elif form == "github":
        for line in policy_annotations(findings, outcome.name):
            terminal.print_line(line)
    else:
        for line in finding_lines(findings):
            terminal.print_line(line)
        if not findings:
            terminal.print_line(f"{outcome.name}: nothing to mend in {count(outcome.entries, 'entry', 'entries')}")
