"""Is a difference what has to be done to the old dataset to get the new one?"""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dataset.difference import FIELDS, differences
from dataset.records import About, File, Release
from dataset.store import Store

releases = st.builds(
    Release,
    project=st.sampled_from(["a", "b"]),
    version=st.sampled_from(["2004d", "1.0", "1", "1.10", "1.9"]),
    yanked=st.sampled_from([None, "", "broken"]),
    files=st.sampled_from([(), (File(name="a-1.whl"),)]),
    requires=st.just(("x",)),
)
datasets = st.lists(releases, max_size=5, unique_by=lambda one: (one.project, one.version))


def read(dataset):
    with Store.create(Path(":memory:")) as store:
        store.put(dataset)
        return list(store.releases())


def applied(old, changes):
    found = {(one.project, one.version): one for one in old}
    for change in changes:
        key = (change.release.project, change.release.version)
        if change.kind == "gone":
            del found[key]
        elif change.kind == "added":
            assert key not in found
            found[key] = change.after
        else:
            found[key] = replace(found[key], **{name: now for name, _, now in change.changes()})
    return found


@given(datasets, datasets)
def test_applying_the_difference_gives_the_new_dataset(old, new):
    changes = list(differences(read(old), read(new)))
    assert applied(old, changes) == {(one.project, one.version): one for one in new}
    assert [one.kind for one in differences(read(new), read(old))] == [
        {"added": "gone", "gone": "added", "changed": "changed"}[one.kind] for one in changes
    ]


@given(datasets)
def test_a_dataset_does_not_differ_from_itself(dataset):
    assert list(differences(read(dataset), read(dataset))) == []


def test_only_fields_that_changed_are_told():
    old = Release(project="a", version="1", unknown="listed")
    (change,) = differences([old], [replace(old, requires=("b",), unknown=None, trust="claimed")])
    assert [name for name, *_ in change.changes()] == ["requires", "unknown", "trust"]
    assert {"requires", "files", "gone"} < set(FIELDS)


def test_what_people_are_told_is_told_piece_by_piece():
    old = Release(project="a", version="1", unknown="listed", about=About(licence="MIT", licence_from="field"))
    new = replace(old, about=About(licence="MIT", homepage="https://a.example/"))
    (change,) = differences([old], [new])
    assert list(change.changes()) == [("licence_from", "field", None), ("homepage", None, "https://a.example/")]
    (change,) = differences([replace(old, about=None)], [old])
    assert list(change.changes()) == [("licence", None, "MIT"), ("licence_from", None, "field")]
