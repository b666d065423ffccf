"""Do keys sort as PEP 440 does? `packaging` is the oracle."""

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version
from releaselines import release_order

from dataset.records import Release
from dataset.store import Store
from dataset.versionkey import NO_VERSION, version_key

numbers = st.sampled_from(["0", "00", "1", "01", "2", "9", "10", "11", "99", "100", "20260501", "1" * 30])


@st.composite
def versions(draw):
    parts = [draw(st.sampled_from(["", "0!", "1!", "10!"])), ".".join(draw(st.lists(numbers, min_size=1, max_size=4)))]
    for spelling in ("a", "post", "dev"):
        if draw(st.booleans()):
            letter = draw(st.sampled_from(["a", "b", "rc"])) if spelling == "a" else f".{spelling}"
            parts.append(letter + draw(numbers))
    if draw(st.booleans()):
        local = st.lists(st.sampled_from(["0", "1", "10", "9", "a", "ab", "z", "1a", "a1"]), min_size=1, max_size=3)
        parts.append("+" + ".".join(draw(local)))
    return "".join(parts)


def sign(one, other):
    return (one > other) - (one < other)


@settings(max_examples=settings.default.max_examples // 2)
@given(versions(), versions())
def test_keys_compare_as_versions_do(one, other):
    assert sign(version_key(one), version_key(other)) == sign(Version(one), Version(other))


@given(st.text(max_size=8))
def test_what_is_not_pep_440_comes_before_every_version(text):
    assert (version_key(text) == NO_VERSION) == (version_key(text) < version_key("0.dev0"))


def test_a_number_of_more_digits_than_python_reads_is_no_version():
    assert version_key("1" * 5_000) == NO_VERSION


@settings(max_examples=settings.default.max_examples // 4)
@given(st.lists(versions() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4), max_size=8, unique=True))
def test_the_database_sorts_as_exports_do(tmp_path_factory, several):
    releases = [Release(project="a", version=version, unknown="listed") for version in several]
    path = tmp_path_factory.mktemp("sorted") / "x.db"
    with Store.create(path) as store:
        store._connection.execute("PRAGMA synchronous = OFF")
        store.put(releases)
        assert list(store.releases(files=False)) == sorted(releases, key=release_order)
