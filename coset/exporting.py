"""What do exports start from? A plan, the current set, and what the dataset knows of the plan's projects."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coset import terminal
from coset.inputs import Places, read_current_set
from coset.output import read_plan, told_written, write_whole
from coset.places import open_dataset
from coset.solving import solved
from dataset.currentset import CurrentSet
from dataset.records import Release
from nixpkgs.lockplan import LockPlan
from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.versions import parse_version
from solver.plan import Plan

_LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export is made of.

    Attributes:
        releases: those of the plan and those that it starts from, with their files.
    """

    plan: Plan
    current: CurrentSet
    releases: dict[ProjectName, tuple[Release, ...]]

    def rests_on(self) -> str:
        """Return a sentence on what the plan rests on, for comments."""
        known = dict(self.plan.dataset)
        day, digest = known.get("nixpkgs date", "an unknown day"), known.get("dataset", "unknown")[:16]
        return f"nixpkgs of {day}, dataset {digest}, for {_together(self.plan.targets)}."


def read_exported(plan: Path | None, places: Places, *, quiet: bool) -> Exported:
    """Read the plan, or solve where none is named, and what an export of it needs.

    Raises:
        UsageError: an input is not what it should be, or the plan is a conflict.
        OutsideError: an input cannot be read.
    """
    found = solved(places, mode="fresh", quiet=quiet) if plan is None else read_plan(plan)
    if found.status == "conflict":
        raise UsageError("the plan is a conflict, so there is no set to export", hint="its report says what conflicts")
    current = read_current_set(places.nixpkgs)
    wanted = {one.project: _spellings(one.version, one.current) for one in found.packages}
    releases: dict[ProjectName, list[Release]] = {}
    with open_dataset(places.db) as store:
        for release in store.releases(wanted.keys()):
            if not wanted[release.project].isdisjoint(_spellings(release.version)):
                releases.setdefault(release.project, []).append(release)
        mine = store.digest()
    theirs = dict(found.dataset).get("dataset")
    if mine != theirs:
        terminal.note(
            f"note: the plan rests on another dataset ({str(theirs)[:16]}) than this one ({mine[:16]})", quiet=quiet
        )
    return Exported(
        plan=found, current=current, releases={project: tuple(several) for project, several in releases.items()}
    )


def _together(targets: Sequence[str]) -> str:
    """Return targets in few words, where each interpreter is there on each system.

    >>> _together(["3.13 x86_64-linux", "3.14 x86_64-linux"]), _together(["3.13 x86_64-linux", "3.14 aarch64-linux"])
    ('3.13, 3.14 on x86_64-linux', '3.13 x86_64-linux, 3.14 aarch64-linux')
    """
    pythons, systems = (list(dict.fromkeys(parts)) for parts in zip(*map(str.split, targets), strict=True))
    if len(pythons) * len(systems) == len(targets):
        return f"{', '.join(pythons)} on {', '.join(systems)}"
    return ", ".join(targets)


def _spellings(*versions: str | None) -> frozenset[object]:
    """Return versions as they are spelled and as PEP 440 understands them."""
    return frozenset(one for text in versions if text is not None for one in (text, parse_version(text)) if one)


def write_export(text: str, out: Path | None, *, quiet: bool) -> None:
    """Write the text on stdout, or into a file that appears whole or not at all."""
    if out is None:
        sys.stdout.write(text)
    else:
        write_whole(out, text)
        told_written(out, quiet=quiet)


def tell_list(heading: str, lines: Sequence[str], *, quiet: bool, verbose: bool) -> None:
    """Tell a list on stderr: its start, or all of it where the user wants to know more."""
    if not lines:
        return
    terminal.note(f"{heading}:", quiet=quiet)
    shown = lines if verbose else lines[:_LISTED]
    for line in shown:
        terminal.note(f"  {line}", quiet=quiet)
    if len(shown) < len(lines):
        terminal.note(f"  and {len(lines) - len(shown)} more (--verbose lists them all)", quiet=quiet)


def tell_lock(lock: LockPlan, *, json: bool, quiet: bool, verbose: bool) -> int:
    """Tell what a lock file lacks, or with ``json`` all that it holds; return the exit status."""
    if json:
        terminal.print_json(
            {
                "targets": [str(one) for one in lock.targets],
                "packages": [
                    {
                        "project": one.project,
                        "version": one.version,
                        "marker": one.marker,
                        "requires_python": one.requires_python,
                        "files": [{"name": file.name, "path": file.path, "sha256": file.sha256} for file in one.files],
                    }
                    for one in lock.packages
                ],
                "left_out": [
                    {"project": project, "version": version, "reason": why} for project, version, why in lock.left_out
                ],
                "gaps": {project: [str(one) for one in targets] for project, targets in lock.gaps},
            }
        )
    gaps = [f"{project}: {', '.join(map(str, targets))}" for project, targets in lock.gaps]
    tell_list("without a file for some targets, where installing will fail", gaps, quiet=quiet, verbose=verbose)
    tell_list("not in the lock file", lock.missing, quiet=quiet, verbose=verbose)
    return 1 if lock.missing else 0
