"""What is asked for by an ad hoc list of requirements? Read from the command line, with the dataset that answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coset import terminal
from coset.garbage import uncollected
from coset.interruption import Interruption
from coset.readonce import ReadOnce
from coset.terminal import Progress
from dataset.reader import Reader
from dataset.records import Timestamp
from normalize.errors import UsageError
from normalize.namenear import close_names
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target, parse_target
from solver.engines import EngineName, engine_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An ad hoc list that may be answered.

    Attributes:
        requirements: those that apply on the target; the dataset knows a release of each.
        strict: whether nothing is relaxed.
        before: only earlier uploads are candidates.
        dataset: what to answer from.
        engine: how the SAT solver is asked, where it is.
        stop: hears Ctrl-C.
        show: told what is being done.
        notes: sentences that the user should read.
    """

    requirements: tuple[Requirement, ...]
    target: Target
    strict: bool
    before: Timestamp | None
    dataset: ReadOnce
    engine: EngineName
    stop: Interruption
    show: Progress
    notes: tuple[str, ...]


@contextmanager
def asking(  # noqa: PLR0913 -- what the command lets the user say
    texts: Sequence[str],
    *,
    target: str,
    strict: bool = False,
    before: str | None = None,
    engine: str = "auto",
    db: Path | None = None,
    quiet: bool = False,
) -> Iterator[Asked]:
    """Yield what is asked for; until the end the dataset is open, progress is shown, and Ctrl-C heard.

    Raises:
        UsageError: a requirement, the target, the day or the engine is not what it should be, or the dataset knows
            nothing of a project that is asked for.
        OutsideError: the dataset cannot be read.
    """
    where = parse_target(target)
    name = engine_name(engine)
    if name == "incremental":  # the one that may not be there
        from solver.sat import make_engine  # noqa: PLC0415 -- most answers need no engine

        make_engine(name)
    limit = None
    if before is not None:
        from coset.days import first_moment  # noqa: PLC0415 -- few ask for a day

        limit = first_moment(before)
    asked, notes = _asked(texts, where)
    with terminal.progress(quiet=quiet) as show, uncollected(), Interruption(quiet=quiet) as stop:
        file = db
        if file is None:
            from coset.unpacked import embedded_dataset  # noqa: PLC0415 -- a dataset that is named needs no unpacking

            file = embedded_dataset(show)
        with Reader.open(file) as reader:
            show("reading the dataset")
            dataset = ReadOnce(reader)
            known = dataset.known(sorted({one.project for one in asked}))
            unread = [one.project for one in asked if not known[one.project]]
            unheard = [one for one in unread if not dataset.all([one])[one]]
            if unheard:
                raise _unheard(unheard, reader, db)
            yield Asked(
                requirements=asked,
                target=where,
                strict=strict,
                before=limit,
                dataset=dataset,
                engine=name,
                stop=stop,
                show=show,
                notes=notes,
            )


def _unheard(projects: Sequence[ProjectName], reader: Reader, db: Path | None) -> UsageError:
    from coset.namesdata import look_up, read_name_map  # noqa: PLC0415 -- for mistakes alone

    known = set(reader.projects())
    meant = {}
    for one, lookup in zip(projects, look_up(read_name_map(db), [("", name) for name in projects]), strict=True):
        matches = sorted({match.project for match in lookup.matches if match.project in known})
        if len(matches) == 1:
            meant[one] = matches[0]
    called = ", ".join(f"{str(one)!r} is {project}" for one, project in meant.items())
    if len(meant) == len(projects):
        what = "requirements name projects as the index does"
        return UsageError(f"{called} on the index, and {what}", hint=f"ask for {', '.join(meant.values())}")
    strange = [one for one in projects if one not in meant]
    near = close_names(strange[0], sorted(known))
    crawl = "crawl it with 'coset crawl', and name the dataset with --db"
    hints = [*([called] if called else []), *([f"near names: {', '.join(near)}"] if near else []), crawl]
    names = ", ".join(repr(str(one)) for one in strange)
    return UsageError(f"the dataset knows nothing of {names}, asked for by you", hint="; or ".join(hints))


def _asked(texts: Sequence[str], target: Target) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    """Return the requirements that apply on the target, and a note for each that does not."""
    asked, notes = [], []
    for text in texts:
        requirement = parse_requirement(text)
        if requirement is None:
            raise UsageError(f"{text!r} is not a requirement", hint="write it by PEP 508, for example 'numpy>=2,<3'")
        if requirement.url is not None:
            raise UsageError(f"{text!r} names an address; only the dataset is asked", hint="name a version instead")
        if applies(requirement, (target,)):
            asked.append(requirement)
        else:
            notes.append(f"{text} does not apply on {target}")
    return tuple(asked), tuple(notes)
