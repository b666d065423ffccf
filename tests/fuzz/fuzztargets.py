"""What must hold of every input that an index can send? One function for each kind of bytes, and inputs to start from.

`test_fuzz.py` tries each with those of `corpus/` (the seeds of `seeds.py`, and what once broke it) and with some
mutations of them; `make fuzz` tries a million that are chosen by which branches they reach.
"""

from pathlib import Path

from releaselines import release_to_line
from sdists import from_memory, sdist_metadata

from crawler.archive import BadArchive
from crawler.metadata import parse_metadata
from crawler.pagecache import pack_page, unpack_page
from crawler.pages import BadPage, parse_page
from crawler.wheeltail import metadata_entry, read_directory, read_member
from dataset.jsonl import release_from_line
from dataset.records import Release
from dataset.shards import releases_from_bytes
from normalize.errors import UsageError
from normalize.repairs import repaired
from normalize.requirements import parse_requirement

CORPUS = Path(__file__).parent / "corpus"
URL = "https://index.example/simple/a/"
BASE = "https://index.example/"


def page(data):
    """A page gives files or BadPage, and what it gives survives the store."""
    try:
        found = parse_page(data, URL).files
    except BadPage:
        return
    for one in found:
        assert one.name == one.name.encode("utf-8").decode("utf-8"), "names are Unicode"
        assert one.url == "" or one.url.startswith(("http://", "https://"))
        assert one.sha256 is None or len(one.sha256) == 64
        assert one.size is None or 0 < one.size < 1 << 50
    kept = unpack_page(pack_page(found, BASE), BASE)
    assert [one.name for one in kept] == [one.name for one in found]


def metadata(data):
    """METADATA is always read: every line is usable, repaired or unusable, and every usable one is PEP 508."""
    found = parse_metadata(data)
    for line in found.requires:
        assert parse_requirement(line) is not None
    assert set(found.requires).isdisjoint(found.unusable)
    again = {repaired(one.partition(": ")[2]) for one in found.repaired}
    assert None not in again
    assert {one[0] for one in again if one} <= set(found.requires)


def wheel(data):
    """A wheel's directory is read, or the archive is bad; nothing else comes out."""
    try:
        directory = from_memory(read_directory(len(data)), data)
        entry = metadata_entry(directory, "a", "1")
        inside = from_memory(read_member(directory, entry), data)
    except BadArchive:
        return
    metadata(inside)


def sdist(data):
    """An sdist has static metadata, or is bad or dynamic; nothing is unpacked to a disk."""
    for name in ("a-1.tar.gz", "a-1.tar.bz2", "a-1.zip"):
        try:
            sdist_metadata(data, name, "a", "1")
        except BadArchive:
            continue


def lines(data):
    """Lines of a dataset give releases or sentences, and a release that is read is written and read alike."""
    for one in releases_from_bytes(data, "x.jsonl"):
        assert isinstance(one, Release | UsageError)
        if isinstance(one, Release):
            assert release_from_line(release_to_line(one), "again") == one


TARGETS = {"page": page, "metadata": metadata, "wheel": wheel, "sdist": sdist, "lines": lines}
"""The function, by the name that `make fuzz` takes."""


def corpus(target):
    """Return the inputs to start from, and those that once broke the target."""
    return tuple(path.read_bytes() for path in sorted((CORPUS / target).iterdir()))
