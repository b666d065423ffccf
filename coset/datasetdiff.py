"""What does the user want of ``coset dataset diff``? What one dataset says otherwise than another."""

from pathlib import Path
from typing import Annotated, Any

from coset import terminal
from coset.declarations import Argument
from coset.options import Db, Json, Quiet, Verbose


def command(  # noqa: PLR0913 -- the options of a command line
    old: Annotated[Path, Argument(metavar="OLD", help="A SQLite file, an exported folder, a file of JSON Lines.")],
    new: Annotated[
        Path | None, Argument(metavar="NEW", help="The same; where it is not named, the dataset of --db.")
    ] = None,
    *,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,  # noqa: ARG001 - every command takes it
) -> int:
    """Say which releases were added, are gone, or changed, field by field; exit 1 where there are any.

    Files are compared by their name, path, hash and size; what a field held before and holds now is shown as JSON.
    """
    from coset.opensources import open_sources  # noqa: PLC0415
    from coset.unpacked import embedded_dataset  # noqa: PLC0415
    from dataset.difference import differences  # noqa: PLC0415

    counts = {"added": 0, "gone": 0, "changed": 0}
    listed: list[dict[str, Any]] = []
    with (
        terminal.progress(quiet=quiet) as show,
        open_sources([old, new or db or embedded_dataset(show)], show) as (before, after),
    ):
        for one in differences(before.releases(), after.releases()):
            counts[one.kind] += 1
            changes = {name: {"before": _plain(was), "after": _plain(now)} for name, was, now in one.changes()}
            release = {"project": one.release.project, "version": one.release.version}
            if json:
                listed.append({"kind": one.kind, **release, **({"fields": changes} if changes else {})})
            else:
                _print(one.kind, release, changes)
    if json:
        terminal.print_json({**counts, "releases": listed})
    else:
        terminal.note(", ".join(f"{number:,} {kind}" for kind, number in counts.items()), quiet=quiet)
    return int(any(counts.values()))


def _print(kind: str, release: dict[str, str], changes: dict[str, dict[str, Any]]) -> None:
    import json  # noqa: PLC0415

    terminal.print_line(f"{kind:<8} {release['project']} {release['version']}")
    for name, change in changes.items():
        was, now = change["before"], change["after"]
        if isinstance(was, list) and isinstance(now, list):
            for sign, several, others in (("-", was, now), ("+", now, was)):
                for one in several:
                    if one not in others:
                        terminal.print_line(f"    {name}: {sign} {json.dumps(one)}")
        else:
            terminal.print_line(f"    {name}: {json.dumps(was)} -> {json.dumps(now)}")


def _plain(value: Any) -> Any:
    """Return the value of a field as JSON can say it."""
    from dataclasses import asdict, is_dataclass  # noqa: PLC0415

    if not isinstance(value, tuple):
        return value
    return [
        {key: held for key, held in asdict(one).items() if held is not None}
        if is_dataclass(one) and not isinstance(one, type)
        else one
        for one in value
    ]
