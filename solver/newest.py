"""Do the newest releases satisfy what is asked for? Then they are the answer, and nothing needs to be solved.

Nobody has asked for a release without naming its project, so a plan that breaks no requirement, relaxes none and holds
the newest candidate of each of its projects (of those that are asked for, the newest that is accepted) cannot be less
stale. Any other plan as good holds the same releases, for it has the same projects that are asked for, and with them
all that they require; what it holds besides is one change more. So this is the optimum of :mod:`solver.decide`, which
is asked wherever the newest releases do not agree, and wherever there is something to be said of the answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from dataset.records import LISTED, Release, Timestamp
from normalize.interpreters import supports
from normalize.projects import ProjectName, extra_name
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target
from normalize.versions import parse_version
from solver.itself import self_refusal

Read = Callable[[Sequence[ProjectName]], Mapping[ProjectName, Sequence[Release]]]
"""Returns the releases of projects, oldest first, as datasets order them; listed ones may be left out."""


def newest_choice(
    asked: Sequence[Requirement], target: Target, before: Timestamp | None, read: Read
) -> dict[ProjectName, Release] | None:
    """Return the releases that satisfy an ad hoc list, sorted by project, or None where that takes a solver to tell.

    That is so too where something is unknown, where an extra is asked for in vain, and where nothing but a pre-release
    or a yanked release would do.

    Args:
        asked: what is asked for; each applies on the target.
        target: where.
        before: only releases uploaded before this time are candidates; None sets no limit.
        read: asked once for each project that the answer holds.
    """
    chosen: dict[ProjectName, Release] = {}
    seen: set[tuple[ProjectName, str]] = set()
    wanted = list(asked)
    while wanted:
        missing = sorted({one.project for one in wanted} - chosen.keys())
        for project, releases in (read(missing) if missing else {}).items():
            mine = [one for one in asked if one.project == project]
            found = _newest(reversed(releases), mine, target, before)
            if found is None:
                return None
            chosen[project] = found
        nodes = {(one.project, extra) for one in wanted for extra in ("", *one.extras)} - seen
        if not all(_accepts(one, chosen[one.project]) for one in wanted):
            return None
        seen |= nodes
        wanted = []
        for project, extra in nodes:
            required = _required(chosen[project], extra, target)
            if required is None:
                return None
            wanted += required
    return {project: chosen[project] for project in sorted(chosen)}


def _newest(
    releases: Iterable[Release], asked: Sequence[Requirement], target: Target, before: Timestamp | None
) -> Release | None:
    """Return the first candidate that what is asked for accepts; none of those that are only last resorts."""
    # Which releases are candidates is said in :func:`solver.candidates._reason` too: importing one with the other would
    # import the current set and policy, which an ad hoc list has none of. `tests/solver/test_newest.py` ties the two.
    early = any(one.specifier.prereleases for one in asked)
    for one in releases:
        if one.unknown == LISTED or one.yanked is not None or one.gone is not None:
            continue
        if before is not None and (one.uploaded is None or one.uploaded >= before):
            continue
        version = parse_version(one.version)
        if version is None or (version.is_prerelease and not early):
            continue
        if one.requires_python and not supports(one.requires_python, target.python):
            continue
        if self_refusal(one, version, (target,)) is not None:
            continue
        if all(_accepts(requirement, one) for requirement in asked):
            return one
    return None


def _accepts(requirement: Requirement, release: Release) -> bool:
    version = parse_version(release.version)
    return version is not None and not requirement.bounds.violated(version)


def _required(release: Release, extra: str, target: Target) -> list[Requirement] | None:
    """Return what a release requires with an extra; None where that is not known, or it has no such extra."""
    if release.unknown is not None or release.unusable:
        return None
    if extra and extra not in {extra_name(declared) for declared in release.extras}:
        return None
    found: list[Requirement] = []
    for text in release.requires or ():
        requirement = parse_requirement(text)
        if requirement is None:
            return None
        if not applies(requirement, (target,), extra):
            continue
        if requirement.url is not None:
            return None
        if requirement.project != release.project or requirement.extras:
            found.append(requirement)
        elif not _accepts(requirement, release):  # an extra that refuses its own release
            return None
    return found
