"""Which indexes does this machine's pip use? Its configuration says, else pip's own default."""

import ast
import re
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from crawler.locations import shown
from normalize.errors import OutsideError, UsageError

_SECTIONS = (":env:", "install", "global")
"""The one that pip itself prefers comes first."""

_LINE = re.compile(r"line:? +([0-9]+)")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PipIndexes:
    """What pip is told about indexes.

    Attributes:
        configured: the index that its configuration names, or None.
        extra: those that it asks besides. coset reads no project from them unless it is told to; but they may hold the
            credentials of an index that it is told to read.
    """

    configured: str | None = field(repr=False)  # addresses may hold passwords
    extra: tuple[str, ...] = field(repr=False)

    def default(self) -> str:
        """Return the address of the index that pip would use.

        Raises:
            UsageError: there is no pip to ask.
        """
        return self.configured or _own_default()

    def addresses(self) -> tuple[str, ...]:
        """Return all addresses that the configuration names."""
        return (*(() if self.configured is None else (self.configured,)), *self.extra)


def pip_indexes() -> PipIndexes:
    """Ask pip for its configuration: its files and its variables of the environment.

    Raises:
        UsageError: pip cannot read it.
        OutsideError: pip does not answer.
    """
    if find_spec("pip") is None:
        return PipIndexes(None, ())
    try:
        listing = subprocess.run(
            [sys.executable, "-m", "pip", "config", "list"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise OutsideError(f"pip did not tell its configuration within {_SECONDS} seconds") from None
    if listing.returncode:
        raise UsageError(
            f"pip cannot read its configuration: {_said(listing.stderr)}",
            hint="repair the file that 'pip config list' complains of, or name the index with --index",
        )
    configured = dict(line.partition("=")[::2] for line in listing.stdout.splitlines())
    extra = tuple(_value(configured, "extra-index-url").split())
    return PipIndexes(_value(configured, "index-url") or None, extra)


def _said(text: str) -> str:
    """Return what pip said of its configuration without the lines of it that it quotes: they may hold passwords."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "it says nothing")
    sentence = " ".join(shown(word) for word in first.removeprefix("ERROR: ").split())
    line = _LINE.search(text)
    return sentence[:1].lower() + sentence[1:].rstrip(".") + (f" (line {line[1]})" if line else "")


def _value(configured: dict[str, str], key: str) -> str:
    for section in _SECTIONS:
        said = configured.get(f"{section}.{key}", "").strip()
        try:
            value = str(ast.literal_eval(said)) if said else ""  # pip prints what Python would
        except (ValueError, SyntaxError):
            value = said.strip("'\"")
        if value.strip():
            return value.strip()
    return ""


def default_files_base() -> str:
    """Return the address below which pip's own default index keeps its files, whatever the configuration says.

    A dataset keeps the paths of files, and fetchPypi, too, knows this index alone.

    Raises:
        UsageError: there is no pip to ask.
    """
    return f"https://{_own_index('--files-base https://files.example/').file_storage_domain}/"


def own_addresses() -> tuple[str, ...]:
    """Return the addresses of pip's own default index and of its files; none where there is no pip to ask."""
    try:
        return (_own_default(), default_files_base())
    except UsageError:
        return ()


def _own_default() -> str:
    return str(_own_index("--index https://index.example/simple/").simple_url)


def _own_index(option: str) -> Any:
    """Return what pip knows of its own index, which the option could name as well."""
    try:
        # No host name is written in coset: the index is pip's choice. pip calls this module internal, so its absence
        # is an answer, not an accident.
        from pip._internal.models.index import PyPI  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "pip names no index: it is not installed or keeps its default elsewhere",
            hint=f"name one with {option.partition(' ')[0]}, for example {option}",
        ) from None
    return PyPI
