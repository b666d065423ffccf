"""What releases say of names: what shows the import names, stubs, projects without modules, and standings."""

import pytest

from dataset.namereleases import names_of_releases
from dataset.records import Release
from normalize.nameanswers import Standing
from normalize.projects import ProjectName


def release(project, version, *imports, **facts):
    told = {"unknown": "listed"} if "requires" not in facts else {}
    return Release(project=ProjectName(project), version=version, imports=imports, **told, **facts)


@pytest.mark.parametrize(
    ("imports_from", "strength", "because"),
    [
        ("declared", "certain", "Import-Name in the metadata of release 1"),
        ("members", "certain", "contents of a wheel of release 1"),
        ("top-level", "likely", "top_level.txt of release 1"),
        ("", "certain", "contents of release 1"),
    ],
)
def test_what_shows_the_import_names_is_told(imports_from, strength, because):
    (link,) = names_of_releases([release("a", "1", "a", imports_from=imports_from)]).links
    assert (link.strength, link.because) == (strength, because)


def test_stub_packages_are_for_a_module():
    (link,) = names_of_releases([release("types-pyyaml", "1", "yaml-stubs")]).links
    assert (link.kind, link.name) == ("stubs", "yaml")


def test_a_wheel_without_modules_is_a_metapackage_and_a_listed_release_is_not():
    (link,) = names_of_releases([release("jupyter", "1", imports_from="members"), release("listed", "1")]).links
    assert (link.kind, link.project) == ("metapackage", "jupyter")


def test_the_newest_requirements_count_as_dependents_and_the_first_upload_as_age():
    found = names_of_releases(
        [
            release("a", "1", requires=("c", "b>=1")),
            release("a", "2", requires=("B.b (>=1)", "b_b; extra == 'x'", "b-b[y]")),
            release("a", "3"),
            release("b-b", "1", uploaded="2020-05-02T10:00:00Z"),
            release("b-b", "0.1", uploaded="2019-05-02T10:00:00Z"),
            release("c", "1", requires=("b-b",)),
        ]
    )
    assert found.standings == {
        "a": Standing(),
        "b-b": Standing(dependents=2, since="2019-05-02"),
        "c": Standing(),
    }
    assert found.projects == {"a", "b-b", "c"}
