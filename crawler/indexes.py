"""From which index is a project read? From one and no other, so that nobody can slip in a project of the same name."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from crawler.locations import origin, without_user
from normalize.errors import UsageError
from normalize.projects import ProjectName

_PATTERN = re.compile(r"[a-z0-9*?\[\]!-]+")
_KEY = re.compile("[a-z_-]{1,20}")
_LINE = re.compile("line [0-9]+, column [0-9]+")
_PASSWORD_OR_PATH = re.compile(r"https?://[^/@\[]*:[^@]*/[^@]*@")
"""A user and a password with a slash in it, or a host, a port and a path: whoever is asked may be the wrong one."""

Chosen = tuple[tuple[str, str], ...]
"""(pattern, address of the index), the first match wins."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """The indexes of one crawl.

    There is no falling back: a project that its index does not have is not asked for elsewhere.

    Attributes:
        default: where projects are read that no pattern names.
        chosen: patterns as of `fnmatch`, over normalised names.
    """

    default: str = field(repr=False)  # addresses may hold passwords
    chosen: Chosen = field(default=(), repr=False)

    def of(self, project: ProjectName) -> str:
        """Return the address of the one index that the project is read from.

        >>> Indexes("https://a.example/", (("acme-*", "https://b.example/"),)).of(ProjectName("acme-tools"))
        'https://b.example/'
        """
        return next((url for pattern, url in self.chosen if fnmatchcase(project, pattern)), self.default)

    def names(self, project: ProjectName) -> bool:
        """Return whether a pattern names the project."""
        return any(fnmatchcase(project, pattern) for pattern, _ in self.chosen)

    def addresses(self) -> tuple[str, ...]:
        """Return the address of each index once, the default first."""
        return tuple(dict.fromkeys((self.default, *(url for _, url in self.chosen))))

    def without_users(self) -> "Indexes":
        """Return the same with addresses that hold no user and password."""
        return Indexes(without_user(self.default), tuple((pattern, without_user(url)) for pattern, url in self.chosen))


def index_address(text: str) -> str | None:
    """Return the address of an index as it is used, with its slash at the end; None where it cannot be one.

    >>> index_address(" https://index.example/simple ")
    'https://index.example/simple/'
    """
    url = text.strip()
    if any(c <= " " or c == "\x7f" for c in url) or "?" in url or "#" in url or _PASSWORD_OR_PATH.match(url):
        return None
    web = url.startswith(("http://", "https://")) and origin(url) != ""
    return f"{url.rstrip('/')}/" if web or url.startswith("file:///") else None


def chosen_by_options(texts: Iterable[str]) -> Chosen:
    """Read the texts of repeated options, each ``PATTERN=URL``.

    Raises:
        UsageError: some cannot be read; all of them are named.
    """
    found: list[tuple[str, str]] = []
    problems: list[str] = []
    for number, text in enumerate(texts, 1):
        pattern, _, url = text.partition("=")  # a pattern that is none may be an address with a password
        _add(found, problems, pattern, url, where=f"{pattern!r}" if _normal(pattern) else f"number {number}")
    if problems:
        raise UsageError(
            f"which index has which project cannot be read: {'; '.join(problems)}",
            hint="write it as PATTERN=URL, such as 'acme-*=https://index.example/simple/'",
        )
    return tuple(found)


def chosen_by_file(text: str, name: str) -> Chosen:
    """Read a TOML text: tables ``[[index]]`` with ``url`` and ``projects``, a list of patterns.

    Args:
        text: of the file.
        name: of the file, for errors.

    Raises:
        UsageError: it cannot be read; each problem is named with the path to its value.
    """
    hint = 'write tables [[index]] with url = "https://index.example/simple/" and projects = ["acme-*"]'
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # its message may quote a password
        line = _LINE.search(str(error))
        raise UsageError(f"{name!r} is not TOML{f': see {line[0]}' if line else ''}", hint=hint) from None
    problems = [f"unknown key {_key(key)!r}" for key in sorted(data.keys() - {"index"})]
    tables = data.get("index")
    if not isinstance(tables, list) or not tables:
        problems.append("index: there is no table [[index]]")
        tables = []
    found: list[tuple[str, str]] = []
    addresses: dict[str, str] = {}
    for i, table in enumerate(tables):
        _read_table(table, f"index[{i}]", found, addresses, problems)
    if problems:
        raise UsageError(f"{name!r} does not say which index has which project: {'; '.join(problems)}", hint=hint)
    return tuple(found)


def _read_table(
    table: Any, where: str, found: list[tuple[str, str]], addresses: dict[str, str], problems: list[str]
) -> None:
    if not isinstance(table, dict):
        problems.append(f"{where}: is not a table")
        return
    problems += [f"{where}.{_key(key)}: unknown key" for key in sorted(table.keys() - {"url", "projects"})]
    url, patterns = table.get("url"), table.get("projects")
    if not isinstance(url, str):
        problems.append(f"{where}.url: is not a text")
        return
    usual = index_address(url)
    if usual is not None and usual in addresses:
        problems.append(f"{where}.url: is that of {addresses[usual]} again")
    addresses.setdefault(usual or "", where)
    if not isinstance(patterns, list) or not patterns:
        problems.append(f"{where}.projects: is not a list of patterns")
        return
    if usual is None:
        problems.append(f"{where}.url: is not an http, https or file address")
        return
    for i, pattern in enumerate(patterns):
        _add(found, problems, pattern, usual, where=f"{where}.projects[{i}]")


def _add(found: list[tuple[str, str]], problems: list[str], pattern: Any, url: str, *, where: str) -> None:
    address = index_address(url)
    if address is None:
        problems.append(f"{where}: its index is not an http, https or file address")
        return
    normal = _normal(pattern)
    if normal is None:
        problems.append(f"{where}: is not a pattern over project names")
    elif any(normal == one for one, _ in found):
        problems.append(f"{where}: the pattern {normal!r} is given twice")
    else:
        found.append((normal, address))


def _normal(pattern: Any) -> str | None:
    """Return a pattern as it is compared with names; None where it is none."""
    normal = re.sub(r"[-_.]+", "-", pattern.strip().lower()) if isinstance(pattern, str) else ""
    return normal if _PATTERN.fullmatch(normal) else None


def _key(key: str) -> str:
    """Return a key of a table as it may be shown; an address may stand where a key should."""
    return key if _KEY.fullmatch(key) else "..."
