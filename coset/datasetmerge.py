"""What does the user want of ``coset dataset merge``?"""

from pathlib import Path
from typing import Annotated

from coset import terminal
from coset.declarations import Argument, Option
from coset.options import Json, Quiet, Verbose


def command(
    sources: Annotated[
        list[Path],
        Argument(metavar="OTHER", help="Datasets: SQLite files, exported folders, files of JSON Lines."),
    ],
    *,
    db: Annotated[Path, Option("--db", metavar="FILE", help="The dataset to merge into; made where there is none.")],
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Make one dataset of several, all of it or nothing; in which order they are named does not matter.

    Of each release the better-trusted requirements stay, and what the later crawl says of files and yanks. Where
    equally trusted datasets say different things, one is kept and the release gets a problem 'merge-conflict'.
    """
    from coset.merging import merge_sources  # noqa: PLC0415
    from coset.places import open_dataset  # noqa: PLC0415

    with terminal.progress(quiet=quiet) as show:
        disagreed = merge_sources(sources, db, show)
    with open_dataset(db) as store:
        counts = store.counts()
        conflicts = [one for one in store.problems() if one.code == "merge-conflict"] if verbose else []
    if json:
        terminal.print_json(
            {"projects": counts.projects, "releases": counts.releases, "known": counts.known, "disagreed": disagreed}
        )
        return
    terminal.print_line(f"{counts.projects:,} projects, {counts.releases:,} releases, {counts.known:,} of them known")
    terminal.print_line(f"{disagreed:,} releases of which the datasets disagree")
    for one in conflicts:
        terminal.print_line(f"  {one.project} {one.version}: {one.detail}")
