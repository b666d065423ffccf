"""``coset propose``: what does it take to get this update into the set?"""

from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Before, BuildRequirements, Db, Json, Nixpkgs, Part, PolicyFile, Quiet, Targets, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    requirements: Annotated[
        list[str],
        Argument(
            metavar="REQUIREMENT...",
            help="What the set must meet, such as 'numpy==2.5.5' or 'protobuf>=7.36'; a name alone stands for its "
            "newest candidate.",
        ),
    ],
    *,
    ladder: Annotated[
        str,
        Option(
            metavar="RUNG", help="How far others may move from their version: by a patch, a minor or a major release."
        ),
    ] = "major",
    downgrades: Annotated[
        bool, Option("--downgrades", help="Others may become older, too.", show_default=False)
    ] = False,
    markdown: Annotated[
        bool, Option("--markdown", help="Print the text of a pull request.", show_default=False)
    ] = False,
    part: Part = None,
    target: Targets = None,
    before: Before = None,
    build_requirements: BuildRequirements = False,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say what an update takes: what must move along and why, what to relax, what is built again, which branch.

    The plan of least change that contains the update: first no risky relaxation, then as few other projects as can be,
    each at its newest version that fits. What is violated today is no news and counts only where it gets worse. With
    --build-requirements, an update of what others are built with tells whose build it would break. Exit status 1 when
    no set contains the update, with a minimal core and ways out that were solved again.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from coset.output import print_parts  # noqa: PLC0415
    from coset.proposing import proposal_for  # noqa: PLC0415
    from normalize.errors import UsageError  # noqa: PLC0415
    from report.proposal import proposal_lines  # noqa: PLC0415
    from report.proposalmarkdown import proposal_document  # noqa: PLC0415

    markdown = markdown or part is not None
    if json and markdown:
        raise UsageError("--json and --markdown are two answers", hint="take one of them")
    found = proposal_for(
        Places(db=db, nixpkgs=nixpkgs, policy=policy),
        requirements,
        ladder=ladder,
        back=downgrades,
        targets=target or (),
        before=before,
        build_requirements=build_requirements,
        quiet=quiet,
        verbose=verbose,
    )
    if json:
        terminal.print_json(found.to_json())
    elif markdown:
        print_parts(proposal_document(found), part, quiet=quiet)
    else:
        for line in proposal_lines(found):
            terminal.print_line(line)
    return 1 if found.outcome == "impossible" else 0
