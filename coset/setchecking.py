"""How does a check of the current set get what it looks at? The set, and the releases of its projects."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from coset import terminal
from coset.inputs import Places, read_current_set
from coset.places import open_dataset
from dataset.currentset import CurrentSet
from nixpkgs.setcheck import SetCheck, check_set
from normalize.errors import UsageError
from normalize.namenear import close_names
from normalize.targets import DEFAULT_TARGETS, parse_target


def checked_set(
    places: Places, *, targets: Sequence[str] = (), only: Sequence[str] = (), quiet: bool = False
) -> SetCheck:
    """Read the current set and the releases of its projects, and check it.

    Args:
        places: where to read from; the policy does not matter.
        targets: as the command line spells them; none means the default targets.
        only: attributes to look at; none means all.
        quiet: whether no progress is shown.

    Raises:
        UsageError: an input, a target or an attribute is not what it should be.
        OutsideError: an input cannot be read.
    """
    parsed = tuple(dict.fromkeys(parse_target(text) for text in targets)) or DEFAULT_TARGETS
    current = read_current_set(places.nixpkgs)
    _refuse_unknown(current, only)
    with terminal.progress(quiet=quiet) as show:
        with open_dataset(places.db, show) as store:
            show("reading the dataset")
            found = list(store.releases({one.project for one in current.attributes if one.project}, files=False))
        releases = {project: list(several) for project, several in groupby(found, key=attrgetter("project"))}
        show("checking")
        return check_set(current, releases, parsed, frozenset(only))


def _refuse_unknown(current: CurrentSet, names: Sequence[str]) -> None:
    there = {one.name: one for one in current.attributes}
    unknown = sorted(set(names) - there.keys())
    if unknown:
        close = sorted({one for name in unknown for one in close_names(name, there)})
        raise UsageError(
            f"the current set has no attribute {', '.join(map(repr, unknown))}",
            hint=f"near names: {', '.join(close)}" if close else "'coset names show' maps projects to attributes",
        )
    for name in names:
        other = there[name].points_to
        if other is not None:
            raise UsageError(f"attribute {name!r} is another name of {other!r}", hint=f"ask for {other}")
