"""What does an sdist tell, on the last rung of the ladder? And what may a hostile one do?"""

import bz2
import gzip
import io
import random
import tarfile
import zipfile

import pytest
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import FakeIndex, run_crawl
from readings import read

REQUIRES = ("numpy>=1.19.3", "typing-extensions; python_version < '3.8'")

SETUP = {
    "setup.cfg": b"[options]\ninstall_requires = cfg>=1\n",
    "pyproject.toml": b"[build-system]\nrequires = ['setuptools>=61', '?']\n",
    "h5py.egg-info/top_level.txt": b"h5py\n_h5py\n",
}


def test_sdist_that_states_nothing_but_claims_and_what_building_it_requires(store):
    fake = FakeIndex()
    fake.add("h5py", make_sdist("h5py", "1", SETUP))
    run_crawl(fake, store, ["h5py"])
    (found,) = store.releases()
    assert (found.requires, found.source, found.trust) == (("cfg>=1",), "setup-cfg", "claimed")
    assert found.builds == ("setuptools>=61",)
    assert [one.code for one in store.problems()] == ["unusable-build-requirement"]


def test_builds_are_read_beside_a_wheel_where_asked_for():
    fake = FakeIndex()
    fake.add("h5py", make_wheel("h5py", "1", REQUIRES))
    sdist = fake.add("h5py", make_sdist("h5py", "1", SETUP))
    ((found, reading),) = read(fake, "h5py")
    assert (found.builds, fake.served[fake.path(sdist)]) == (None, 0)
    ((found, reading),) = read(fake, "h5py", wants_builds=True)
    assert (found.requires, found.source) == (tuple(sorted(REQUIRES)), "sidecar")
    assert (found.builds, fake.served[fake.path(sdist)]) == (("setuptools>=61",), 1)
    assert {text.kind for text in reading.texts} == {"sidecar", "pyproject", "setup-cfg", "top-level"}


def test_import_names_of_an_sdist():
    fake = FakeIndex()
    fake.add("h5py", make_sdist("h5py", "1", SETUP))
    ((found, _),) = read(fake, "h5py", wants_imports=True)
    assert (found.imports, found.imports_from) == (("_h5py", "h5py"), "top-level")


def test_sdist_is_read_no_further_than_needed():
    fake = FakeIndex()
    noise = random.Random(0).randbytes(4_000_000)
    stated = metadata("h5py", "1", REQUIRES, metadata_version="2.4")
    fake.add("h5py", make_sdist("h5py", "1", {"PKG-INFO": stated, "data": noise}))
    ((found, reading),) = read(fake, "h5py")
    assert (found.requires, found.source) == (tuple(sorted(REQUIRES)), "sdist")
    assert reading.source.received < 1_000_000


@pytest.mark.parametrize("ranges", [True, False])
def test_zip_sdist_is_read_by_ranges(ranges):
    fake = FakeIndex(ranges=ranges)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("h5py-1/PKG-INFO", metadata("h5py", "1", REQUIRES, metadata_version="2.2"))
        archive.writestr("h5py-1/data", random.Random(0).randbytes(2_000_000))
    fake.add("h5py", ("h5py-1.zip", buffer.getvalue()))
    ((found, reading),) = read(fake, "h5py")
    assert (found.requires, found.source, found.trust) == (tuple(sorted(REQUIRES)), "sdist", "claimed")
    assert (reading.source.received < 100_000) is ranges


def test_bzip2_sdist():
    fake = FakeIndex()
    body = bz2.compress(gzip.decompress(make_sdist("h5py", "1", requires=REQUIRES)[1]))
    fake.add("h5py", ("h5py-1.tar.bz2", body))
    ((found, _),) = read(fake, "h5py")
    assert found.requires == tuple(sorted(REQUIRES))


_OF_EVIL = metadata("evil", "1", metadata_version="2.2")
HOSTILE_SDISTS = {
    "cut": lambda: (make_sdist("h5py", "1", {"x": random.Random(0).randbytes(9000)})[1][:-100], "bad-archive"),
    "zeros": lambda: (gzip.compress(bytes(30_000)), "bad-archive"),
    "bomb": lambda: (make_sdist("h5py", "1", {"x": bytes(30_000_000)})[1], "too-large"),
    "HTML": lambda: (b"<html>", "bad-archive"),
    "zip": lambda: (make_wheel("h5py", "1")[1], "bad-archive"),
    "link": lambda: (make_sdist("h5py", "1", {"PKG-INFO": (tarfile.SYMTYPE, "/etc/passwd")})[1], "sdist-dynamic"),
    "folder": lambda: (make_sdist("h5py", "1", {"PKG-INFO": (tarfile.DIRTYPE, "")})[1], "sdist-dynamic"),
    "device": lambda: (make_sdist("h5py", "1", {"PKG-INFO": (tarfile.CHRTYPE, "")})[1], "sdist-dynamic"),
    "other": lambda: (
        make_sdist("h5py", "1", {"PKG-INFO": metadata("evil", "1", metadata_version="2.2")})[1],
        "other-release",
    ),
}


@pytest.mark.parametrize("case", HOSTILE_SDISTS)
def test_hostile_sdists_leave_the_release_unknown(case):
    body, code = HOSTILE_SDISTS[case]()
    fake = FakeIndex()
    fake.add("h5py", ("h5py-1.tar.gz", body))
    ((found, reading),) = read(fake, "h5py")
    assert (found.requires, found.unknown) == (None, code)
    assert [one.code for one in reading.problems] == ([] if code == "sdist-dynamic" else [code])
