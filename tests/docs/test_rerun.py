"""Are the outputs in the manual what the commands print? And would it be noticed where they are not?"""

import contextlib
import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("docs_rerun", Path(__file__).parents[2] / "docs" / "rerun.py")
rerun = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(rerun)


@pytest.mark.parametrize("path", rerun.pages(), ids=lambda one: one.stem)
def test_every_output_is_real(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    with contextlib.chdir(tmp_path):
        assert rerun.rerun(text, rerun.run_coset) == text, "run 'make docs'"


def say(arguments):
    return (1, "one\ntwo\nthree\n") if arguments == ["count"] else (0, "")


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("one\ntwo\nthree\n", True),
        ("one\n[...]\n", True),
        ("[...]\ntwo\n[...]\n", True),
        ("one\n[...]\nthree\n", True),
        ("one\ntwo\nthree\n[...]\n", False),
        ("one\ntwo\n", False),
        ("two\n[...]\n", False),
        ("[...]\nthre\n", False),
        ("one\ntwo\nthree\nfour\n", False),
    ],
)
def test_an_output_is_kept_where_it_fits(shown, kept):
    page = f"# A\n\n```console\n$ coset count\n{shown}# exit status 1\n```\n\ntext\n"
    now = page if kept else page.replace(shown, "one\ntwo\nthree\n")
    assert rerun.rerun(page, say) == now


def test_an_exit_status_is_shown():
    assert "# exit status 1\n```" in rerun.rerun("```console\n$ coset count\n[...]\n```\n", say)
    assert "exit" not in rerun.rerun("```console\n$ coset other\n\n# exit status 1\n```\n", say)


def test_commands_alone_are_left():
    page = "```console\n$ coset count\n$ coset solve --nixpkgs there\n```\n"
    assert rerun.rerun(page, say) == page
