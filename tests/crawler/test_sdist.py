"""Sdists: static metadata or unknown, and nothing hostile is believed or run."""

import bz2
import gzip
import io
import random
import tarfile
import zipfile

import pytest
from builtfiles import make_sdist, metadata, tar
from hypothesis import given
from hypothesis import strategies as st
from sdists import sdist_metadata, sdist_texts

from crawler.archive import BadArchive
from crawler.metadata import parse_metadata
from crawler.sdist import SdistTexts, static_metadata

STATIC = metadata("a", "1", ["good"], metadata_version="2.2")
OLD = metadata("a", "1", ["claimed"], metadata_version="2.1")
PROJECT = b'[project]\nname = "A"\nversion = "1.0"\ndependencies = ["b>1", "c; os_name == \'nt\'"]\n'


def read(body, name="a-1.tar.gz"):
    return sdist_metadata(body, name, "a", "1")


def refused(body, name="a-1.tar.gz"):
    with pytest.raises(BadArchive) as caught:
        read(body, name)
    return caught.value.code


def test_pkg_info_by_pep_643():
    assert read(make_sdist("a", "1", {"PKG-INFO": STATIC})[1]).requires == ("good",)
    dynamic = metadata("a", "1", extra=["Dynamic: Requires-Dist"], metadata_version="2.2")
    assert refused(make_sdist("a", "1", {"PKG-INFO": dynamic})[1]) == "sdist-dynamic"
    extras = metadata("a", "1", extra=["Dynamic: provides-extra"], metadata_version="2.3")
    assert refused(make_sdist("a", "1", {"PKG-INFO": extras})[1]) == "sdist-dynamic"
    nothing = metadata("a", "1", metadata_version="2.1")
    assert refused(make_sdist("a", "1", {"PKG-INFO": nothing})[1]) == "sdist-dynamic"
    python = ["Requires-Python: >=3", "Dynamic: Requires-Python"]
    assert read(make_sdist("a", "1", {"PKG-INFO": metadata("a", "1", extra=python, metadata_version="2.2")})[1]) == (
        parse_metadata(metadata("a", "1", extra=python[1:], metadata_version="2.2"))
    )
    other = metadata("a", "1", ["x"], extra=["Dynamic: Version"], metadata_version="2.2")
    assert read(make_sdist("a", "1", {"PKG-INFO": other})[1]).requires == ("x",)


def test_project_table():
    found = read(make_sdist("a", "1", {"pyproject.toml": PROJECT, "PKG-INFO": OLD})[1])
    assert found.requires == ("b>1", "c; os_name == 'nt'")
    optional = (
        PROJECT + b'requires-python = ">=3.9"\n[project.optional-dependencies]\ntest = ["t", "u; os_name == \'nt\'"]\n'
    )
    found = read(make_sdist("a", "1", {"pyproject.toml": optional})[1])
    assert found.requires[2:] == ("t; extra == 'test'", "u; (os_name == 'nt') and extra == 'test'")
    assert (found.extras, found.requires_python) == (("test",), ">=3.9")


@pytest.mark.parametrize(
    "text",
    [
        b'[project]\nname = "a"\ndynamic = ["dependencies"]\n',
        b'[project]\nname = "a"\ndynamic = ["optional-dependencies"]\ndependencies = []\n',
        b'[project]\nname = "a"\ndependencies = "b"\n',
        b'[project]\nname = "a"\ndependencies = [1]\n',
        b'[project]\nname = "evil"\ndependencies = []\n',
        b'[project]\nname = "a"\nversion = "2"\ndependencies = []\n',
        b"[project]\ndependencies = []\n",
        b"project = 1\n",
        b'[tool.poetry]\nname = "a"\n',
        b"not toml [",
        b"\xff\xfe",
        b"x = " + b"[" * 5000,
    ],
)
def test_project_tables_that_do_not_tell(text):
    assert refused(make_sdist("a", "1", {"pyproject.toml": text})[1]) == "sdist-dynamic"


