"""What does a METADATA or PKG-INFO file say? Two parsers are asked; what they disagree on is said."""

import warnings
from dataclasses import dataclass

import pkginfo
from packaging.metadata import RawMetadata, parse_email

from crawler.pages import clean
from normalize.projects import ProjectName, extra_name
from normalize.requirements import parse_requirement
from normalize.versions import parse_version

_LONGEST_REQUIREMENT = 4000
"""Real ones stay under 500 characters; from 4,300 digits on Python refuses to read a number."""

_LONGEST_VERSION = 200
_COMPARABLE = frozenset({"1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5"})
"""The versions for which pkginfo reads Requires-Dist; under 1.0 and 1.1 it drops the field silently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields that matter, with outside text kept as it is spelled.

    Attributes:
        requires: the lines that are PEP 508, sorted; ``unusable`` the others, verbatim.
        extras: as declared, sorted.
        imports: what ``Import-Name`` declares (PEP 794), sorted.
        dynamic: the fields that an sdist leaves to its build, in lower case.
        metadata_version: as a pair of numbers; (0, 0) where it is missing or not a version.
        doubts: (code, detail) of what is odd but does not make the fields unusable.
    """

    name: str | None
    version: str | None
    requires: tuple[str, ...]
    unusable: tuple[str, ...]
    extras: tuple[str, ...]
    imports: tuple[str, ...]
    requires_python: str | None
    dynamic: frozenset[str]
    metadata_version: tuple[int, int]
    doubts: tuple[tuple[str, str], ...]

    def belongs_to(self, project: ProjectName, version: str) -> bool:
        """Return whether this describes the release that it was found in."""
        if self.name is None or self.version is None or len(self.version) > _LONGEST_VERSION:
            return False
        if ProjectName(extra_name(self.name)) != project:
            return False
        return (parse_version(self.version) or self.version) == (parse_version(version) or version)


def parse_metadata(data: bytes) -> Metadata:
    """Read the header part of a METADATA or PKG-INFO file."""
    text, doubts = _decoded(data)
    header = _header(text)
    raw, unparsed = parse_email(header)
    lines = [line for line in raw.get("requires_dist", []) if line.strip()]
    lines += unparsed.get("requires-dist", [])
    usable = {line for line in map(clean, lines) if _is_requirement(line)}
    metadata_version = _metadata_version(raw)
    doubts += _second_opinion(header, lines, raw.get("metadata_version", ""))
    doubts += [("odd-field", f"{field} cannot be read") for field in sorted(unparsed) if field in _FIELDS]
    return Metadata(
        name=raw.get("name"),
        version=raw.get("version"),
        requires=tuple(sorted(usable)),
        unusable=tuple(sorted({clean(line) for line in lines} - usable)),
        extras=tuple(sorted({clean(one) for one in raw.get("provides_extra", [])})),
        imports=tuple(sorted({one.partition(";")[0].strip() for one in raw.get("import_names") or ()} - {""})),
        requires_python=clean(raw["requires_python"]) if raw.get("requires_python") else None,
        dynamic=frozenset(one.strip().lower() for one in raw.get("dynamic", [])),
        metadata_version=metadata_version,
        doubts=tuple(doubts),
    )


_FIELDS = frozenset({"name", "version", "requires-dist", "requires-python", "provides-extra", "metadata-version"})


def _decoded(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    doubts: list[tuple[str, str]] = []
    try:
        text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        doubts.append(("not-utf8", "the metadata is not UTF-8; read as Latin-1"))
    return text.replace("\r\n", "\n").replace("\r", "\n"), doubts


def _header(text: str) -> str:
    """Return what stands before the first blank line; parsing the description costs half the time."""
    return text.partition("\n\n")[0] + "\n\n"


def _is_requirement(line: str) -> bool:
    if len(line) > _LONGEST_REQUIREMENT:
        return False
    try:
        return parse_requirement(line) is not None
    except RecursionError:
        return False


def _metadata_version(raw: RawMetadata) -> tuple[int, int]:
    major, _, minor = raw.get("metadata_version", "").strip().partition(".")
    if major.isascii() and major.isdigit() and minor.isascii() and minor.isdigit() and len(major + minor) < 9:
        return (int(major), int(minor))
    return (0, 0)


def _second_opinion(header: str, lines: list[str], metadata_version: str) -> list[tuple[str, str]]:
    if metadata_version not in _COMPARABLE:
        return []
    other = pkginfo.Distribution()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            other.parse(header.encode("utf-8", "replace"))
        except Exception as error:  # noqa: BLE001 - whatever it raises on hostile text is only its opinion
            return [("parser-disagreement", f"pkginfo fails with {type(error).__name__}")]
    theirs = sorted(" ".join(line.split()) for line in other.requires_dist or () if line.strip())
    ours = sorted(" ".join(line.split()) for line in lines)
    if theirs != ours:
        return [("parser-disagreement", f"pkginfo reads {len(theirs)} requirements, packaging {len(ours)}")]
    return []
