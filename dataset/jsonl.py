"""How is one release written as one line of JSON, and read back?"""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, get_args

from dataset.aboutlines import ABOUT, read_about
from dataset.decode import Decoder
from dataset.facts import Facts, assumed, facts_of, facts_to_text, file_name, release_of
from dataset.records import File, ImportsFrom, Release, Source, Timestamp, Trust
from dataset.usuallines import usual_line
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from normalize.requirements import parse_requirement

UNSTATED = "unstated"
"""The reason of requirements that a line from another tool leaves unknown without saying why."""

MOST_ERRORS = 20
"""An import stops reading after so many bad lines."""

_DAMAGED = "the file may be cut off or damaged: get it, or write it, again"
_LINE = 'a line is one release, such as {"project": "a", "version": "1", "requires": ["b>=2"]}'

_KEYS = (
    *("project", "version", "uploaded", "yanked", "requires_python", "requires", "unusable", "unknown"),
    *("extras", "imports", "source", "trust", "repaired", "builds", "gone", "imports_from", *ABOUT, "files"),
)
_FILE_KEYS = ("name", "path", "sha256", "size")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CANONICAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SOURCES: tuple[Source, ...] = get_args(Source)
_TRUSTS: tuple[Trust, ...] = get_args(Trust)
_IMPORTS_FROM: tuple[ImportsFrom, ...] = get_args(ImportsFrom)
_LARGEST_SIZE = 2**63 - 1  # what SQLite holds
_NAMES_KEPT = 1_000
_REQUIREMENTS_KEPT = 20_000
_FACTS_KEPT = 2_000


def release_from_line(line: str, where: str) -> Release:
    """Read one line.

    Requirement strings that are not PEP 508 move to ``unusable``. A line from another tool may hold the project, the
    version and the requirements alone.

    Args:
        line: the JSON text.
        where: where it stands, such as ``0.jsonl line 12``; every error begins with it.

    Raises:
        UsageError: the line does not have the shape; the sentence holds the path to the bad value.
    """
    usual = usual_line(line)
    if usual is not None:
        project, version, uploaded, yanked, gone, said, files = usual
        facts = _facts(said)
        if facts is not None:
            return release_of(project, version, uploaded, yanked, gone, facts, files)
    return _release(Decoder(_parse(line, where), where))


def release_from_data(data: dict[str, Any], where: str) -> Release:
    """Read one decoded line, or what a table says of a release; see `release_from_line`."""
    return _release(Decoder(data, where))


@lru_cache(_FACTS_KEPT)
def _facts(said: str) -> Facts | None:
    """Return what metadata says that an export spells like this; None where it is another text."""
    try:
        facts = facts_of(_release(Decoder(_parse(f'{{"project":"a","version":"1",{said}}}', ""), "")))
    except UsageError:  # whose sentence would be about a part of the line
        return None
    return facts if facts_to_text(facts) == said else None


def _release(data: Decoder) -> Release:
    data.only(*_KEYS)
    version = _filled(data, "version")
    requires = None if data.raw("requires") is None else data.texts("requires")
    usable = [] if requires is None else [text for text in set(requires) if _is_requirement(text)]
    unknown = _reason(data, known=requires is not None)
    source, trust = assumed(unknown=data.has("unknown"))
    return Release(
        project=_project(data),
        version=version,
        uploaded=_timestamp(data, "uploaded"),
        yanked=data.optional_text("yanked"),
        requires_python=data.optional_text("requires_python"),
        requires=None if requires is None else tuple(sorted(usable)),
        unusable=_sorted({*data.texts("unusable"), *(requires or ())}.difference(usable)),
        unknown=unknown,
        extras=_sorted(data.texts("extras")),
        imports=_sorted(data.texts("imports")),
        source=data.choice("source", _SOURCES, source),
        trust=data.choice("trust", _TRUSTS, trust if requires is not None else "none"),
        repaired=_sorted(data.texts("repaired")),
        builds=None if data.raw("builds") is None else _sorted(data.texts("builds")),
        gone=_timestamp(data, "gone"),
        imports_from=data.choice("imports_from", _IMPORTS_FROM, ""),
        about=read_about(data),
        files=_distinct(tuple(map(_file, data.tables("files"))), data.where),
    )


def releases_from_lines(lines: Iterable[bytes], where: str) -> Iterator[Release | UsageError]:
    """Read lines, blank ones aside; a bad line yields its error, so that all of them can be reported together."""
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        at = f"{where} line {number}"
        try:
            release = release_from_line(line.decode(), at)
        except UnicodeDecodeError:
            yield UsageError(f"{at}: not UTF-8", hint=_DAMAGED)
            continue
        except UsageError as error:
            yield error if error.hint else UsageError(error.sentence, hint=_LINE)
            continue
        first = seen.setdefault((release.project, release.version), number)
        if first == number:
            yield release
        else:
            yield UsageError(
                f"{at}: {release.project} {release.version} stands already in line {first}",
                hint="each release has one line; take one of them out",
            )


