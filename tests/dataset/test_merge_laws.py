"""Does it matter in which order datasets are merged, or how often?"""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset import shards
from dataset.crawlstate import Change, Crawled, PageState, Problem, SourceText
from dataset.joining import CONFLICT
from dataset.mergestores import merge_stores
from dataset.records import About, File, Release
from dataset.store import Store

NOW, LATER = "2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z"
fewer = settings(max_examples=settings.default.max_examples // 8)  # each makes several databases

facts = st.sampled_from(
    [
        {"unknown": "listed"},
        {"unknown": "sdist-dynamic"},
        {"requires": ("a",), "trust": "claimed", "source": "sdist"},
        {"requires": ("a>=1",), "trust": "verified", "source": "sidecar", "extras": ("x",)},
        {"requires": ("A >=1",), "trust": "verified", "source": "wheel"},
        {"requires": (), "unusable": ("six (=1",), "trust": "verified", "source": "wheel"},
    ]
)


@st.composite
def releases(draw):
    return Release(
        project=draw(st.sampled_from(["a", "b"])),
        version=draw(st.sampled_from(["1.0", "1"])),
        uploaded=draw(st.sampled_from([None, NOW, LATER])),
        yanked=draw(st.sampled_from([None, "", "broken"])),
        requires_python=draw(st.sampled_from([None, ">=3.8", ">= 3.8", ">=3.9"])),
        imports=draw(st.sampled_from([(), ("a",), ("b",)])),
        imports_from=draw(st.sampled_from(["", "members"])),
        about=draw(st.sampled_from([None, About(licence="MIT"), About(homepage="https://a.example/")])),
        builds=draw(st.sampled_from([None, (), ("setuptools",)])),
        gone=draw(st.sampled_from([None, NOW])),
        files=draw(st.sampled_from([(), (File(name="a-1.whl"),), (File(name="a-1.tar.gz", size=1),)])),
        **draw(facts),
    )


@st.composite
def datasets(draw):
    found = draw(st.lists(releases(), max_size=4, unique_by=lambda one: (one.project, one.version)))
    pages = draw(
        st.lists(
            st.builds(
                PageState,
                project=st.sampled_from(["a", "b", "c"]),
                fetched_at=st.sampled_from([NOW, LATER]),
                etag=st.sampled_from([None, "x"]),
            ),
            max_size=2,
            unique_by=lambda one: one.project,
        )
    )
    problems = st.builds(
        Problem, st.sampled_from("abc"), st.sampled_from(["", "1.0"]), st.just(""), st.sampled_from(["x", "y"])
    )
    texts = st.builds(
        SourceText,
        project=st.just("a"),
        version=st.just("1.0"),
        file=st.just("f"),
        kind=st.just("sidecar"),
        content=st.sampled_from([b"x", b"y"]),
    )
    return {
        "releases": found,
        "pages": pages,
        "problems": draw(st.lists(problems, max_size=2)),
        "texts": draw(st.lists(texts, max_size=1)),
        "changes": draw(st.lists(st.just(Change("a", "1.0", "yanked", "", "broken", NOW)), max_size=1)),
        "crawled": draw(st.sampled_from([None, Crawled(NOW, NOW), Crawled(NOW, LATER)])),
        "serials": draw(st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 3))),
        "setting": draw(st.sampled_from([None, "one", "other"])),
    }


def stored(told):
    store = Store.create(Path(":memory:"))
    store.put(
        told["releases"],
        pages=told["pages"],
        problems=told["problems"],
        changes=told["changes"],
        texts=told["texts"],
        attempted=NOW,
    )
    store.put_serials(told["serials"])
    store.set_setting("index", told["setting"])
    if told["crawled"]:
        store.keep_crawled(told["crawled"])
    return store


def merged(*stores):
    target = Store.create(Path(":memory:"))
    merge_stores(stores, target, lambda *_: None)
    return target


def content(store):
    """Return what is exported, and all the rest."""
    names = store.names()
    return (
        dict(shards.to_shards(store)),
        [store.page(one) for one in names],
        [store.texts(one) for one in names],
        [store.progress(one) for one in names],
        store.changes(),
        store.serials(),
        store.settings(),
        store.digest(),
    )


@fewer
@given(st.lists(datasets(), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(several, draw):
    shuffled = draw.sample(several, len(several))
    assert content(merged(*map(stored, several))) == content(merged(*map(stored, shuffled)))


@fewer
@given(datasets())
def test_merging_a_dataset_with_itself_changes_nothing(told):
    assert content(merged(stored(told), stored(told))) == content(merged(stored(told))) == content(stored(told))


@fewer
@given(datasets(), datasets())
def test_merging_what_was_merged_already_changes_nothing(one, other):
    both = merged(stored(one), stored(other))
    assert content(merged(both, stored(other)))[0] == content(both)[0]


def release(**facts):
    return Release(project="a", version="1.0", source="wheel", trust="verified", **facts)


def test_equally_trusted_datasets_that_disagree_are_a_problem():
    one, other = (stored_releases(release(requires=(text,))) for text in ("b>=1", "b>=2"))
    found = merged(one, other)
    (kept,) = found.releases()
    assert kept.requires == ("b>=2",)
    (problem,) = found.problems()
    assert (problem.project, problem.version, problem.code) == ("a", "1.0", CONFLICT)
    assert problem.detail == ('an equally trusted dataset says "requires":["b>=1"],"source":"wheel","trust":"verified"')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"requires": ("b>=1,<2",)}, {"requires": ("B <2, >=1",)}),
        ({"requires": ("b",)}, {"requires": ("b",), "extras": ()}),
        ({"requires": ("b",), "requires_python": ">=3"}, {"requires": ("b",)}),
    ],
)
def test_what_means_the_same_is_no_conflict(one, other):
    found = merged(stored_releases(release(**one)), stored_releases(release(**other)))
    assert found.problems() == ()


def test_the_better_trusted_requirements_win_and_the_later_crawl_knows_what_is_yanked():
    old = stored_releases(release(requires=("b",), yanked="broken"), at=NOW)
    new = stored_releases(replace(release(requires=("c",)), trust="claimed"), at=LATER)
    (found,) = merged(old, new).releases()
    assert (found.requires, found.trust, found.yanked) == (("b",), "verified", None)


def stored_releases(*several, at=None):
    store = Store.create(Path(":memory:"))
    store.put(several)
    if at:
        store.keep_crawled(Crawled(at, at))
    return store


def test_problems_of_requirements_that_lose_do_not_stay():
    lost = Store.create(Path(":memory:"))
    lost.put([Release(project="a", version="1.0", unknown="bad")], problems=[Problem("a", "1.0", "f", "bad-metadata")])
    kept = stored_releases(release(requires=()))
    assert merged(lost, kept).problems() == ()
    assert merged(lost).problems() == lost.problems()
