"""Which links does an HTML page of an index hold, and what does it say of itself (PEP 503, 629, 792)?"""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

_SERIAL = re.compile(r"\s*SERIAL (\d{1,18})\s*")


class Links(HTMLParser):
    """Collects what PEP 503 and its successors put into a page.

    Attributes:
        links: the attributes of each link, with its text under "".
        base: what relative addresses are relative to, "" for the page itself.
        version: of the interface, where the page says one.
        titled: whether the page calls itself a project page.
        listing: whether the page calls itself a list of projects.
        serial: of the page, which mirrors write into a comment.
        status: of the project, and the reason given.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[dict[str, str]] = []
        self.base = ""
        self.version: str | None = None
        self.titled = False
        self.listing = False
        self.serial: int | None = None
        self.status = ("", "")
        self._heading = False
        self._in_link = False

    def base_at(self, url: str) -> str:
        """Return what relative addresses of the page at a URL are relative to; a base that is no address is none."""
        try:
            return urljoin(url, self.base)
        except ValueError:
            return url

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link, or what the page says of itself."""
        given = {key: value or "" for key, value in reversed(attrs)}  # the first of two wins, as in browsers
        if tag == "a":
            self._in_link = "href" in given
            if self._in_link:
                self.links.append(given)
        elif tag == "base" and not self.base:
            self.base = given.get("href", "")
        elif tag == "meta":
            self._meta(given.get("name", "").lower(), given.get("content", ""))
        self._heading = tag in ("title", "h1")

    def handle_endtag(self, tag: str) -> None:
        """See where a link ends."""
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        """Take the text of a link or a heading."""
        if self._in_link:
            self.links[-1].setdefault("", data)
        elif self._heading:
            heading = data.strip().lower()
            self.titled = self.titled or heading.startswith("links for")
            self.listing = self.listing or heading.startswith("simple index")

    def handle_comment(self, data: str) -> None:
        """Take the serial."""
        match = _SERIAL.fullmatch(data)
        if match:
            self.serial = int(match[1])

    def _meta(self, name: str, content: str) -> None:
        if name == "pypi:repository-version":
            self.version = content
        elif name == "pypi:project-status":
            self.status = (content, self.status[1])
        elif name == "pypi:project-status-reason":
            self.status = (self.status[0], content)
