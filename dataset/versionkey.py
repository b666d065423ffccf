"""In which order do the versions of a project stand? A text for each that sorts as PEP 440 does."""

from functools import lru_cache

from packaging.version import Version

from normalize.versions import parse_version

NO_VERSION = ""
"""The key of everything that is not PEP 440; it sorts first."""

_KEPT = 20_000
"""Keys in memory; many projects have the same versions, but an index has more than memory should hold."""


@lru_cache(_KEPT)
def version_key(text: str) -> str:
    """Return the text by which a database orders versions without parsing one.

    Keys compare by code point, as SQLite and Python compare texts. Versions that PEP 440 holds equal have the same key.

    >>> sorted(["1.10", "1.9", "2004d", "1.0.dev1", "1.0rc1", "1.0"], key=version_key)
    ['2004d', '1.0.dev1', '1.0rc1', '1.0', '1.9', '1.10']
    >>> version_key("1.0") == version_key("1")
    True
    """
    version = parse_version.__wrapped__(text)
    return NO_VERSION if version is None else _key(version)


def _key(version: Version) -> str:
    release = version.release
    stop = len(release)
    while stop and release[stop - 1] == 0:
        stop -= 1
    # "." sorts before every number, so that a shorter release comes first; "-" and "~" before and after what may stand
    # in their place.
    parts = [_number(version.epoch), *map(_number, release[:stop]), "."]
    if version.pre is not None:
        parts += [version.pre[0], _number(version.pre[1])]
    else:
        parts.append("-" if version.post is None and version.dev is not None else "~")
    parts.append("-" if version.post is None else f"p{_number(version.post)}")
    parts.append("~" if version.dev is None else f"d{_number(version.dev)}")
    if version.local is not None:
        parts += [f"n{_number(int(one))}" if one.isdigit() else f"a{one}." for one in version.local.split(".")]
    return "".join(parts)


def _number(number: int) -> str:
    """Return the digits behind a character that tells how many there are, which makes longer numbers sort later."""
    digits = str(number)
    return chr(ord("0") + len(digits)) + digits
