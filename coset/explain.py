"""``coset explain``: why this version, why not newer?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from coset.declarations import Argument, Option
from coset.options import Db, Json, Nixpkgs, PolicyFile, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    name: Annotated[str, Argument(metavar="PROJECT", help="A project, an attribute or an import name.")],
    *,
    plan: Annotated[
        Path | None,
        Option("--plan", metavar="PLAN.JSON", help="Explain this plan. Default: solve first.", show_default=False),
    ] = None,
    mode: Annotated[str, Option(help="fresh, stable or repair; without --plan.")] = "fresh",
    force: Annotated[
        str | None,
        Option(
            "--force",
            metavar="VERSION",
            help="Say what this version of the project would take: a candidate's, or the word 'newest' for its newest "
            "candidate. Solves twice.",
            show_default=False,
        ),
    ] = None,
    gains: Annotated[
        bool,
        Option(
            "--gains",
            help="Say exactly what each relaxation of the project buys, and what would be gained without each "
            "requirement that holds it: one more solve for each.",
        ),
    ] = False,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say why a project has its version in a plan: what holds it, what is relaxed, who depends on it.

    Also who would be left behind by its next release: the projects whose bounds exclude it. With --force, what a
    version of it would take: the difference on each level, who moves, which relaxations come and go. Exit status 1 when
    the plan does not hold the project, or no set has the forced version.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.depending import dependences  # noqa: PLC0415
    from coset.forcing import Wish, compared  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from coset.namesdata import look_up, read_name_map  # noqa: PLC0415
    from coset.output import read_plan  # noqa: PLC0415
    from coset.solving import solved  # noqa: PLC0415
    from normalize.errors import UsageError  # noqa: PLC0415
    from normalize.projects import ProjectName  # noqa: PLC0415
    from report.dependers import dependence_lines  # noqa: PLC0415
    from report.story import story  # noqa: PLC0415
    from solver.planjson import facts, plain  # noqa: PLC0415

    if plan is not None and (force is not None or gains):
        raise UsageError("--force and --gains solve again, so they take no --plan", hint="leave --plan out")
    known = read_name_map(db)
    lookup = look_up(known, [("", name)])[0]
    if lookup.standard:
        raise UsageError(f"{name!r} is a module of Python's standard library", hint="name a project of the index")
    if not lookup.matches:
        near = f"near names: {', '.join(lookup.near)}" if lookup.near else "see 'coset names show --help'"
        raise UsageError(f"{name!r} is no project, attribute or import name that coset knows", hint=near)
    projects = [ProjectName(match.project) for match in lookup.matches if match.project is not None]
    if not projects:
        raise UsageError(
            f"{name!r} is of no project on the index, and plans hold projects", hint="see 'coset names show'"
        )
    if lookup.ambiguous:
        terminal.note(f"{name} may mean {', '.join(projects)}", quiet=quiet)
    places = Places(db=db, nixpkgs=nixpkgs, policy=policy)
    if force is not None or gains:
        return _otherwise(
            compared(places, projects, Wish(version=force, gains=gains), mode=mode, quiet=quiet), json=json
        )
    told = solved(places, mode=mode, quiet=quiet) if plan is None else read_plan(plan)
    found = {project: lines for project in projects if (lines := story(told, project))}
    around = dependences(places, told, list(found), quiet=quiet)
    if json:
        terminal.print_json(
            [facts(told, one) | plain(around[one]) | {"story": list(lines)} for one, lines in found.items()]
        )
    else:
        for project, lines in found.items():
            for line in (*lines, *dependence_lines(around[project], project)):
                terminal.print_line(line)
        if not found:
            terminal.print_line(f"the plan does not hold {', '.join(projects)}")
        if verbose:
            terminal.note(f"plan of mode {told.mode}, status {told.status}", quiet=quiet)
    return 0 if found else 1


def _otherwise(found: Mapping[Any, tuple[Any, ...]], *, json: bool) -> int:
    """Print what other choices would cost; exit status 1 where one of them allows no set, or no project is known."""
    from coset import terminal  # noqa: PLC0415
    from report.otherwise import otherwise_lines  # noqa: PLC0415
    from solver.planjson import plain  # noqa: PLC0415

    if json:
        terminal.print_json([{"project": project, "otherwise": plain(several)} for project, several in found.items()])
    else:
        for project, several in found.items():
            for one in several:
                for line in otherwise_lines(one):
                    terminal.print_line(line)
            if not several:
                terminal.print_line(f"no relaxation of the plan is about {project}, and nothing holds it")
        if not found:
            terminal.print_line("the plan does not know it")
    return 0 if found and all(one.possible for several in found.values() for one in several) else 1
