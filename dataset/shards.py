"""How is a dataset cut into shards of JSON Lines with a manifest, and put together again?

A shard holds the releases of the projects whose names' SHA-256 begins with the shard's hexadecimal digits, sorted by
project, then version. Both directions work on file names and bytes; the command line opens the files.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass

from dataset.crawlstate import Counts, Crawled, Problem
from dataset.decode import Decoder
from dataset.hashorder import by_prefix, name_hash
from dataset.jsonl import releases_from_lines
from dataset.records import MANIFEST, Release, Timestamp
from dataset.store import Store
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
    return f"{name_hash(project)[:digits]}.jsonl"


def to_shards(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield the shards and, last, the manifest, each with its file name; the same content gives the same bytes.

    One shard is in memory at a time. All of them show the dataset as it was at the same moment.
    """
    with store.unchanging():
        projects = store.projects()
        digits = digits_for(len(projects))
        shards = []
        for prefix, several in by_prefix(projects, digits):
            content = "".join(store.lines(several)).encode("ascii")
            shards.append(Shard(f"{prefix}.jsonl", hashlib.sha256(content).hexdigest(), content.count(b"\n")))
            yield shards[-1].name, content
        manifest = Manifest(
            digits=digits, shards=tuple(shards), crawled=store.crawled(), problems=tuple(store.problems())
        )
        yield MANIFEST, _manifest_to_bytes(manifest, store.counts())


def _manifest_to_bytes(manifest: Manifest, counts: Counts) -> bytes:
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
        "digits": manifest.digits,
        "shards": {one.name: {"sha256": one.sha256, "lines": one.lines} for one in manifest.shards},
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


def from_shards(
    manifest: Manifest, there: Collection[str], read: Callable[[str], bytes], where: str
) -> Iterator[Release | UsageError]:
    """Read all shards, one at a time; a bad shard or line yields its error, so that all can be reported together.

    Args:
        manifest: what there must be.
        there: the names of the shards that are there.
        read: returns the content of one of them.
        where: the folder, for the errors.
    """
    for extra in sorted(set(there) - {shard.name for shard in manifest.shards}):
        yield UsageError(f"{where}/{extra}: the manifest does not name this shard", hint=_DAMAGED)
    for shard in manifest.shards:
        at = f"{where}/{shard.name}"
        if shard.name not in there:
            yield UsageError(f"{at}: the manifest names this shard, but it is missing", hint=_DAMAGED)
            continue
        content = read(shard.name)
        if (found := hashlib.sha256(content).hexdigest()) != shard.sha256:
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
    return releases_from_lines(content.split(b"\n"), where)  # not splitlines, which also splits at carriage returns