def all_or_errors(read: Iterable[Release | UsageError]) -> Iterator[Release]:
    """Yield the releases, and at the end report all errors together.

    Raises:
        UsageError: there were errors, or too many to read on.
    """
    errors: list[UsageError] = []
    for one in read:
        if isinstance(one, Release):
            yield one
            continue
        errors.append(one)
        if len(errors) == MOST_ERRORS:
            break
    if len(errors) == 1:
        raise errors[0]
    if errors:
        count = f"at least {MOST_ERRORS}" if len(errors) == MOST_ERRORS else str(len(errors))
        hints = dict.fromkeys(error.hint for error in errors if error.hint)
        lines = "\n".join(error.sentence for error in errors)
        raise UsageError(f"{count} problems in what was to be imported\n{lines}", hint="; ".join(hints))


def _parse(line: str, where: str) -> Any:
    try:
        data = _JSON.decode(line)
        if "\\u" in line:  # the only way for half a character to come in
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{where}: holds text that is not Unicode") from None
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")  # of a text that does not end
        raise UsageError(f"{where}: not JSON: {what} at column {error.colno}", hint=_DAMAGED) from None
    except RecursionError:
        raise UsageError(f"{where}: not a release: nested too deeply") from None
    except ValueError as error:
        raise UsageError(f"{where}: not JSON: {error}") from None
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"the key {twice!r} stands twice")
    return table


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _sorted(texts: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts))) if texts else ()


def _project(data: Decoder) -> ProjectName:
    text = _filled(data, "project")
    try:
        return _project_name(text)
    except UsageError as error:
        raise UsageError(f"{data.where}: project: {error.sentence}", hint=error.hint) from None


@lru_cache(_REQUIREMENTS_KEPT)
def _is_requirement(text: str) -> bool:
    # The parser keeps every requirement that it ever saw, for solvers; an import sees those of a whole index.
    return parse_requirement.__wrapped__(text) is not None


@lru_cache(_NAMES_KEPT)
def _project_name(text: str) -> ProjectName:
    return project_name(text)


def _filled(data: Decoder, key: str) -> str:
    text = data.text(key)
    if not text.strip():
        raise UsageError(f"{data.where}: {key}: expected text, found only blanks")
    return text


def _reason(data: Decoder, *, known: bool) -> str | None:
    reason = data.optional_text("unknown")
    if known and reason is not None:
        raise UsageError(f"{data.where}: unknown: the requirements are there, so they cannot be unknown")
    if known:
        return None
    if reason is not None and not _CODE.fullmatch(reason):
        raise UsageError(f"{data.where}: unknown: expected a code such as 'sdist-dynamic', found {reason[:40]!r}")
    return reason or UNSTATED


def _timestamp(data: Decoder, key: str) -> Timestamp | None:
    text = data.optional_text(key)
    if text is None:
        return None
    try:
        parsed = dt.datetime.fromisoformat(text)
        if _CANONICAL_TIME.fullmatch(text):
            return Timestamp(text)
        utc = None if parsed.tzinfo is None else parsed.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        utc = None
    if utc is None:
        raise UsageError(f"{data.where}: {key}: expected a time such as '2026-05-01T10:00:00Z', found {text[:40]!r}")
    return Timestamp(f"{utc.replace(tzinfo=None, microsecond=0).isoformat()}Z")


def _distinct(files: tuple[File, ...], where: str) -> tuple[File, ...]:
    ordered = tuple(sorted(files, key=file_name))
    for one, other in pairwise(ordered):
        if one.name == other.name:
            raise UsageError(f"{where}: files: {one.name!r} stands twice")
    return ordered


def _file(one: Decoder) -> File:
    one.only(*_FILE_KEYS)
    name, path = one.text("name"), one.optional_text("path")
    if not name or "/" in name or "\\" in name:
        raise UsageError(f"{one.where}.name: expected a file's name, found {name[:40]!r}")
    if path is not None and ("\\" in path or "//" in path or (".." in path and ".." in path.split("/"))):
        raise UsageError(
            f"{one.where}.path: expected a path relative to the base of the index's files, found {path[:40]!r}"
        )
    sha256, size = one.optional_text("sha256"), one.number("size")
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise UsageError(f"{one.where}.sha256: expected 64 lower-case hexadecimal digits, found {sha256[:70]!r}")
    if size is not None and size > _LARGEST_SIZE:
        raise UsageError(f"{one.where}.size: {size} bytes is more than any file has")
    return File(name=name, path=path, sha256=sha256, size=size)
