"""Which projects does an index list, and at which serial is each of them? The root list, in JSON and in HTML."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.links import Links
from crawler.pages import BadPage, check_version, serial_number
from normalize.errors import UsageError
from normalize.namespelling import LONGEST_NAME
from normalize.projects import ProjectName, project_name

MOST_ROOT = 256 << 20
SHRUNK = 0.02
"""A list that lost more than this part of its projects is not believed."""

_NORMAL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RootList:
    """The projects of an index.

    Attributes:
        serials: of each project; 0 where the index numbers no changes.
        numbered: whether it does.
        strange: names that cannot be those of projects, and names that mean one project twice: so many, and the first.
    """

    serials: Mapping[ProjectName, int]
    numbered: bool
    strange: tuple[int, str] = (0, "")


class _Projects:
    def __init__(self) -> None:
        self.serials: dict[ProjectName, int] = {}
        self.numbered = False
        self.strange = 0
        self.first = ""

    def add(self, name: str, serial: int | None) -> None:
        try:
            short = len(name) <= LONGEST_NAME and _NORMAL.fullmatch(name)
            project = ProjectName(name) if short else project_name(name)
        except UsageError:
            self._odd(name)
            return
        if project in self.serials:
            self._odd(name)
        self.numbered = self.numbered or serial is not None
        self.serials[project] = max(serial or 0, self.serials.get(project, 0))

    def _odd(self, name: str) -> None:
        self.strange += 1
        self.first = self.first or name[:100]


def parse_root(body: bytes) -> RootList:
    """Return the projects of a root list.

    Raises:
        BadPage: it is none, or of a later major version.
    """
    found = _Projects()
    if body.lstrip()[:1] == b"{":
        _json(body, found)
    else:
        _html(body.decode("utf-8", "replace"), found)
    return RootList(serials=found.serials, numbered=found.numbered, strange=(found.strange, found.first))


def _json(body: bytes, found: _Projects) -> None:
    def taken(pairs: list[tuple[str, Any]]) -> dict[str, Any] | None:
        """Take a project out of the list while it is read; as a value for each, the list takes ten times the memory."""
        one = dict(pairs)
        name = one.get("name")
        if not isinstance(name, str) or "projects" in one:
            return one
        found.add(name, serial_number(one.get("_last-serial")))
        return None

    try:
        data = json.loads(body, object_pairs_hook=taken)
    except (ValueError, RecursionError) as error:
        raise BadPage("bad-root-list", f"the root list is not JSON ({type(error).__name__})") from error
    meta = data.get("meta") if isinstance(data, dict) else None
    if not isinstance(meta, dict) or not isinstance(data.get("projects"), list):
        raise BadPage("bad-root-list", "the root list is JSON, but has no 'meta' or no 'projects'")
    check_version(meta.get("api-version"), lambda *_: None)


def _html(text: str, found: _Projects) -> None:
    reader = Links()
    reader.feed(text)
    reader.close()
    check_version(reader.version or "1.0", lambda *_: None)
    if not (reader.version or reader.listing):
        raise BadPage("bad-root-list", "the root list is HTML, but not that of an index")
    for link in reader.links:
        name = link.get("", "").strip().rstrip("/")
        if name:
            found.add(name, None)


def regression(before: Mapping[ProjectName, int], now: RootList) -> str:
    """Return why a list is not believed about what is gone, given the former one; "" where it is.

    An index that lost a large part of its projects, or went back in time, is more likely to be broken than right.
    """
    lost = sum(project not in now.serials for project in before)
    if before and lost > SHRUNK * len(before):
        return f"the root list lost {lost:,} of {len(before):,} projects"
    back = [project for project, serial in before.items() if now.serials.get(project, serial) < serial]
    if now.numbered and back:
        return f"the serials of {len(back):,} projects went back, of {min(back)!r} among them"
    return ""
