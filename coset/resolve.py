"""``coset resolve``: which versions satisfy these requirements?"""

from typing import Annotated, Any

from coset.declarations import Argument, Option
from coset.options import Before, Db, Engine, Json, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    requirements: Annotated[
        list[str], Argument(metavar="REQUIREMENT...", help="PEP 508, such as 'numpy>=2' or 'dask[delayed]'.")
    ],
    *,
    python: Annotated[
        str,
        Option("--python", metavar="VERSION", help="The interpreter: 3.13, or 3.13.5 where the patch counts."),
    ] = "3.13",
    system: Annotated[str, Option("--system", metavar="SYSTEM", help="A nixpkgs system.")] = "x86_64-linux",
    no_relax: Annotated[
        bool, Option("--no-relax", help="Relax nothing: an ordinary, complete resolver.", show_default=False)
    ] = False,
    before: Before = None,
    engine: Engine = "auto",
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Find the newest versions that satisfy these requirements, by the dataset alone.

    The same engine as 'coset solve', without nixpkgs: what is asked for always holds, and so do all lower parts; upper
    parts that other projects state are relaxed where nothing else will do, at the price of their risk class. With
    --no-relax they hold too. Pre-releases are chosen where one is asked for or nothing else satisfies, yanked releases
    only where they are pinned. Exit status 1 when nothing satisfies, with minimal cores of requirements that contradict
    each other, and ways out that were solved again.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.adhoc import asking  # noqa: PLC0415
    from solver.compile import compile_problem  # noqa: PLC0415
    from solver.decide import decide  # noqa: PLC0415
    from solver.extras import missing_extras  # noqa: PLC0415
    from solver.unknowns import unknowns  # noqa: PLC0415

    with asking(
        requirements,
        target=f"{python} {system}",
        strict=no_relax,
        before=before,
        engine=engine,
        db=db,
        quiet=quiet,
    ) as asked:
        asked.show("compiling the requirements")
        problem = compile_problem(asked.question)
        asked.show("solving")
        decision = decide(problem, "fresh", asked.effort, asked.show)
        conflict = None
        if decision.broken:
            from solver.conflict import explain_conflict  # noqa: PLC0415 -- most answers need none

            conflict = explain_conflict(decision, "fresh", asked.effort)
    for sentence in asked.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    packages = {} if conflict else {node[0]: value.text for node, value in decision.present() if value.text is not None}
    relaxed: tuple[Any, ...] = ()
    if not no_relax:
        from solver.describe import relaxations  # noqa: PLC0415 -- a strict answer relaxes nothing

        relaxed = relaxations(decision)
    unknown = unknowns(decision)
    if json:
        why = {}
        if conflict is not None:
            from solver.conflictjson import conflict_to_json  # noqa: PLC0415

            why = conflict_to_json(conflict)
        answer: dict[str, Any] = {
            "satisfiable": conflict is None,
            "packages": packages,
            "relaxed": [
                {
                    "project": one.project,
                    "version": one.version,
                    "dependency": one.dependency,
                    "specifier": one.specifier,
                    "chosen": one.chosen,
                    "class": one.risk,
                    "evidence": one.evidence,
                }
                for one in relaxed
            ],
            "core": [],
            "correction": [],
            **why,
            "proven": decision.proven or conflict is not None,
            "unknown": [one.project for one in unknown],
        }
        terminal.print_json(answer)
    elif conflict is not None:
        from report.conflict import conflict_lines  # noqa: PLC0415

        for line in conflict_lines(conflict):
            terminal.print_line(line)
    else:
        for project, version in packages.items():
            terminal.print_line(f"{project}=={version}")
        for one in relaxed:
            text = f"{one.project} {one.version} requires {one.dependency}{one.specifier}"
            terminal.note(f"relaxed, {one.risk}: {text}; {one.evidence}", quiet=quiet)
        for lacking in missing_extras(decision):
            asker = f", which {lacking.project} asks for" if lacking.project else ""
            terminal.note(
                f"note: {lacking.dependency} {lacking.chosen} has no extra {lacking.extra!r}{asker}", quiet=quiet
            )
        for unread in unknown:
            terminal.note(f"unknown: {unread.project}: {unread.reason}", quiet=quiet)
        if verbose:
            terminal.note(f"{len(packages)} projects, {'optimal' if decision.proven else 'feasible'}", quiet=quiet)
    return 0 if conflict is None else 1
