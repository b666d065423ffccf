"""What does a solve start from? The dataset, the current set, the policy and the targets, read from where they lie."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coset.closure import closure
from coset.days import first_moment
from coset.folders import data_folder
from coset.givenfiles import read_given, read_snapshot
from coset.places import open_dataset
from coset.terminal import Progress, no_progress
from dataset.currentset import CurrentSet
from dataset.records import DAY, Release, Timestamp
from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.targets import DEFAULT_TARGETS, Target, parse_target
from solver.lateversions import late_note
from solver.policy import Policy
from solver.policyclashes import contradictions, may_clash
from solver.policyread import policy_from_toml
from solver.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the commands share.

    Attributes:
        provenance: what the answer rests on, for the plan: the dataset's digest and day, the nixpkgs revision and day.
        day: what counts as today: of ``before``, else of the newest crawl; no clock is asked.
        notes: sentences that the user should read, such as policy entries that expired or contradict others.
    """

    releases: dict[ProjectName, tuple[Release, ...]]
    current: CurrentSet
    policy: Policy
    targets: tuple[Target, ...]
    before: Timestamp | None
    day: str
    provenance: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def question(self, *, build_requirements: bool = False) -> Question:
        """Return the question about the current set that these inputs ask."""
        return Question(
            releases=self.releases,
            current=self.current,
            policy=self.policy,
            targets=self.targets,
            before=self.before,
            build_requirements=build_requirements,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the user says that the inputs lie; None stands for what coset carries."""

    db: Path | None = None
    nixpkgs: Path | None = None
    policy: Path | None = None


def read_inputs(  # noqa: PLR0913 -- what the commands let the user say
    places: Places,
    *,
    targets: Sequence[str] = (),
    before: str | None = None,
    asked: Iterable[ProjectName] = (),
    builds: bool = False,
    show: Progress | None = None,
) -> Inputs:
    """Read everything that a solve needs.

    Args:
        places: where to read from.
        targets: as the command line spells them; none means the default targets.
        before: the day from which on releases are no candidates.
        asked: further projects whose requirements are wanted.
        builds: whether what building requires is wanted as well.
        show: told what is being done; where it is None, only the unpacking of the embedded dataset is shown.

    Raises:
        UsageError: a file, a target or a day is not what it should be.
        OutsideError: a file cannot be read.
    """
    parsed = tuple(dict.fromkeys(parse_target(text) for text in targets)) or DEFAULT_TARGETS
    limit = None if before is None else first_moment(before)
    current = read_current_set(places.nixpkgs)
    policy = read_policy(places.policy)
    with open_dataset(places.db, show) as store:
        (show or no_progress)("reading the dataset")
        releases = closure(store, [*(one.project for one in current.attributes if one.project), *asked], builds=builds)
        times = store.crawled()
        digest = store.digest()
    day = (limit or (times.last if times else Timestamp(current.date)))[:DAY]
    policy, expired = policy.without_expired(day)
    notes = (*expired, *late_note(current, releases, limit))
    inputs = Inputs(
        releases=releases,
        current=current,
        policy=policy,
        targets=parsed,
        before=limit,
        day=day,
        provenance=(
            ("dataset", digest),
            *((("crawled", f"{times.first} to {times.last}"),) if times else ()),
            ("nixpkgs", current.revision),
            ("nixpkgs date", current.date),
            *((("before", limit),) if limit else ()),
        ),
        notes=notes,
    )
    if not may_clash(policy):  # as the embedded one, for which no question need be made
        return inputs
    return replace(inputs, notes=(*notes, *contradictions(policy, inputs.question())))


def read_current_set(path: Path | None) -> CurrentSet:
    """Read the current set that the user names, or the embedded one."""
    found = path or data_folder() / "nixpkgs" / "nixpkgs.json"
    return read_snapshot(found, where=str(path or found.name))


def read_policy(path: Path | None) -> Policy:
    """Read the policy that the user names, or the embedded one."""
    found = path or data_folder() / "policy.toml"
    try:
        data = tomllib.loads(read_given(found, "docs/policy.md describes the file; the embedded one needs no name"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{str(found)!r} is not TOML: {error}", hint="see data/policy.toml for an example") from None
    return policy_from_toml(data, where=str(path or found.name))
