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

_SCHEME = re.compile(r"(?:(?:https?|ftp|file):)?//", re.IGNORECASE)
_AT = re.compile("@|%40")
_NO_PORT = re.compile(r"([^/:\[]*):(?![0-9]{1,5}(?:/|\Z))")
"""The beginning of a place whose first colon is followed by what is no port."""


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


def shown(text: str) -> str:
    """Return an address, or what was meant as one, as people may see it: without what may be secret in any spelling.

    All before the last "@" is left out, and any query and fragment; where these cannot be told apart, everything.

    >>> shown("https://me:secret@index.example/simple/?token=secret"), shown("me:secret@index.example")
    ('https://index.example/simple/', 'index.example')
    """
    text = text.strip()
    match = _SCHEME.match(text)
    scheme = match[0] if match else ""
    *secret, place = _AT.split(text[len(scheme) :])
    if any("?" in one or "#" in one for one in secret):  # a query with an "@", or a password with a "?"
        return f"{scheme}..."
    place = re.split("[?#]", place, maxsplit=1)[0]
    user = _NO_PORT.match(place)  # the host was forgotten, and what would be its port is a password
    return f"{scheme}{'...@' if any('/' in one for one in secret) else ''}{f'{user[1]}...' if user else place}"


def without_user(url: str) -> str:
    """Return an address of an index as it may be asked for and stored: without user and password.

    >>> without_user("https://me:secret@index.example/simple/")
    'https://index.example/simple/'
    """
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


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
