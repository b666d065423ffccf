"""How is a dataset cut into shards, and what is said of shards that do not fit their manifest?"""

import hashlib
import json
from dataclasses import replace

import pytest
from shardbytes import to_shards

from dataset.crawlstate import Crawled, Problem
from dataset.jsonl import all_or_errors
from dataset.manifest import SHARD_NAME, read_manifest
from dataset.records import MANIFEST, Release
from dataset.shards import digits_for, from_shards
from normalize.errors import UsageError


def known(project, version, *requires):
    return Release(project=project, version=version, requires=requires, source="wheel", trust="verified")


DATASET = [
    known("numpy", "2.10"),
    known("numpy", "2.9"),
    known("numpy", "2.10rc1"),
    Release(project="numpy", version="0-unstable", unknown="listed"),
    Release(project="scipy", version="1.0", unknown="sdist-dynamic"),
    known("six", "1.17.0", "a", "b"),
    known("h5py", "3.14.0", "a"),
]


def parts(shards):
    content = {name: one for name, one in shards.items() if name != MANIFEST}
    return read_manifest(shards[MANIFEST], "d/manifest.json"), content


def read(manifest, content):
    return from_shards(manifest, content, content.__getitem__, "d")


def errors(manifest, content):
    return [one.sentence for one in read(manifest, content) if isinstance(one, UsageError)]


def test_releases_lie_sorted_by_project_and_version_in_the_shard_of_their_project():
    shards = to_shards(DATASET)
    lines = [
        json.loads(line) for line in shards[f"{hashlib.sha256(b'numpy').hexdigest()[0]}.jsonl"].decode().splitlines()
    ]
    versions = [line["version"] for line in lines if line["project"] == "numpy"]
    assert versions == ["0-unstable", "2.9", "2.10rc1", "2.10"]
    assert list(shards)[-1] == MANIFEST


def test_the_manifest_says_what_there_is():
    problems = [Problem("six", "1.17.0", "six.whl", "hash-mismatch", "expected a, found b")]
    manifest = json.loads(to_shards(DATASET, problems=problems, crawled=Crawled("2026-01-01", "2026-01-02"))[MANIFEST])
    assert manifest["schema"] == 1
    assert manifest["totals"] == {
        "projects": 4,
        "releases": 7,
        "known": 5,
        "listed": 1,
        "unknown": {"sdist-dynamic": 1},
    }
    assert manifest["crawled"] == {"first": "2026-01-01", "last": "2026-01-02"}
    assert sum(shard["lines"] for shard in manifest["shards"].values()) == len(DATASET)
    assert manifest["problems"][0]["code"] == "hash-mismatch"


def test_nothing_is_a_dataset_too():
    shards = to_shards([])
    assert list(shards) == [MANIFEST]
    assert list(read(*parts(shards))) == []


@pytest.mark.parametrize(("projects", "digits"), [(500, 1), (501, 2), (5_000, 2), (5_001, 3)])
def test_larger_datasets_have_more_shards(projects, digits):
    assert digits_for(projects) == digits
    shards = to_shards([Release(project=f"p{i}", version="1", unknown="listed") for i in range(projects)])
    manifest, content = parts(shards)
    assert manifest.digits == digits
    assert all(SHARD_NAME.fullmatch(name) and len(name) == digits + len(".jsonl") for name in content)
    assert len(content) > 16 ** (digits - 1)


def test_every_shard_that_does_not_fit_is_named():
    manifest, content = parts(to_shards(DATASET))
    first, second, *_ = sorted(content)
    content[first] = content[first].replace(b"version", b"Version", 1)
    del content[second]
    content["f0f.jsonl"] = b""
    found = errors(manifest, content)
    assert found[0] == "d/f0f.jsonl: the manifest does not name this shard"
    assert found[1].startswith(f"d/{first}: differs from the manifest: expected sha256 ")
    assert found[2] == f"d/{second}: the manifest names this shard, but it is missing"
    assert len(found) == 3


def test_a_manifest_that_counts_other_lines_is_refused():
    shards = to_shards(DATASET)
    shards[MANIFEST] = shards[MANIFEST].replace(b'"lines": 1', b'"lines": 3')
    assert any("lines, the manifest says 3" in sentence for sentence in errors(*parts(shards)))


@pytest.mark.parametrize(("name", "there"), [("projects", 4), ("releases", 7), ("known", 5), ("listed", 1)])
def test_totals_of_other_shards_are_refused(name, there):
    shards = to_shards(DATASET)
    manifest = json.loads(shards[MANIFEST])
    manifest["totals"][name] += 1
    shards[MANIFEST] = json.dumps(manifest).encode()
    assert errors(*parts(shards)) == [f"d: {name}: found {there}, the manifest says {there + 1}"]
    del manifest["totals"]
    shards[MANIFEST] = json.dumps(manifest).encode()
    assert errors(*parts(shards)) == []


def test_a_project_in_the_shard_of_another_is_refused():
    manifest, content = parts(to_shards(DATASET))
    (right,) = (name for name, lines in content.items() if b'"six"' in lines)
    wrong = next(name for name in ("0.jsonl", "1.jsonl") if name not in content)
    part = next(one for one in manifest.parts if one.name == right)
    moved = [one for one in manifest.parts if one != part] + [replace(part, name=wrong)]
    manifest = replace(manifest, parts=tuple(moved))
    content[wrong] = content.pop(right)
    assert f"d/{wrong}: 'six' belongs into another shard" in errors(manifest, content)


def test_bad_lines_in_a_shard_are_found_although_its_hash_is_right():
    bad = b'{"project": "a", "version": "1", "requires": [2]}\n\xff\n'
    manifest = json.loads(to_shards([])[MANIFEST])
    manifest["shards"] = {"0.jsonl": {"sha256": hashlib.sha256(bad).hexdigest(), "lines": 2}}
    assert errors(read_manifest(json.dumps(manifest).encode(), "m"), {"0.jsonl": bad}) == [
        "d/0.jsonl line 1: requires[0]: expected text, found a number",
        "d/0.jsonl line 2: not UTF-8",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text[: len(text) // 2], "m: not JSON, or cut off"),
        (lambda _: "", "m: not JSON, or cut off"),
        (lambda _: "[]", "m: expected a table, found a list"),
        (lambda text: text.replace('"schema": 1', '"schema": 2'), "m: schema: expected 1, found 2"),
        (lambda text: text.replace('"digits": 1', '"digits": 4'), "m: digits: expected 1, 2 or 3, found 4"),
        (lambda text: text.replace('"shards"', '"chards"'), "m: shards: missing"),
        (lambda text: text.replace(".jsonl", "/../x"), "m: shards."),
        (lambda text: text.replace('"lines": 1', '"lines": "1"'), "m: shards."),
        (lambda text: text.replace('"crawled": null', '"crawled": {}'), "m: crawled.first: missing"),
        (lambda text: text.replace('"problems": []', '"problems": [{}]'), "m: problems[0].project: missing"),
    ],
)
def test_a_bad_manifest_gets_one_sentence(change, sentence):
    text = to_shards(DATASET)[MANIFEST].decode()
    changed = change(text)
    assert changed != text
    with pytest.raises(UsageError) as caught:
        read_manifest(changed.encode(), "m")
    assert caught.value.sentence.startswith(sentence)


def test_what_is_read_back_is_what_was_cut():
    found = list(all_or_errors(read(*parts(to_shards(DATASET)))))
    assert sorted(map(repr, found)) == sorted(map(repr, DATASET))