def test_text_in_the_project_table_cannot_become_a_field():
    evil = b'[project]\nname = "a"\ndependencies = ["b\\nRequires-Dist: evil\\n\\nx"]\n'
    found = read(make_sdist("a", "1", {"pyproject.toml": evil})[1])
    assert (found.requires, found.unusable) == ((), ("b Requires-Dist: evil x",))


@pytest.mark.parametrize(
    "name",
    [
        "a-1/PKG-INFO\n",
        "a-1/PKG-INFO/x",
        "/a-1/PKG-INFO",
        "a-1/../PKG-INFO",
        "a-1//PKG-INFO",
        "a-1/PKG-INFO.bak",
        "a-1/docs/PKG-INFO",
        "a-1/a.egg-info/PKG-INFO",
        "PKG-INFO",
        "../PKG-INFO",
        "./PKG-INFO",
    ],
)
def test_decoys_are_not_read(name):
    decoy = metadata("a", "1", ["evil"], metadata_version="2.2")
    assert read(tar({name: decoy, "a-1/PKG-INFO": STATIC})).requires == ("good",)
    assert refused(tar({name: decoy})) == "sdist-dynamic"


def test_two_folders_are_ambiguous():
    assert refused(tar({"b-1/PKG-INFO": STATIC, "a-1/PKG-INFO": STATIC})) == "ambiguous-sdist"


def test_metadata_of_another_release():
    assert (
        refused(make_sdist("a", "1", {"PKG-INFO": metadata("evil", "1", metadata_version="2.2")})[1]) == "other-release"
    )
    assert refused(make_sdist("a", "1", {"PKG-INFO": metadata("a", "2", metadata_version="2.2")})[1]) == "other-release"


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_only_regular_files_are_read(kind):
    assert refused(tar({"a-1/PKG-INFO": (kind, "../../../../etc/passwd")})) == "sdist-dynamic"


def test_bomb():
    assert refused(tar({"a-1/zeros": bytes(30_000_000), "a-1/PKG-INFO": STATIC})) == "too-large"


def test_large_pkg_info():
    noise = random.Random(0).randbytes(9_000_000)
    assert refused(tar({"a-1/PKG-INFO": noise})) == "too-large"


def test_header_that_promises_more_than_there_is():
    info = tarfile.TarInfo("a-1/PKG-INFO")
    info.size = 1 << 40
    assert refused(gzip.compress(info.tobuf())) == "too-large"
    info.size = 1 << 20
    assert refused(gzip.compress(info.tobuf())) == "bad-archive"


def test_cut_archive_is_good_enough_where_all_was_read():
    noise = random.Random(0).randbytes(200_000)
    whole = make_sdist("a", "1", {"PKG-INFO": STATIC, "pyproject.toml": PROJECT, "z": noise})[1]
    assert read(whole[:-200]).requires == ("good",)
    late = make_sdist("a", "1", {"z": noise, "PKG-INFO": STATIC, "pyproject.toml": PROJECT})[1]
    assert refused(late[: len(late) // 2]) == "bad-archive"


def test_zip_sdist():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a-1/PKG-INFO", STATIC)
        archive.writestr("a-1/x/PKG-INFO", b"evil")
    assert read(buffer.getvalue(), "a-1.zip").requires == ("good",)
    assert refused(buffer.getvalue(), "a-1.tar.gz") == "bad-archive"
    assert refused(make_sdist("a", "1")[1], "a-1.zip") == "bad-archive"


@given(st.binary(max_size=400))
def test_law_noise_is_refused(body):
    assert refused(body) in ("bad-archive", "sdist-dynamic")
    assert refused(gzip.compress(body)) in ("bad-archive", "sdist-dynamic")
    assert refused(body, "a-1.zip") == "bad-archive"


@given(st.data())
def test_law_damage_is_refused_or_harmless(data):
    with gzip.open(io.BytesIO(make_sdist("a", "1", {"PKG-INFO": STATIC})[1])) as opened:
        body = bytearray(opened.read())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, 511))] = data.draw(st.integers(0, 255))
    try:
        found = read(gzip.compress(bytes(body)))
    except BadArchive:
        return
    assert found.requires == ("good",)


