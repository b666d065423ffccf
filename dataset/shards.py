"""How is a dataset cut into shards of JSON Lines with a manifest, and put together again?

A shard holds the releases of the projects whose names' SHA-256 begins with the shard's hexadecimal digits, sorted by
project, then version. Both directions work on file names and bytes; the command line opens the files.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataset.crawlstate import Crawled, Problem
from dataset.decode import Decoder
from dataset.jsonl import release_order, release_to_line, releases_from_lines
from dataset.records import LISTED, MANIFEST, Release, Timestamp
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name

SCHEMA = 1

SHARD_NAME = re.compile(r"[0-9a-f]{1,3}\.jsonl")

_DAMAGED = "get the files again, or export them again; the manifest and the shards belong together"


@dataclass(frozen=True, slots=True)
class Shard:
    """What the manifest says of one shard."""

    name: str
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a folder of shards holds.

    Attributes:
        digits: how many hexadecimal digits name a shard.
        shards: sorted by name.
        crawled: when; None for data that no crawl made.
        problems: what the crawl could not read, sorted.
    """

    digits: int
    shards: tuple[Shard, ...]
    crawled: Crawled | None
    problems: tuple[Problem, ...]


def digits_for(projects: int) -> int:
    """Return how many digits name a shard: few enough files to review, small enough shards to change one.

    >>> [digits_for(n) for n in (160, 500, 501, 5_000, 5_001)]
    [1, 1, 2, 2, 3]
    """
    return 1 if projects <= 500 else 2 if projects <= 5_000 else 3


def shard_of(project: ProjectName, digits: int) -> str:
    """Return the name of the shard that holds the project.

    >>> shard_of(ProjectName("numpy"), 1)
    '7.jsonl'
    """
    return f"{hashlib.sha256(project.encode()).hexdigest()[:digits]}.jsonl"


def to_shards(
    releases: Iterable[Release], *, problems: Iterable[Problem] = (), crawled: Crawled | None = None
) -> dict[str, bytes]:
    """Return the shards and, last, the manifest, by file name; the same content gives the same bytes."""
    ordered = sorted(releases, key=release_order)
    digits = digits_for(len({one.project for one in ordered}))
    lines: dict[str, list[str]] = {}
    for one in ordered:
        lines.setdefault(shard_of(one.project, digits), []).append(release_to_line(one))
    files = {name: "".join(f"{line}\n" for line in lines[name]).encode() for name in sorted(lines)}
    manifest = {
        "schema": SCHEMA,
        "crawled": None if crawled is None else {"first": crawled.first, "last": crawled.last},
        "totals": _totals(ordered),
        "digits": digits,
        "shards": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "lines": len(lines[name])}
            for name, content in files.items()
        },
        "problems": [
            {"project": one.project, "version": one.version, "file": one.file, "code": one.code, "detail": one.detail}
            for one in sorted(set(problems))
        ],
    }
    return {**files, MANIFEST: json.dumps(manifest, indent=1, ensure_ascii=True).encode() + b"\n"}


def _totals(releases: list[Release]) -> dict[str, Any]:
    reasons = [one.unknown for one in releases if one.unknown is not None]
    return {
        "projects": len({one.project for one in releases}),
        "releases": len(releases),
        "known": len(releases) - len(reasons),
        "listed": reasons.count(LISTED),
        "unknown": {reason: reasons.count(reason) for reason in sorted(set(reasons)) if reason != LISTED},
        "requirements": len({text for one in releases for text in one.requires or ()}),
    }


def read_manifest(content: bytes, where: str) -> Manifest:
    """Read the manifest.

    Raises:
        UsageError: it is cut off, has another schema, or does not have the shape.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON, or cut off: {error}", hint=_DAMAGED) from None
    root = Decoder(data, where)
    root.schema(SCHEMA)
    digits = root.number("digits")
    if digits not in (1, 2, 3):
        raise UsageError(f"{where}: digits: expected 1, 2 or 3, found {digits!r}")
    crawled = None
    if root.raw("crawled") is not None:
        times = Decoder(root.raw("crawled"), f"{where}: crawled")
        crawled = Crawled(Timestamp(times.text("first")), Timestamp(times.text("last")))
    return Manifest(
        digits=digits,
        shards=tuple(sorted((_shard(name, one) for name, one in root.items("shards")), key=lambda one: one.name)),
        crawled=crawled,
        problems=tuple(sorted(_problem(one) for one in root.tables("problems"))),
    )


def _shard(name: str, one: Decoder) -> Shard:
    if not SHARD_NAME.fullmatch(name):
        raise UsageError(f"{one.where}: {name[:40]!r} is not the name of a shard")
    return Shard(name, one.text("sha256"), one.number("lines") or 0)


def _problem(one: Decoder) -> Problem:
    rest = (one.text(key) for key in ("version", "file", "code", "detail"))
    return Problem(project_name(one.text("project")), *rest)


def from_shards(manifest: Manifest, files: Mapping[str, bytes], where: str) -> Iterator[Release | UsageError]:
    """Read all shards; a bad shard or line yields its error, so that all of them can be reported together.

    Args:
        manifest: what there must be.
        files: the content of every shard that is there, by name.
        where: the folder, for the errors.
    """
    for extra in sorted(set(files) - {shard.name for shard in manifest.shards}):
        yield UsageError(f"{where}/{extra}: the manifest does not name this shard", hint=_DAMAGED)
    for shard in manifest.shards:
        at = f"{where}/{shard.name}"
        content = files.get(shard.name)
        if content is None:
            yield UsageError(f"{at}: the manifest names this shard, but it is missing", hint=_DAMAGED)
        elif (found := hashlib.sha256(content).hexdigest()) != shard.sha256:
            yield UsageError(
                f"{at}: differs from the manifest: expected sha256 {shard.sha256[:16]}..., found {found[:16]}...",
                hint=_DAMAGED,
            )
        elif (lines := content.count(b"\n")) != shard.lines:
            yield UsageError(f"{at}: holds {lines} lines, the manifest says {shard.lines}", hint=_DAMAGED)
        else:
            yield from releases_from_bytes(content, at)


def releases_from_bytes(content: bytes, where: str) -> Iterator[Release | UsageError]:
    """Read the bytes of one JSON Lines file; a bad line yields its error."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield UsageError(f"{where} line {line}: not UTF-8")
        return
    yield from releases_from_lines(text.split("\n"), where)  # not splitlines, which also splits at U+2028
