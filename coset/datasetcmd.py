"""How does the dataset move in and out of files? ``coset dataset import``, ``export`` and ``stats``."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from coset import terminal
from coset.declarations import Argument, Option
from coset.options import Db, Json, Quiet, Verbose
from dataset.crawlstate import Counts, Details


def import_command(
    sources: Annotated[
        list[Path], Argument(metavar="FILE_OR_DIR", help="JSON Lines files, or folders that an export wrote.")
    ],
    *,
    db: Annotated[Path, Option("--db", metavar="FILE", help="The dataset to add to; made where there is none yet.")],
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Put JSON Lines or tables of Parquet into a dataset: all of them, or nothing where one is bad.

    A line needs a project, a version and its requirements; "requires": null says that these are unknown. What the
    dataset knows already is merged: the better-trusted requirements stay.
    """
    from coset.exchange import import_sources  # noqa: PLC0415
    from coset.places import open_dataset  # noqa: PLC0415

    with terminal.progress(quiet=quiet) as show:
        manifests = import_sources(sources, db, show=show)
    if verbose:
        for manifest in manifests:
            what = "tables" if manifest.digits is None else "shards"
            terminal.note(f"read {len(manifest.parts)} {what}, whose hashes the manifest confirms", quiet=quiet)
    with open_dataset(db) as store:
        counts = store.counts()
    if json:
        terminal.print_json(_counts_to_json(counts))
    else:
        _print_counts(counts)


def export_command(  # noqa: PLR0913 - one for each option
    folder: Annotated[Path, Argument(metavar="DIR", help="The folder; a former export in it is replaced.")],
    *,
    parquet: Annotated[
        bool, Option("--parquet", help="Write tables of Parquet instead; needs coset[parquet].")
    ] = False,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write the dataset as JSON Lines, one release per line, with a manifest; or as three tables of Parquet.

    The same content gives the same bytes, so that version control shows what changed.
    """
    from coset.places import open_dataset  # noqa: PLC0415
    from coset.shardfolder import write_folder, write_shards  # noqa: PLC0415
    from dataset.parquet import write_tables  # noqa: PLC0415

    with open_dataset(db, terminal.no_progress if quiet else None) as store:
        sizes = write_folder(folder, partial(write_tables, store)) if parquet else write_shards(folder, store)
    if verbose:
        for name, size in sizes.items():
            terminal.note(f"{name}: {size:,} bytes", quiet=quiet)
    total = sum(sizes.values())
    if json:
        terminal.print_json({"folder": str(folder), "files": list(sizes), "bytes": total})
    else:
        terminal.note(f"wrote {len(sizes)} files, {total:,} bytes, to {str(folder)!r}", quiet=quiet)


def stats_command(
    *,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Say how much the dataset holds, what is unknown and why."""
    from coset.places import open_dataset  # noqa: PLC0415

    with open_dataset(db, terminal.no_progress if quiet else None) as store:
        counts, details, times, digest = store.counts(), store.details(), store.crawled(), store.digest()
        problems = store.problems() if verbose else ()
    if json:
        first_and_last = None if times is None else asdict(times)
        found = {**_counts_to_json(counts), **_details_to_json(details), "crawled": first_and_last, "digest": digest}
        terminal.print_json(found)
        return
    _print_counts(counts)
    _print_details(details)
    terminal.print_line("crawled  " + ("never" if times is None else f"{times.first} to {times.last}"))
    terminal.print_line(f"digest   {digest}")
    for one in problems:
        terminal.print_line(f"problem  {one.project} {one.version} {one.file} {one.code}: {one.detail}")


def _counts_to_json(counts: Counts) -> dict[str, Any]:
    return {**asdict(counts), "unknown": dict(counts.unknown), "problems": dict(counts.problems)}


def _details_to_json(details: Details) -> dict[str, Any]:
    names = ("imports_from", "about", "changes", "texts")
    return {**asdict(details), **{name: dict(getattr(details, name)) for name in names}}


def _print_counts(counts: Counts) -> None:
    _print_rows(
        ("projects", counts.projects),
        ("releases", counts.releases),
        ("  requirements known", counts.known),
        ("  only listed", counts.listed),
        ("  requirements unknown", sum(n for _, n in counts.unknown)),
        *((f"    {reason}", n) for reason, n in counts.unknown),
        ("problems", sum(n for _, n in counts.problems)),
        *((f"  {code}", n) for code, n in counts.problems),
    )


def _print_details(details: Details) -> None:
    _print_rows(
        ("distinct requirements", details.requirements),
        ("requirement lines that were repaired", details.repaired),
        ("releases that the index has no longer", details.gone),
        ("releases whose import names are known", sum(n for _, n in details.imports_from)),
        *((f"  from {source or 'an unstated source'}", n) for source, n in details.imports_from),
        *((f"releases that name a {what}", n) for what, n in details.about),
        ("changes on the index", sum(n for _, n in details.changes)),
        *((f"  {kind}", n) for kind, n in details.changes),
        ("stored texts", sum(n for _, n in details.texts)),
        *((f"  {kind}", n) for kind, n in details.texts),
    )


def _print_rows(*rows: tuple[str, int]) -> None:
    for label, number in rows:
        terminal.print_line(f"{label:<38}{number:>10,}")
