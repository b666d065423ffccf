"""How is a lock file compared with a set? The file read, the set and the pinned releases looked up."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coset import terminal
from coset.givenfiles import read_given
from coset.inputs import read_current_set
from coset.output import read_plan
from coset.places import open_dataset
from dataset.lock import Lock
from dataset.lockfiles import FORMATS, read_lock
from dataset.records import Release
from dataset.store import Store
from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.targets import DEFAULT_TARGETS, parse_target
from solver.distance import Distance, distance
from solver.setversions import versions_of_plan, versions_of_set

LARGEST = 64_000_000
"""Larger files are refused (bytes); the largest lock files in public repositories have a tenth of that."""


def measured(  # noqa: PLR0913 -- what the command lets the user say
    lock: Path,
    *,
    plan: Path | None = None,
    nixpkgs: Path | None = None,
    targets: Sequence[str] = (),
    db: Path | None = None,
    quiet: bool = False,
) -> Distance:
    """Return how far the lock is from a plan, or from the current set.

    Raises:
        UsageError: a file or a target is not what it should be.
        OutsideError: a file cannot be read.
    """
    if plan is not None and nixpkgs is not None:
        raise UsageError("--plan and --nixpkgs name two sets; compare with one", hint="leave one of them out")
    found = lock_file(lock)
    planned = None if plan is None else read_plan(plan)
    the_set = versions_of_set(read_current_set(nixpkgs)) if planned is None else versions_of_plan(planned)
    wanted = targets or (planned.targets if planned is not None else ())
    where = tuple(dict.fromkeys(parse_target(text) for text in wanted)) or DEFAULT_TARGETS
    with terminal.progress(quiet=quiet) as show, open_dataset(db, show) as store:
        known = _releases(store, found)
    return distance(found, the_set, known, where)


def _releases(store: Store, lock: Lock) -> dict[ProjectName, list[Release]]:
    """Return what is known of the pinned projects, and of those that they and the application require."""
    found: dict[ProjectName, list[Release]] = {}
    pinned = {(pin.project, pin.version) for pin in lock.pins}
    wanted = {pin.project for pin in lock.pins} | {bound.dependency for bound in lock.bounds}
    while wanted:
        several = [*store.releases(sorted(wanted), files=False)]
        for one in several:
            found.setdefault(one.project, []).append(one)
        texts = {text for one in several if (one.project, one.version) in pinned for text in one.requires or ()}
        wanted = {needed.project for text in texts if (needed := parse_requirement(text))} - found.keys() - wanted
    return found


def lock_file(path: Path) -> Lock:
    """Read a lock file.

    Raises:
        UsageError: there is no such file, or it is no lock file that coset reads.
        OutsideError: the file cannot be read.
    """
    text = read_given(path, f"coset reads {FORMATS}", most=LARGEST)
    return replace(read_lock(text, str(path)), name=path.name)  # a report need not tell where it lay
