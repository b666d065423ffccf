"""What does metadata tell people, and what of it is too dangerous or too vague to be kept?"""

import pytest
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import FakeIndex
from readings import read

from crawler.about import both, without
from crawler.metadata import parse_metadata
from crawler.replay import replayed
from dataset.records import LONGEST_LICENCE, About
from normalize.addresses import LONGEST_ADDRESS, is_address


def told(*fields):
    return parse_metadata(metadata("a", "1", extra=fields)).about


@pytest.mark.parametrize(
    ("fields", "licence", "stands"),
    [
        (["License-Expression: mit OR apache-2.0", "License: GPL-3.0-only"], "MIT OR Apache-2.0", "expression"),
        (["License-Expression: nonsense", "License: MIT"], "MIT", "field"),
        (["License: BSD-3-Clause", "Classifier: License :: OSI Approved :: BSD License"], "BSD-3-Clause", "field"),
        (["License: New BSD", "Classifier: License :: OSI Approved :: BSD License"], "BSD License", "classifiers"),
        (
            ["Classifier: License :: OSI Approved :: MIT License", "classifier: License :: Public Domain"],
            "MIT License; Public Domain",
            "classifiers",
        ),
        (["Classifier: License :: OSI Approved", "License: New\n        BSD"], "New BSD", "field"),
        (["Classifier: Topic :: License :: MIT", "License: UNKNOWN"], None, ""),
        (["License: " + "Permission is hereby granted " * 20], None, ""),
        (["License: " + "x" * 101], None, ""),
        (["License: M\x1b[31mT"], None, ""),
        (["Classifier: License :: " + "x" * (LONGEST_LICENCE + 1)], None, ""),
        (["License-Expression: " + "(" * 199], None, ""),
        (["License:", "Home-page: "], None, ""),
    ],
)
def test_the_licence_is_the_clearest_that_metadata_names(fields, licence, stands):
    found = told(*fields)
    assert (found.licence, found.licence_from) == (licence, stands) if found else licence is None


def test_addresses_are_found_by_their_well_known_labels():
    found = told(
        "Project-URL: Release Notes, https://a.example/notes",
        "Project-URL: What's New?, https://a.example/new",
        "Project-URL: Source-Code, https://git.example/a",
        "Project-URL: Documentation, https://docs.example/",
        "Project-URL: GitHub, https://hub.example/a",
        "Home-page: https://old.example/",
        "Project-URL: home_page, https://a.example/?a=b,c#d",
    )
    assert found == About(
        changelog="https://a.example/new", homepage="https://a.example/?a=b,c#d", repository="https://git.example/a"
    )
    assert told("Home-page: https://old.example/") == About(homepage="https://old.example/")


HOSTILE = [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://a.example/",
    "//a.example/",
    "https://",
    "https:///a",
    "https://localhost/a",
    "https://127.0.0.1/a",
    "https://[::1]/a",
    "https://user@a.example/",
    "https://user:secret@a.example/",
    "https://a.example\\@b.example/",
    "https://a.example/ b",
    "https://a.example/\tb",
    "https://a.example/\x1b[31m",
    "https://a.example/\u202e",
    "https://a.example/|b",
    "https://a.example/<b>",
    'https://a.example/"b',
    "https://a.example/`b",
    "https://a.example/${b}",
    "https://\u0430.example/",
    "https://a..example/",
    "https://-a.example/",
    "https://a.example:port/",
    "https://a.example/" + "b" * LONGEST_ADDRESS,
]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_could_do_harm_is_dropped(address):
    assert not is_address(address)
    assert told(f"Project-URL: Changelog, {address}", f"Home-page: {address}") is None
    other = told(f"Project-URL: Changelog, {address}", "Project-URL: changes, https://a.example/")
    assert other == About(changelog="https://a.example/")


def test_a_flood_of_fields_is_not_read_to_its_end():
    assert told(*(f"Project-URL: x{one}, https://a.example/{one}" for one in range(1_000)), "License: MIT") == About(
        licence="MIT", licence_from="field"
    )


def test_pages_of_indexes_are_no_addresses_of_a_project():
    found = About(
        licence="MIT",
        changelog="https://pkg.index.example/project/a/",
        homepage="https://index.example/",
        repository="https://notindex.example/",
    )
    kept = About(licence="MIT", repository="https://notindex.example/")
    assert without(found, {"pkg.index.example"}) == kept
    assert without(About(homepage="https://www.index.example"), {"index.example"}) is None
    assert without(None, {"index.example"}) is None
    assert without(found, ()) == found


ABOUT = ["License: MIT", "Home-page: https://a.example/", "Project-URL: Source, https://pkg.index.example/a"]
PROJECT = b"""[project]
name = "a"
dependencies = ["b"]
license = "Apache-2.0"
classifiers = ["License :: OSI Approved :: MIT License", 7]
[project.urls]
"Change log" = "https://a.example/\\nnews"
Changes = "https://a.example/changes"
Source = 7
"""


def one(fake, **wants):
    ((release, reading),) = read(fake, "a", **wants)
    assert replayed(release, tuple(reading.texts), reading.hosts) == (release, tuple(reading.problems))
    return release.about


def test_a_wheel_tells_and_an_sdist_tells_what_its_requirements_do_not():
    fake = FakeIndex()
    fake.add("a", make_wheel("a", "1", text=metadata("a", "1", extra=ABOUT)))
    said = About(licence="MIT", licence_from="field", homepage="https://a.example/")
    assert one(fake, hosts={"index.example"}) == said
    fake = FakeIndex()
    pkg_info = metadata("a", "1", extra=[*ABOUT, "Dynamic: License", "Dynamic: Requires-Dist"], metadata_version="2.2")
    fake.add("a", make_sdist("a", "1", {"PKG-INFO": pkg_info}))
    assert one(fake, hosts={"index.example"}) == said
    fake = FakeIndex()
    fake.add("a", make_sdist("a", "1", {"PKG-INFO": metadata("a", "1", extra=ABOUT), "pyproject.toml": PROJECT}))
    assert one(fake, hosts={"index.example"}) == About(
        licence="MIT", licence_from="field", homepage="https://a.example/", changelog="https://a.example/changes"
    )
    fake = FakeIndex()
    fake.add("a", make_sdist("a", "1", {"pyproject.toml": PROJECT}))
    assert one(fake) == About(licence="Apache-2.0", licence_from="expression", changelog="https://a.example/changes")


def test_the_metadata_of_another_release_tells_nothing():
    fake = FakeIndex()
    fake.add("a", make_sdist("a", "1", {"PKG-INFO": metadata("evil", "1", extra=ABOUT)}))
    assert one(fake) is None
    fake = FakeIndex()
    fake.add("a", make_sdist("a", "1", {"pyproject.toml": PROJECT.replace(b'"a"', b'"evil"')}))
    assert one(fake) is None


def test_where_one_is_silent_the_other_tells():
    first, other = About(licence="MIT", licence_from="field"), About(licence="X", homepage="https://a.example/")
    assert both(first, other) == About(licence="MIT", licence_from="field", homepage="https://a.example/")
    assert both(None, other) == other
    assert both(About(changelog="https://a.example/"), first).licence == "MIT"
