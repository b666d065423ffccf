"""What does a project page list? JSON (PEP 691, 700, 792) and HTML (PEP 503) become the same value."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from crawler.links import Links
from crawler.locations import start_of
from crawler.pagenotes import Note, Notes
from dataset.records import Timestamp
from normalize.specifiers import is_specifier

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
"""Asking for JSON is right even where the index only has HTML: some put upload times into it only then."""

MOST_FILES = 300_000
LATEST_MINOR = 4
"""The minor version of the interface (PEP 629) up to which pages were known when this was written."""

_LONGEST_TEXT = 4000
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".egg", ".tgz", ".tar.bz2", ".exe")
_SHA256 = re.compile("[0-9a-f]{64}")
_UTC = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z")


class BadPage(Exception):  # noqa: N818 - a value of the crawler that turns into a problem record
    """The body is not a project page.

    Args:
        code: of the problem to record.
        detail: what was found.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """One link of a project page.

    Attributes:
        url: absolute, without the fragment; "" where it cannot be asked for.
        sha256: lower-case hexadecimal, or None.
        size: bytes, or None.
        uploaded: to the second, or None.
        requires_python: as published, or None.
        yanked: the reason, perhaps "", or None where the file is not yanked.
        metadata_sha256: of the sidecar, where the index advertises one with its hash.
    """

    name: str
    url: str
    sha256: str | None = None
    size: int | None = None
    uploaded: Timestamp | None = None
    requires_python: str | None = None
    yanked: str | None = None
    metadata_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A project page.

    Attributes:
        files: in the page's order.
        serial: of the page, where the index numbers its changes and the page says so.
        notes: what is odd about it, sorted; one for each code.
    """

    files: tuple[PageFile, ...]
    serial: int | None = None
    notes: tuple[Note, ...] = ()


def parse_page(body: bytes, url: str) -> Listing:
    """Return the files of a page that was read from this address, in the page's order.

    Which form it has is seen from the body, because indexes mislabel it.

    Raises:
        BadPage: it is neither form, or of a later major version.
    """
    if body.lstrip()[:1] == b"{":
        return _json(body, url)
    return _html(body.decode("utf-8", "replace"), url)


def _decoded(body: bytes, notes: Notes) -> Any:
    def known_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            notes.add("duplicate-key", "", "an object has a key twice; the last one counts")
        return found

    def refused(constant: str) -> Any:
        raise ValueError(constant)

    try:
        return json.loads(body, object_pairs_hook=known_once, parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise BadPage("bad-page", f"the page is not JSON ({type(error).__name__})") from error


def _json(body: bytes, url: str) -> Listing:
    notes = Notes()
    data = _decoded(body, notes)
    meta = data.get("meta")
    files = data.get("files")
    if not isinstance(meta, dict) or not isinstance(files, list):
        raise BadPage("bad-page", "the page is JSON, but not a project page: no 'meta' or no 'files'")
    check_version(meta.get("api-version"), notes.add)
    status = data.get("project-status")
    if isinstance(status, dict):
        _note_status(str(status.get("status", "")), str(status.get("reason") or ""), notes)
    found = (_json_file(one, url, notes) for one in files[:MOST_FILES])
    return Listing(
        files=_bounded(found, len(files), notes), serial=serial_number(meta.get("_last-serial")), notes=notes.all()
    )


def _json_file(one: Any, url: str, notes: Notes) -> PageFile | None:
    name, link = (one.get("filename"), one.get("url")) if isinstance(one, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(link, str):
        notes.add("odd-file", "", "an entry of the page has no file name or no address")
        return None
    hashes = one.get("hashes")
    size = one.get("size")
    yanked = one.get("yanked", False)
    core = one.get("core-metadata", one.get("dist-info-metadata"))  # PEP 714: the new key first
    if size is not None and not _is_size(size):
        notes.add("odd-size", name, f"{str(size)[:40]!r} is not a size")
    return PageFile(
        name=clean(name),
        url=_absolute(url, link),
        sha256=_noted_sha256(hashes.get("sha256") if isinstance(hashes, dict) else None, name, notes),
        size=size if _is_size(size) else None,
        uploaded=_noted_timestamp(one.get("upload-time"), name, notes),
        requires_python=_noted_python(one.get("requires-python"), name, notes),
        yanked=clean(yanked[:_LONGEST_TEXT]) if isinstance(yanked, str) else "" if yanked is True else None,
        metadata_sha256=_sha256(core.get("sha256")) if isinstance(core, dict) else None,
    )


def _html(text: str, url: str) -> Listing:
    reader = Links()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, RecursionError) as error:
        raise BadPage("bad-page", f"the page is not HTML ({type(error).__name__})") from error
    notes = Notes()
    check_version(reader.version or "1.0", notes.add)
    if reader.status[0]:
        _note_status(*reader.status, notes)
    base = reader.base_at(url)
    files = _bounded((_html_file(one, base, notes) for one in reader.links[:MOST_FILES]), len(reader.links), notes)
    marked = reader.version is not None or reader.titled
    if not marked and not any(one.name.endswith(_ARCHIVES) for one in files):
        raise BadPage("bad-page", "the page is HTML, but not a project page of an index")
    return Listing(files=files, serial=reader.serial, notes=notes.all())


def _html_file(link: dict[str, str], base: str, notes: Notes) -> PageFile | None:
    href, _, fragment = link["href"].strip().partition("#")
    url = _absolute(base, href)
    name = unquote(urlsplit(url).path.rpartition("/")[2]) if url else ""
    if not name or "." not in name:
        return None
    digest = fragment.partition("sha256=")[2].partition("&")[0] if "sha256=" in fragment else None
    core = link.get("data-core-metadata", link.get("data-dist-info-metadata", ""))
    return PageFile(
        name=clean(name),
        url=url,
        sha256=_noted_sha256(digest, name, notes),
        uploaded=_noted_timestamp(link.get("data-upload-time"), name, notes),
        requires_python=_noted_python(link.get("data-requires-python"), name, notes),
        yanked=clean(link["data-yanked"][:_LONGEST_TEXT]) if "data-yanked" in link else None,
        metadata_sha256=_sha256(core.removeprefix("sha256=")) if core.startswith("sha256=") else None,
    )


def check_version(version: Any, note: Any) -> None:
    """Refuse a page of a later major version, and say where it is of a later minor one (PEP 629).

    Raises:
        BadPage: the version is not 1.x.
    """
    major, _, minor = version.partition(".") if isinstance(version, str) else ("", "", "")
    if major != "1":
        raise BadPage("page-version", f"the page says version {str(version)[:20]!r}; coset reads version 1")
    if not (minor.isascii() and minor.isdigit() and len(minor) < 5 and int(minor) <= LATEST_MINOR):
        note("later-page-version", "", f"the page says version {version[:20]!r}; what that adds is not read")


def serial_number(value: Any) -> int | None:
    """Return the number of a change of the index, or None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62 else None


