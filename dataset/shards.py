"""How is a dataset cut into shards of JSON Lines with a manifest, and put together again?

A shard holds the releases of the projects whose names' SHA-256 begins with the shard's hexadecimal digits, sorted by
project, then version. Both directions work on file names and bytes; the command line opens the files.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator

from dataset.hashorder import by_prefix, name_hash
from dataset.jsonl import releases_from_lines
from dataset.manifest import DAMAGED, Manifest, Part, manifest_to_bytes
from dataset.records import LISTED, MANIFEST, Release
from dataset.store import Store
from normalize.errors import UsageError


def digits_for(projects: int) -> int:
    """Return how many digits name a shard: few enough files to review, small enough shards to change one.

    >>> [digits_for(n) for n in (160, 500, 501, 5_000, 5_001)]
    [1, 1, 2, 2, 3]
    """
    return 1 if projects <= 500 else 2 if projects <= 5_000 else 3


def to_shards(store: Store) -> Generator[tuple[str, bytes], None, None]:
    """Yield the shards and, last, the manifest, each with its file name; the same content gives the same bytes.

    One shard is in memory at a time. All of them show the dataset as it was at the same moment.
    """
    with store.unchanging():
        projects = store.projects()
        digits = digits_for(len(projects))
        shards = []
        for prefix, several in by_prefix(projects, digits):
            content, number = store.lines(several)
            shards.append(Part(f"{prefix}.jsonl", hashlib.sha256(content).hexdigest(), number))
            yield shards[-1].name, content
        manifest = Manifest(
            digits=digits, parts=tuple(shards), crawled=store.crawled(), problems=tuple(store.problems())
        )
        yield MANIFEST, manifest_to_bytes(manifest, store.counts())


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
    found: Counter[str] = Counter()
    for extra in sorted(set(there) - {shard.name for shard in manifest.parts}):
        yield UsageError(f"{where}/{extra}: the manifest does not name this shard", hint=DAMAGED)
    for shard in manifest.parts:
        at = f"{where}/{shard.name}"
        if shard.name not in there:
            yield UsageError(f"{at}: the manifest names this shard, but it is missing", hint=DAMAGED)
            found["errors"] += 1
            continue
        content = read(shard.name)
        if (digest := hashlib.sha256(content).hexdigest()) != shard.sha256:
            yield UsageError(
                f"{at}: differs from the manifest: expected sha256 {shard.sha256[:16]}..., found {digest[:16]}...",
                hint=DAMAGED,
            )
        elif (lines := content.count(b"\n")) != shard.lines:
            yield UsageError(f"{at}: holds {lines} lines, the manifest says {shard.lines}", hint=DAMAGED)
        else:
            yield from _read(content, shard.name, at, found)
            continue
        found["errors"] += 1
    yield from _compared(manifest, found, where)


def _read(content: bytes, shard: str, at: str, found: Counter[str]) -> Iterator[Release | UsageError]:
    """Yield the releases of a shard, and an error for each project that belongs into another; count all of them."""
    projects = set()
    for one in releases_from_bytes(content, at):
        if isinstance(one, UsageError):
            found["errors"] += 1
        else:
            if one.project not in projects:
                projects.add(one.project)
                found["projects"] += 1
                if not name_hash(one.project).startswith(shard.removesuffix(".jsonl")):
                    yield UsageError(f"{at}: {one.project!r} belongs into another shard", hint=DAMAGED)
            found["releases"] += 1
            found["known"] += one.unknown is None
            found["listed"] += one.unknown == LISTED
        yield one


def _compared(manifest: Manifest, found: Counter[str], where: str) -> Iterator[UsageError]:
    """Yield where the totals are not those that the manifest tells; what cannot be read has been told before."""
    for name, told in manifest.totals:
        if not found["errors"] and found[name] != told:
            yield UsageError(f"{where}: {name}: found {found[name]}, the manifest says {told}", hint=DAMAGED)


def releases_from_bytes(content: bytes, where: str) -> Iterator[Release | UsageError]:
    """Read the bytes of one JSON Lines file; a bad line yields its error."""
    return releases_from_lines(content.split(b"\n"), where)  # not splitlines, which also splits at carriage returns
