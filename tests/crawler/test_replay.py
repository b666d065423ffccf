"""Replay: stored texts say what the crawl said, and newer rules say more."""

import dataclasses

import pytest
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import FakeIndex, run_crawl, status
from readings import read

from crawler.facts import OF_TEXTS
from crawler.replay import replayed
from dataset.packedtext import pack, unpack
from dataset.records import LISTED

CFG = b"[options]\ninstall_requires = cfg>=1.*\n[options.extras_require]\nt = u\n"
BARE = b"import setuptools\nsetuptools.setup()\n"
BUILD = b"[build-system]\nrequires = ['setuptools']\n"
EXTRA = ["Provides-Extra: t", "Requires-Python: >=3.8", "License: MIT", "Home-page: https://a.example/"]
TAGS = ("cp313-cp313-win_amd64", "cp313-cp313-manylinux_2_17_x86_64", "cp312-cp312-win32")


def everything():
    """Return an index with a release for each way to know something or nothing."""
    fake = FakeIndex()

    def wheel(version, requires=(), **facts):
        return fake.add("a", make_wheel("a", version, requires, **facts))

    wheel("1.0", ["b>=1<2", "c; os.name=='nt'", "?", "d"])
    wheel("1.1", text=metadata("a", "1.1", ["b"], extra=[*EXTRA, "Import-Name: a"], metadata_version="2.5"))
    wheel("1.2").sidecar = None
    wheel("1.3").sidecar = metadata("evil", "1")
    wheel("1.4", text=metadata("evil", "1"))
    wheel("1.5", text=metadata("a", "1.5", ["b"]).replace(b"\n\n", b"\nno field\nRequires-Dist: late\n\n"))
    wheel("1.6", text=metadata("a", "1.6", ["b"], extra=["Author: J\u00fcrgen"]).decode().encode("latin-1"))
    wheel("1.7", text=metadata("a", "1.7", [f"p{one}" for one in range(10_001)]))
    wheel("1.8", text=metadata("a", "1.8", ["b"]).decode().encode("utf-16"))
    for number, tag in enumerate(TAGS):
        wheel("2.0", [f"b>={number}"], tag=tag)
        wheel("2.1", ["b>=1" if number else "B >= 1"], tag=tag)
    fake.add("a", ("a-2.2-py3-none-any.whl", b"broken" * 9), sidecar=metadata("a", "2.2", ["b"]))
    for version, members in {
        "3.0": {"PKG-INFO": metadata("a", "3.0", ["b"], extra=EXTRA, metadata_version="2.2"), "pyproject.toml": BUILD},
        "3.1": {"PKG-INFO": metadata("a", "3.1", extra=["Dynamic: Requires-Dist"], metadata_version="2.2")},
        "3.2": {"setup.cfg": CFG, "setup.py": BARE, "pyproject.toml": BUILD},
        "3.3": {"setup.cfg": CFG, "setup.py": b"run()", "PKG-INFO": metadata("a", "3.3", ["old"])},
        "3.4": {"a.egg-info/requires.txt": b"b\n[t]\nu\n", "a.egg-info/top_level.txt": b"a\n"},
        "3.5": {"pyproject.toml": BUILD + b"[project]\nname = 'a'\ndependencies = ['b>=1.*']\n"},
        "3.6": {"PKG-INFO": metadata("evil", "1", metadata_version="2.2")},
        "3.7": {"README": b""},
        "3.8": {"a.egg-info/top_level.txt": b"a\n"},
        "3.9": {"PKG-INFO": (b"2", "/etc/passwd")},
    }.items():
        fake.add("a", make_sdist("a", version, members))
    wheel("4.0", ["b"])
    fake.add("a", make_sdist("a", "4.0", {"pyproject.toml": BUILD}))
    fake.add("a", ("a-5.0.win32.exe", b"MZ"))
    return fake


def texts_of(reading):
    """Return the texts as the store gives them back, in another order."""
    return tuple(dataclasses.replace(one, content=unpack(pack(one.content))) for one in reversed(reading.texts))


@pytest.mark.parametrize("advertised", [True, False])
@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("wants", [True, False])
def test_replay_is_crawl(advertised, ranges, wants):
    fake = everything()
    fake.ranges = ranges
    for upload in fake.projects["a"]:
        upload.advertised = advertised and upload.sidecar is not None
    found = read(fake, "a", wants_imports=wants, wants_builds=wants, audit=wants)
    assert len(found) > 20
    assert {release.unknown for release, _ in found} >= {None, "sdist-dynamic", "no-readable-file", "other-release"}
    for release, reading in found:
        problems = [one for one in reading.problems if one.code in OF_TEXTS]
        assert replayed(release, texts_of(reading)) == (release, tuple(problems))


def test_replay_of_a_crawled_store(store):
    fake = everything()
    fake.always[fake.path(fake.projects["a"][0])] = status(503)
    run_crawl(fake, store, ["a"], all_releases=True)
    texts = {}
    for text in store.texts("a"):
        texts.setdefault(text.version, []).append(text)
    found = list(store.releases())
    assert len(texts) > 5
    for release in found:
        assert replayed(release, tuple(texts.get(release.version, ())))[0] == release


def one(fake, **wants):
    ((release, reading),) = read(fake, "a", **wants)
    return release, tuple(reading.texts)


def test_newer_rules_say_more_of_what_was_unknown():
    fake = FakeIndex()
    fake.add("a", make_sdist("a", "1", {"setup.cfg": CFG}))
    release, texts = one(fake)
    known, _ = replayed(dataclasses.replace(release, requires=None, repaired=(), unknown="sdist-dynamic"), texts)
    assert known == release
    assert (known.requires, known.source, known.trust) == (("cfg>=1", "u; extra == 't'"), "setup-cfg", "claimed")


def test_what_nobody_read_stays():
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1", ["b"]))
    release, texts = one(fake)
    assert replayed(release, ()) == (release, ())
    listed = dataclasses.replace(release, requires=None, unknown=LISTED, source="index", trust="none")
    assert replayed(listed, texts) == (listed, ())
    assert replayed(dataclasses.replace(release, builds=("x",)), texts)[0].builds == ("x",)


def test_import_names_alone_leave_the_requirements():
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1", ["b"]))
    release, texts = one(fake, wants_imports=True)
    members = tuple(text for text in texts if text.kind == "members")
    bare = dataclasses.replace(release, imports=(), imports_from="")
    assert replayed(bare, members)[0] == release


def test_trust_is_not_passed_on_to_another_text():
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1", ["b"]), advertised=True)
    release, texts = one(fake)
    assert release.trust == "verified"
    other = tuple(dataclasses.replace(text, kind="metadata") for text in texts)
    found, _ = replayed(release, other)
    assert (found.requires, found.source, found.trust) == (("b",), "wheel", "unverified")


def test_stricter_rules_refuse_what_was_believed():
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1", ["b"]))
    release, texts = one(fake)
    other = tuple(dataclasses.replace(text, content=metadata("evil", "1")) for text in texts)
    found, problems = replayed(release, other)
    assert (found.requires, found.unknown, found.trust) == (None, "wheel-unreadable", "none")
    assert [problem.code for problem in problems] == ["other-release"]
