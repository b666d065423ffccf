"""Who may read a private index, and to which host may that be told? Sent as Basic authentication, never stored."""

import netrc
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.locations import origin
from normalize.errors import UsageError


@dataclass(frozen=True, slots=True)
class Credentials:
    """The ``Authorization`` headers of those origins (scheme, host and port) that have one.

    Attributes:
        origins: from addresses with a user; origin -> header.
        hosts: from a netrc file, which names neither scheme nor port; host -> header.
    """

    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def header(self, url: str) -> str | None:
        """Return what to send with a request for this address, or None."""
        if not self.origins and not self.hosts:
            return None
        found = self.origins.get(origin(url))
        if found is not None:
            return found
        try:
            host = urlsplit(url).hostname
        except ValueError:
            return None
        return self.hosts.get(host) if host else None


NO_CREDENTIALS = Credentials()


def credentials(addresses: Iterable[str], netrc_file: Path | None = None) -> Credentials:
    """Collect the credentials that addresses of indexes hold, and those of a netrc file.

    Of two for the same origin the first wins. The file's ``default`` entry is left out, because it names no host that
    the password belongs to.

    Raises:
        UsageError: the netrc file cannot be read.
    """
    origins: dict[str, str] = {}
    for url in addresses:
        header = header_of(url)
        if header is not None and origin(url):
            origins.setdefault(origin(url), header)
    return Credentials(origins, {} if netrc_file is None else _from_netrc(netrc_file))


def header_of(url: str) -> str | None:
    """Return the header for the user and password that an address holds, or None.

    >>> header_of("https://me:secret@index.example/")
    'Basic bWU6c2VjcmV0'
    """
    try:
        parts = urlsplit(url)
        user, password = parts.username, parts.password
    except ValueError:
        return None
    return None if user is None else _basic(unquote(user), unquote(password or ""))


def netrc_path(environment: Mapping[str, str], home: Path) -> Path | None:
    """Return where the user keeps a netrc file, or None where there is none."""
    named = environment.get("NETRC")
    candidates = [Path(named)] if named else [home / ".netrc", home / "_netrc"]
    return next((one for one in candidates if one.is_file()), None)


def _from_netrc(path: Path) -> dict[str, str]:
    try:
        hosts = netrc.netrc(str(path)).hosts
    except netrc.NetrcParseError as error:  # its message may quote a password
        raise UsageError(
            f"the netrc file {str(path)!r} cannot be understood near line {error.lineno}",
            hint="repair it, or name another one (perhaps an empty one) in NETRC",
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the netrc file {str(path)!r} cannot be read ({type(error).__name__})",
            hint="repair it, or name another one (perhaps an empty one) in NETRC",
        ) from None
    return {
        host.lower(): _basic(login or account, password or "")
        for host, (login, account, password) in hosts.items()
        if host != "default"
    }


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
