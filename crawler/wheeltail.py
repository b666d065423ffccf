"""Which bytes of a zip archive hold its directory and one member? Plans range reads; asks nobody itself.

Both functions are generators: they yield the span of bytes that they need next and are sent those bytes. So the same
code reads a remote wheel by ranges and an archive in memory by slices.
"""

import struct
import zlib
from collections.abc import Generator
from dataclasses import dataclass

from crawler.archive import MOST_DIRECTORY, MOST_ENTRIES, MOST_METADATA, BadArchive
from crawler.source import Span
from normalize.projects import ProjectName, extra_name

FIRST_TAIL = 16 * 1024
"""Real wheels: this much holds directory and METADATA of more than half of them, in one request."""

LARGE_TAIL = 64 * 1024
_LARGE_FILE = 256 * 1024

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _LATER, _UTF_8 = 0x1, 0x8, 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One member, as the central directory describes it."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The central directory of an archive.

    Attributes:
        entries: in the archive's order.
        start: where the directory starts.
        tail_start, tail: the end of the archive, as far as it was read.
    """

    entries: tuple[Entry, ...]
    start: int
    tail_start: int
    tail: bytes


def read_directory(total: int) -> Generator[Span, bytes, Directory]:
    """Plan the reading of the central directory of an archive of this many bytes.

    Raises:
        BadArchive: it is not a zip archive, can be read in two ways, or exceeds the caps.
    """
    length = min(total, LARGE_TAIL if total > _LARGE_FILE else FIRST_TAIL)
    if length < _END.size:
        raise BadArchive("bad-archive", f"{total} bytes are too few for a zip archive")
    tail_start = total - length
    tail = yield Span(start=tail_start, stop=total)
    at = _end_record(tail)
    _, disk, first_disk, on_disk, count, size, start, _ = _END.unpack_from(tail, at)
    if tail[max(0, at - _LOCATOR.size) : at].startswith(b"PK\x06\x07"):
        told = (disk, first_disk, on_disk, count, size, start)
        at -= _LOCATOR.size
        _, record_disk, record_at, disks = _LOCATOR.unpack_from(tail, at)
        if record_disk or disks > 1 or record_at + _END64.size != tail_start + at or record_at < tail_start:
            raise BadArchive("bad-archive", "the ZIP64 end record is not where it should be")
        at -= _END64.size
        signature, length, _, _, *values = _END64.unpack_from(tail, at)
        if signature != b"PK\x06\x06" or length != _END64.size - 12:
            raise BadArchive("bad-archive", "the ZIP64 end record cannot be read")
        limits = (0xFFFF,) * 4 + (0xFFFFFFFF,) * 2
        if any(short not in (long, limit) for short, long, limit in zip(told, values, limits, strict=True)):
            raise BadArchive("bad-archive", "the two end records differ")
        disk, first_disk, on_disk, count, size, start = values
    elif 0xFFFF in (disk, count) or 0xFFFFFFFF in (size, start):
        raise BadArchive("bad-archive", "the ZIP64 end record is missing")
    if disk or first_disk or on_disk != count:
        raise BadArchive("bad-archive", "the archive is split over several disks")
    if size > MOST_DIRECTORY or count > MOST_ENTRIES:
        raise BadArchive("too-large", f"a central directory of {size} bytes and {count} entries")
    if start + size != tail_start + at:
        raise BadArchive("bad-archive", "the central directory does not end where its end record begins")
    if start < tail_start:
        tail = (yield Span(start=start, stop=tail_start)) + tail
        tail_start = start
    data = tail[start - tail_start : start - tail_start + size]
    return Directory(entries=_entries(data, count), start=start, tail_start=tail_start, tail=tail)


def _end_record(tail: bytes) -> int:
    """Return where the end record is: the only one whose comment reaches exactly to the end."""
    found: list[int] = []
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if at + _END.size <= len(tail) and at + _END.size + _END.unpack_from(tail, at)[7] == len(tail):
            found.append(at)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if len(found) > 1:
        raise BadArchive("bad-archive", "two end records: one is a part of the other's comment")
    if not found:
        raise BadArchive("bad-archive", "no end record: not a zip archive, or a cut one")
    return found[0]


def _entries(data: bytes, count: int) -> tuple[Entry, ...]:
    found: list[Entry] = []
    at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(data):
            raise BadArchive("bad-archive", "the central directory is shorter than its entries")
        values = _ENTRY.unpack_from(data, at)
        if values[0] != b"PK\x01\x02":
            raise BadArchive("bad-archive", "an entry of the central directory has no signature")
        name_length, extra_length, comment_length = values[10:13]
        raw = data[at + _ENTRY.size : at + _ENTRY.size + name_length]
        flags = values[3]
        packed, size, offset = values[8], values[9], values[16]
        if 0xFFFFFFFF in (packed, size, offset):
            extra = data[at + _ENTRY.size + name_length : at + _ENTRY.size + name_length + extra_length]
            size, packed, offset = _long(extra, (size, packed, offset))
        found.append(
            Entry(
                name=raw.decode("utf-8" if flags & _UTF_8 else "cp437", "replace"),
                method=values[4],
                flags=flags,
                crc=values[7],
                packed=packed,
                size=size,
                offset=offset,
                mode=values[15] >> 16,
            )
        )
        at += _ENTRY.size + name_length + extra_length + comment_length
    if at != len(data):
        raise BadArchive("bad-archive", "the central directory is longer than its entries")
    return tuple(found)


def _long(extra: bytes, short: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the three numbers with those that take more than four bytes read from the ZIP64 extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]  # shorter than it says, where the extra fields end before it does
            longs = (one[0] for one in struct.iter_unpack("<Q", field[: len(field) // 8 * 8]))
            try:
                size, packed, offset = (next(longs) if one == 0xFFFFFFFF else one for one in short)
            except (RuntimeError, StopIteration):
                break
            return size, packed, offset
        at += 4 + length
    raise BadArchive("bad-archive", "an entry's ZIP64 numbers are missing")


def read_member(directory: Directory, entry: Entry, most: int = MOST_METADATA) -> Generator[Span, bytes, bytes]:
    """Plan the reading of one member; return its inflated bytes, checked against size and CRC.

    Raises:
        BadArchive: it is encrypted, packed by a method of its own, too large, or differs from its entry.
    """
    if entry.flags & _ENCRYPTED:
        raise BadArchive("encrypted", f"{entry.name!r} is encrypted")
    if entry.mode & 0xF000 not in (0, 0x8000):
        raise BadArchive("bad-archive", f"{entry.name!r} is not a regular file")
    if entry.method not in (_STORED, _DEFLATED):
        raise BadArchive("bad-archive", f"{entry.name!r} is packed by method {entry.method}")
    if entry.size > most or entry.packed > most:
        raise BadArchive("too-large", f"{entry.name!r} has {entry.size} bytes")
    if any(
        entry.offset <= one.offset < entry.offset + _LOCAL.size + entry.packed
        for one in directory.entries
        if one is not entry
    ):
        raise BadArchive("bad-archive", f"{entry.name!r} shares its bytes with another member")
    encoded_name = len(entry.name.encode("utf-8" if entry.flags & _UTF_8 else "cp437", "replace"))
    # The local header's extra field may be longer than the directory's, so some slack saves a request.
    stop = min(directory.start, entry.offset + _LOCAL.size + encoded_name + 256 + entry.packed)
    if entry.offset + _LOCAL.size > stop:
        raise BadArchive("bad-archive", f"{entry.name!r} lies outside the archive")
    if entry.offset >= directory.tail_start:
        data = directory.tail[entry.offset - directory.tail_start : stop - directory.tail_start]
    else:
        data = yield Span(start=entry.offset, stop=stop)
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack_from(data)
    if signature != b"PK\x03\x04" or method != entry.method or (flags ^ entry.flags) & (_ENCRYPTED | _UTF_8):
        raise BadArchive("bad-archive", f"{entry.name!r} is described in two ways")
    later = (0,) if flags & _LATER else ()  # what was not known when the member was written stands behind it
    if crc not in (entry.crc, *later) or any(
        one not in (told, 0xFFFFFFFF, *later) for one, told in ((packed, entry.packed), (size, entry.size))
    ):
        raise BadArchive("bad-archive", f"{entry.name!r} is described in two ways")
    at = _LOCAL.size + name_length + extra_length
    encoding = "utf-8" if entry.flags & _UTF_8 else "cp437"
    if data[_LOCAL.size : _LOCAL.size + name_length].decode(encoding, "replace") != entry.name:
        raise BadArchive("bad-archive", f"{entry.name!r} has another name where its bytes are")
    missing = at + entry.packed - len(data)
    if missing > 0:
        if stop + missing > directory.start:
            raise BadArchive("bad-archive", f"{entry.name!r} overlaps the central directory")
        data += yield Span(start=stop, stop=stop + missing)
    return _inflated(entry, data[at : at + entry.packed])


def _inflated(entry: Entry, packed: bytes) -> bytes:
    if entry.method == _STORED:
        data = packed
    else:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(packed, entry.size + 1)
        except zlib.error as error:
            raise BadArchive("bad-archive", f"{entry.name!r} cannot be inflated") from error
    if len(data) != entry.size or zlib.crc32(data) != entry.crc:
        raise BadArchive("bad-archive", f"{entry.name!r} differs from its size or CRC in the central directory")
    return data


def metadata_entry(directory: Directory, project: str, version: str) -> Entry:
    """Return the member that holds the wheel's metadata: ``<project>-<version>.dist-info/METADATA``, at the top.

    Raises:
        BadArchive: there is none, more than one, or that of another project.
    """
    found = [
        entry
        for entry in directory.entries
        if entry.name.endswith(".dist-info/METADATA") and entry.name.count("/") == 1
    ]
    folders = {
        entry.name.partition("/")[0]
        for entry in directory.entries
        if entry.name.partition("/")[0].endswith(".dist-info")
    }
    if len(found) > 1 or len(folders) > 1:
        raise BadArchive("ambiguous-wheel", f"{len(folders)} .dist-info folders and {len(found)} METADATA members")
    if not found:
        raise BadArchive("no-metadata", f"the wheel of {project} {version} holds no METADATA")
    if ProjectName(extra_name(found[0].name.partition("-")[0])) != project:
        raise BadArchive("other-release", f"the wheel holds {found[0].name[:200]!r}")
    return found[0]
