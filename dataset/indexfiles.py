"""Which files does the dataset offer to a resolver? Those of the releases that it knows, and wheels that it makes.

A resolver asks for requirements file by file, and builds an sdist to learn its own. The dataset knows requirements
release by release. So every wheel gets its release's METADATA as a sidecar (PEP 658), and a release that also runs
where no wheel of it fits, because it has an sdist, gets a made wheel that holds METADATA and nothing else.
"""

import base64
import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packaging.tags import Tag
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from dataset.records import File, Release, Timestamp
from normalize.projects import ProjectName
from normalize.versions import parse_version

_ANYWHERE = Tag("py3", "none", "any")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*")
"""What the names of wheels and sdists are made of; nothing in it means anything in an address or in HTML."""

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""All that some reader of headers takes for the end of a line, and the other controls."""

_WHEEL = "Wheel-Version: 1.0\nGenerator: coset\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Which releases are offered, and how.

    Attributes:
        before: only releases uploaded before this time; None sets no limit.
        everything: also releases whose requirements are unknown, and those that are gone from the index.
        any_platform: a made wheel for every release whose requirements are known, whatever its own wheels fit.
    """

    before: Timestamp | None = None
    everything: bool = False
    any_platform: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFile:
    """One file on a project's page.

    Attributes:
        release: the one that it belongs to.
        path: where it lies, relative to a base that is known elsewhere; None where not known, and for a made wheel.
        metadata: its sidecar; None where there is none.
        metadata_sha256: of the sidecar, hexadecimal.
        made: the bytes of a made wheel; None for a file of the index.
    """

    name: str
    release: Release
    sha256: str | None = None
    size: int | None = None
    path: str | None = None
    metadata: bytes | None = field(default=None, repr=False)
    metadata_sha256: str | None = None
    made: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What one project offers.

    Attributes:
        versions: of the releases that are offered, in the dataset's order, as the index spells them.
        files: in the order of the versions, each name once.
        left_out: why releases are not offered -> how many of them, sorted.
    """

    project: ProjectName
    versions: tuple[str, ...]
    files: tuple[OfferedFile, ...]
    left_out: tuple[tuple[str, int], ...] = ()


def offered(project: ProjectName, releases: Iterable[Release], offer: Offer) -> Offered:
    """Return what a project offers.

    Args:
        project: whose page it is.
        releases: all of the project, in the dataset's order.
        offer: which of them count.
    """
    versions: list[str] = []
    files: dict[str, OfferedFile] = {}
    left_out: Counter[str] = Counter()
    for release in releases:
        why = _why_not(release, offer)
        if why is not None:
            left_out[why] += 1
            continue
        versions.append(release.version)
        for file in _files(release, any_platform=offer.any_platform):
            files.setdefault(file.name, file)
    return Offered(
        project=project,
        versions=tuple(versions),
        files=tuple(files.values()),
        left_out=tuple(sorted(left_out.items())),
    )


def _why_not(release: Release, offer: Offer) -> str | None:
    """Return why a release is not offered, or None where it is."""
    if offer.before is not None and release.uploaded is None:
        return "their upload time is not known"
    if offer.before is not None and release.uploaded is not None and release.uploaded >= offer.before:
        return f"they were not uploaded before {offer.before}"
    if release.gone is not None and not offer.everything:
        return "they are gone from the index"
    if release.requires is None and not offer.everything:
        return "their requirements are unknown"
    return None


def _files(release: Release, *, any_platform: bool) -> Iterator[OfferedFile]:
    """Yield the release's wheels and sdists, and a made wheel where one is due.

    A file whose name is not that of a wheel or sdist of just this release is left out: no resolver could use it.
    """
    version = parse_version(release.version)
    if version is None:
        return
    metadata = None if release.requires is None else metadata_of(release)
    digest = None if metadata is None else hashlib.sha256(metadata).hexdigest()
    anywhere = False
    buildable = any_platform or not release.files
    for file in release.files:
        tags = _tags(file, release.project, version)
        if tags is None:
            continue
        anywhere |= _ANYWHERE in tags
        buildable |= not tags
        yield OfferedFile(
            name=file.name,
            release=release,
            sha256=file.sha256,
            size=file.size,
            path=file.path,
            metadata=metadata if tags else None,
            metadata_sha256=digest if tags else None,
        )
    if metadata is not None and buildable and not anywhere:
        made = _made_wheel(release.project, version, metadata)
        yield OfferedFile(
            name=f"{_stem(release.project, version)}-{_ANYWHERE}.whl",
            release=release,
            sha256=hashlib.sha256(made).hexdigest(),
            size=len(made),
            metadata=metadata,
            metadata_sha256=digest,
            made=made,
        )


def _tags(file: File, project: ProjectName, version: Version) -> frozenset[Tag] | None:
    """Return what a wheel fits, nothing for an sdist, or None for what is neither or belongs to another release."""
    if not _NAME.fullmatch(file.name):
        return None
    tags: frozenset[Tag] = frozenset()
    try:
        if file.name.endswith(".whl"):
            name, its_version, _, tags = parse_wheel_filename(file.name)
        else:
            name, its_version = parse_sdist_filename(file.name)
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return None
    return tags if (ProjectName(name), its_version) == (project, version) else None


def metadata_of(release: Release) -> bytes:
    r"""Return the METADATA that says what the dataset knows of a release; its requirements must be known.

    Each fact stays on its own line, whatever text it holds. Lines of the original that are not PEP 508, which oblige
    nobody, are left out.

    >>> metadata_of(Release(project=ProjectName("a"), version="1", requires=("b; extra == 'x\nName: c'",)))
    b"Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: b; extra == 'x Name: c'\n"
    """
    assert release.requires is not None, f"{release.project} {release.version}"
    lines = ["Metadata-Version: 2.1", f"Name: {release.project}", f"Version: {release.version}"]
    if release.requires_python is not None:
        lines.append(f"Requires-Python: {release.requires_python}")
    lines += [f"Provides-Extra: {extra}" for extra in release.extras]
    lines += [f"Requires-Dist: {text}" for text in release.requires]
    return "".join(f"{_BREAKS.sub(' ', line)}\n" for line in lines).encode("utf-8", "replace")


def _made_wheel(project: ProjectName, version: Version, metadata: bytes) -> bytes:
    """Return a wheel that holds the metadata and no code; the same bytes every time."""
    folder = f"{_stem(project, version)}.dist-info"
    members = {f"{folder}/METADATA": metadata, f"{folder}/WHEEL": _WHEEL.encode()}
    record = "".join(f"{name},{_record_hash(content)},{len(content)}\n" for name, content in members.items())
    members[f"{folder}/RECORD"] = f"{record}{folder}/RECORD,,\n".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            member.create_system = 3  # else the bytes would depend on the system that runs this
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return buffer.getvalue()


def _stem(project: ProjectName, version: Version) -> str:
    return f"{project.replace('-', '_')}-{version}"


def _record_hash(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
