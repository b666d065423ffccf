"""What must hold of every input that an index can send? One function for each kind of bytes, and seeds to start from.

`test_fuzz.py` tries each with the seeds, with every input that once broke it (`corpus/`) and with some mutations;
`make fuzz` tries a million that are chosen by which branches they reach.
"""

import gzip
import io
import json
import tarfile
import zipfile

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
    for name in ("a-1.tar.gz", "a-1.zip"):
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


def _wheel(metadata_text=b"Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: b>1\n\n", **kind):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", **kind) as archive:
        archive.writestr(zipfile.ZipInfo("a/__init__.py"), "")
        archive.writestr(zipfile.ZipInfo("a-1.dist-info/METADATA"), metadata_text)
        archive.writestr(zipfile.ZipInfo("a-1.dist-info/RECORD"), "")
    return body.getvalue()


def _sdist(members, mode="w:gz"):
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode=mode, format=tarfile.PAX_FORMAT) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(gzip.decompress(body.getvalue()), mtime=0) if mode == "w:gz" else body.getvalue()


_PAGE = {
    "meta": {"api-version": "1.1", "_last-serial": 3},
    "name": "a",
    "files": [
        {
            "filename": "a-1-py3-none-any.whl",
            "url": "../../files/a-1-py3-none-any.whl",
            "hashes": {"sha256": "0" * 64},
            "requires-python": ">=3.9",
            "yanked": "why",
            "size": 1,
            "upload-time": "2026-01-01T00:00:00.5Z",
            "core-metadata": {"sha256": "1" * 64},
        }
    ],
}
_PKG_INFO = b"Metadata-Version: 2.2\nName: a\nVersion: 1\nRequires-Dist: b>1\n\n"
_PYPROJECT = b'[build-system]\nrequires = ["x"]\n[project]\nname = "a"\nversion = "1"\ndependencies = ["b"]\n'
_CONFIG = b"[metadata]\nname = a\n[options]\ninstall_requires =\n  b>1\n"

TARGETS = {
    "page": (
        page,
        (
            json.dumps(_PAGE).encode(),
            b'<meta name="pypi:repository-version" content="1.0"><a href="a-1.tar.gz#sha256=' + b"0" * 64 + b'"'
            b' data-yanked="" data-requires-python="&gt;=3.9" data-core-metadata="sha256=' + b"1" * 64 + b'">a</a>',
        ),
    ),
    "metadata": (
        metadata,
        (
            (
                b"\xef\xbb\xbfMetadata-Version: 2.4\r\nName: a\r\nVersion: 1\r\nRequires-Dist: b>=1<2\r\n"
                b'Requires-Dist: c[d]; extra == "e"\r\nProvides-Extra: e\r\nRequires-Python: >=3\r\n\r\n'
                b"Requires-Dist: no"
            ),
            b"Metadata-Version: 2.5\nName: a\nVersion: 1\nImport-Name: a.b\nDynamic: Requires-Dist\nRequires-Dist: \n",
        ),
    ),
    "wheel": (wheel, (_wheel(), _wheel(compression=zipfile.ZIP_DEFLATED))),
    "sdist": (
        sdist,
        (
            _sdist({"a-1/PKG-INFO": _PKG_INFO, "a-1/pyproject.toml": _PYPROJECT}),
            _sdist({"a-1/setup.cfg": _CONFIG, "a-1/setup.py": b"from setuptools import setup\nsetup()\n"}),
            _sdist({"a-1/PKG-INFO": _PKG_INFO.replace(b"2.2", b"1.1"), "a-1/a.egg-info/requires.txt": b"b\n[x]\nc\n"}),
            _wheel(),
        ),
    ),
    "lines": (
        lines,
        (
            b'{"project":"a","version":"1","uploaded":"2026-01-01T00:00:00Z","requires":["b>1"],"repaired":["x: b"]}\n',
            b'{"project":"a","version":"2","requires":null,"unknown":"listed"}\n',
        ),
    ),
}
"""The function and its seeds, by the name that `make fuzz` takes."""
