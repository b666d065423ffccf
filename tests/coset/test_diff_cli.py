"""``coset diff``: kinds are told apart by what files hold, and what is neither is refused in one sentence."""

import json

import pytest
from toys import current, question, registry

from coset.__main__ import main
from dataset.currentset import current_set_to_json
from solver.curate import curate
from solver.planjson import plan_to_text

SET = current("app 1.0", "lib 1.0")
KNOWN = registry("app 1.0 @1: lib<2", "app 2.0 @3: lib", "lib 1.0 @1", "lib 2.0 @2")


@pytest.fixture
def diff(tmp_path, capsys):
    texts = {
        "snapshot": json.dumps(current_set_to_json(SET)),
        "stable": plan_to_text(curate(question(KNOWN, SET), mode="stable")),
        "fresh": plan_to_text(curate(question(KNOWN, SET), mode="fresh")),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(*arguments):
        status = main(["diff", *(str(tmp_path / one) if one in texts else one for one in arguments)])
        return status, *capsys.readouterr()

    return run


def test_kinds_are_told_apart_by_content(diff):
    for old, new in (("snapshot", "fresh"), ("stable", "fresh"), ("snapshot", "snapshot")):
        status, out, err = diff(old, new)
        assert (status, err) == (0, "")
        kinds = ["snapshot" if one == "snapshot" else "plan" for one in (old, new)]
        assert out.startswith(f"from a {kinds[0]} to a {kinds[1]}")


def test_the_exit_status_says_no_only_where_that_is_asked_for(diff):
    assert diff("stable", "fresh")[0] == 0
    assert diff("stable", "fresh", "--exit-code")[0] == 1
    assert diff("fresh", "fresh", "--exit-code")[0] == 0


def test_json_holds_counts_labels_and_branch(diff):
    status, out, _ = diff("snapshot", "fresh", "--json")
    assert status == 0
    found = json.loads(out)
    assert [(one["attribute"], one["old"], one["new"]) for one in found["changed"]] == [
        ("app", "1.0", "2.0"),
        ("lib", "1.0", "2.0"),
    ]
    assert found["rebuilds"]["kernels"] == {"linux": 2}
    assert found["rebuilds"]["labels"] == ["10.rebuild-linux: 1-10"]
    assert found["rebuilds"]["branch"] == "master"
    assert found["holds"] is None


def test_markdown_goes_to_stdout_or_a_file(diff, tmp_path):
    text = diff("stable", "fresh", "--markdown")[1]
    assert text.startswith("# Difference between two Python sets\n")
    assert diff("stable", "fresh", "--out", str(tmp_path / "d.md")) == (0, "", f"written: {tmp_path}/d.md\n")
    assert (tmp_path / "d.md").read_text(encoding="utf-8") == text
    assert diff("stable", "fresh", "--part", "1")[1] == text
    assert diff("stable", "fresh", "--part", "2")[0] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no file"),
        (b'{"schema": 1, "status": "opti', "is not whole JSON"),
        (b"[1]", "is neither a plan nor a snapshot"),
        (b"{}", "is neither a plan nor a snapshot"),
        (b"[" * 200_000, "is not whole JSON"),
        (b"\xff", "is not UTF-8 text"),
        (b'{"schema": 9, "status": "optimal", "packages": {}}', "schema: expected 1, found 9"),
        (b'{"schema": 9, "revision": "x", "attributes": {}}', "schema: expected 1, found 9"),
        (b'{"schema": 1, "revision": "x", "date": "d", "attributes": {"a\\u001b[2J": 1}}', "expected a table"),
    ],
)
def test_what_is_neither_is_refused_in_one_sentence(diff, tmp_path, content, sentence):
    path = tmp_path / "other"
    if content is not None:
        path.write_bytes(content)
    status, out, err = diff(str(path), "fresh")
    assert (status, out) == (2, "")
    assert sentence in err
    assert "\x1b[2J" not in err
    assert len(err.splitlines()) <= 2
