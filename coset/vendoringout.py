"""What is written for each application? A lock file and a Nix override in a folder of its own, and the accounts."""

import json
import re
from pathlib import Path

from coset import terminal
from coset.inputs import Places
from coset.output import told_written, write_parts, write_whole
from coset.pipindex import default_files_base
from coset.places import open_dataset
from coset.serve import files_address
from coset.vendoringrun import Accounts
from dataset.records import DAY
from nixpkgs.privateoverride import by_project, private_lock, private_override
from nixpkgs.pylock import pylock_text
from normalize.errors import OutsideError
from report.parts import numbered
from report.vendoring import vendoring_document
from report.vendoringjson import vendoring_json
from solver.appvalues import Account

_LONGEST = 80
_DIGEST = 16


def write_accounts(found: Accounts, places: Places, folder: Path, *, files_base: str | None, quiet: bool) -> None:
    """Write everything into the folder, and tell what is missing on stderr.

    Raises:
        UsageError: the address is none.
        OutsideError: the folder cannot be written, or the dataset cannot be read.
    """
    base = default_files_base() if files_base is None else files_address(files_base)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(f"{str(folder)!r} cannot be made: {error.strerror}", hint="name another folder") from None
    write_parts(numbered(vendoring_document(found.ranks)), folder / "vendoring.md")
    write_whole(folder / "vendoring.json", json.dumps(vendoring_json(found.ranks), indent=1) + "\n")
    taken: set[str] = set()
    for one in found.accounts:
        if one.private.conflict is None and one.known:
            name = folder_name(one.application, taken)
            taken.add(name)
            (folder / name).mkdir(exist_ok=True)
            for sentence in _write_one(one, found, places, folder / name, base=base):
                terminal.note(f"note: {one.application}: {sentence}", quiet=quiet)
    told_written(folder, quiet=quiet)


def folder_name(application: str, taken: set[str]) -> str:
    """Return the name of an application's folder; outside text is never a path.

    >>> folder_name("../ceph", set()), folder_name("ceph", {"ceph"})
    ('ceph', 'ceph-2')
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", application).strip(".-")[:_LONGEST] or "application"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    return name


def _write_one(one: Account, found: Accounts, places: Places, folder: Path, *, base: str) -> tuple[str, ...]:
    """Write the files of one application; return a sentence on each thing that they lack."""
    with open_dataset(places.db) as store:
        several = by_project(store.releases(sorted({used.project for used in one.private.closure})))
    lock = private_lock(one.private, several)
    rests = dict(found.inputs.provenance).get("dataset", "unknown")[:_DIGEST]
    left_out = {project: why for project, _, why in lock.left_out}
    solve = f"coset solve --mode {found.mode}{_limit(found)}"
    beside = f"the plan of '{solve}', its own bounds left aside, for nixpkgs of {found.inputs.current.date}"
    facts = {"application": f"{one.application} {one.version}", "beside": beside, "dataset": rests}
    write_whole(
        folder / "pylock.toml",
        pylock_text(lock.packages, base, lock.targets, {**facts, **({"left-out": left_out} if left_out else {})}),
    )
    count = len(one.private.versions)
    notes = (
        f"Private versions of {one.application} {one.version}: {count}. Every one of them is one more to patch.",
        f"They stand beside {beside}, dataset {rests}.",
        *(
            (
                "Apply that plan first: arrows begin at its versions, which nixpkgs need not have yet.",
                "In another set, other versions may have to be private.",
            )
            if count
            else ("That plan's own versions satisfy it: nothing is overridden.",)
        ),
    )
    text, problems = private_override(one.private, found.inputs.current, several, notes)
    write_whole(folder / "override.nix", text)
    lacking = (f"not in the lock file: {', '.join(sorted(left_out))}",) if left_out else ()
    return (*problems, *lacking)


def _limit(found: Accounts) -> str:
    """Return the option that made the set one of an earlier day, or ""."""
    before = found.inputs.before
    return f" --before {before[:DAY]}" if before else ""
