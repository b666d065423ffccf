"""What is one release, as the dataset knows it?"""

from dataclasses import dataclass
from typing import Literal, NewType

from normalize.projects import ProjectName

Timestamp = NewType("Timestamp", str)
"""UTC, to the second: ``2026-05-01T10:00:00Z``. Timestamps compare as strings."""

DAY = len("2026-05-01")
"""So much of a timestamp is its day."""

Source = Literal[
    "sidecar", "wheel", "file", "sdist", "pyproject", "setup-cfg", "requires-txt", "pkg-info", "index", "import"
]
"""Where a release's requirements come from: the metadata sidecar (PEP 658), the wheel's own METADATA read by range
requests or from the whole file; of an sdist, from the best witness to the worst, PKG-INFO that binds whoever builds it
(``sdist``, PEP 643), ``[project]`` in pyproject.toml, literal values in setup.cfg, requires.txt in its egg-info, or an
older PKG-INFO; nowhere (``index``: only the index page was read); or a JSON Lines file made by another tool."""

SDIST_SOURCES: tuple[Source, ...] = ("sdist", "pyproject", "setup-cfg", "requires-txt", "pkg-info")
"""The sources of requirements that an sdist claims, the best witness first."""

Trust = Literal["verified", "unverified", "claimed", "none"]
"""``verified``: the bytes matched a hash that the index advertised. ``unverified``: a wheel's METADATA without such a
hash. ``claimed``: an sdist's static metadata. ``none``: there are no requirements to trust."""


ImportsFrom = Literal["", "declared", "members", "top-level"]
"""What shows the import names: ``Import-Name`` (PEP 794), the members of a wheel, ``top_level.txt``; "" for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One wheel or sdist of a release.

    Attributes:
        name: the file's name.
        path: where it lies, relative to a base that the index configuration supplies; None where not known.
        sha256: lower-case hexadecimal, or None where the index gives none.
        size: bytes, or None where the index does not say.
    """

    name: str
    path: str | None = None
    sha256: str | None = None
    size: int | None = None


LicenceFrom = Literal["", "expression", "classifiers", "field"]
"""Where a licence stands: ``License-Expression`` (PEP 639), the classifiers, or the older field ``License``; "" for
nothing, or where a line of another tool does not say."""

LONGEST_LICENCE = 200
"""Characters; what is longer is the text of a licence, or of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What metadata tells people of a release; something of it is there.

    Attributes:
        licence: in canonical form where it is an SPDX expression; classifiers are joined by ``; ``.
        licence_from: where it stands.
        changelog, homepage, repository: addresses that may be linked (`normalize.addresses`), as spelled.
    """

    licence: str | None = None
    licence_from: LicenceFrom = ""
    changelog: str | None = None
    homepage: str | None = None
    repository: str | None = None

    def __bool__(self) -> bool:
        """Return whether it tells anything."""
        return not (self.licence is self.changelog is self.homepage is self.repository is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release of a project and what is known of it.

    Attributes:
        version: as the index spells it; not every version is PEP 440.
        uploaded: the upload of its first file, or None where the index does not say.
        yanked: the reason given (perhaps "") where every file is yanked, else None.
        requires_python: the specifier as published, or None.
        requires: the usable requirements, sorted: as METADATA spells them, or repaired; None means unknown, never
            "none".
        unusable: requirement lines that are not PEP 508 and cannot be repaired, verbatim, sorted.
        repaired: the lines that are usable only repaired, each as ``repair: line`` with the line verbatim, sorted; what
            they became is among ``requires`` (`normalize.repairs`).
        unknown: why the requirements are unknown (a code such as ``listed`` or ``sdist-dynamic``); None where known.
        extras: the extras that METADATA declares, as spelled there, sorted.
        imports: the top-level import names, sorted; empty where not known.
        imports_from: what shows the import names.
        builds: what building it requires, sorted, where an sdist was read that says it; else None.
        gone: when the index was first seen without it; None while it is there. What is known of it stays.
        about: the licence and the addresses that metadata names; None where it names none, or is unknown.
        source, trust: where the requirements come from and how far they can be trusted.
        files: sorted by name; empty for a release that is only listed.
    """

    project: ProjectName
    version: str
    uploaded: Timestamp | None = None
    yanked: str | None = None
    requires_python: str | None = None
    requires: tuple[str, ...] | None = None
    unusable: tuple[str, ...] = ()
    unknown: str | None = None
    extras: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    source: Source = "index"
    trust: Trust = "none"
    repaired: tuple[str, ...] = ()
    builds: tuple[str, ...] | None = None
    gone: Timestamp | None = None
    imports_from: ImportsFrom = ""
    about: About | None = None
    files: tuple[File, ...] = ()

    def __post_init__(self) -> None:
        """Keep the one law of unknown metadata: requirements are known, or there is a reason why they are not."""
        assert (self.requires is None) == (self.unknown is not None), f"{self.project} {self.version}"


LISTED = "listed"
"""The reason of a release whose metadata nobody asked for: the index page shows that it exists, and when it was
uploaded, which is what risk classes need of old releases. A listed release is never a candidate."""

MANIFEST = "manifest.json"
"""The file beside shards of JSON Lines that says what they hold (:mod:`dataset.shards`)."""
