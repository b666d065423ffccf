"""``coset solve``: which set should nixpkgs have?"""

import sys
from pathlib import Path
from typing import Annotated, Any

from coset.declarations import Option
from coset.options import Before, BuildRequirements, Db, Engine, Json, Nixpkgs, PolicyFile, Quiet, Targets, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    *,
    mode: Annotated[
        str,
        Option(
            help="fresh: as new as possible; stable: change as little as possible; repair: keep versions, mend bounds; "
            "or the four goals in an order of your own, such as staleness,risky,changed,cheap."
        ),
    ] = "fresh",
    out: Annotated[
        Path | None,
        Option("--out", metavar="DIR", help="Write plan.json and plan.md here.", show_default=False),
    ] = None,
    html: Annotated[
        bool, Option("--html", help="With --out: write plan.html as well, a page for the browser.", show_default=False)
    ] = False,
    target: Targets = None,
    before: Before = None,
    engine: Engine = "auto",
    decisions: Annotated[
        int,
        Option(
            min=0,
            metavar="N",
            help="How many decisions the search may take. Where that is too few, the best plan so far is taken, and it "
            "says how far from the best it may be.",
        ),
    ] = 300_000,
    build_requirements: BuildRequirements = False,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Find the newest coherent set, with every relaxation and every hold named and justified.

    Every project has one version for all targets. The lower parts of requirements (>=2) always hold; the upper parts
    (<3) may be relaxed, at a price that depends on what the dataset shows. Each goal is proven to be met as well as it
    can be before the next counts. Exit status 1 when no coherent set exists; the plan then holds a minimal core of
    requirements that contradict each other.
    """
    from coset.inputs import Places  # noqa: PLC0415
    from coset.output import print_summary, write_plan  # noqa: PLC0415
    from coset.solving import solved  # noqa: PLC0415
    from normalize.errors import UsageError  # noqa: PLC0415
    from solver.dependers import required  # noqa: PLC0415
    from solver.planjson import plan_to_text  # noqa: PLC0415

    if html and out is None:
        raise UsageError("--html writes a file, and there is no folder for it", hint="name one with --out DIR")
    requires: dict[Any, tuple[Any, ...]] = {}
    plan = solved(
        Places(db=db, nixpkgs=nixpkgs, policy=policy),
        mode=mode,
        targets=target or (),
        before=before,
        engine=engine,
        decisions=decisions,
        build_requirements=build_requirements,
        quiet=quiet,
        verbose=verbose,
        seen=(lambda question, found: requires.update(required(question, found))) if html else None,
    )
    files = write_plan(plan, out) if out is not None else ()
    if html and out is not None:
        from coset.pageoutput import write_page  # noqa: PLC0415 -- jinja2 and the page's modules take their time

        files = (*files, out / "plan.html")
        write_page(plan, files[-1], nixpkgs=nixpkgs, required=requires, quiet=quiet)
    if json:
        sys.stdout.write(plan_to_text(plan))
    else:
        print_summary(plan, files)
    return 1 if plan.status == "conflict" else 0
