"""``coset sweep``: what would every single available update take?"""

from pathlib import Path
from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Before, Db, Engine, Json, Markdown, Nixpkgs, Part, PolicyFile, Quiet, Targets, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    projects: Annotated[
        list[str] | None,
        Argument(metavar="[PROJECT]...", help="Only these projects, attributes or import names. Default: all."),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        Option("--out", metavar="DIR", help="Write sweep.json and sweep.md there.", show_default=False),
    ] = None,
    ladder: Annotated[
        str, Option("--ladder", metavar="STEP", help="How far any project may move: patch, minor or major.")
    ] = "major",
    workers: Annotated[
        int | None,
        Option(
            "--workers",
            metavar="N",
            help="So many processes. Default: as many as pay off, and one per processor at most.",
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Let the workers of this Dask scheduler do it, such as tcp://10.0.0.5:8786; here and on the workers "
            "the same coset[distributed] must be importable.",
            show_default=False,
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        Option(
            "--journal",
            metavar="FILE",
            help="Keep results here as they come. Default: a file in the cache folder.",
            show_default=False,
        ),
    ] = None,
    anew: Annotated[
        bool, Option("--anew", help="Forget the results that an earlier sweep of the same inputs kept.")
    ] = False,
    markdown: Markdown = False,
    part: Part = None,
    target: Targets = None,
    before: Before = None,
    engine: Engine = "auto",
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Propose every available update of the set by itself, and show what each takes, the easiest first.

    An update is free, or needs relaxations, or needs other projects to move, or private versions for an application
    that fixes an interpreter which cannot run it, or is impossible. Those that do not touch each other make a batch,
    which can be one change of nixpkgs. The results do not depend on who works. Each is kept
    as soon as it is there: after Ctrl-C, or a death of the machine, the same call goes on where it was. A task at which
    two workers died is not tried again; then the exit status is 3.

    The workers of a cluster get the question over the network and open no files. Each must be able to import the same
    release of coset with the same minor release of Python, and a dask.distributed that fits the scheduler's: install
    coset[distributed] where 'dask worker' is started. Whoever can reach a scheduler can run code on its workers.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from coset.output import print_parts, told_written  # noqa: PLC0415
    from coset.sweeping import Wanted, swept, write_sweep  # noqa: PLC0415
    from report.phrases import count  # noqa: PLC0415
    from report.sweep import sweep_document, sweep_json, sweep_lines  # noqa: PLC0415

    found = swept(
        Places(db=db, nixpkgs=nixpkgs, policy=policy),
        Wanted(
            targets=target or (),
            before=before,
            ladder=ladder,
            engine=engine,
            workers=workers,
            scheduler=scheduler,
            journal=journal,
            anew=anew,
            only=projects or (),
        ),
        quiet=quiet,
    )
    told = (found.effects, found.batches, found.died)
    document = sweep_json(*told, found.provenance)
    for sentence in found.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if found.kept and verbose:
        terminal.note(f"{count(found.kept, 'result')} were kept from before", quiet=quiet)
    if out is not None:
        for path in write_sweep(document, sweep_document(*told, found.provenance), out):
            told_written(path, quiet=quiet)
    if json:
        terminal.print_json(document)
    elif markdown or part is not None:
        print_parts(sweep_document(*told, found.provenance), part, quiet=quiet, out="--out DIR")
    else:
        for line in sweep_lines(*told):
            terminal.print_line(line)
    return 3 if found.died else 0
