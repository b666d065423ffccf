"""What does an archive that lies in memory say? The pieces that read it from a stream or in ranges, put together."""

from crawler.metadata import Metadata
from crawler.sdist import SdistTexts, packing, static_metadata
from crawler.tarstream import TarReader
from crawler.wheeltail import read_directory, read_member
from normalize.projects import ProjectName


def sdist_texts(body: bytes, name: str, collector: SdistTexts) -> dict[str, bytes]:
    """Return the texts of an sdist in memory.

    Raises:
        BadArchive: the archive cannot be read.
    """
    packed = packing(name)
    if packed is None:
        directory = from_memory(read_directory(len(body)), body)
        for entry in directory.entries:
            most = collector.take(entry.name)
            if most is not None:
                collector.keep(entry.name, from_memory(read_member(directory, entry, most), body))
        return collector.texts()
    reader = TarReader(packed, collector.take, collector.keep)
    if reader.feed(body):
        reader.close()
    return collector.texts()


def sdist_metadata(body: bytes, name: str, project: ProjectName, version: str) -> Metadata:
    """Return the requirements that an sdist in memory states or claims.

    Raises:
        BadArchive: the archive cannot be read, or leaves its requirements to the build (``sdist-dynamic``).
    """
    return static_metadata(sdist_texts(body, name, SdistTexts(project, version)), project, version)[1]


def from_memory(reads, body):
    """Serve a reader of `crawler.wheeltail` from an archive in memory, and return what it returns."""
    try:
        span = next(reads)
        while True:
            span = reads.send(body[span.start : span.stop])
    except StopIteration as done:
        return done.value
