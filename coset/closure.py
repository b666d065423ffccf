"""Which releases may a plan need? Those of some projects, and of all that their releases may require."""

from collections.abc import Iterable

from dataset.reader import Reader
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement


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
