"""Wheels: what is read is what `zipfile` would read, and nothing hostile is believed."""

import io
import struct
import zipfile

import pytest
from builtfiles import make_wheel, metadata
from hypothesis import given
from hypothesis import strategies as st
from sdists import from_memory

from crawler.archive import BadArchive
from crawler.imports import import_names
from crawler.wheeltail import metadata_entry, read_directory, read_member


def read(body):
    directory = from_memory(read_directory(len(body)), body)
    return from_memory(read_member(directory, metadata_entry(directory, "a", "1")), body)


def archive(members, *, comment=b"", method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened:
        for name, value in members:
            opened.writestr(zipfile.ZipInfo(name) if isinstance(name, str) else name, value, method)
        opened.comment = comment
    return buffer.getvalue()


GOOD = ("a-1.dist-info/METADATA", metadata("a", "1", ["good"]))


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=8), st.binary(max_size=200)), max_size=8, unique_by=lambda m: m[0]),
    st.binary(max_size=80).filter(lambda comment: b"PK" not in comment),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_law_reads_as_zipfile_reads(members, comment, method):
    members = [(name.replace("\x00", "x").replace("/", "|"), value) for name, value in members]
    members = [*dict(members).items(), GOOD]
    body = archive(members, comment=comment, method=method)
    directory = from_memory(read_directory(len(body)), body)
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        for entry in directory.entries:
            assert from_memory(read_member(directory, entry), body) == opened.read(entry.name)
        assert [entry.name for entry in directory.entries] == opened.namelist()


@given(st.data())
def test_law_damage_is_refused_or_harmless(data):
    body = bytearray(archive([("x.py", b"x"), GOOD]))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    body = bytes(body[: data.draw(st.integers(0, len(body)))]) if data.draw(st.booleans()) else bytes(body)
    try:
        found = read(body)
    except BadArchive:
        return
    assert found == GOOD[1]  # the CRC vouches for it


@given(st.binary(max_size=300))
def test_law_noise_is_refused(body):
    with pytest.raises(BadArchive):
        read(body)


def test_decoys_are_not_read():
    decoys = [
        ("METADATA", b"Name: evil"),
        ("NOT_METADATA.txt", b"Name: evil"),
        ("a/_vendor/evil-1.dist-info/METADATA", b"Name: evil"),
        ("a-1.dist-info/METADATA.bak", b"Name: evil"),
        ("a-1.dist-info/metadata", b"Name: evil"),
        ("../a-1.dist-info/METADATA", b"Name: evil"),
        ("/a-1.dist-info/METADATA", b"Name: evil"),
        ("a-1.dist-info\\METADATA", b"Name: evil"),
    ]
    assert read(archive([*decoys, GOOD])) == GOOD[1]
    with pytest.raises(BadArchive, match="no METADATA"):
        read(archive(decoys))


