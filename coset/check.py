"""``coset check``: does what the curators decided still make sense?"""

from pathlib import Path
from typing import Annotated

import typer

from coset.options import Db, Json, Quiet, Verbose
from coset.solve import Engine, Nixpkgs, Targets


def command(  # noqa: PLR0913 -- the options of a command line
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The policy. Default: the embedded one.", show_default=False),
    ] = None,
    *,
    policy: Annotated[  # noqa: ARG001 -- the one check that there is, whether or not it is asked for by name
        bool, typer.Option("--policy", help="Check the policy. Without it: every check there is, which is this one.")
    ] = False,
    mode: Annotated[str, typer.Option(help="The mode of the plan that the policy's entries should change.")] = "fresh",
    target: Targets = None,
    engine: Engine = "auto",
    nixpkgs: Nixpkgs = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for an issue.")] = False,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Look for policy entries that name nothing, contradict each other, have expired or change nothing.

    An entry changes nothing where the best plan is the same without it; to know that, the plan is sought again without
    each entry. docs/policy.md describes the file. Exit status 1 when anything was found.
    """
    import sys  # noqa: PLC0415

    from coset import terminal  # noqa: PLC0415
    from coset.checking import checked_policy  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from report.policyfindings import finding_lines, findings_json, findings_markdown  # noqa: PLC0415
    from report.words import count  # noqa: PLC0415

    outcome = checked_policy(
        Places(db=db, nixpkgs=nixpkgs, policy=file), mode=mode, targets=target or (), engine=engine, quiet=quiet
    )
    findings = outcome.findings
    if json:
        terminal.print_json(
            {"policy": {"entries": outcome.entries, "day": outcome.day, "findings": findings_json(findings)}}
        )
    elif markdown:
        sys.stdout.write(findings_markdown(findings, outcome.name, outcome.entries))
    else:
        for line in finding_lines(findings):
            terminal.print_line(line)
        if not findings:
            terminal.print_line(f"{outcome.name}: nothing to mend in {count(outcome.entries, 'entry', 'entries')}")
        if verbose:
            terminal.note(f"judged as of {outcome.day}, by plans of mode {mode}", quiet=quiet)
    return 1 if findings else 0
