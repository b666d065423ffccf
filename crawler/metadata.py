"""What does a METADATA or PKG-INFO file say? Every requirement line ends as strict, repaired or unusable."""

import re
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pkginfo
from packaging.metadata import parse_email

from crawler.about import about_of
from crawler.archive import MOST_REQUIREMENTS, BadArchive
from crawler.headers import Header, header_part, read_header
from dataset.records import About
from normalize.projects import ProjectName, extra_name
from normalize.repairs import is_requirement, repaired
from normalize.specifiers import is_specifier
from normalize.versions import parse_version

_LONGEST_VERSION = 200
_LINES_KEPT = 50_000
_HEADS_KEPT, _LONGEST_KEPT = 100, 16_000
_VERSION = b"\nVersion: "
_DIGITS = re.compile(rb"[0-9][0-9A-Za-z.+!_-]*(?=\n[^ \t]|\Z)")
"""A version that no reader can take for something else; nothing depends on which it is."""

_COMPARABLE = frozenset({"1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5"})
"""The versions for which pkginfo reads Requires-Dist; under 1.0 and 1.1 it drops the field silently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """Requirement lines, each in exactly one place; all sorted.

    Attributes:
        strict: the lines that are PEP 508, verbatim.
        repaired: (names of the repairs, the line verbatim, what it became).
        unusable: the others, verbatim.
    """

    strict: tuple[str, ...] = ()
    repaired: tuple[tuple[str, str, str], ...] = ()
    unusable: tuple[str, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """Return what can be used, sorted: as spelled, or repaired."""
        if not self.repaired:
            return self.strict
        return tuple(sorted({*self.strict, *(text for _, _, text in self.repaired)}))


def judged(lines: Iterable[str]) -> Requirements:
    """Judge requirement lines; blank ones and repetitions say nothing.

    Raises:
        BadArchive: there are more than any honest release has.
    """
    distinct = sorted({line for line in lines if line.strip()})
    if len(distinct) > MOST_REQUIREMENTS:
        raise BadArchive("too-large", f"{len(distinct)} requirements")
    strict: list[str] = []
    mended: list[tuple[str, str, str]] = []
    unusable: list[str] = []
    for line in distinct:
        verdict = _verdict(line)
        if verdict is None:
            unusable.append(line)
        elif verdict is _STRICT:
            strict.append(line)
        else:
            mended.append((verdict[1], line, verdict[0]))
    return Requirements(strict=tuple(strict), repaired=tuple(sorted(mended)), unusable=tuple(unusable))


_STRICT = ("", "")
_NOTHING: frozenset[str] = frozenset()


@lru_cache(_LINES_KEPT)
def _verdict(line: str) -> tuple[str, str] | None:
    return _STRICT if is_requirement(line) else repaired(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields that matter, with outside text kept as it is spelled.

    Attributes:
        requirements: the judged lines.
        extras: as declared, sorted.
        imports: what ``Import-Name`` declares (PEP 794), sorted; None where nothing is declared.
        dynamic: the fields that an sdist leaves to its build, in lower case.
        metadata_version: as a pair of numbers; (0, 0) where it is missing or not a version.
        about: what it tells people.
        doubts: (code, detail) of what is odd but does not make the fields unusable.
    """

    name: str | None
    version: str | None
    requirements: Requirements
    extras: tuple[str, ...] = ()
    imports: tuple[str, ...] | None = None
    requires_python: str | None = None
    dynamic: frozenset[str] = frozenset()
    metadata_version: tuple[int, int] = (0, 0)
    about: About | None = None
    doubts: tuple[tuple[str, str], ...] = ()

    @property
    def requires(self) -> tuple[str, ...]:
        """The usable requirements, sorted."""
        return self.requirements.texts()

    @property
    def repaired(self) -> tuple[str, ...]:
        """The lines that are usable only repaired, each as ``repair: line``, sorted."""
        return tuple(f"{names}: {line}" for names, line, _ in self.requirements.repaired)

    @property
    def unusable(self) -> tuple[str, ...]:
        """The lines that cannot be used, verbatim, sorted."""
        return self.requirements.unusable

    def belongs_to(self, project: ProjectName, version: str) -> bool:
        """Return whether this describes the release that it was found in."""
        if self.name is None or self.version is None or len(self.version) > _LONGEST_VERSION:
            return False
        if ProjectName(extra_name(self.name)) != project:
            return False
        return self.version == version or (parse_version(self.version) or self.version) == (
            parse_version(version) or version
        )


