"""What does the user want of ``coset dataset doctor``?"""

from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated

from coset import terminal
from coset.declarations import Option
from coset.options import Db, Json, Quiet, Verbose
from coset.unpacked import embedded_dataset
from dataset.doctor import Finding, examine
from dataset.schema import SCHEMA_VERSION, version_at
from dataset.store import Store


def command(
    *,
    db: Db = None,
    repair: Annotated[
        bool,
        Option("--repair", help="Mend what can be mended without the index, and bring an old layout up to date."),
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,  # noqa: ARG001 - every command takes it
) -> int:
    """Look for damage in a dataset: in the file, between its tables, in hashes and in stored texts.

    What a crawl found wrong on the index is no damage; it is counted too. Exit status 1 when damage is left.
    """
    from coset.writelock import only_writer  # noqa: PLC0415 -- where it is used
    from report.phrases import count  # noqa: PLC0415

    path = db or embedded_dataset(terminal.no_progress if quiet else None)
    version_at(path)  # a name that is mistyped is no dataset to lock
    with only_writer(path, "a repair") if repair else nullcontext():
        findings = examine(path, repair=repair)
    problems: dict[str, int] = {}
    if version_at(path) == SCHEMA_VERSION and not any(one.code == "damaged-file" for one in findings):
        with Store.open(path) as store:
            problems = dict(store.counts().problems)
    left = [one for one in findings if not one.mended and not one.harmless]
    if json:
        terminal.print_json({"findings": [asdict(one) for one in findings], "problems": problems})
        return int(bool(left))
    for one in findings:
        terminal.print_line(f"{one.code:<18}{one.number:>8,}  {one.detail} ({_what_to_do(one)})")
    for code, number in problems.items():
        terminal.print_line(f"no damage, found on the index: {code} {number:,}")
    terminal.note(
        "the dataset is whole" if not left else count(len(left), "kind of damage is left", "kinds of damage are left"),
        quiet=quiet,
    )
    return int(bool(left))


def _what_to_do(one: Finding) -> str:
    if one.mended:
        return f"mended: {one.mending}"
    return f"--repair can {one.mending}" if one.mending else "crawl or import again"
