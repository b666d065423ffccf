"""What does one line of JSON Lines mean, and what is wrong with one that means nothing?"""

import json

import pytest
from releaselines import release_to_line

from dataset.jsonl import MOST_ERRORS, all_or_errors, release_from_line, releases_from_lines
from dataset.records import About, File, Release
from normalize.errors import UsageError

FULL = Release(
    project="h5py",
    version="3.14.0",
    uploaded="2026-05-01T10:00:00Z",
    yanked="broken on Tuesdays",
    requires_python=">=3.10",
    requires=("numpy>=1.19.3", "six ; extra == 'old'"),
    unusable=("legacy (=1)",),
    extras=("old",),
    imports=("h5py",),
    source="wheel",
    trust="verified",
    files=(File(name="h5py-3.14.0.tar.gz", path="ab/h5py-3.14.0.tar.gz", sha256="0a" * 32, size=412345),),
)


def test_a_full_release_has_every_key_in_a_fixed_order():
    assert list(json.loads(release_to_line(FULL))) == [
        *("project", "version", "uploaded", "yanked", "requires_python", "requires", "unusable"),
        *("extras", "imports", "source", "trust", "files"),
    ]
    assert release_from_line(release_to_line(FULL), "x") == FULL


def test_what_a_reader_assumes_anyway_is_left_out():
    claimed = Release(project="a", version="1", requires=(), source="import", trust="claimed")
    assert release_to_line(claimed) == '{"project":"a","version":"1","requires":[]}'
    listed = Release(project="a", version="1", unknown="listed")
    assert release_to_line(listed) == '{"project":"a","version":"1","requires":null,"unknown":"listed"}'
    assert release_from_line(release_to_line(listed), "x") == listed


def test_three_keys_are_enough():
    release = release_from_line('{"project": "Zope.Interface", "version": "7.0", "requires": ["six", "b>=1"]}', "x")
    assert release == Release(
        project="zope-interface", version="7.0", requires=("b>=1", "six"), source="import", trust="claimed"
    )


@pytest.mark.parametrize("rest", ["", ', "requires": null'])
def test_requirements_that_are_not_there_are_unknown_and_never_none(rest):
    release = release_from_line('{"project": "a", "version": "1"' + rest + "}", "x")
    assert release.requires is None
    assert release.unknown == "unstated"
    assert (release.source, release.trust) == ("import", "none")


def test_requirements_that_are_not_pep_508_are_kept_verbatim_beside_the_others():
    line = json.dumps({"project": "a", "version": "1", "requires": ["six (=1)", " b", "six>=1", "@", "é"]})
    release = release_from_line(line, "x")
    assert release.requires == (" b", "six>=1")
    assert release.unusable == ("@", "six (=1)", "é")
    assert release_from_line(release_to_line(release), "x") == release


def test_upload_times_come_in_utc_to_the_second():
    line = '{"project": "a", "version": "1", "uploaded": "%s"}'
    assert release_from_line(line % "2026-05-01T12:00:00.5+02:00", "x").uploaded == "2026-05-01T10:00:00Z"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("homepage", "javascript:a", "x: homepage: expected an http or https address, found 'javascript:a'"),
        ("changelog", 7, "x: changelog: expected text, found a number"),
        ("licence", "a\nb", "x: licence: expected the name of a licence, found 'a\\nb'"),
        ("licence", "x" * 201, f"x: licence: expected the name of a licence, found {'x' * 60!r}"),
        ("licence_from", "field", "x: licence_from: there is no licence"),
    ],
)
def test_what_people_are_told_is_fit_to_be_shown(key, value, sentence):
    with pytest.raises(UsageError) as caught:
        release_from_line(json.dumps({"project": "a", "version": "1", key: value}), "x")
    assert caught.value.sentence == sentence


def test_what_people_are_told_stands_in_lines_only_where_something_is():
    empty = '{"project":"a","version":"1","requires":null,"unknown":"listed"}'
    assert release_from_line(empty[:-1] + ',"licence":null,"homepage":null}', "x") == release_from_line(empty, "x")
    told = empty[:-1] + ',"licence":"MIT","homepage":"https://a.example/"}'
    assert release_from_line(told, "x").about == About(licence="MIT", homepage="https://a.example/")
    assert release_to_line(release_from_line(told, "x")) == told


