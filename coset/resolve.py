"""``coset resolve``: which versions satisfy these requirements?"""

from typing import Annotated, Any

from coset.adhocanswer import Answer
from coset.declarations import Argument, Option
from coset.options import Before, Db, Engine, Json, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    requirements: Annotated[
        list[str], Argument(metavar="REQUIREMENT...", help="PEP 508, such as 'numpy>=2' or 'jinja2[i18n]'.")
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
    from solver.newest import newest_choice  # noqa: PLC0415

    with asking(
        requirements,
        target=f"{python} {system}",
        strict=no_relax,
        before=before,
        engine=engine,
        db=db,
        quiet=quiet,
    ) as asked:
        newest = newest_choice(asked.requirements, asked.target, asked.before, asked.dataset.known)
        if newest is None:
            from coset.adhocsolve import solved  # noqa: PLC0415 -- where the newest agree, nothing is to be solved

            answer = solved(asked)
        else:
            answer = Answer(packages={project: release.version for project, release in newest.items()})
    for sentence in asked.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if json:
        terminal.print_json(_document(answer))
    elif answer.refusal is not None:
        for line in answer.refusal.lines():
            terminal.print_line(line)
    else:
        _tell(answer, quiet=quiet, verbose=verbose)
    return 0 if answer.refusal is None else 1


def _document(answer: Answer) -> dict[str, Any]:
    """Return the answer as JSON has it."""
    return {
        "satisfiable": answer.refusal is None,
        "packages": answer.packages,
        "relaxed": answer.relaxed,
        "core": [],
        "correction": [],
        **({} if answer.refusal is None else answer.refusal.document()),
        "proven": answer.proven,
        "unknown": answer.unknown,
    }


def _tell(answer: Answer, *, quiet: bool, verbose: bool) -> None:
    from coset import terminal  # noqa: PLC0415

    for project, version in answer.packages.items():
        terminal.print_line(f"{project}=={version}")
    for note in answer.notes:
        terminal.note(note, quiet=quiet)
    if not answer.proven:
        terminal.note("note: these satisfy; that nothing newer does was not proven within the effort", quiet=quiet)
    if verbose:
        terminal.note(f"{len(answer.packages)} projects, {'optimal' if answer.proven else 'feasible'}", quiet=quiet)