@pytest.mark.parametrize(
    "other",
    ["evil-1.dist-info/METADATA", "evil-1.dist-info/RECORD", "A-1.dist-info/METADATA", "a-1.dist-info/METADATA"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_dist_infos_are_ambiguous(other):
    with pytest.raises(BadArchive) as caught:
        read(archive([(other, b"Name: evil"), GOOD]))
    assert caught.value.code == "ambiguous-wheel"


def test_bomb():
    with pytest.raises(BadArchive) as caught:
        read(archive([(GOOD[0], bytes(50_000_000))]))
    assert caught.value.code == "too-large"


def test_bomb_that_lies_about_its_size():
    body = bytearray(archive([(GOOD[0], bytes(20_000_000))]))
    at = body.rfind(b"PK\x01\x02")
    struct.pack_into("<L", body, at + 24, 100)
    struct.pack_into("<L", body, 22, 100)
    with pytest.raises(BadArchive, match="differs from its size"):
        read(bytes(body))


@pytest.mark.parametrize("mode", [0o120777, 0o040755, 0o020644])
def test_link_folder_or_device_in_place_of_a_file(mode):
    info = zipfile.ZipInfo(GOOD[0])
    info.external_attr = mode << 16
    with pytest.raises(BadArchive, match="not a regular file"):
        read(archive([(info, b"/etc/passwd")]))


def test_two_names_for_the_same_bytes():
    body = archive([("x-1.dist-info/METADATA", GOOD[1])])
    at = body.rfind(b"x-1.dist-info")
    with pytest.raises(BadArchive, match="another name"):
        read(body[:at] + b"a" + body[at + 1 :])


def test_encrypted_and_odd_methods():
    body = bytearray(archive([GOOD]))
    at = body.rfind(b"PK\x01\x02")
    for offset, value, code in ((8, 1, "encrypted"), (10, 12, "bad-archive"), (10, 99, "bad-archive")):
        changed = bytearray(body)
        changed[at + offset] = value
        with pytest.raises(BadArchive) as caught:
            read(bytes(changed))
        assert caught.value.code == code


def as_zip64(body):
    """Write the numbers of the end record into a ZIP64 one, as for an archive of more than 65,535 members."""
    at = body.rfind(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2LH", body[at : at + 22])
    long = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    short = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body[:at] + long + locator + short


def test_zip64():
    body = as_zip64(archive([("x.py", b"x"), GOOD]))
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        assert opened.namelist() == ["x.py", GOOD[0]]
    assert read(body) == GOOD[1]


def test_zip64_entry():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened, opened.open(zipfile.ZipInfo(GOOD[0]), "w", force_zip64=True) as member:
        member.write(GOOD[1])
    assert read(buffer.getvalue()) == GOOD[1]
    body = archive([GOOD])
    at = body.rfind(b"PK\x01\x02")
    end = body.rfind(b"PK\x05\x06")
    size, name_length = struct.unpack_from("<L", body, at + 24)[0], struct.unpack_from("<H", body, at + 28)[0]
    entry = bytearray(body[at:end] + struct.pack("<2HQ", 1, 8, size))
    struct.pack_into("<L", entry, 24, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, 12)
    last = bytearray(body[end:])
    struct.pack_into("<L", last, 12, len(entry))
    assert name_length == len(GOOD[0])
    assert read(body[:at] + bytes(entry) + bytes(last)) == GOOD[1]


def changed(body, offset, value):
    body = bytearray(body)
    body[offset : offset + len(value)] = value
    return bytes(body)


def central(body):
    return body.rfind(b"PK\x01\x02")


PLAIN = archive([GOOD])
LONG = as_zip64(PLAIN)
REFUSED = {
    "truncated tail": (PLAIN[:-5], "bad-archive"),
    "no end record": (PLAIN[:-22], "bad-archive"),
    "HTML": (b"<!DOCTYPE html><html><body>Not found</body></html>" * 9, "bad-archive"),
    "tar": (b"a-1/PKG-INFO".ljust(1536, b"\0"), "bad-archive"),
    "empty": (b"", "bad-archive"),
    "two end records": (changed(PLAIN, len(PLAIN) - 2, struct.pack("<H", 22)) + PLAIN[-22:], "bad-archive"),
    "prefix": (b"#!/bin/sh\n" + PLAIN, "bad-archive"),
    "directory outside": (changed(PLAIN, len(PLAIN) - 6, struct.pack("<L", 1 << 30)), "bad-archive"),
    "directory larger than its cap": (changed(PLAIN, len(PLAIN) - 10, struct.pack("<L", 1 << 26)), "too-large"),
    "ZIP64 without its record": (changed(PLAIN, len(PLAIN) - 6, b"\xff" * 4), "bad-archive"),
    "ZIP64 record elsewhere": (changed(LONG, len(LONG) - 34, struct.pack("<Q", 5)), "bad-archive"),
    "ZIP64 record that is none": (changed(LONG, len(LONG) - 98, b"XX"), "bad-archive"),
    "ZIP64 record that differs": (changed(LONG, len(LONG) - 12, struct.pack("<H", 7)), "bad-archive"),
    "ZIP64 with too many entries": (changed(LONG, len(LONG) - 74, struct.pack("<2Q", 1 << 20, 1 << 20)), "too-large"),
    "ZIP64 numbers missing": (changed(PLAIN, central(PLAIN) + 24, b"\xff" * 4), "bad-archive"),
    "several disks": (changed(PLAIN, len(PLAIN) - 18, struct.pack("<H", 1)), "bad-archive"),
    "encrypted": (changed(changed(PLAIN, central(PLAIN) + 8, b"\1"), 6, b"\1"), "encrypted"),
    "bzip2": (archive([GOOD], method=zipfile.ZIP_BZIP2), "bad-archive"),
    "lzma": (archive([GOOD], method=zipfile.ZIP_LZMA), "bad-archive"),
    "zstandard": (changed(PLAIN, central(PLAIN) + 10, struct.pack("<H", 93)), "bad-archive"),
    "another method there": (changed(PLAIN, 8, b"\0\0"), "bad-archive"),
    "another size there": (changed(PLAIN, 22, b"\1\0\0\0"), "bad-archive"),
    "another packed size there": (changed(PLAIN, 18, b"\1\0\0\0"), "bad-archive"),
    "another CRC there": (changed(PLAIN, 14, b"\1\0\0\0"), "bad-archive"),
    "another CRC in both": (changed(changed(PLAIN, 14, b"abcd"), central(PLAIN) + 16, b"abcd"), "bad-archive"),
    "offset outside": (changed(PLAIN, central(PLAIN) + 42, struct.pack("<L", 1 << 20)), "bad-archive"),
    "another project": (archive([("b-1.dist-info/METADATA", GOOD[1])]), "other-release"),
    "wrong case": (archive([("a-1.dist-info/metadata", GOOD[1])]), "no-metadata"),
    "too deep": (archive([("x/a-1.dist-info/METADATA", GOOD[1])]), "no-metadata"),
    "not deep enough": (archive([("METADATA", GOOD[1])]), "no-metadata"),
    "backslashes": (archive([("a-1.dist-info\\METADATA", GOOD[1])]), "no-metadata"),
    "absolute": (archive([("/a-1.dist-info/METADATA", GOOD[1])]), "no-metadata"),
    "above": (archive([("../a-1.dist-info/METADATA", GOOD[1])]), "no-metadata"),
    "a folder": (archive([("a-1.dist-info/METADATA/x", GOOD[1])]), "no-metadata"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    body, code = REFUSED[case]
    with pytest.raises(BadArchive) as caught:
        read(body)
    assert caught.value.code == code


def test_members_that_share_their_bytes():
    body = archive([("x", b""), GOOD])
    at = body.find(b"PK\x01\x02")
    inside = changed(body, at + 42, struct.pack("<L", body.find(b"PK\x03\x04", 4) + 40))
    with pytest.raises(BadArchive, match="shares its bytes"):
        read(inside)


def test_sizes_that_stand_behind_the_member():
    class Unseekable(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    buffer = Unseekable()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(zipfile.ZipInfo(GOOD[0]), GOOD[1])
    assert read(buffer.getvalue()) == GOOD[1]


def test_thirteen_vendored_metadata():
    vendored = [(f"setuptools/_vendor/v{one}-1.dist-info/METADATA", b"Name: evil") for one in range(12)]
    assert read(archive([*vendored, GOOD])) == GOOD[1]


def test_more_entries_than_two_bytes_can_count():
    start = central(PLAIN)
    other = bytearray(PLAIN[start : start + 46] + b"x")
    struct.pack_into("<H", other, 28, 1)
    struct.pack_into("<L", other, 42, start - 1)
    entries = PLAIN[start:-22] + bytes(other) * 66_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(entries), start, 0)
    body = as_zip64(PLAIN[:start] + entries + end)
    at = len(body) - 98  # the ZIP64 end record, whose counts the short one could not hold
    body = changed(body, at + 24, struct.pack("<2Q", 66_001, 66_001))
    directory = from_memory(read_directory(len(body)), body)
    assert len(directory.entries) == 66_001


def test_count_that_lies():
    for count in (0, 2, 60_000):
        body = bytearray(archive([GOOD]))
        struct.pack_into("<HH", body, len(body) - 14, count, count)
        with pytest.raises(BadArchive):
            read(bytes(body))


def test_end_record_in_the_comment():
    assert read(archive([GOOD], comment=b"PK\x05\x06 just a comment")) == GOOD[1]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (["six.py", "six-1.dist-info/RECORD"], ("six",)),
        (["numpy/__init__.py", "numpy/core/a.so", "numpy.libs/libx.so", "numpy/tests/x.py"], ("numpy",)),
        (["_cffi.cpython-313-x86_64-linux-gnu.so", "cffi/__init__.py"], ("_cffi", "cffi")),
        (["jaraco/text/__init__.py", "jaraco/text/x.py"], ("jaraco.text",)),
        (["google/cloud/storage/__init__.py", "google/cloud/other.py"], ("google.cloud.other", "google.cloud.storage")),
        (["zope/__init__.py", "zope/interface/__init__.py"], ("zope",)),
        (["a-1.data/purelib/a/__init__.py", "a-1.data/scripts/run.py", "a-1.data/platlib/b.so"], ("a", "b")),
        (["share/doc/x.txt", "include/x.h", "bin/tool"], ()),
        (["types-x-stubs/__init__.pyi", "../evil.py", "/abs.py", "a b.py", "__init__.py", "\x1b[2J.py"], ()),
        (["mod.py", "mod/__init__.py"], ("mod",)),
        (["é.py"], ("é",)),
        ([], ()),
    ],
)
def test_import_names(members, expected):
    assert import_names(members) == expected


def test_helper_makes_real_wheels():
    _, body = make_wheel("a", "1", ["good"])
    assert read(body) == metadata("a", "1", ["good"])
