"""What does the file beside shards or tables say of them? What there must be, when it was crawled, what went wrong."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from dataset.crawlstate import Counts, Crawled, Problem
from dataset.decode import Decoder
from dataset.records import Timestamp
from normalize.errors import UsageError
from normalize.projects import project_name

SCHEMA = 1

SHARD_NAME = re.compile(r"[0-9a-f]{1,3}\.jsonl")
TABLE_NAME = re.compile(r"(release|facts|file)\.parquet")

DAMAGED = "get the files again, or export them again; they belong together with their manifest"


@dataclass(frozen=True, slots=True)
class Part:
    """What the manifest says of one shard or table: its file's name and hash, and how many lines or rows it has."""

    name: str
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a folder of shards or tables holds.

    Attributes:
        digits: how many hexadecimal digits name a shard; None for the tables of Parquet.
        parts: sorted by name.
        crawled: when; None for data that no crawl made.
        problems: what the crawl could not read, sorted.
        totals: what it says of all shards together, as far as it does: projects, releases, known and listed ones.
    """

    digits: int | None
    parts: tuple[Part, ...]
    crawled: Crawled | None
    problems: tuple[Problem, ...]
    totals: tuple[tuple[str, int], ...] = ()

    @property
    def releases(self) -> int:
        """How many there are."""
        return sum(one.lines for one in self.parts if self.digits is not None or one.name.startswith("release."))


def manifest_to_bytes(manifest: Manifest, counts: Counts) -> bytes:
    """Return the manifest as JSON, with totals for people."""
    if manifest.digits is None:
        parts = {"tables": {one.name: {"sha256": one.sha256, "rows": one.lines} for one in manifest.parts}}
    else:
        parts = {"shards": {one.name: {"sha256": one.sha256, "lines": one.lines} for one in manifest.parts}}
    data = {
        "schema": SCHEMA,
        "crawled": None if manifest.crawled is None else asdict(manifest.crawled),
        "totals": {
            "projects": counts.projects,
            "releases": counts.releases,
            "known": counts.known,
            "listed": counts.listed,
            "unknown": dict(counts.unknown),
        },
        **({} if manifest.digits is None else {"digits": manifest.digits}),
        **parts,
        "problems": [asdict(one) for one in manifest.problems],
    }
    return json.dumps(data, indent=1, ensure_ascii=True).encode() + b"\n"


def read_manifest(content: bytes, where: str) -> Manifest:
    """Read the manifest.

    Raises:
        UsageError: it is cut off, has another schema, or does not have the shape.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON, or cut off: {error}", hint=DAMAGED) from None
    root = Decoder(data, where)
    root.schema(SCHEMA)
    tables = root.has("tables")
    digits = None if tables else root.number("digits")
    if not tables and digits not in (1, 2, 3):
        raise UsageError(f"{where}: digits: expected 1, 2 or 3, found {digits!r}")
    parts = [_part(name, one, tables=tables) for name, one in root.items("tables" if tables else "shards")]
    crawled = None
    if root.raw("crawled") is not None:
        times = Decoder(root.raw("crawled"), f"{where}: crawled")
        crawled = Crawled(Timestamp(times.text("first")), Timestamp(times.text("last")))
    return Manifest(
        digits=digits,
        parts=tuple(sorted(parts, key=lambda one: one.name)),
        crawled=crawled,
        problems=tuple(sorted(_problem(one) for one in root.tables("problems"))),
        totals=() if root.raw("totals") is None else tuple(_totals(Decoder(root.raw("totals"), f"{where}: totals"))),
    )


def _totals(told: Decoder) -> Iterator[tuple[str, int]]:
    for name in ("projects", "releases", "known", "listed"):
        number = told.number(name)
        if number is not None:
            yield name, number


def _part(name: str, one: Decoder, *, tables: bool) -> Part:
    if not (TABLE_NAME if tables else SHARD_NAME).fullmatch(name):
        raise UsageError(f"{one.where}: {name[:40]!r} is not the name of a {'table' if tables else 'shard'}")
    return Part(name, one.text("sha256"), one.number("rows" if tables else "lines") or 0)


def _problem(one: Decoder) -> Problem:
    rest = (one.text(key) for key in ("version", "file", "code", "detail"))
    return Problem(project_name(one.text("project")), *rest)
