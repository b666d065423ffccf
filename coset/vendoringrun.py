"""How are the accounts of applications drawn up? Inputs read once, a seat for each application, solves for each."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coset import terminal
from coset.folders import data_folder
from coset.garbage import uncollected
from coset.givenfiles import read_given
from coset.inputs import Inputs, Places, read_current_set, read_inputs
from coset.interruption import Interruption
from coset.places import open_dataset
from dataset.applications import chosen_demands, demands
from dataset.records import Release
from nixpkgs.interpreters import interpreter
from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.versions import parse_version
from solver.appaccount import Accountant
from solver.appvalues import Account
from solver.decide import Decision
from solver.edges import NO_EXTRA
from solver.effort import Effort
from solver.engines import engine_name
from solver.graph import reachable
from solver.levels import order_of
from solver.ranking import Rank, ranked
from solver.sat import make_engine
from solver.seats import Seat, take_seats

_WHEEL = "wheel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What was worked out.

    Attributes:
        inputs: what it rests on.
        mode: that of the set that it is compared with.
        ranks: the applications that were asked about, the one that frees the most first.
    """

    inputs: Inputs
    mode: str
    ranks: tuple[Rank, ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts, by name."""
        return tuple(sorted((one.account for one in self.ranks), key=lambda one: one.application))


def accounts(  # noqa: PLR0913 -- what the command lets the user say
    places: Places,
    names: Sequence[str],
    *,
    file: Path | None,
    mode: str,
    targets: Sequence[str] = (),
    before: str | None = None,
    engine: str = "auto",
    quiet: bool = False,
) -> Accounts:
    """Draw up the account of each application that is named, or of all.

    Raises:
        UsageError: an input or the mode is not what it should be, or there is no such application.
        OutsideError: an input cannot be read.
    """
    order_of(mode)
    make_engine(engine_name(engine))
    known = demands(read_current_set(places.nixpkgs), _applications(file), where=_name(file))
    wanted = {one.application.name for one in chosen_demands(known, names)}
    if not wanted:
        raise UsageError("no application is known", hint="name a file of them with --applications FILE")
    with terminal.progress(quiet=quiet) as show, uncollected(), Interruption(quiet=quiet) as stop:
        projects = sorted({project for one in known for project in one.projects})
        inputs = read_inputs(places, targets=targets, before=before, asked=projects, show=show)
        question, seats = take_seats(inputs.question(), known)
        effort = Effort(engine=engine_name(engine), stop=stop.asked, tell=stop.heard)
        work = Accountant(question, seats, mode, effort, show)
        found, unknown = [], []
        with open_dataset(places.db, show) as store:
            for seat in seats:
                if not names and not seat.known:
                    unknown.append(seat.name)
                elif seat.name in wanted:
                    several = _runnable(inputs, seat, work.chosen(seat))
                    filed = {
                        (one.project, one.version): one
                        for one in store.releases(sorted({one.project for one, _ in several}))
                    }
                    fixed = seat.demand.application.python
                    pythons = (fixed,) if fixed else tuple(dict.fromkeys(one.python for one in inputs.targets))
                    systems = tuple(dict.fromkeys(one.system for one in inputs.targets))
                    python, refused = interpreter(
                        pythons, systems, [(filed.get((one.project, one.version), one), only) for one, only in several]
                    )
                    found.append(work.account(seat, python, refused))
    if unknown:
        what = "what these require is not in the dataset, so they are left out"
        terminal.note(f"note: {what}: {', '.join(unknown)}", quiet=quiet)
    for sentence in inputs.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    return Accounts(inputs=inputs, mode=mode, ranks=ranked(found))


def _runnable(inputs: Inputs, seat: Seat, decision: Decision) -> list[tuple[Release, bool]]:
    """Return what decides on the interpreter: the application, and what it uses that nixpkgs installs from wheels."""
    by_name = {one.name: one for one in inputs.current.attributes}
    graph = {name: one.dependencies for name, one in by_name.items()}
    app = seat.demand.application
    found = []
    starts = [*app.dependencies, *((app.attribute,) if app.attribute else ())]
    for name in sorted(reachable(graph, starts) & by_name.keys()):
        attribute = by_name[name]
        node = (attribute.project or ProjectName(""), NO_EXTRA)
        if attribute.format == _WHEEL and node in decision.choice:
            release = decision.value(node).release
            if release is not None:
                found.append((release, True))
    if seat.demand.project is not None:
        wanted = parse_version(app.version)
        mine = inputs.releases.get(seat.demand.project, ())
        found += [(one, False) for one in mine if parse_version(one.version) == wanted]
    return found


def _name(file: Path | None) -> str:
    return str(file or "applications.toml")


def _applications(file: Path | None) -> Any:
    path = file or data_folder() / "applications.toml"
    try:
        return tomllib.loads(read_given(path, "see docs/applications.md"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{str(path)!r} is not TOML: {error}", hint="see docs/applications.md") from None
