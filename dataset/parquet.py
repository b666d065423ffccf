"""How is a dataset written as three tables of Parquet, and read back? For who loads all of it into other programs.

``release.parquet`` has a row for each release and ``facts.parquet`` one for all releases whose metadata says the same:
these two are small and tell who requires what. ``file.parquet``, by far the largest, has a row for each file. A release
names its facts by the number of their row. All tables are in the order of shards (`dataset.hashorder`).

The same content gives the same bytes as long as the library is the same. The database writes JSON, which the library
reads into columns: no release becomes a Python value on the way out. On the way in every row goes through the same door
as a line of JSON.
"""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from dataset.hashorder import by_prefix
from dataset.jsonl import release_from_data
from dataset.manifest import DAMAGED, Manifest, Part, manifest_to_bytes
from dataset.records import MANIFEST, Release
from dataset.store import Store
from normalize.errors import UsageError

RELEASE, FACTS, FILE = "release.parquet", "facts.parquet", "file.parquet"

_ROWS = 20_000
"""Releases in memory at once, and in a group of rows."""

_LISTS = ("requires", "unusable", "extras", "imports", "repaired", "builds")
_TEXTS = ("requires_python", "unknown", "source", "trust", "imports_from")
_RELEASE = ("project", "version", "uploaded", "yanked", "gone")
_FILE = ("name", "path", "sha256")


def _library() -> tuple[ModuleType, ModuleType, ModuleType, ModuleType]:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - optional
        import pyarrow.compute  # noqa: PLC0415
        import pyarrow.json  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "Parquet needs the library pyarrow, which is not installed", hint="install coset with it: 'coset[parquet]'"
        ) from None
    return pyarrow, pyarrow.compute, pyarrow.json, pyarrow.parquet


def write_tables(store: Store, folder: Path) -> dict[str, int]:
    """Write the tables and, last, the manifest into an empty folder; return the size of each file.

    Raises:
        UsageError: the library is missing.
        OSError: the disk failed.
    """
    parquet = _library()[3]
    options = {"compression": "zstd", "compression_level": 1, "version": "2.6"}
    few = {RELEASE: ["project", "yanked", "gone"], FACTS: True, FILE: ["project"]}  # what is worth a dictionary

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
        for lines in _chunks(store):
            told = _columns(lines, RELEASE, FILE)
            fresh = [one for one in told["facts"].unique().to_pylist() if one not in numbers]
            numbers.update(zip(fresh, range(len(numbers), len(numbers) + len(fresh)), strict=True))
            for written, name, content in (
                (release_table, RELEASE, _releases(told, numbers)),
                (
                    facts_table,
                    FACTS,
                    _columns("".join([f"{{{said}}}\n" for said in store.facts(fresh)]).encode(), FACTS),
                ),
                (file_table, FILE, _files(told)),
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
    _, _, _, parquet = _library()
    bad = [error for name in (RELEASE, FACTS, FILE) for error in _wrong(manifest, folder / name)]
    if bad:
        yield from bad
        return
    facts = parquet.read_table(folder / FACTS)
    files = _file_groups(parquet.ParquetFile(folder / FILE))
    waiting = next(files, None)
    number = 0
    for batch in parquet.ParquetFile(folder / RELEASE).iter_batches(_ROWS):
        try:
            said = facts.take(batch["facts"]).to_pylist()
        except IndexError:
            yield UsageError(f"{folder / RELEASE}: names facts that {FACTS} does not have", hint=DAMAGED)
            return
        for row, facts_row in zip(batch.drop_columns(["facts"]).to_pylist(), said, strict=True):
            number += 1
            data = {key: value for key, value in {**row, **(facts_row or {})}.items() if value is not None}
            if waiting is not None and waiting[0] == (row["project"], row["version"]):
                data["files"] = waiting[1]
                waiting = next(files, None)
            try:
                yield release_from_data(data, f"{folder / RELEASE} row {number}")
            except UsageError as error:
                yield error
    if waiting is not None:
        yield UsageError(f"{folder / FILE}: {waiting[0][0]} {waiting[0][1]} is no release", hint=DAMAGED)


def _wrong(manifest: Manifest, path: Path) -> Iterator[UsageError]:
    parquet = _library()[3]
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
    if table.schema_arrow != _schema(path.name) or table.metadata.num_rows != part.lines:
        yield UsageError(f"{path}: has other columns or rows than the manifest says", hint=DAMAGED)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _chunks(store: Store) -> Iterator[bytes]:
    lines, number = [], 0
    for _, projects in by_prefix(store.projects(), 3):
        lines.append(store.lines(projects, numbered=True))
        number += lines[-1].count(b"\n")
        if number >= _ROWS:
            yield b"".join(lines)
            lines, number = [], 0
    if lines:
        yield b"".join(lines)


def _columns(lines: bytes, *names: str) -> Any:
    """Return lines of JSON as columns."""
    arrow, _, json, _ = _library()
    if not lines:
        return _schema(names[0]).empty_table()
    fields = list(_schema(names[0]))
    if FILE in names:
        file = [arrow.field(name, arrow.string()) for name in _FILE]
        file.append(arrow.field("size", arrow.int64()))
        fields.append(arrow.field("files", arrow.list_(arrow.struct(file))))
    block = max(1 << 20, *map(len, lines.split(b"\n"))) + 2  # no line is longer than a block
    return json.read_json(
        arrow.BufferReader(lines),
        read_options=json.ReadOptions(block_size=block),
        parse_options=json.ParseOptions(explicit_schema=arrow.schema(fields), unexpected_field_behavior="error"),
    ).combine_chunks()


def _releases(told: Any, numbers: dict[int, int]) -> Any:
    """Return the rows of releases, their facts by the numbers that these have in the tables."""
    arrow = _library()[0]
    facts = arrow.array([numbers[one] for one in told["facts"].to_pylist()], arrow.int32())
    return told.drop_columns(["files", "facts"]).append_column("facts", facts)


def _files(told: Any) -> Any:
    arrow, compute, _, _ = _library()
    files = told["files"].chunk(0) if told["files"].num_chunks else told["files"].combine_chunks()
    owners = compute.list_parent_indices(files)
    flat = compute.list_flatten(files)
    columns = [told["project"].take(owners), told["version"].take(owners)]
    columns += [compute.struct_field(flat, name) for name in (*_FILE, "size")]
    return arrow.table(columns, schema=_schema(FILE))


def _file_groups(table: Any) -> Iterator[tuple[tuple[str, str], list[dict[str, Any]]]]:
    rows = (row for batch in table.iter_batches(_ROWS) for row in batch.to_pylist())
    for release, several in groupby(rows, itemgetter("project", "version")):
        kept = [{key: row[key] for key in (*_FILE, "size") if row[key] is not None} for row in several]
        yield release, kept


def _schema(name: str) -> Any:
    arrow = _library()[0]
    text, texts = arrow.string(), arrow.list_(arrow.field("item", arrow.string()))
    fields: dict[str, list[tuple[str, Any]]] = {
        RELEASE: [*((key, text) for key in _RELEASE), ("facts", arrow.int32())],
        FACTS: [*((key, text) for key in _TEXTS), *((key, texts) for key in _LISTS)],
        FILE: [("project", text), ("version", text), *((key, text) for key in _FILE), ("size", arrow.int64())],
    }
    return arrow.schema(fields[name])
