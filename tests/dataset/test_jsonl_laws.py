"""Which laws do the JSON Lines form and its shards obey for every dataset?"""

from hypothesis import given, settings
from hypothesis import strategies as st
from releaselines import release_order, release_to_line
from shardbytes import to_shards

from dataset.crawlstate import Crawled, Problem
from dataset.jsonl import all_or_errors, release_from_line, releases_from_lines
from dataset.manifest import read_manifest
from dataset.records import MANIFEST, About, File, Release
from dataset.shards import from_shards

# few and nasty characters: what JSON escapes, line ends of other standards, halves of pairs in UTF-16, controls
texts = st.text(st.sampled_from('aZ0.-_ "\\/\n\r\x00\x1b\x85\u2028\u202eé\ufeff\U0001f40d'), max_size=6)
filled = texts.filter(str.strip)
requirements = st.sampled_from(
    ["six", "numpy>=1.19.3", "A.b[c,d]~=2.0; python_version < '3'", "x @ https://files.example/x.whl"]
)
unusable = st.sampled_from(["six (=1)", "@", "", "numpy>=1.19.3,", "\x1b[2J\u2028"])
names = st.sampled_from(["a", "b-c", "numpy", "scikit-learn", "zope-interface", "2to3"])
times = st.sampled_from(["2003-03-21T00:00:00Z", "2026-05-01T10:00:00Z", "9999-12-31T23:59:59Z"])


def sets(one):
    return st.frozensets(one, max_size=3).map(lambda found: tuple(sorted(found)))


files = st.builds(
    File,
    name=st.sampled_from(["a-1.tar.gz", "a-1-py3-none-any.whl", "A_1.zip"]),
    path=st.none() | st.sampled_from(["ab/a-1.tar.gz", "a"]),
    sha256=st.none() | st.sampled_from(["0a" * 32, "f" * 64]),
    size=st.none() | st.sampled_from([0, 1, 2**63 - 1]),
)


abouts = st.none() | st.builds(
    About,
    licence=st.just("MIT") | st.just("BSD License; caf\u00e9"),
    licence_from=st.sampled_from(["", "expression", "classifiers", "field"]),
    changelog=st.none() | st.just("https://a.example/changes#1,2"),
    homepage=st.none() | st.just("http://a.example"),
    repository=st.none() | st.just("https://git.example/a?b='c'"),
)


@st.composite
def releases(draw):
    requires = draw(st.none() | sets(requirements))
    reason = st.sampled_from(["listed", "unstated", "sdist-dynamic", "hash-mismatch"])
    found = draw(st.lists(files, max_size=3, unique_by=lambda one: one.name))
    sources = st.sampled_from(["", "declared", "members", "top-level"])
    return Release(
        project=draw(names),
        version=draw(filled | st.sampled_from(["1.0", "1.0.0", "1!2.0.post1+local", "2.0rc1", "0-unstable"])),
        uploaded=draw(st.none() | times),
        yanked=draw(st.none() | texts),
        requires_python=draw(st.none() | texts),
        requires=requires,
        unusable=draw(sets(unusable)),
        unknown=None if requires is not None else draw(reason),
        extras=draw(sets(texts)),
        imports=draw(sets(texts)),
        source=draw(st.sampled_from(["sidecar", "wheel", "file", "sdist", "index", "import"])),
        trust="none" if requires is None else draw(st.sampled_from(["verified", "unverified", "claimed", "none"])),
        repaired=draw(sets(st.sampled_from(["missing-comma: a>=1<2", "quotes: 'a'\x1b", "\u2028"]))),
        builds=draw(st.none() | sets(requirements)),
        gone=draw(st.none() | times),
        imports_from=draw(sources),
        about=draw(abouts),
        files=tuple(sorted(found, key=lambda one: one.name)),
    )


fewer = settings(max_examples=settings.default.max_examples // 3)  # releases take long to draw
datasets = st.lists(releases(), max_size=4, unique_by=lambda one: (one.project, one.version))


@fewer
@given(releases())
def test_a_line_reads_back_as_what_was_written(release):
    line = release_to_line(release)
    assert release_from_line(line, "x") == release
    assert line.isascii()
    assert "\n" not in line


@fewer
@given(datasets)
def test_reading_lines_gives_what_was_written(dataset):
    assert list(all_or_errors(releases_from_lines((release_to_line(one).encode() for one in dataset), "x"))) == dataset


@fewer
@given(datasets, st.permutations(range(4)), st.none() | st.tuples(times, times).map(lambda two: Crawled(*sorted(two))))
def test_shards_read_back_sorted_and_do_not_depend_on_the_order(dataset, order, crawled):
    problems = [Problem("a", "", "", "page-gone", "é\n"), Problem("a", "1", "f", "hash-mismatch", "")]
    shards = to_shards(dataset, problems=problems, crawled=crawled)
    shuffled = [dataset[i] for i in order if i < len(dataset)]
    assert to_shards(shuffled, problems=reversed(problems), crawled=crawled) == shards
    manifest = read_manifest(shards[MANIFEST], "m")
    content = {name: one for name, one in shards.items() if name != MANIFEST}
    read = list(all_or_errors(from_shards(manifest, content, content.__getitem__, "d")))
    told = b"".join(one for _, one in sorted(content.items())).decode()  # put together by the database
    assert sorted(told.splitlines()) == sorted(map(release_to_line, dataset))
    assert sorted(read, key=release_order) == sorted(dataset, key=release_order)
    assert manifest.problems == tuple(problems)
    assert manifest.crawled == crawled
