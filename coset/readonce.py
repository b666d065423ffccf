"""Which releases were read already? Several questions to one dataset, each project read once with its listed releases.

And once without them before, where that may do: nine of ten releases are only listed, so that what was read first is
little of the second reading, which needs no joining by an order that the dataset keeps to itself.
"""

from collections.abc import Sequence

from dataset.reader import Reader
from dataset.records import Release
from normalize.projects import ProjectName


class ReadOnce:
    """The releases of a dataset that is open, without their files."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[ProjectName, list[Release]] = {}
        self._all: dict[ProjectName, list[Release]] = {}

    def known(self, projects: Sequence[ProjectName]) -> dict[ProjectName, list[Release]]:
        """Return the releases that are more than listed, of each project: by version, not PEP 440 first."""
        return self._of(projects, self._known, listed=False)

    def all(self, projects: Sequence[ProjectName]) -> dict[ProjectName, list[Release]]:
        """Return all releases of each project, in the same order."""
        return self._of(projects, self._all, listed=True)

    def _of(
        self, projects: Sequence[ProjectName], read: dict[ProjectName, list[Release]], *, listed: bool
    ) -> dict[ProjectName, list[Release]]:
        missing = [one for one in projects if one not in read]
        read.update((one, []) for one in missing)
        for release in self._reader.releases(missing, files=False, listed=listed) if missing else ():
            read[release.project].append(release)
        return {one: read[one] for one in projects}
