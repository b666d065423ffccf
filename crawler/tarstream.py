"""Which members does a tar archive hold? Read as its bytes come in, no further than needed, and none of it to disk.

The standard library decodes and checks each header; this module walks from one to the next. `tarfile` itself wants a
file that it can pull from, so a thread for each sdist, keeps every member in memory, and reads extended headers of any
size by recursion and with regular expressions that take quadratic time in many of the Python versions in use.
"""

import tarfile
from collections.abc import Callable, Generator

from crawler.archive import MOST_MEMBERS, MOST_TEXT, BadArchive
from crawler.inflate import Inflater, Packing

Take = Callable[[str], int | None]
"""Given a member's name: how many bytes it may have at most if it is wanted, else None."""

Keep = Callable[[str, bytes], bool]
"""Given a wanted member's name and content: whether more members are wanted."""

_BLOCK = 512
_EXTENDED = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_NO_DATA = frozenset(
    {tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE}
)


class TarReader:
    """Takes a packed tar archive in parts of any size, and hands out the members that are wanted."""

    def __init__(self, packing: Packing, take: Take, keep: Keep) -> None:
        self._inflater = Inflater(packing)
        self._walk = _walk(take, keep)
        self._buffer = bytearray()
        self._need = next(self._walk)
        self._ended = False
        self._stopped = False
        self._begun = False

    def feed(self, data: bytes) -> bool:
        """Take the next bytes; return False once no more are wanted.

        What follows the archive's end mark is taken and ignored, so that the whole file can be compared with its hash.

        Raises:
            BadArchive: the archive is damaged, or costs more than it may.
        """
        if not self._ended:
            self._ended = any(map(self._pour, self._inflater.feed(data)))
        return not self._stopped

    def close(self) -> None:
        """Say that there are no more bytes.

        Raises:
            BadArchive: the archive breaks off.
        """
        between_members = self._begun and self._need == _BLOCK and not self._buffer
        if not self._ended and not (between_members and self._inflater.complete):
            raise BadArchive("bad-archive", "the archive breaks off, or is none")

    def _pour(self, part: bytes) -> bool:
        """Take the next bytes of the archive itself; return whether it has come to its end."""
        self._buffer += part
        at = 0
        try:
            while True:
                left = len(self._buffer) - at
                if self._need < 0:
                    dropped = min(left, -self._need)
                    at += dropped
                    self._need += dropped
                    if self._need < 0:
                        break
                    self._need = self._walk.send(b"")
                elif left >= self._need:
                    at += self._need
                    self._begun = True
                    self._need = self._walk.send(bytes(self._buffer[at - self._need : at]))
                else:
                    break
        except StopIteration as end:
            self._stopped = bool(end.value)
            return True
        del self._buffer[:at]
        return False


def _walk(take: Take, keep: Keep) -> Generator[int, bytes, bool]:
    """Ask for so many bytes, or for minus so many to be dropped; return whether what was wanted is there."""
    name: str | None = None
    size: int | None = None
    sparse = False
    for number in range(MOST_MEMBERS):
        block = yield _BLOCK
        info = _header(block)
        if info is None and not number:
            raise BadArchive("bad-archive", "the archive is empty")
        if info is None:
            return False
        if info.type in (*_EXTENDED, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            if info.size > MOST_TEXT:
                raise BadArchive("too-large", f"an extended header of {info.size} bytes")
            data = yield info.size
            yield info.size - _padded(info.size)
            if info.type in _EXTENDED:
                said = _records(data)
                name = said.get("path", name)
                size = _size(said["size"]) if "size" in said else size
                sparse = any(key.startswith("GNU.sparse.") for key in said)
            elif info.type == tarfile.XGLTYPE and {"path", "size"} & _records(data).keys():
                raise BadArchive("bad-archive", "one name or size is given to all members")
            elif info.type == tarfile.GNUTYPE_LONGNAME:
                name = data.partition(b"\0")[0].decode("utf-8", "surrogateescape")
            continue
        if info.type == tarfile.GNUTYPE_SPARSE:
            sparse = True
            more = block[482]
            while more:
                more = (yield _BLOCK)[504]
        length = 0 if info.type in _NO_DATA else info.size if size is None else size
        path = info.name if name is None else name
        regular = info.isreg() and not sparse
        name, size, sparse = None, None, False
        most = take(path) if regular else None
        if most is None:
            yield -_padded(length)
            continue
        if length > most:
            raise BadArchive("too-large", f"{path.rpartition('/')[2]!r} has {length} bytes")
        data = yield length
        if not keep(path, data):
            return True
        yield length - _padded(length)
    raise BadArchive("too-large", f"more than {MOST_MEMBERS} members")


def _header(block: bytes) -> tarfile.TarInfo | None:
    """Return what a header says; None for the archive's end mark."""
    if not any(block):
        return None
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError, OverflowError) as error:
        raise BadArchive("bad-archive", f"a header cannot be read ({type(error).__name__})") from error
    if info.size < 0:
        raise BadArchive("bad-archive", "a member has a negative size")
    return info


def _records(data: bytes) -> dict[str, str]:
    """Read the records of an extended header (POSIX.1-2001): ``<length> <key>=<value>`` and a line end."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data) and data[at]:
        digits, space, _ = data[at : at + 20].partition(b" ")
        if not space or not digits.isdigit() or int(digits) <= len(digits) + 1:
            raise BadArchive("bad-archive", "an extended header cannot be read")
        key, equals, value = data[at + len(digits) + 1 : at + int(digits)].partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise BadArchive("bad-archive", "an extended header cannot be read")
        found[key.decode("utf-8", "replace")] = value[:-1].decode("utf-8", "surrogateescape")
        at += int(digits)
    return found


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadArchive("bad-archive", f"a member has the size {text[:20]!r}")
    return int(text)


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK
