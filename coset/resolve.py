"""``coset resolve``: which versions satisfy these requirements?"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any

from coset.declarations import Argument, Option
from coset.options import Before, Db, Engine, Json, Quiet, Verbose
from normalize.projects import ProjectName


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
    for sentence in asked.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if newest is not None:
        packages = {project: release.version for project, release in newest.items()}
        if json:
            terminal.print_json(_document(packages))
        else:
            _tell(packages, proven=True, quiet=quiet, verbose=verbose)
        return 0
    if json:
        why = {}
        if answer.conflict is not None:
            from solver.conflictjson import conflict_to_json  # noqa: PLC0415

            why = conflict_to_json(answer.conflict)
        relaxed = [
            {
                "project": one.project,
                "version": one.version,
                "dependency": one.dependency,
                "specifier": one.specifier,
                "chosen": one.chosen,
                "class": one.risk,
                "evidence": one.evidence,
            }
            for one in answer.relaxed
        ]
        unknown = [one.project for one in answer.unknown]
        terminal.print_json(_document(answer.packages, relaxed, why, proven=answer.proven, unknown=unknown))
    elif answer.conflict is not None:
        from report.conflict import conflict_lines  # noqa: PLC0415

        for line in conflict_lines(answer.conflict):
            terminal.print_line(line)
    else:
        notes = []
        for one in answer.relaxed:
            text = f"{one.project} {one.version} requires {one.dependency}{one.specifier}"
            notes.append(f"relaxed, {one.risk}: {text}; {one.evidence}")
        for lacking in answer.missing:
            asker = f", which {lacking.project} asks for" if lacking.project else ""
            notes.append(f"note: {lacking.dependency} {lacking.chosen} has no extra {lacking.extra!r}{asker}")
        notes += [f"unknown: {unread.project}: {unread.reason}" for unread in answer.unknown]
        _tell(answer.packages, notes, proven=answer.proven, quiet=quiet, verbose=verbose)
    return 0 if answer.conflict is None else 1


def _document(
    packages: Mapping[ProjectName, str],
    relaxed: Sequence[Mapping[str, str]] = (),
    why: Mapping[str, Any] = MappingProxyType({}),
    *,
    proven: bool = True,
    unknown: Sequence[ProjectName] = (),
) -> dict[str, Any]:
    """Return the answer as JSON has it; the conflict, where there is one, as ``why``."""
    return {
        "satisfiable": not why,
        "packages": packages,
        "relaxed": relaxed,
        "core": [],
        "correction": [],
        **why,
        "proven": proven,
        "unknown": unknown,
    }


def _tell(
    packages: Mapping[ProjectName, str], notes: Sequence[str] = (), *, proven: bool, quiet: bool, verbose: bool
) -> None:
    from coset import terminal  # noqa: PLC0415

    for project, version in packages.items():
        terminal.print_line(f"{project}=={version}")
    for note in notes:
        terminal.note(note, quiet=quiet)
    if verbose:
        terminal.note(f"{len(packages)} projects, {'optimal' if proven else 'feasible'}", quiet=quiet)
