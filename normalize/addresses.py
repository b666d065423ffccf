"""Which addresses of outside text may be shown to people as links? Those of the web that hide nothing."""

import re
from collections.abc import Iterable

LONGEST_ADDRESS = 300

_ADDRESS = re.compile(
    r"https?://(?=[A-Za-z0-9])(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62}(?::[0-9]{1,5})?"
    r"(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"
)
"""What RFC 3986 allows, without a user before the host; the host has a name, not a number."""

_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://(?:[^/?#@]*+@)?(\[[^\]/?#]*+\]|[^:/?#]*+)")


def is_address(text: str) -> bool:
    """Return whether the text is an address that a report may link.

    >>> is_address("https://h5py.example/whatsnew"), is_address("javascript:alert(1)"), is_address("https://u@a.example")
    (True, False, False)
    """
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def host_of(address: str) -> str:
    """Return the host of an address in lower case; "" where it has none.

    >>> host_of("https://me:secret@Index.example:8080/simple/"), host_of("file:///srv/index/")
    ('index.example', '')
    """
    found = _HOST.match(address)
    return "" if found is None else found[1].lower().rstrip(".")


def is_at(address: str, hosts: Iterable[str]) -> bool:
    """Return whether an address lies at one of the hosts, below it, or at the domain that it belongs to.

    >>> [is_at(f"https://{one}/", ["pkg.index.example"]) for one in ("pkg.index.example", "index.example", "a.example")]
    [True, True, False]
    """
    host = host_of(address)
    return any(host == one or host.endswith(f".{one}") or one.endswith(f".{host}") for one in hosts)
