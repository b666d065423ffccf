"""Tar streams: what `tarfile` reads is read, in parts of any size, and nothing costs more than it may."""

import bz2
import gzip
import io
import random
import struct
import tarfile
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import tarstream
from crawler.archive import BadArchive
from crawler.tarstream import TarReader


def members(body, packing="gz", step=1 << 20):
    """Return (name, content) of every regular member."""
    found = []

    def keep(name, content):
        found.append((name, content))
        return True

    reader = TarReader(packing, lambda _name: 1 << 20, keep)
    for at in range(0, len(body), step):
        assert reader.feed(body[at : at + step])
    reader.close()
    return found


def packed(entries, form=tarfile.PAX_FORMAT, pack=gzip.compress):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content, kind in entries:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(content)
            elif kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = "x" * len(content)
            archive.addfile(info, io.BytesIO(content))
    return pack(buffer.getvalue())


def as_tarfile_reads(body, packing="gz"):
    with tarfile.open(fileobj=io.BytesIO(body), mode=f"r:{packing}") as archive:
        return [(one.name, archive.extractfile(one).read()) for one in archive if one.isreg()]


def without_slash(found):
    return [(name.rstrip("/"), content) for name, content in found]


names = st.text("aé\n/. -x", min_size=1, max_size=120).filter(lambda name: name.strip("/"))
kinds = st.sampled_from([tarfile.REGTYPE, tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])
contents = st.sampled_from([0, 1, 511, 512, 513, 1024, 3000]).map(lambda size: b"c" * size)


@given(
    st.lists(st.tuples(names, contents, kinds), min_size=1, max_size=4),
    st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
    st.sampled_from([("gz", gzip.compress), ("bz2", bz2.compress)]),
    st.sampled_from([1, 100, 511, 512, 10_000]),
)
def test_law_reads_as_tarfile_reads(entries, form, packing, step):
    body = packed(entries, form, packing[1])
    assert without_slash(members(body, packing[0], step)) == without_slash(as_tarfile_reads(body, packing[0]))


def test_several_packed_streams_in_a_row_are_one():
    plain = gzip.decompress(packed([("a", b"1" * 700, tarfile.REGTYPE), ("b", b"2", tarfile.REGTYPE)]))
    body = gzip.compress(plain[:600]) + gzip.compress(plain[600:]) + b"trailing garbage"
    for step in (1, 7, 10_000):
        assert members(body, step=step) == [("a", b"1" * 700), ("b", b"2")]


def test_nothing_is_read_once_nothing_is_wanted():
    noise = random.Random(0).randbytes(300_000)
    body = packed([("a", b"1", tarfile.REGTYPE), ("b", noise, tarfile.REGTYPE)])
    reader = TarReader("gz", lambda _name: 10, lambda _name, _content: False)
    assert not reader.feed(body[:1000])
    reader.close()


