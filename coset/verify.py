"""``coset verify``: is a plan right?"""

from pathlib import Path
from typing import Annotated

from coset.declarations import Argument
from coset.options import Db, Json, Nixpkgs, PolicyFile, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    plan: Annotated[Path, Argument(metavar="PLAN.JSON", help="The plan that coset solve wrote, or its folder.")],
    *,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,  # noqa: ARG001 -- there is nothing to silence
    verbose: Verbose = False,
) -> int:
    """Check every edge of a plan again and count its levels anew, with packaging alone and none of the solver's code.

    The dataset, the current set and the policy must be those that the plan was solved with. Exit status 1 when
    anything is wrong; each fault is one sentence.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import Places, read_inputs  # noqa: PLC0415
    from coset.output import read_plan  # noqa: PLC0415
    from solver.verify import verify  # noqa: PLC0415

    checked = read_plan(plan)
    places = Places(db=db, nixpkgs=nixpkgs, policy=policy)
    inputs = read_inputs(places, builds=checked.builds is not None)
    outcome = verify(checked, inputs.releases, inputs.current, inputs.policy)
    problems = list(outcome.problems)
    mine, theirs = dict(inputs.provenance).get("dataset"), dict(checked.dataset).get("dataset")
    if mine != theirs:
        problems.insert(0, f"the plan rests on another dataset ({str(theirs)[:16]}) than this one ({str(mine)[:16]})")
    if json:
        terminal.print_json(
            {
                "verified": not problems,
                "packages": outcome.packages,
                "edges": {
                    "satisfied": outcome.satisfied,
                    "relaxed": outcome.relaxed,
                    "update_first": outcome.update_first,
                    "unjudged": outcome.unjudged,
                },
                "problems": problems,
            }
        )
    else:
        for sentence in problems:
            terminal.print_line(f"wrong: {sentence}")
        verdict = "verified" if not problems else f"{len(problems)} faults"
        terminal.print_line(
            f"{verdict}: {outcome.packages} packages, {outcome.edges} edges "
            f"({outcome.satisfied} satisfied, {outcome.relaxed} relaxed and listed, "
            f"{outcome.update_first} to update first, {outcome.unjudged} on versions that are not known)"
        )
        if verbose:
            terminal.print_line(f"dataset {mine}")
    return 1 if problems else 0
