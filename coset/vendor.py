"""``coset vendor``: what does an application cost the set, and should it carry private versions instead?"""

from pathlib import Path
from typing import Annotated

from coset.declarations import Argument, Option
from coset.options import Before, Db, Engine, Json, Markdown, Nixpkgs, Part, PolicyFile, Quiet, Targets, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    names: Annotated[
        list[str] | None,
        Argument(metavar="[APPLICATION...]", help="Applications. Default: all of them.", show_default=False),
    ] = None,
    *,
    applications: Annotated[
        Path | None,
        Option(
            "--applications",
            metavar="FILE",
            help="Applications beside those of the current set, as TOML (docs/applications.md). Default: coset's own.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        Option(
            "--out",
            metavar="DIR",
            help="Write vendoring.md, vendoring.json, and for each application pylock.toml and override.nix.",
            show_default=False,
        ),
    ] = None,
    markdown: Markdown = False,
    part: Part = None,
    files_base: Annotated[
        str | None,
        Option(
            "--files-base",
            metavar="URL",
            help="With --out: where the files of the index lie. Default: where those of pip's own default index do.",
            show_default=False,
        ),
    ] = None,
    mode: Annotated[str, Option(help="fresh, stable or repair: the set that it is compared with.")] = "fresh",
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
    """Say what an application costs the shared set, and how few private versions would free the set from it.

    The set is solved with the application, with it but free of its bounds, and without it; that shows what is held,
    relaxed, or waits for an update because of it. Then the application is solved alone, relaxing nothing and as close
    to the set as can be; that shows each private version with what forces it, what must be built again around these,
    and what could leave the set. Several applications are ranked by what the set gains. Exit status 1 when an
    application cannot be satisfied, neither in the set nor by private versions, or cannot be judged.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from coset.output import print_parts  # noqa: PLC0415
    from coset.vendoringout import write_accounts  # noqa: PLC0415
    from coset.vendoringrun import accounts  # noqa: PLC0415
    from report.vendoring import vendoring_document, vendoring_lines  # noqa: PLC0415
    from report.vendoringjson import vendoring_json  # noqa: PLC0415

    places = Places(db=db, nixpkgs=nixpkgs, policy=policy)
    found = accounts(
        places,
        names or (),
        file=applications,
        mode=mode,
        targets=target or (),
        before=before,
        engine=engine,
        quiet=quiet,
    )
    if json:
        terminal.print_json(vendoring_json(found.ranks))
    elif markdown or part is not None:
        print_parts(vendoring_document(found.ranks), part, quiet=quiet, out="--out DIR")
    else:
        for line in vendoring_lines(found.ranks):
            terminal.print_line(line)
    if out is not None:
        write_accounts(found, places, out, files_base=files_base, quiet=quiet)
    if verbose:
        terminal.note(f"{len(found.inputs.releases)} projects were read", quiet=quiet)
    return 1 if any(one.verdict == "neither" for one in found.accounts) else 0
