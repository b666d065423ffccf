"""``coset check``: what is wrong with the current set, or with what the curators decided?"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Db, Engine, Json, Nixpkgs, Part, Quiet, Targets, Verbose


class Form(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    GITHUB = "github"


def command(  # noqa: PLR0913 -- the options of a command line
    file: Annotated[
        Path | None,
        Argument(metavar="[FILE]", help="The policy, with --policy. Default: the embedded one.", show_default=False),
    ] = None,
    *,
    policy: Annotated[bool, Option("--policy", help="Check the policy instead of the current set.")] = False,
    attribute: Annotated[
        list[str] | None,
        Option("--attribute", metavar="NAME", help="Look at this attribute only; may be repeated.", show_default=False),
    ] = None,
    target: Targets = None,
    nixpkgs: Nixpkgs = None,
    form: Annotated[
        Form,
        Option(
            "--format",
            help="Text, Markdown for an issue, or annotations that GitHub shows beside a pull request's lines.",
        ),
    ] = Form.TEXT,
    markdown: Annotated[bool, Option("--markdown", help="The same as --format markdown.")] = False,
    part: Part = None,
    mode: Annotated[
        str, Option(help="With --policy: the mode of the plan that the policy's entries should change.")
    ] = "fresh",
    engine: Engine = "auto",
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say what nixpkgs' hooks would say of the current set, and which relaxations nothing needs any more.

    Every requirement of every attribute's release is judged as the runtime-dependency hook judges it in a build: by the
    markers of each target, without extras, pre-releases allowed, and only for packages that it runs for. The check
    finds violated bounds, and requirements that nothing brings; names in pythonRelaxDeps and pythonRemoveDeps that
    METADATA shows no need of, that relax more than is needed, that hide a violated lower part or that hit another
    requirement too; and dontCheckRuntimeDeps without need. It also tells which relaxations and removals are needed, and
    what nobody can judge. METADATA is that of the index; a package that patches it, or builds it otherwise, may differ.

    With --policy, the policy is checked instead: which of its entries name nothing, contradict each other, have expired
    or change nothing, because the best plan is the same without them (docs/policy.md describes the file).

    Exit status 1 when something should be mended; what is needed, unknown or uncertain is told and does not count.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from normalize.errors import UsageError  # noqa: PLC0415

    if file is not None and not policy:
        raise UsageError(
            f"{str(file)!r} would be the policy, which only --policy checks",
            hint="write 'coset check --policy FILE', or 'coset check --nixpkgs FILE' for a current set",
        )
    if policy and attribute:
        raise UsageError("--attribute is about the current set, and --policy about the policy", hint="give one of them")
    form = Form.MARKDOWN if markdown or part is not None else form
    places = Places(db=db, nixpkgs=nixpkgs, policy=file)
    if policy:
        from coset.checking import checked_policy  # noqa: PLC0415
        from coset.checkoutput import print_policy  # noqa: PLC0415

        outcome = checked_policy(places, mode=mode, targets=target or (), engine=engine, quiet=quiet)
        print_policy(outcome, form, json=json, part=part, quiet=quiet)
        if verbose:
            terminal.note(f"judged as of {outcome.day}, by plans of mode {mode}", quiet=quiet)
        return 1 if outcome.findings else 0

    from coset.checkoutput import print_set  # noqa: PLC0415
    from coset.setchecking import checked_set  # noqa: PLC0415

    found = checked_set(places, targets=target or (), only=attribute or (), quiet=quiet)
    print_set(found, form, json=json, part=part, quiet=quiet, verbose=verbose)
    return 1 if found.mend else 0
