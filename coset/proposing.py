"""How does a request become a proposal? Names looked up, inputs read, and notes told."""

from collections.abc import Sequence

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_current_set, read_inputs
from coset.namesdata import look_up, read_name_map
from dataset.currentset import CurrentSet
from normalize.errors import UsageError
from normalize.requirements import Requirement, parse_requirement
from solver.proposal import proposed
from solver.proposalparts import Proposal
from solver.scope import scope_of
from solver.statusquo import StatusQuo

_CRAWL = "crawl it with 'coset crawl', and name the dataset with --db"


def proposal_for(  # noqa: PLR0913 -- what the command lets the user say
    places: Places,
    texts: Sequence[str],
    *,
    ladder: str,
    back: bool,
    targets: Sequence[str] = (),
    before: str | None = None,
    build_requirements: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> Proposal:
    """Return the plan of least change that meets the requirements.

    Raises:
        UsageError: a requirement, the ladder, a target or a file is not what it should be, or nothing is known of a
            project that is asked for.
        OutsideError: a file cannot be read.
    """
    scope = scope_of(ladder, back=back)
    asked = _known(texts, places, quiet=quiet)
    with terminal.progress(quiet=quiet) as show, uncollected():
        projects = [one.project for one in asked]
        inputs = read_inputs(
            places, targets=targets, before=before, asked=projects, builds=build_requirements, show=show
        )
        question = inputs.question(build_requirements=build_requirements)
        unheard = [one for one in asked if one.project not in question.members and not question.releases[one.project]]
        if unheard:
            names = ", ".join(repr(str(one.project)) for one in unheard)
            raise UsageError(f"the dataset knows nothing of {names}, asked for by you", hint=_CRAWL)
        show("reading what the set requires")
        quo = StatusQuo(question)
        show("solving")
        found = proposed(quo, tuple(one.text for one in asked), scope)
    for sentence in inputs.notes:
        terminal.note(f"note: {sentence}", quiet=quiet)
    if verbose:
        known = sum(len(several) for several in inputs.releases.values())
        terminal.note(f"{len(inputs.releases)} projects and {known} releases were read", quiet=quiet)
    return found


def _known(texts: Sequence[str], places: Places, *, quiet: bool) -> tuple[Requirement, ...]:
    """Return the requirements; a name that is an attribute or an import name only is replaced by its project's."""
    parsed = []
    for text in texts:
        requirement = parse_requirement(text)
        if requirement is None:
            raise UsageError(f"{text!r} is not a requirement", hint="write it by PEP 508, for example 'numpy>=2,<3'")
        parsed.append(requirement)
    members = _projects(read_current_set(places.nixpkgs))
    if all(one.project in members for one in parsed):
        return tuple(parsed)
    names = read_name_map(places.db)
    lookups = look_up(names, [("", one.name) for one in parsed])
    found = []
    for requirement, lookup in zip(parsed, lookups, strict=True):
        projects = [match.project for match in lookup.matches if match.project is not None]
        if requirement.project in members or requirement.project in projects:
            found.append(requirement)
        elif len(projects) == 1:
            terminal.note(f"note: {requirement.name} is {projects[0]} on the index", quiet=quiet)
            renamed = parse_requirement(f"{projects[0]}{requirement.text.strip()[len(requirement.name) :]}")
            found.append(renamed or requirement)
        else:
            meant = projects or lookup.near
            hint = f"near names: {', '.join(meant)}; or {_CRAWL}" if meant else _CRAWL
            raise UsageError(f"the dataset knows nothing of {requirement.name!r}, asked for by you", hint=hint)
    return tuple(found)


def _projects(current: CurrentSet) -> set[str]:
    return {one.project for one in current.attributes if one.project is not None}
