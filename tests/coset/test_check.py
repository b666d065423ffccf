"""``coset check --policy``: what it prints, and how it ends."""

import json

import pytest
from toys import release

from coset.__main__ import main
from dataset.store import Store

GOOD = 'schema = 1\n[[edge]]\nscope = "app:lib"\naction = "force"\nreason = "its tests pass"\n'
BAD = GOOD + '[[project]]\nname = "libb"\naction = "hold"\nreason = "[x](https://e.example) | #1"\n'


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    with Store.create(folder / "town.sqlite") as store:
        store.put([release("app 1.0 @4: lib<2"), release("lib 1.0 @1"), release("lib 2.0 @2")])
    attributes = {name: {"project": name, "version": "1.0"} for name in ("app", "lib")}
    current = {"schema": 1, "revision": "r", "date": "2026-07-15", "attributes": attributes}
    (folder / "set.json").write_text(json.dumps(current))
    return folder


def check(town, capsys, text, *arguments):
    path = town / "my.toml"
    path.write_text(text)
    places = ("--db", str(town / "town.sqlite"), "--nixpkgs", str(town / "set.json"))
    status = main(["check", "--policy", str(path), *places, *arguments])
    return status, capsys.readouterr()


def test_a_policy_without_mistakes(town, capsys):
    status, done = check(town, capsys, GOOD)
    assert (status, done.out, done.err) == (0, "my.toml: nothing to mend in 1 entry\n", "")


def test_findings_are_a_truthful_no(town, capsys):
    status, done = check(town, capsys, BAD)
    assert status == 1
    assert done.out == (
        "project[0] hold libb: unknown: neither the dataset nor the current set has a project libb\n"
        "  hint: near names: lib\n"
    )


def test_json_for_machines(town, capsys):
    status, done = check(town, capsys, BAD, "--json")
    answer = json.loads(done.out)["policy"]
    assert (status, answer["entries"]) == (1, 2)
    assert answer["findings"] == [
        {
            "entry": "project[0]",
            "action": "hold",
            "scope": "libb",
            "code": "unknown",
            "sentence": "neither the dataset nor the current set has a project libb",
            "hint": "near names: lib",
        }
    ]


def test_markdown_for_an_issue(town, capsys):
    status, done = check(town, capsys, BAD + BAD.partition("1\n")[2], "--markdown")
    assert status == 1
    lines = done.out.splitlines()
    assert lines[0] == "`my.toml`: 3 of 4 entries to mend."
    assert lines[4].startswith("| `edge[1]` | force | `app:lib` | duplicate | an earlier entry of the same scope says")
    assert check(town, capsys, GOOD, "--markdown")[1].out == "`my.toml`: nothing to mend in 1 entry.\n"


def test_annotations_name_the_file_as_it_was_given(town, capsys):
    status, done = check(town, capsys, BAD, "--format", "github")
    assert status == 1
    assert all(line.startswith(f"::warning file={town / 'my.toml'},title=policy") for line in done.out.splitlines())
    assert done.out


def test_the_day_is_that_of_the_current_set_where_no_crawl_is_newer(town, capsys):
    status, done = check(town, capsys, GOOD + 'expires = "2026-07-14"\n')
    assert status == 1
    assert "edge[0] force app:lib: expired: expired on 2026-07-14" in done.out
    assert check(town, capsys, GOOD + "expires = 2026-07-15\n", "--verbose")[0] == 0


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            'schema = 1\n[[edge]]\nscope = "a:b"\nreason = "r"\n',
            ["edge[0].action: missing", "one of force, forbid, drop, replace"],
        ),
        (
            (
                'schema = 1\n[[edge]]\nscope = "a:b"\naction = "drop"\nreason = " "\n'
                '[[project]]\nname = "a"\naction = "hold"\nversions = "==1"\nreason = "r"\n'
            ),
            ["edge[0].reason: empty (say why", "project[0].versions: 'hold' keeps nixpkgs' current version"],
        ),
        (
            'schema = 1\n[[edge]]\nscope = "a:b"\naction = "drop"\nreason = "r"\nlink = "see #1"\n',
            ["edge[0].link: 'see #1' is not a web address"],
        ),
        (
            'schema = 1\n[[edge]]\nscope = "a:b"\naction = "drop"\nreason = "r"\nexpires = "2026-02-30"\n',
            ["edge[0].expires: '2026-02-30' is not a day"],
        ),
        (
            'schema = 1\n[[edge]]\nscope = "a:b"\naction = "force"\nwith = "<3"\nreason = "r"\n',
            ["edge[0].with: only 'replace' takes it, and the action is 'force'"],
        ),
        (
            'schema = 1\n[[edge]]\nscope = "a:b"\naction = "force"\npart = "top"\nreason = "r"\n',
            ["edge[0].part: 'top' is not one of upper, lower, both"],
        ),
    ],
)
def test_mistakes_in_the_file_are_told_together_with_what_to_write(town, capsys, text, sentences):
    status, done = check(town, capsys, text)
    assert status == 2
    assert "Traceback" not in done.err
    for sentence in sentences:
        assert sentence in done.err


def test_without_a_file_the_embedded_policy_is_checked(capsys):
    assert main(["check", "--policy", "--quiet"]) == 0
    assert capsys.readouterr().out == "policy.toml: nothing to mend in 1 entry\n"
