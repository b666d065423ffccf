"""How is a dataset written as three tables of Parquet, and read back? For who loads all of it into other programs.

``release.parquet`` has a row for each release and ``facts.parquet`` one for all releases whose metadata says the same:
these two are small and tell who requires what. ``file.parquet``, by far the largest, has a row for each file. A release
names its facts by the number of their row. All tables are in the order of shards (`dataset.hashorder`).

The same content gives the same bytes as long as the library is the same. The rows of the database become columns
without becoming releases in between. On the way in, every row goes through the same door as a line of JSON, or, where
it is as an export writes it, through a narrower one.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from dataset.aboutlines import ABOUT
from dataset.facts import Facts, facts_of, release_of
from dataset.hashorder import by_prefix
from dataset.jsonl import release_from_data
from dataset.manifest import DAMAGED, Manifest, Part, manifest_to_bytes
from dataset.records import MANIFEST, Release
from dataset.store import Store
from dataset.usuallines import usual_files, usual_outside
from normalize.errors import UsageError

RELEASE, FACTS, FILE = "release.parquet", "facts.parquet", "file.parquet"

_ROWS = 20_000
"""Releases in memory at once, and in a group of rows."""

_LISTS = ("requires", "unusable", "extras", "imports", "repaired", "builds")
_TEXTS = ("requires_python", "unknown", "source", "trust", "imports_from", *ABOUT)
_Row = tuple[Any, ...]
_NUMBER, _FILES = 5, 6  # in what `Store.rows` returns
_RELEASE = ("project", "version", "uploaded", "yanked", "gone")
_FILE = ("name", "path", "sha256")


def _library() -> tuple[ModuleType, ModuleType, ModuleType]:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - optional
        import pyarrow.compute  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "Parquet needs the library pyarrow, which is not installed", hint="install coset with it: 'coset[parquet]'"
        ) from None
    return pyarrow, pyarrow.compute, pyarrow.parquet


def write_tables(store: Store, folder: Path) -> dict[str, int]:
    """Write the tables and, last, the manifest into an empty folder; return the size of each file.

    Raises:
        UsageError: the library is missing.
        OSError: the disk failed.
    """
    parquet = _library()[2]
    options = {"compression": "zstd", "compression_level": 1, "version": "2.6"}
    few = {
        RELEASE: ["project", "yanked", "gone"],
        FACTS: ["source", "trust"],
        FILE: ["project"],
    }  # what is worth a dictionary

    def table(name: str) -> Any:
        return parquet.ParquetWriter(folder / name, _schema(name), use_dictionary=few[name], **options)

    rows = {RELEASE: 0, FACTS: 0, FILE: 0}
    with (
        store.unchanging(),
        table(RELEASE) as release_table,
        table(FACTS) as facts_table,
        table(FILE) as file_table,
    ):
        numbers: dict[int, int] = {}
        for some in _chunks(store):
            fresh = [one for one in dict.fromkeys([row[_NUMBER] for row in some]) if one not in numbers]
            numbers.update(zip(fresh, range(len(numbers), len(numbers) + len(fresh)), strict=True))
            for written, name, content in (
                (release_table, RELEASE, _releases(some, numbers)),
                (facts_table, FACTS, _facts(store.facts(fresh))),
                (file_table, FILE, _files(some)),
            ):
                written.write_table(content)
                rows[name] += len(content)
        counts, crawled, problems = store.counts(), store.crawled(), store.problems()
    parts = tuple(Part(name, _sha256(folder / name), rows[name]) for name in sorted(rows))
    manifest = Manifest(digits=None, parts=parts, crawled=crawled, problems=problems)
    (folder / MANIFEST).write_bytes(manifest_to_bytes(manifest, counts))
    return {name: (folder / name).stat().st_size for name in (*sorted(rows), MANIFEST)}


def read_tables(manifest: Manifest, folder: Path) -> Iterator[Release | UsageError]:
    """Read the tables; a bad table or row yields its error, so that all of them can be reported together.

    Raises:
        UsageError: the library is missing.
        OSError: the disk failed.
    """
    parquet = _library()[2]
    bad = [error for name in (RELEASE, FACTS, FILE) for error in _wrong(manifest, folder / name)]
    if bad:
        yield from bad
        return
    facts = parquet.read_table(folder / FACTS)
    files = _file_groups(parquet.ParquetFile(folder / FILE))
    waiting = next(files, None)
    known: dict[int | None, Facts | None] = {}
    row = 0
    for batch in parquet.ParquetFile(folder / RELEASE).iter_batches(_ROWS):
        numbers = batch["facts"].to_pylist()
        try:
            said = dict(zip(numbers, facts.take(batch["facts"]).to_pylist(), strict=True))
        except IndexError:
            yield UsageError(f"{folder / RELEASE}: names facts that {FACTS} does not have", hint=DAMAGED)
            return
        known = {number: known[number] if number in known else _known(one) for number, one in said.items()}
        for *outside, number in zip(*(batch[key].to_pylist() for key in _RELEASE), numbers, strict=True):
            row += 1
            project, version, uploaded, yanked, gone = outside
            owned: list[tuple[Any, ...]] = []
            if waiting is not None and waiting[0] == (project, version):
                owned = waiting[1]
                waiting = next(files, None)
            facts_known, found = known[number], usual_files(owned)
            if facts_known is not None and found is not None and usual_outside(project, version, uploaded, gone):
                yield release_of(project, version, uploaded, yanked, gone, facts_known, found)
                continue
            data = dict(zip(_RELEASE, outside, strict=True)) | (said[number] or {})
            data["files"] = [_there(zip((*_FILE, "size"), one, strict=True)) for one in owned]
            try:
                yield release_from_data(_there(data.items()), f"{folder / RELEASE} row {row}")
            except UsageError as error:
                yield error
    if waiting is not None:
        yield UsageError(f"{folder / FILE}: {waiting[0][0]} {waiting[0][1]} is no release", hint=DAMAGED)


def _wrong(manifest: Manifest, path: Path) -> Iterator[UsageError]:
    parquet = _library()[2]
    part = next((one for one in manifest.parts if one.name == path.name), None)
    if part is None or not path.is_file():
        yield UsageError(f"{path}: {'the manifest does not name it' if part is None else 'is missing'}", hint=DAMAGED)
        return
    if (found := _sha256(path)) != part.sha256:
        said = f"differs from the manifest: expected sha256 {part.sha256[:16]}..., found {found[:16]}..."
        yield UsageError(f"{path}: {said}", hint=DAMAGED)
        return
    try:
        table = parquet.ParquetFile(path)
    except (OSError, ValueError) as error:
        yield UsageError(f"{path}: not Parquet: {error}", hint=DAMAGED)
        return
    if (
        table.schema_arrow not in (_schema(path.name), _schema(path.name, without=ABOUT))
        or table.metadata.num_rows != part.lines
    ):
        yield UsageError(f"{path}: has other columns or rows than the manifest says", hint=DAMAGED)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _chunks(store: Store) -> Iterator[list[_Row]]:
    rows: list[_Row] = []
    for _, projects in by_prefix(store.projects(), 3):
        rows += store.rows(projects)
        if len(rows) >= _ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


def _releases(rows: list[_Row], numbers: dict[int, int]) -> Any:
    """Return the rows of releases, their facts by the numbers that these have in the tables."""
    *outside, facts, _ = zip(*rows, strict=True)
    return _library()[0].table([*outside, [numbers[one] for one in facts]], schema=_schema(RELEASE))


def _facts(said: list[str]) -> Any:
    decoded = json.loads(f"[{','.join([f'{{{one}}}' for one in said])}]")
    columns = [[one.get(key) for one in decoded] for key in (*_TEXTS, *_LISTS)]
    return _library()[0].table(columns, schema=_schema(FACTS))


def _files(rows: list[_Row]) -> Any:
    some = [row for row in rows if row[_FILES] is not None]
    decoded = json.loads(f"[{','.join([row[_FILES] for row in some])}]")
    owners = [row for row, files in zip(some, decoded, strict=True) for _ in files]
    flat = [file for files in decoded for file in files]
    columns = [[row[0] for row in owners], [row[1] for row in owners]]
    columns += [[file.get(key) for file in flat] for key in (*_FILE, "size")]
    return _library()[0].table(columns, schema=_schema(FILE))


def _file_groups(table: Any) -> Iterator[tuple[tuple[str, str], list[tuple[Any, ...]]]]:
    """Yield the name, path, SHA-256 and size of the files of each release in turn."""
    columns = (
        zip(*(batch[key].to_pylist() for key in _schema(FILE).names), strict=True)
        for batch in table.iter_batches(_ROWS)
    )
    for release, several in groupby(chain.from_iterable(columns), itemgetter(0, 1)):
        yield release, [row[2:] for row in several]


def _known(said: dict[str, Any] | None) -> Facts | None:
    """Return the facts of a row, or None where they must be looked at as a part of a release, for the error."""
    try:
        return facts_of(release_from_data({"project": "a", "version": "1", **_there((said or {}).items())}, ""))
    except UsageError:
        return None


def _there(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if value is not None}


def _schema(name: str, without: Collection[str] = ()) -> Any:
    """Return the columns of a table; tables of an older coset are without those of `ABOUT`."""
    arrow = _library()[0]
    text, texts = arrow.string(), arrow.list_(arrow.field("item", arrow.string()))
    fields: dict[str, list[tuple[str, Any]]] = {
        RELEASE: [*((key, text) for key in _RELEASE), ("facts", arrow.int32())],
        FACTS: [*((key, text) for key in _TEXTS), *((key, texts) for key in _LISTS)],
        FILE: [("project", text), ("version", text), *((key, text) for key in _FILE), ("size", arrow.int64())],
    }
    return arrow.schema([one for one in fields[name] if one[0] not in without])
