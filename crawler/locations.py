"""Where do files lie, without saying on which host? Paths relative to a base that is kept apart."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

_HASHED = re.compile(r"packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}/[^/]+$")
"""How the index software lays out its files, wherever a mirror puts the tree."""

_ODD_PART = re.compile(r"(?:\A|/)\.{0,2}(?:/|\Z)")
"""Parts of a path that say nothing, or where one is."""

_HOST = re.compile(r"[^/?#]*//[^/?#]*")
"""The part of an address up to its path."""


def base_of(url: str) -> str:
    """Return what comes before the path of a file: up to the hashed layout, else scheme and host.

    >>> base_of("https://index.example/mirror/a-1.zip")
    'https://index.example/'
    """
    match = _HASHED.search(url)
    if match:
        return url[: match.start()]
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def path_below(url: str, base: str) -> str | None:
    """Return the file's path relative to the base, or None where it does not lie below.

    >>> path_below("https://files.example/packages/a-1.zip", "https://files.example/")
    'packages/a-1.zip'
    """
    if not base or not url.startswith(base):
        return None
    path = url[len(base) :]
    return None if _ODD_PART.search(path) else path


def shown(url: str) -> str:
    """Return the address as it may be shown: without user and password."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def without_user(url: str) -> str:
    """Return the address as it may be asked for and stored: as `shown`, where it is one with a host.

    >>> without_user("https://me:secret@index.example/simple/")
    'https://index.example/simple/'
    """
    return shown(url) if "@" in url and "://" in url else url


def start_of(url: str) -> str:
    """Return the address up to its path; "" where it names no host.

    >>> start_of("https://index.example/simple/")
    'https://index.example'
    """
    match = _HOST.match(url)
    return match[0] if match else ""


def origin(url: str) -> str:
    """Return scheme, host and port of an address; "" where it has none.

    >>> origin("https://index.example/simple/")
    'https://index.example:443'
    """
    start = start_of(url)
    return _origin(start) if start else ""


@lru_cache(maxsize=1024)
def _origin(start: str) -> str:
    try:
        parts = urlsplit(start)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname and port else ""