def test_lines_are_ascii_and_cannot_steer_a_terminal():
    line = release_to_line(Release(project="a", version="1\x1b[2J\x9b\u202e", requires=("é",)))
    assert line.isascii()
    assert line.isprintable()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "f line 12: not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("[]", "f line 12: expected a table, found a list"),
        ("null", "f line 12: expected a table, found nothing"),
        ("[" * 100_000, "f line 12: not a release: nested too deeply"),
        ('{"version": "1"}', "f line 12: project: missing"),
        ('{"project": "a"}', "f line 12: version: missing"),
        ('{"project": "a", "version": " "}', "f line 12: version: expected text, found only blanks"),
        ('{"project": "é", "version": "1"}', "f line 12: project: 'é' cannot be a project name"),
        ('{"project": "a", "version": 1}', "f line 12: version: expected text, found a number"),
        ('{"project": "a", "project": "b", "version": "1"}', "f line 12: not JSON: the key 'project' stands twice"),
        ('{"project": "a", "version": NaN}', "f line 12: not JSON: NaN is not a number"),
        (r'{"project": "a", "version": "\ud800"}', "f line 12: holds text that is not Unicode"),
        ('{"project": "a", "version": "1", "require": []}', "f line 12: require: unknown key"),
        ('{"project": "a", "version": "1", "requires": "b"}', "f line 12: requires: expected a list, found text"),
        ('{"project": "a", "version": "1", "requires": false}', "f line 12: requires: expected a list, found a truth"),
        ('{"project": "a", "version": "1", "requires": [1]}', "f line 12: requires[0]: expected text, found a number"),
        (
            '{"project": "a", "version": "1", "requires": [], "unknown": "listed"}',
            "f line 12: unknown: the requirements are there, so they cannot be unknown",
        ),
        ('{"project": "a", "version": "1", "unknown": "Who?"}', "f line 12: unknown: expected a code such as"),
        ('{"project": "a", "version": "1", "uploaded": "today"}', "f line 12: uploaded: expected a time such as"),
        ('{"project": "a", "version": "1", "uploaded": "2026-05-01T10:00:00"}', "f line 12: uploaded: expected a time"),
        ('{"project": "a", "version": "1", "uploaded": "2026-13-01T10:00:00Z"}', "f line 12: uploaded: expected a"),
        ('{"project": "a", "version": "1", "uploaded": "0001-01-01T00:00:00+14:00"}', "f line 12: uploaded: expected"),
        ('{"project": "a", "version": "1", "source": "rumour"}', "f line 12: source: 'rumour' is not one of sidecar,"),
        ('{"project": "a", "version": "1", "files": {}}', "f line 12: files: expected a list, found a table"),
        (
            '{"project": "a", "version": "1", "files": [{"name": "f", "sha256": 4}]}',
            "f line 12: files[0].sha256: expected text, found a number",
        ),
        (
            '{"project": "a", "version": "1", "files": [{"name": "f", "sha256": "AB"}]}',
            "f line 12: files[0].sha256: expected 64 lower-case hexadecimal digits, found 'AB'",
        ),
        (
            '{"project": "a", "version": "1", "files": [{"name": "../f"}]}',
            "f line 12: files[0].name: expected a file's name, found '../f'",
        ),
        (
            '{"project": "a", "version": "1", "files": [{"name": "f", "path": "https://index.example/f"}]}',
            "f line 12: files[0].path: expected a path relative to the base",
        ),
        (
            '{"project": "a", "version": "1", "files": [{"name": "f", "path": "a/../../f"}]}',
            "f line 12: files[0].path: expected a path relative to the base",
        ),
        (
            '{"project": "a", "version": "1", "files": [{"name": "f", "size": -1}]}',
            "f line 12: files[0].size: expected a whole number",
        ),
        (
            '{"project": "a", "version": "1", "files": [{"name": "f", "size": 9223372036854775808}]}',
            "f line 12: files[0].size: 9223372036854775808 bytes is more than any file has",
        ),
        ('{"project": "a", "version": "1", "files": [{"name": "f"}, {"name": "f"}]}', "f line 12: files: 'f' stands"),
    ],
)
def test_a_bad_line_gets_one_sentence_with_the_path_to_the_bad_value(line, sentence):
    with pytest.raises(UsageError) as caught:
        release_from_line(line, "f line 12")
    assert caught.value.sentence.startswith(sentence)
    assert "\n" not in caught.value.sentence


def test_a_release_may_stand_once_in_a_file():
    lines = [
        b'{"project": "a", "version": "1"}',
        b"",
        b'{"project": "A", "version": "1"}',
        b'{"project": "a", "version": "2"}',
    ]
    first, error, second = releases_from_lines(lines, "f")
    assert isinstance(first, Release)
    assert isinstance(error, UsageError)
    assert error.sentence == "f line 3: a 1 stands already in line 1"
    assert isinstance(second, Release)


def test_all_bad_lines_are_reported_together():
    lines = [b"{", b'{"project": "a", "version": "1"}', b"[]"]
    with pytest.raises(UsageError) as caught:
        list(all_or_errors(releases_from_lines(lines, "f")))
    first, *others = caught.value.sentence.split("\n")
    assert first == "2 problems in what was to be imported"
    assert [one.split(":")[0] for one in others] == ["f line 1", "f line 3"]


def test_reading_stops_after_many_bad_lines():
    read = []

    def lines():
        for number in range(1_000):
            read.append(number)
            yield b"[]"

    with pytest.raises(UsageError) as caught:
        list(all_or_errors(releases_from_lines(lines(), "f")))
    assert caught.value.sentence.startswith(f"at least {MOST_ERRORS} problems")
    assert len(read) == MOST_ERRORS
