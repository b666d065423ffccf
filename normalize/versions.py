"""How are versions spelled, in PEP 440 and in nixpkgs?"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from packaging.version import Version

_SNAPSHOT = re.compile(r"(?:(?P<base>[^-].*?)-)?unstable-(?P<date>\d{4}-\d{2}-\d{2})")
_DATED = re.compile(r"(?P<base>.+)-(?P<date>\d{4}-\d{2}-\d{2})")


@cache
def parse_version(text: str) -> Version | None:
    """Return the PEP 440 version, or None where the text is not one."""
    try:
        return Version(text)
    except ValueError:  # not PEP 440, or a number of more digits than Python reads
        return None


def same_version(one: str | None, other: str | None) -> bool:
    """Return whether two versions are the same, however they are spelled; one that is not known is like no other.

    >>> same_version("1.0", "1.0.0"), same_version("2026-01", "2026-01"), same_version(None, None)
    (True, True, False)
    """
    if one is None or other is None:
        return False
    parsed = parse_version(one)
    return one == other or (parsed is not None and parsed == parse_version(other))


@dataclass(frozen=True, slots=True)
class NixVersion:
    """A version as nixpkgs writes it.

    Attributes:
        text: the spelling in the package file, for example ``1.1-unstable-2024-02-21``.
        release: the PEP 440 version that requirements are compared with: the version itself, or the release
            that a snapshot follows; None where there is none (``0-unstable-2026-07-08``, ``unresolved``).
        snapshot: the day of the commit that a snapshot was taken from, or None for a release.
    """

    text: str
    release: Version | None
    snapshot: dt.date | None = None


def parse_nix_version(text: str) -> NixVersion:
    """Read a nixpkgs version: PEP 440, or a snapshot ``<release>-unstable-<date>``, or ``<version>-<date>``.

    A snapshot is newer than the release it names and is not on the index. ``0-unstable-<date>`` is nixpkgs'
    spelling of "no release was ever made".

    >>> str(parse_nix_version("1.1-unstable-2024-02-21").release), parse_nix_version("0-unstable-2026-07-08").release
    ('1.1', None)
    >>> parse_nix_version("2026.04.22").release
    <Version('2026.4.22')>
    """
    release = parse_version(text)
    if release is not None:
        return NixVersion(text, release)
    match = _SNAPSHOT.fullmatch(text) or _DATED.fullmatch(text)
    if match is None:
        return NixVersion(text, None)
    try:
        date = dt.date.fromisoformat(match["date"])
    except ValueError:
        return NixVersion(text, None)
    base = match["base"]
    return NixVersion(text, None if base in (None, "0") else parse_version(base), date)
