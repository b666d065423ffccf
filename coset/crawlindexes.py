"""Which indexes does a crawl read, and with whose passwords? Its options say, and pip's configuration."""

import os
from pathlib import Path

from coset import terminal
from coset.crawljob import Job
from coset.pipindex import PipIndexes, pip_indexes
from crawler.credentials import NO_CREDENTIALS, Credentials, credentials, header_of, netrc_path
from crawler.indexes import Indexes, chosen_by_file, chosen_by_options, index_address
from crawler.localsource import LocalSource, folder_of
from crawler.locations import shown
from normalize.errors import OutsideError, UsageError


def crawl_indexes(job: Job, *, quiet: bool) -> tuple[Indexes, Credentials]:
    """Return the indexes and their passwords, which are those of their addresses, of pip's configuration, of netrc.

    Raises:
        UsageError: an index cannot be meant, the netrc file cannot be read, or pip's configuration cannot and it is to
            name the index.
        OutsideError: the file that names indexes cannot be read, or pip does not answer.
    """
    if job.index:
        given, pip = job.index, None
    else:
        pip = pip_indexes()
        given = pip.default()
    indexes = _indexes(job, given)
    addresses = indexes.addresses()
    if not any(one.startswith("http") for one in addresses):
        return indexes, NO_CREDENTIALS
    named = os.environ.get("NETRC")
    if named and not Path(named).exists():
        terminal.note(f"note: NETRC names {named!r}, which is not there; no password is read from it", quiet=quiet)
    if pip is None and any(one.startswith("http") and header_of(one) is None for one in addresses):
        pip = _pips(quiet=quiet)
    pips = () if pip is None else pip.addresses()
    return indexes, credentials((*addresses, *pips), netrc_path(os.environ, Path.home()))


def _pips(*, quiet: bool) -> PipIndexes | None:
    """Return pip's configuration, without which a crawl of an index that is named goes on."""
    try:
        return pip_indexes()
    except (UsageError, OutsideError) as error:
        terminal.note(f"note: {error.sentence}; no password is taken from there", quiet=quiet)
        return None


def _indexes(job: Job, given: str) -> Indexes:
    """Return the indexes; a folder may be named by its path, and then its pages lie where the folder says."""
    local = given if given.startswith("file:") else Path(given).resolve().as_uri() if Path(given).is_dir() else None
    address = index_address(given if local is None else LocalSource(folder_of(local)).index)
    if address is None:
        raise UsageError(
            f"the index {shown(given)!r} is not an http, https or file address, nor a folder",
            hint="write it as --index https://index.example/simple/; in a password / is %2F, and in a path @ is %40",
        )
    chosen = chosen_by_options(job.index_for)
    if job.indexes is not None:
        chosen += _chosen_by_file(job.indexes)
    there = (
        (pattern, LocalSource(folder_of(url)).index if url.startswith("file:") else url) for pattern, url in chosen
    )
    return Indexes(address, tuple(there))


def _chosen_by_file(path: Path) -> tuple[tuple[str, str], ...]:
    name = shown(str(path))  # an address may have been meant
    try:
        return chosen_by_file(path.read_text(encoding="utf-8"), name)
    except FileNotFoundError:
        raise UsageError(f"there is no file {name!r}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name!r} is not UTF-8 text") from None
    except OSError as error:
        raise OutsideError(f"{name!r} cannot be read: {error.strerror}") from None
