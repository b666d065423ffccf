"""``coset export``: how does a plan reach Nix, pip and uv? As an overlay of nixpkgs and as lock files."""

from pathlib import Path
from typing import Annotated

from coset.declarations import Option
from coset.options import Db, Json, Nixpkgs, PolicyFile, Quiet, Verbose

PlanFile = Annotated[
    Path | None,
    Option(
        "--plan",
        metavar="PLAN.JSON",
        help="The plan that coset solve wrote. Default: solve first.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    Option("--out", metavar="FILE", help="Write it here instead of on stdout.", show_default=False),
]


def overlay(  # noqa: PLR0913 -- the options of a command line
    *,
    plan: PlanFile = None,
    out: Out = None,
    package_overrides: Annotated[
        bool,
        Option(
            "--package-overrides",
            help="Write the function alone, for 'packageOverrides' of one interpreter or 'overrideScope'.",
        ),
    ] = False,
    from_index: Annotated[
        bool,
        Option(
            "--from-index",
            help="Take every source from the index, with its hash, also where nixpkgs' recipe downloads from a forge.",
        ),
    ] = False,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write a plan as an overlay that extends pythonPackagesExtensions and reuses nixpkgs' recipes.

    Each changed attribute gets its version, its source, its new dependencies, and the pythonRelaxDeps that the plan
    needs; what nixpkgs does not have becomes a package of its own, dependencies first. Sources from the index have the
    index's hash. Those from a forge get the new tag and an empty hash: building says the right one. With --json the
    same as data. Exit status 1 when an attribute of the plan cannot be in the overlay; it is named.
    """
    from coset import terminal  # noqa: PLC0415
    from coset.exporting import read_exported, tell_list, write_export  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from nixpkgs.overlay import extension_text, overlay_text  # noqa: PLC0415
    from nixpkgs.overlayjson import overlay_json  # noqa: PLC0415
    from nixpkgs.overlayplan import overlay_plan  # noqa: PLC0415

    given = read_exported(plan, Places(db=db, nixpkgs=nixpkgs, policy=policy), quiet=quiet)
    made = overlay_plan(given.plan, given.current, given.releases, from_index=from_index)
    if json:
        terminal.print_json(overlay_json(made))
    else:
        notes = (
            f"A plan of coset: {len(made.overrides)} overrides, {len(made.inits)} new packages.",
            given.rests_on(),
            *(() if package_overrides else ("Use: import <nixpkgs> { overlays = [ (import ./overlay.nix) ]; }",)),
            *(f"Not here: {attribute}: {why}" for attribute, why in made.impossible),
        )
        write = extension_text if package_overrides else overlay_text
        write_export(write(made.overrides, made.inits, notes), out, quiet=quiet)
    tell_list("hashes to be prefetched", made.to_prefetch, quiet=quiet, verbose=verbose)
    if made.perhaps_to_prefetch:
        terminal.note(
            f"note: the current set does not say from where {len(made.perhaps_to_prefetch)} recipes download; "
            "those that use a forge get an empty hash, to be prefetched",
            quiet=quiet,
        )
    tell_list(
        "dependencies left out, because they would make a cycle",
        [f"{one} -> {other}" for one, other in made.cut],
        quiet=quiet,
        verbose=verbose,
    )
    tell_list("not in the overlay", [f"{one}: {why}" for one, why in made.impossible], quiet=quiet, verbose=verbose)
    return 1 if made.impossible else 0


def pylock(  # noqa: PLR0913 -- the options of a command line
    *,
    plan: PlanFile = None,
    out: Out = None,
    files_base: Annotated[
        str | None,
        Option(
            "--files-base",
            metavar="URL",
            help="Where the files of the index lie. Default: where those of pip's own default index do.",
            show_default=False,
        ),
    ] = None,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write a plan as pylock.toml (PEP 751), for pip and uv.

    Each package has its sdist and the wheels that fit a target, with addresses and hashes. Where the plan relaxes
    anything, pip needs --no-deps; uv does not look at requirements. Exit status 1 when a package cannot be locked,
    because it is no release of the index or no file of it is known; the lock file is then written without it, and says
    so.
    """
    from packaging.pylock import is_valid_pylock_path  # noqa: PLC0415

    from coset import terminal  # noqa: PLC0415
    from coset.exporting import read_exported, tell_lock, write_export  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from coset.pipindex import default_files_base  # noqa: PLC0415
    from coset.serve import files_address  # noqa: PLC0415
    from nixpkgs.lockplan import lock_plan  # noqa: PLC0415
    from nixpkgs.pylock import pylock_text  # noqa: PLC0415

    base = default_files_base() if files_base is None else files_address(files_base)
    given = read_exported(plan, Places(db=db, nixpkgs=nixpkgs, policy=policy), quiet=quiet)
    lock = lock_plan(given.plan, given.releases)
    if not json:
        left_out = {"left-out": {project: why for project, _, why in lock.left_out}} if lock.left_out else {}
        text = pylock_text(lock.packages, base, lock.targets, {"plan": given.rests_on(), **left_out})
        write_export(text, out, quiet=quiet)
        if out is not None and not is_valid_pylock_path(out):
            terminal.note("note: pip and uv take it only as pylock.toml or pylock.NAME.toml", quiet=quiet)
    if any(one.kind == "run" for one in given.plan.relaxed):
        terminal.note("note: the plan relaxes requirements, so pip needs --no-deps", quiet=quiet)
    return tell_lock(lock, json=json, quiet=quiet, verbose=verbose)


def requirements(  # noqa: PLR0913 -- the options of a command line
    *,
    plan: PlanFile = None,
    out: Out = None,
    nixpkgs: Nixpkgs = None,
    policy: PolicyFile = None,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write a plan as requirements.txt with the hashes of all its files, for pip --require-hashes.

    Install it with --no-deps: a resolver would not accept what the plan relaxes. Exit status 1 when a package cannot be
    locked; it is then a comment.
    """
    from coset.exporting import read_exported, tell_lock, write_export  # noqa: PLC0415
    from coset.inputs import Places  # noqa: PLC0415
    from nixpkgs.lockplan import lock_plan  # noqa: PLC0415
    from nixpkgs.requirementslock import requirements_text  # noqa: PLC0415

    given = read_exported(plan, Places(db=db, nixpkgs=nixpkgs, policy=policy), quiet=quiet)
    lock = lock_plan(given.plan, given.releases, addressed=False)
    if not json:
        notes = (
            f"A plan of coset: {len(lock.packages)} packages. Install it with --no-deps --require-hashes.",
            given.rests_on(),
            *(f"Not here: {sentence}" for sentence in lock.missing),
        )
        write_export(requirements_text(lock.packages, notes), out, quiet=quiet)
    return tell_lock(lock, json=json, quiet=quiet, verbose=verbose)
