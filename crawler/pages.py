"""What does a project page list? JSON (PEP 691, 700) and HTML (PEP 503) become the same value."""

import datetime as dt
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from dataset.records import Timestamp

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
"""Asking for JSON is right even where the index only has HTML: some put upload times into it only then."""

MOST_FILES = 300_000
_LONGEST_TEXT = 4000
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".egg", ".tgz", ".tar.bz2", ".exe")
_HEX = frozenset("0123456789abcdef")


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
        url: absolute, without the fragment.
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


def parse_page(body: bytes, url: str) -> tuple[PageFile, ...]:
    """Return the files of a page that was read from this address, in the page's order.

    Which form it has is seen from the body, because indexes mislabel it.

    Raises:
        BadPage: it is neither form, or of a later major version.
    """
    if body.lstrip()[:1] == b"{":
        return _json(body, url)
    return _html(body.decode("utf-8", "replace"), url)


def _json(body: bytes, url: str) -> tuple[PageFile, ...]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadPage("bad-page", f"the page is not JSON ({type(error).__name__})") from error
    meta = data.get("meta")
    files = data.get("files")
    if not isinstance(meta, dict) or not isinstance(files, list):
        raise BadPage("bad-page", "the page is JSON, but not a project page: no 'meta' or no 'files'")
    _check_version(meta.get("api-version"))
    return tuple(found for one in files[:MOST_FILES] if (found := _json_file(one, url)) is not None)


def _json_file(one: Any, url: str) -> PageFile | None:
    if not isinstance(one, dict):
        return None
    name, link = one.get("filename"), one.get("url")
    if not isinstance(name, str) or not isinstance(link, str):
        return None
    hashes = one.get("hashes")
    size = one.get("size")
    yanked = one.get("yanked", False)
    core = one.get("core-metadata", one.get("dist-info-metadata"))  # PEP 714: the new key first
    return PageFile(
        name=clean(name),
        url=_absolute(url, link),
        sha256=_sha256(hashes.get("sha256")) if isinstance(hashes, dict) else None,
        size=size if isinstance(size, int) and not isinstance(size, bool) and 0 < size < 1 << 50 else None,
        uploaded=timestamp(one.get("upload-time")),
        requires_python=_text(one.get("requires-python")),
        yanked=clean(yanked[:_LONGEST_TEXT]) if isinstance(yanked, str) else "" if yanked is True else None,
        metadata_sha256=_sha256(core.get("sha256")) if isinstance(core, dict) else None,
    )


def _html(text: str, url: str) -> tuple[PageFile, ...]:
    reader = _Links()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, RecursionError) as error:
        raise BadPage("bad-page", f"the page is not HTML ({type(error).__name__})") from error
    _check_version(reader.version or "1.0")
    base = urljoin(url, reader.base) if reader.base else url
    files = tuple(found for link in reader.links[:MOST_FILES] if (found := _html_file(link, base)) is not None)
    marked = reader.version is not None or reader.titled
    if not marked and not any(one.name.endswith(_ARCHIVES) for one in files):
        raise BadPage("bad-page", "the page is HTML, but not a project page of an index")
    return files


class _Links(HTMLParser):
    """Collects what PEP 503 and its successors put into a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[dict[str, str]] = []
        self.base = ""
        self.version: str | None = None
        self.titled = False
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in reversed(attrs)}  # the first of two wins, as in browsers
        if tag == "a" and "href" in given:
            self.links.append(given)
        elif tag == "base" and not self.base:
            self.base = given.get("href", "")
        elif tag == "meta" and given.get("name", "").lower() == "pypi:repository-version":
            self.version = given.get("content", "")
        self._heading = tag in ("title", "h1")

    def handle_data(self, data: str) -> None:
        if self._heading and data.strip().lower().startswith("links for"):
            self.titled = True


def _html_file(link: dict[str, str], base: str) -> PageFile | None:
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
        sha256=_sha256(digest),
        uploaded=timestamp(link.get("data-upload-time")),
        requires_python=_text(link.get("data-requires-python")),
        yanked=clean(link["data-yanked"][:_LONGEST_TEXT]) if "data-yanked" in link else None,
        metadata_sha256=_sha256(core.removeprefix("sha256=")) if core.startswith("sha256=") else None,
    )


def _check_version(version: Any) -> None:
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        raise BadPage("page-version", f"the page says version {str(version)[:20]!r}; coset reads version 1")


def _absolute(base: str, link: str) -> str:
    try:
        url = urljoin(base, clean(link)).partition("#")[0]
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def timestamp(value: Any) -> Timestamp | None:
    """Return an ISO 8601 time as UTC to the second, or None where it is not one.

    >>> timestamp("2026-05-01T12:00:00.123456+02:00")
    '2026-05-01T10:00:00Z'
    """
    if not isinstance(value, str):
        return None
    try:
        parsed = dt.datetime.fromisoformat(value.strip())
        utc = parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else parsed.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return Timestamp(utc.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))


def clean(text: str) -> str:
    """Return the text with what is not Unicode (lone surrogates) replaced."""
    return text.encode("utf-8", "replace").decode()


def _text(value: Any) -> str | None:
    return clean(value[:_LONGEST_TEXT]).strip() or None if isinstance(value, str) else None


def _sha256(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.lower()
    return text if len(text) == 64 and set(text) <= _HEX else None
