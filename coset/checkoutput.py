"""How do the findings of a check reach the terminal, in each form?"""

from coset import terminal
from coset.checking import PolicyCheck
from coset.output import print_parts
from nixpkgs.setcheck import SetCheck
from report.annotations import check_annotations, policy_annotations
from report.checks import check_document, check_json, check_lines
from report.phrases import count
from report.policyfindings import finding_lines, findings_document, findings_json


def print_set(  # noqa: PLR0913 -- what the command line says of it
    found: SetCheck, form: str, *, json: bool, part: int | None, quiet: bool, verbose: bool
) -> None:
    """Print what a check of the current set found.

    Args:
        found: what it found.
        form: ``text``, ``markdown`` or ``github``; of no account where JSON is wanted.
        json: whether it is.
        part: of long Markdown.
        quiet: whether to be silent about its length.
        verbose: whether long lists of what needs no mending are printed as text, too.
    """
    if json:
        terminal.print_json({"set": check_json(found)})
    elif form == "markdown":
        print_parts(check_document(found), part, quiet=quiet)
    else:
        for line in check_annotations(found) if form == "github" else check_lines(found, verbose=verbose):
            terminal.print_line(line)


def print_policy(outcome: PolicyCheck, form: str, *, json: bool, part: int | None, quiet: bool) -> None:
    """Print what a check of the policy found, in the same forms."""
    findings = outcome.findings
    if json:
        table = {"entries": outcome.entries, "day": outcome.day, "findings": findings_json(findings)}
        terminal.print_json({"policy": table})
    elif form == "markdown":
        print_parts(findings_document(findings, outcome.file.name, outcome.entries), part, quiet=quiet)
    elif form == "github":
        for line in policy_annotations(findings, str(outcome.file)):
            terminal.print_line(line)
    else:
        for line in finding_lines(findings):
            terminal.print_line(line)
        if not findings:
            terminal.print_line(f"{outcome.file.name}: nothing to mend in {count(outcome.entries, 'entry', 'entries')}")
