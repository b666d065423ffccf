"""Which names of nixpkgs' Python set need mending? ``coset names audit``."""

from enum import StrEnum
from typing import Annotated

from coset import terminal
from coset.declarations import Option
from coset.options import Db, Json, Nixpkgs, Part, Quiet, Verbose


class Form(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    NIX = "nix"


def audit(  # noqa: PLR0913 -- the options of a command line
    *,
    form: Annotated[
        Form,
        Option("--format", help="Text, Markdown for an issue, or lines that are ready for python-aliases.nix."),
    ] = Form.TEXT,
    part: Part = None,
    nixpkgs: Nixpkgs = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Look for attributes, aliases, import names and relaxations whose names are wrong, and say how to mend them.

    Attributes that are not their project's normalised name, with the rename and the alias that nixpkgs' rules want;
    aliases in chains, circles and to nowhere; two attributes of one project; distributions that install the same import
    name; names in pythonRelaxDeps that the hook does not find, or finds too often. Exit status 1 when anything was
    found.
    """
    from coset.namesauditdata import read_names_audit  # noqa: PLC0415
    from coset.output import print_parts  # noqa: PLC0415
    from report.namesaudit import audit_document, audit_json, audit_lines, nix_lines  # noqa: PLC0415

    found = read_names_audit(db, nixpkgs)
    if json:
        terminal.print_json(audit_json(found))
    elif form is Form.MARKDOWN or part is not None:
        print_parts(audit_document(found), part, quiet=quiet)
    else:
        for line in nix_lines(found) if form is Form.NIX else audit_lines(found):
            terminal.print_line(line)
    if verbose:
        for what, names in (("project is a guess", found.unjudged), ("install nobody knows what", found.unseen)):
            if names:
                terminal.note(f"{what}: {', '.join(names)}", quiet=quiet)
    return 1 if found.findings else 0
