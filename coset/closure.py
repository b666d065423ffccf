"""Which releases may a plan need? Those of some projects, and of all that their releases may require."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from dataset.reader import Reader
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target
from solver.edges import NO_EXTRA, Node


def closure(
    store: Reader, projects: Iterable[ProjectName], *, builds: bool = False
) -> dict[ProjectName, tuple[Release, ...]]:
    """Return the releases of the projects and of all that their releases may require, each project read once.

    Args:
        store: the dataset.
        projects: where to start.
        builds: whether what building a release requires counts as well.
    """
    found: dict[ProjectName, tuple[Release, ...]] = {}
    wanted = sorted(set(projects))
    while wanted:
        by_project: dict[ProjectName, list[Release]] = {project: [] for project in wanted}
        for release in store.releases(wanted, files=False):
            by_project[release.project].append(release)
        found |= {project: tuple(releases) for project, releases in by_project.items()}
        texts = {text for several in by_project.values() for one in several for text in one.requires or ()}
        if builds:
            texts |= {text for several in by_project.values() for one in several for text in one.builds or ()}
        needed = {one.project for text in texts if (one := parse_requirement(text)) is not None}
        wanted = sorted(needed - found.keys())
    return found


def asked_closure(
    read: Callable[[Sequence[ProjectName]], Mapping[ProjectName, Sequence[Release]]],
    asked: Iterable[Requirement],
    targets: tuple[Target, ...],
) -> dict[ProjectName, Sequence[Release]]:
    """Return the releases of the projects that an answer to these requirements may hold.

    Unlike ``closure`` this reads nothing for markers that never hold and extras that nobody asks for, of which most
    projects have many.

    Args:
        read: returns the releases of projects; asked once for each.
        asked: what is asked for.
        targets: where it is asked for.
    """
    found: dict[ProjectName, Sequence[Release]] = {}
    texts: dict[ProjectName, set[str]] = {}
    holds: dict[tuple[str, str], int] = {}
    seen: set[Node] = set()
    wanted = {node for one in asked for node in _nodes(one)}
    while wanted:
        seen |= wanted
        new = read(sorted({one for one, _ in wanted} - found.keys()))
        found |= new
        for project, releases in new.items():
            texts[project] = set[str]().union(*{one.requires for one in releases if one.requires})
        needed: set[Node] = set()
        for project, extra in wanted:
            for text in texts[project]:
                requirement = parse_requirement(text)
                if requirement is None or requirement.url is not None:
                    continue
                key = (requirement.condition, extra)
                if key not in holds:
                    holds[key] = applies(requirement, targets, extra)
                if holds[key]:
                    needed.update(_nodes(requirement))
        wanted = needed - seen
    return found


def _nodes(requirement: Requirement) -> Iterable[Node]:
    return [(requirement.project, extra) for extra in (NO_EXTRA, *requirement.extras)]