def header(name="a", size=0, kind=b"0", *, raw_size=None):
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT)[:512])
    if raw_size is not None:
        block[124:136] = raw_size
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def extended(text, kind=b"x"):
    return header("pax", len(text), kind) + text.ljust(-(-len(text) // 512) * 512, b"\0")


def record(key, value):
    body = f" {key}={value}\n".encode()
    length = len(body) + 2
    return b"%d" % (length if len(str(length)) == 2 else length + 1) + body


END = bytes(1024)
REFUSED = {
    "nothing": (b"", "bad-archive"),
    "zeros only": (bytes(100), "bad-archive"),
    "an end mark only": (bytes(1024), "bad-archive"),
    "no tar": (b"<html>" * 200, "bad-archive"),
    "no end": (header(size=5) + b"12", "bad-archive"),
    "negative size": (header(raw_size=b"\xff" * 12), "bad-archive"),
    "base-256 size": (header(raw_size=b"\x80" + bytes(3) + struct.pack(">Q", 1 << 62)) + END, "too-large"),
    "huge octal size": (header(size=(8 << 30) - 1) + END, "too-large"),
    "huge extended header": (header(size=1 << 30, kind=b"x") + END, "too-large"),
    "huge long name": (header(size=1 << 30, kind=b"L") + END, "too-large"),
    "extended size": (extended(record("size", "9" * 15)) + header() + END, "too-large"),
    "extended size that is none": (extended(record("size", "-1")) + header() + END, "bad-archive"),
    "extended header of zero records": (extended(b"0 a=b\n") + header() + END, "bad-archive"),
    "extended header of digits": (extended(b"1" * 500_000) + header() + END, "bad-archive"),
    "extended header without a key": (extended(b"12 abcdefgh\n") + header() + END, "bad-archive"),
    "a name for all": (extended(record("path", "evil"), b"g") + header() + END, "bad-archive"),
    "checksum": (header()[:100] + b"9" + header()[101:] + END, "bad-archive"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    body, code = REFUSED[case]
    start = time.process_time()
    with pytest.raises(BadArchive) as caught:
        members(gzip.compress(body, 1))
    assert caught.value.code == code
    assert time.process_time() - start < 20  # what backtracks takes hours


@pytest.mark.parametrize(
    "before",
    [
        extended(record("path", "long") + record("mtime", "1.5")),
        header("././@LongLink", 5, b"L") + b"long\0".ljust(512, b"\0"),
        extended(record("comment", "x"), b"g") + extended(record("path", "long")),
        header("././@LongLink", 3, b"K") + b"xx\0".ljust(512, b"\0") + extended(record("path", "long")),
    ],
)
def test_long_names(before):
    assert members(gzip.compress(before + header("short", 1) + b"1".ljust(512, b"\0") + END)) == [("long", b"1")]


def test_extended_size_holds_for_one_member():
    body = extended(record("size", "600")) + header("a", 1) + b"1".ljust(1024, b"\0") + header("b") + END
    assert members(gzip.compress(body)) == [("a", b"1".ljust(600, b"\0")), ("b", b"")]


def test_sparse_members_are_passed_over():
    sparse = bytearray(header("s", 3, b"S"))
    sparse[482] = 1
    sparse[148:156] = b" " * 8
    sparse[148:156] = b"%06o\0 " % sum(sparse)
    more = bytes(504) + b"\1" + bytes(7)
    body = bytes(sparse) + more + bytes(512) + b"xyz".ljust(512, b"\0") + header("b") + END
    assert members(gzip.compress(body)) == [("b", b"")]
    named = extended(record("GNU.sparse.major", "1")) + header("s", 1) + b"1".ljust(512, b"\0") + header("b") + END
    assert members(gzip.compress(named)) == [("b", b"")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_bomb(pack):
    body = pack(header("a", 500_000_000) + bytes(20_000_000))
    start = time.process_time()
    reader = TarReader("gz" if pack is gzip.compress else "bz2", lambda _name: None, lambda *_: True)
    with pytest.raises(BadArchive) as caught:
        reader.feed(body)
    assert caught.value.code == "too-large"
    assert time.process_time() - start < 20  # what backtracks takes hours


def test_many_members(monkeypatch):
    monkeypatch.setattr(tarstream, "MOST_MEMBERS", 1000)
    reader = TarReader("gz", lambda _name: None, lambda *_: True)
    assert reader.feed(gzip.compress(header() * 999))
    with pytest.raises(BadArchive, match="more than 1000 members"):
        reader.feed(gzip.compress(header()))


@pytest.mark.parametrize("cut", [1, 300, 3000])
def test_cut_archive(cut):
    body = packed([("a", random.Random(0).randbytes(4000), tarfile.REGTYPE)])
    with pytest.raises(BadArchive, match="breaks off"):
        members(body[:-cut] if cut > 1 else body[:10])


@given(st.binary(max_size=600))
def test_law_noise_is_refused(noise):
    for body in (noise, gzip.compress(noise)):
        with pytest.raises(BadArchive):
            members(body)
