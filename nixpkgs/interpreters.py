"""Which interpreter can run an application? Its requires-python, and the wheels where it is built from nothing else."""

from collections.abc import Iterable, Sequence

from dataset.records import Release
from nixpkgs.lockedfiles import file_tags, fits
from normalize.interpreters import supports
from normalize.targets import Target

_OLDEST = 9


def interpreter(
    wanted: Sequence[str], systems: Sequence[str], releases: Iterable[tuple[Release, bool]]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the first interpreter that runs the releases, and those that do not, each with the reason.

    Where none of them does, the newest older one that does; where there is none either, the first of them.

    Args:
        wanted: interpreters, the preferred one first.
        systems: on any of which a wheel may run.
        releases: each with whether only its wheels count, because nixpkgs installs it from one.
    """
    several = tuple(releases)
    refused = tuple((python, why) for python in wanted if (why := _refusal(python, systems, several)) is not None)
    strange = {python for python, _ in refused}
    able = [python for python in wanted if python not in strange]
    if able:
        return able[0], refused
    newest = min(int(python.split(".")[1]) for python in wanted)
    for minor in range(newest - 1, _OLDEST - 1, -1):
        if _refusal(f"3.{minor}", systems, several) is None:
            return f"3.{minor}", refused
    return wanted[0], refused


def _refusal(python: str, systems: Sequence[str], releases: Sequence[tuple[Release, bool]]) -> str | None:
    targets = [Target(python, system) for system in systems]
    for release, wheels_only in releases:
        name = f"{release.project} {release.version}"
        needs = release.requires_python
        if needs and not supports(needs, python):
            return f"{name} requires Python {needs}"
        tags = [found for file in release.files if (found := file_tags(file.name, release)) is not None]
        sdist = any(not one for one in tags)
        if tags and (wheels_only or not sdist) and not any(one and fits(one, targets) for one in tags):
            return f"{name} has no wheel for it" + ("" if sdist else ", and no sdist")
    return None
