"""Wheels: what is read is what `zipfile` would read, and nothing hostile is believed."""

import io
import struct
import zipfile

import pytest
from fakeindex import make_wheel, metadata
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import BadArchive
from crawler.imports import import_names
from crawler.wheeltail import from_memory, metadata_entry, read_directory, read_member


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


def test_zip64_is_refused_by_its_name():
    body = bytearray(archive([GOOD]))
    struct.pack_into("<L", body, len(body) - 6, 0xFFFFFFFF)
    with pytest.raises(BadArchive) as caught:
        read(bytes(body))
    assert caught.value.code == "zip64"


def test_count_that_lies():
    for count in (0, 2, 60_000):
        body = bytearray(archive([GOOD]))
        struct.pack_into("<HH", body, len(body) - 14, count, count)
        with pytest.raises(BadArchive):
            read(bytes(body))


def test_prefix_junk_is_refused():
    with pytest.raises(BadArchive):
        read(b"#!/bin/sh\n" + archive([GOOD]))


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
