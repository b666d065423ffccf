"""Which releases were read already? Several questions to one dataset, each project read once."""

from collections.abc import Collection, Iterator, Sequence

from dataset.reader import Reader
from dataset.records import Release
from normalize.projects import ProjectName


class ReadOnce:
    """The releases of a dataset that is open, without their files."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[ProjectName, list[Release]] = {}

    def read(self, projects: Sequence[ProjectName]) -> dict[ProjectName, list[Release]]:
        """Return the releases of each project: by version, those that are not PEP 440 first."""
        missing = [one for one in projects if one not in self._known]
        self._known |= {one: [] for one in missing}
        for release in self._reader.releases(missing, files=False) if missing else ():
            self._known[release.project].append(release)
        return {one: self._known[one] for one in projects}

    def releases(self, projects: Collection[ProjectName], *, files: bool = False) -> Iterator[Release]:
        """Yield the releases of these projects, as :meth:`dataset.reader.Reader.releases` does."""
        assert not files
        for several in self.read(sorted(projects)).values():
            yield from several