def parse_metadata(data: bytes) -> Metadata:
    """Read a METADATA or PKG-INFO file, or its header part.

    One release in two says what another of its project says, but for the version: that is read once.

    Raises:
        BadArchive: it holds more requirements than any honest release has.
    """
    head = header_part(data)
    before, field, rest = head.partition(_VERSION)
    version = _DIGITS.match(rest)
    if version is None or len(head) > _LONGEST_KEPT:
        return _read(head)
    found = _read_once(b"".join((before, field, b"0", rest[version.end() :])))
    if found.version is None:  # it stands twice
        return found
    return replace(found, version=version[0].decode())


def _read(head: bytes) -> Metadata:
    header = read_header(head)
    fields = header.fields
    lines = fields.get("requires-dist", ())
    version = header.one("metadata-version") or ""
    requirements = judged(lines)
    python = header.one("requires-python") or None
    doubts = [*header.doubts, *_python_doubts(python)]
    if not header.plain or version not in _COMPARABLE:
        doubts += _other_opinions(header, lines, version)
    return Metadata(
        name=header.one("name"),
        version=header.one("version"),
        requirements=requirements,
        extras=_extras(fields.get("provides-extra", ())),
        imports=_imports(header),
        requires_python=python,
        dynamic=frozenset(one.strip().lower() for one in fields["dynamic"]) if "dynamic" in fields else _NOTHING,
        metadata_version=_metadata_version(version),
        about=_about(fields),
        doubts=tuple(doubts),
    )


_read_once = lru_cache(_HEADS_KEPT)(_read)


def _extras(values: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({one.strip() for one in values if one.strip()})) if values else ()


def _imports(header: Header) -> tuple[str, ...] | None:
    """Return the declared import names; a namespace alone is one only where nothing in it is named.

    An empty ``Import-Name`` declares that nothing can be imported.
    """
    names = header.fields.get("import-name")
    if names is None:
        names = header.fields.get("import-namespace")
    if names is None:
        return None
    found = {one.partition(";")[0].strip() for one in names}
    return tuple(sorted(name for name in found if all(part.isidentifier() for part in name.split("."))))


def _about(fields: Mapping[str, Sequence[str]]) -> About | None:
    """Return the licence and the addresses; releases of a project mostly tell the same."""
    pairs = [one.partition(",")[::2] for one in fields.get("project-url", ())]
    pairs += [("homepage", one) for one in fields.get("home-page", ())]
    first = {key: fields[key][0].strip() for key in ("license-expression", "license") if key in fields}
    classifiers = [one.strip() for one in fields.get("classifier", ())]
    return about_of(first.get("license-expression"), first.get("license"), classifiers, pairs)


@lru_cache(100)
def _metadata_version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    if major.isascii() and major.isdigit() and minor.isascii() and minor.isdigit() and len(major + minor) < 9:
        return (int(major), int(minor))
    return (0, 0)


def _python_doubts(python: str | None) -> list[tuple[str, str]]:
    return [] if python is None or is_specifier(python) else [("odd-field", "requires-python cannot be read")]


def _other_opinions(header: Header, lines: Collection[str], version: str) -> list[tuple[str, str]]:
    """Return where packaging and pkginfo read other requirements than these."""
    ours = sorted(" ".join(line.split()) for line in lines if line.strip())
    doubts: list[tuple[str, str]] = []
    for parser, read in (("packaging", _packaging_lines), ("pkginfo", _pkginfo_lines)):
        if parser == "pkginfo" and version not in _COMPARABLE:
            continue
        try:
            theirs = sorted(" ".join(line.split()) for line in read(f"{header.text}\n\n") if line.strip())
        except Exception as error:  # noqa: BLE001 - whatever it raises on hostile text is only its opinion
            doubts.append(("parser-disagreement", f"{parser} fails with {type(error).__name__}"))
            continue
        if theirs != ours:
            doubts.append(("parser-disagreement", f"{parser} reads {len(theirs)} requirements instead of {len(ours)}"))
    return doubts


def _packaging_lines(text: str) -> list[str]:
    raw, unparsed = parse_email(text)
    return raw.get("requires_dist") or unparsed.get("requires-dist") or []


def _pkginfo_lines(text: str) -> list[str]:
    other = pkginfo.Distribution()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other.parse(text.encode("utf-8", "replace"))
    return list(other.requires_dist or ())
