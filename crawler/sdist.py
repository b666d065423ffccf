"""What does an sdist say about its requirements without being run? PKG-INFO by PEP 643's rule, else ``[project]``."""

import gzip
import io
import tarfile
import tomllib
import zlib
from typing import Any

from crawler.archive import MOST_ENTRIES, MOST_INFLATED, MOST_METADATA, MOST_RATIO, BadArchive
from crawler.metadata import Metadata, parse_metadata
from crawler.wheeltail import from_memory, read_directory, read_member
from normalize.projects import ProjectName, extra_name
from normalize.versions import parse_version

_WANTED = ("PKG-INFO", "pyproject.toml")
_MOST_TOML = 1 << 20
_FIELDS_OF_REQUIREMENTS = frozenset({"requires-dist", "provides-extra", "provides-dist"})


def sdist_metadata(body: bytes, name: str, project: ProjectName, version: str) -> Metadata:
    """Return the requirements that an sdist declares statically.

    Raises:
        BadArchive: the archive cannot be read, or leaves its requirements to the build (``sdist-dynamic``).
    """
    members = _zip_members(body) if name.endswith(".zip") else _tar_members(body)
    if "PKG-INFO" in members:
        found = parse_metadata(members["PKG-INFO"])
        if found.name is not None and not found.belongs_to(project, version):
            raise BadArchive("other-release", f"PKG-INFO describes {found.name!r} {found.version!r}")
        if found.metadata_version >= (2, 2) and not found.dynamic & _FIELDS_OF_REQUIREMENTS:
            return found
    if "pyproject.toml" in members:
        static = _project_table(members["pyproject.toml"], project, version)
        if static is not None:
            return static
    raise BadArchive("sdist-dynamic", "the requirements are only known once the sdist is built")


def _tar_members(body: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    limit = min(MOST_INFLATED, max(len(body) * MOST_RATIO, 1 << 20))
    try:
        with tarfile.open(fileobj=_Bounded(body, limit), mode="r|") as archive:
            for count, member in enumerate(archive):
                if count >= MOST_ENTRIES:
                    raise BadArchive("too-large", f"more than {MOST_ENTRIES} members")
                folder, _, name = member.name.removeprefix("./").partition("/")
                if name not in _WANTED or folder in ("", ".", "..") or not member.isreg() or member.issparse():
                    continue
                if name in found:
                    raise BadArchive("ambiguous-sdist", f"several members could be {name}")
                found[name] = _member(archive, member, MOST_METADATA if name == "PKG-INFO" else _MOST_TOML)
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, OverflowError) as error:
        # A broken end does not matter where all that is wanted came before it.
        if set(found) != set(_WANTED):
            raise BadArchive("bad-archive", f"the archive cannot be read ({type(error).__name__})") from error
    return found


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> bytes:
    if member.size > most:
        raise BadArchive("too-large", f"{member.name.rpartition('/')[2]} has {member.size} bytes")
    stream = archive.extractfile(member)
    assert stream is not None  # a regular file has one
    return stream.read()


class _Bounded(io.RawIOBase):
    """The inflated bytes of a gzip file, refused beyond a limit."""

    def __init__(self, body: bytes, limit: int) -> None:
        self._stream = gzip.GzipFile(fileobj=io.BytesIO(body))
        self._left = limit

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        self._left -= len(data)
        if self._left < 0:
            raise BadArchive("too-large", "the archive inflates to more than it may")
        return data


def _zip_members(body: bytes) -> dict[str, bytes]:
    directory = from_memory(read_directory(len(body)), body)
    found: dict[str, bytes] = {}
    for entry in directory.entries:
        folder, _, name = entry.name.partition("/")
        if name not in _WANTED or folder in ("", ".", ".."):
            continue
        if name in found:
            raise BadArchive("ambiguous-sdist", f"several members could be {name}")
        most = MOST_METADATA if name == "PKG-INFO" else _MOST_TOML
        found[name] = from_memory(read_member(directory, entry, most), body)
    return found


def _project_table(data: bytes, project: ProjectName, version: str) -> Metadata | None:
    """Return what ``[project]`` says where it says all of the requirements (PEP 621), else None."""
    try:
        table = tomllib.loads(data.decode("utf-8")).get("project")
    except (ValueError, RecursionError):
        return None
    if not isinstance(table, dict):
        return None
    dynamic = table.get("dynamic", [])
    plain = table.get("dependencies", [])
    optional = table.get("optional-dependencies", {})
    if not isinstance(dynamic, list) or {"dependencies", "optional-dependencies"} & {str(one) for one in dynamic}:
        return None
    if not _texts(plain) or not isinstance(optional, dict) or not all(map(_texts, optional.values())):
        return None
    name = table.get("name")
    if not isinstance(name, str) or ProjectName(extra_name(name)) != project:
        return None
    stated = table.get("version")
    if isinstance(stated, str) and parse_version(stated) != parse_version(version):
        return None
    python = table.get("requires-python")
    lines = [*plain, *(_with_extra(line, extra) for extra in sorted(optional) for line in optional[extra])]
    header = [
        "Metadata-Version: 2.2",
        f"Name: {project}",
        f"Version: {version}",
        *(f"Requires-Dist: {' '.join(line.split())}" for line in lines),
        *(f"Provides-Extra: {' '.join(extra.split())}" for extra in sorted(optional)),
        *([f"Requires-Python: {' '.join(python.split())}"] if isinstance(python, str) else []),
    ]
    return parse_metadata(("\n".join(header) + "\n\n").encode("utf-8", "replace"))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _with_extra(line: str, extra: str) -> str:
    """Return the requirement as METADATA would hold it: under the condition that the extra is asked for.

    >>> _with_extra("a>1; os_name == 'nt'", "test")
    "a>1; (os_name == 'nt') and extra == 'test'"
    """
    requirement, separator, marker = line.partition(";" if "@" not in line else " ;")
    condition = f"extra == '{extra}'"
    return f"{requirement}; ({marker.strip()}) and {condition}" if separator else f"{requirement}; {condition}"