def test_nothing_is_executed(tmp_path):
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w')".encode()
    cfg = b"[options]\ninstall_requires = b\n"
    assert refused(make_sdist("a", "1", {"setup.py": code, "a.py": code, "setup.cfg": cfg})[1]) == "sdist-dynamic"
    assert not mark.exists()


CFG = b"[options]\ninstall_requires =\n  cfg\n"
EGG = b"egg\n[test]\nt\n[:python_version < '3']\nold\n[both:os_name == 'nt']\nu; sys_platform == 'x'\n"
NEW = metadata("a", "1", ["new"], metadata_version="2.2")
DYNAMIC = metadata(
    "a", "1", ["dynamic"], extra=["Dynamic: Requires-Dist", "Requires-Python: >=3"], metadata_version="2.2"
)


@pytest.mark.parametrize(
    ("members", "source", "requires"),
    [
        ({"PKG-INFO": NEW, "pyproject.toml": PROJECT, "setup.cfg": CFG}, "sdist", ("new",)),
        ({"PKG-INFO": DYNAMIC, "pyproject.toml": PROJECT, "setup.cfg": CFG}, "pyproject", None),
        ({"PKG-INFO": DYNAMIC, "setup.cfg": CFG, "a.egg-info/requires.txt": EGG}, "setup-cfg", ("cfg",)),
        (
            {"PKG-INFO": OLD, "setup.cfg": CFG, "setup.py": b"import setuptools\nsetuptools.setup()"},
            "setup-cfg",
            ("cfg",),
        ),
        (
            {"PKG-INFO": OLD, "setup.cfg": CFG, "setup.py": b"setup(x)", "a.egg-info/requires.txt": b"e"},
            "requires-txt",
            ("e",),
        ),
        ({"src/A.egg-info/requires.txt": b"src", "PKG-INFO": DYNAMIC}, "requires-txt", ("src",)),
        ({"src/A.egg-info/requires.txt": b"src", "a.egg-info/requires.txt": b"near"}, "requires-txt", ("near",)),
        ({"PKG-INFO": OLD, "b.egg-info/requires.txt": b"decoy"}, "pkg-info", ("claimed",)),
        ({"PKG-INFO": OLD, "x/y/a.egg-info/requires.txt": b"decoy"}, "pkg-info", ("claimed",)),
    ],
)
def test_the_best_witness_counts(members, source, requires):
    body = make_sdist("a", "1", members)[1]
    told, found = static_metadata(sdist_texts(body, "a-1.tar.gz", SdistTexts("a", "1")), "a", "1")
    assert told == source
    assert requires is None or found.requires == requires


def test_requires_txt():
    found = read(make_sdist("a", "1", {"a.egg-info/requires.txt": EGG, "PKG-INFO": DYNAMIC})[1])
    assert found.requires == (
        "egg",
        "old; python_version < '3'",
        "t; extra == 'test'",
        "u; (sys_platform == 'x') and (os_name == 'nt') and extra == 'both'",
    )
    assert (found.extras, found.requires_python) == (("both", "test"), ">=3")


@pytest.mark.parametrize("name", ["a-1.tar.bz2", "a-1.tgz"])
def test_other_packings(name):
    plain = gzip.decompress(make_sdist("a", "1", {"PKG-INFO": STATIC})[1])
    body = bz2.compress(plain) if name.endswith("bz2") else gzip.compress(plain)
    assert read(body, name).requires == ("good",)


def test_nothing_more_is_wanted_once_the_folder_is_right_and_the_requirements_are_stated():
    def wanted(top, pkg_info, *kinds):
        collector = SdistTexts("a-b", "1.0", frozenset(kinds))
        assert collector.take(f"{top}/PKG-INFO") is not None
        return collector.keep(f"{top}/PKG-INFO", pkg_info)

    static = metadata("A.b", "1.0", metadata_version="2.2")
    assert not wanted("A.b-1.0", static)
    assert wanted("x", static)
    assert wanted("a_b-1.0", static, "pyproject")
    assert wanted("a_b-1.0", metadata("A.b", "1.0"))
