"""``coset explain``: why this version, why not newer?"""

from pathlib import Path
from typing import Annotated

import typer

from coset.options import Db, Json, Quiet, Verbose
from coset.solve import Nixpkgs, PolicyFile


def command(  # noqa: PLR0913 -- the options of a command line
    name: Annotated[str, typer.Argument(metavar="PROJECT", help="A project, an attribute or an import name.")],
    *,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan", metavar="PLAN.JSON", help="Explain this plan. Default: solve first.", show_default=False
        ),
    ] = None,
    mode: Annotated[str, typer.Option(help="fresh, stable or repair; without --plan.")] = "fresh",
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say why a project has its version in a plan: what holds it, what is relaxed, what does not count.

    Exit status 1 when the plan does not hold the project.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from coset.namesdata import look_up, read_name_map  # noqa: PLC0415
    from coset.output import read_plan  # noqa: PLC0415
    from coset.solving import solved  # noqa: PLC0415
    from normalize.errors import UsageError  # noqa: PLC0415
    from report.story import story  # noqa: PLC0415

    known = read_name_map(db)
    lookup = look_up(known, [("", name)])[0]
    if not lookup.matches:
        near = f"near names: {', '.join(lookup.near)}" if lookup.near else "see 'coset names show --help'"
        raise UsageError(f"{name!r} is no project, attribute or import name that coset knows", hint=near)
    if plan is not None:
        told = read_plan(plan)
    else:
        told = solved(Places(db=db, nixpkgs=nixpkgs, policy=policy), mode=mode, quiet=quiet)
    stories = {match.project: story(told, match.project) for match in lookup.matches}
    found = {project: lines for project, lines in stories.items() if lines}
    if json:
        terminal.print_json([{"project": project, "story": list(lines)} for project, lines in found.items()])
    else:
        if lookup.ambiguous:
            terminal.note(f"{name} may mean {', '.join(stories)}", quiet=quiet)
        for lines in found.values():
            for line in lines:
                terminal.print_line(line)
        if not found:
            terminal.print_line(f"the plan does not hold {', '.join(stories)}")
        if verbose:
            terminal.note(f"plan of mode {told.mode}, status {told.status}", quiet=quiet)
    return 0 if found else 1