def _note_status(status: str, reason: str, notes: Notes) -> None:
    if status != "active":
        why = f": {reason[:150]}" if reason else ""
        notes.add("project-status", "", f"the index marks the project as {status[:20]!r}{why}")


def _bounded(found: Iterable[PageFile | None], count: int, notes: Notes) -> tuple[PageFile, ...]:
    if count > MOST_FILES:
        notes.add("too-many-files", "", f"{count:,} links; the first {MOST_FILES:,} are read")
    return tuple(one for one in found if one is not None)


_PLAIN = re.compile(r"(?:(https?://[\w.:-]+)|(?=/[^/]))(?:/(?!\.)[\w~%+!@,=.-]*)+", re.ASCII)
"""Links that need no joining: whole addresses, or paths from the root; no dot segments, no query, no parameters."""


_ALLOWED = "!#$%&'()*+,/:;=?@[]~"
"""What may stand in a request as it is (RFC 3986), besides letters, digits and "_.-"; all else is quoted."""


def _absolute(base: str, link: str) -> str:
    plain = _PLAIN.fullmatch(link) if base.startswith(("http://", "https://")) else None
    if plain is not None:  # nearly all; joining takes as long as everything else that is read of a file
        return link if plain[1] else start_of(base) + link
    return _joined(base, link)


def _joined(base: str, link: str) -> str:
    try:
        url = urljoin(base, clean(link)).partition("#")[0]
        start = start_of(url)
        url = start + quote(url[len(start) :], safe=_ALLOWED)
        schemes = ("file",) if base.startswith("file:") else ("http", "https")  # a page from a host names no local file
        return url if urlsplit(url).scheme in schemes else ""
    except ValueError:
        return ""


def timestamp(value: Any) -> Timestamp | None:
    """Return an ISO 8601 time as UTC to the second, or None where it is not one.

    >>> timestamp("2026-05-01T12:00:00.123456+02:00")
    '2026-05-01T10:00:00Z'
    """
    if not isinstance(value, str):
        return None
    utc_already = _UTC.fullmatch(value)  # as nearly all are written
    try:
        parsed = dt.datetime.fromisoformat(value.strip())
        if utc_already is not None:
            return Timestamp(f"{utc_already[1]}Z")
        utc = parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else parsed.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return Timestamp(utc.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))


def clean(text: str) -> str:
    """Return the text with what is not Unicode (lone surrogates) replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 50


def _noted_timestamp(value: Any, file: str, notes: Notes) -> Timestamp | None:
    found = timestamp(value)
    if found is None and value is not None:
        notes.add("odd-upload-time", file, f"{str(value)[:40]!r} is not a time")
    return found


def _noted_python(value: Any, file: str, notes: Notes) -> str | None:
    text = clean(value[:_LONGEST_TEXT]).strip() or None if isinstance(value, str) else None
    if text is not None and not is_specifier(text):
        notes.add("odd-requires-python", file, f"{text[:100]!r} is not a specifier")
    return text


def _noted_sha256(value: Any, file: str, notes: Notes) -> str | None:
    found = _sha256(value)
    if found is None and value is not None:
        notes.add("odd-hash", file, f"{str(value)[:80]!r} is not a SHA-256")
    return found


def _sha256(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.lower()
    return text if _SHA256.fullmatch(text) else None
