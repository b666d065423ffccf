"""``coset report``: Markdown or JSON on stdout or in a file, and one sentence for what is no plan."""

import json
from dataclasses import replace

import pytest

from coset.__main__ import main
from report.markdown import plan_markdown, plan_parts
from report.parts import COMMENT_LIMIT
from solver.plan import Package, Plan
from solver.planconflict import Conflict
from solver.planjson import plan_from_text, plan_to_text

PLAN = Plan(
    status="optimal",
    mode="fresh",
    targets=("3.13 x86_64-linux",),
    dataset=(("dataset", "abc"),),
    levels=(),
    packages=(
        Package(project="h5py", attribute="h5py", version="3.16.0", current="3.14.0", newest="3.16.0", state="updated"),
    ),
)


@pytest.fixture
def report(tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text(plan_to_text(PLAN), encoding="utf-8")

    def run(*arguments, plan=path):
        status = main(["report", str(plan), *arguments])
        return status, *capsys.readouterr()

    return run


def test_the_report_goes_to_stdout(report):
    assert report() == (0, plan_markdown(PLAN), "")
    assert "| `h5py` | `3.14.0` | `3.16.0` | yes |" in plan_markdown(PLAN)


def test_json_gives_the_plan_back(report):
    status, out, err = report("--json")
    assert (status, out, err) == (0, plan_to_text(PLAN), "")
    assert json.loads(out)["packages"]["h5py"]["version"] == "3.16.0"


def test_out_names_a_file_that_appears_whole(report, tmp_path):
    target = tmp_path / "plan.md"
    assert report("--out", str(target)) == (0, "", f"written: {target}\n")
    assert target.read_text(encoding="utf-8") == plan_markdown(PLAN)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "plan.md"]
    status, out, err = report("--out", str(target), "--verbose")
    assert (status, out) == (0, "")
    assert err == f"written: {target}, {len(plan_markdown(PLAN)):,} characters\n"
    assert report("--out", str(target), "--quiet") == (0, "", "")


def test_a_report_about_a_conflict_is_a_report(report, tmp_path):
    path = tmp_path / "conflict.json"
    conflict = Plan(
        status="conflict",
        mode="fresh",
        targets=(),
        dataset=(),
        levels=(),
        packages=(),
        conflict=Conflict(core=("a requires b<1",), correction=()),
    )
    path.write_text(plan_to_text(conflict), encoding="utf-8")
    status, out, _ = report(plan=path)
    assert status == 0
    assert "- a requires `b<1`." in out


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.json"
    plan = replace(
        PLAN, packages=tuple(replace(PLAN.packages[0], project=f"p{i}", attribute=f"p{i}") for i in range(2_500))
    )
    path.write_text(plan_to_text(plan), encoding="utf-8")
    return path


def test_too_long_for_one_comment_is_said(report, long):
    status, out, err = report(plan=long)
    assert status == 0
    assert len(out) > COMMENT_LIMIT
    assert err.startswith(
        f"note: the report has {len(out):,} characters, too many for one comment on GitHub; --part 1 to"
    )
    assert report("--quiet", plan=long)[2] == ""


def test_parts_are_printed_one_by_one_or_written_together(report, long, tmp_path):
    parts = plan_parts(plan_from_text(long.read_text(encoding="utf-8")))
    assert [report("--part", str(i), plan=long)[1] for i in (1, 2)] == list(parts)
    assert report("--part", "3", plan=long)[::2] == (2, "error: there is no part 3; the report has 2\n")
    target = tmp_path / "out.md"
    assert report("--out", str(target))[0] == 0
    (tmp_path / "out.3.md").write_text(parts[1], encoding="utf-8")
    (tmp_path / "out.4.md").write_text("mine", encoding="utf-8")
    status, out, err = report("--out", str(target), plan=long)
    assert (status, out) == (0, "")
    assert err == f"written: {tmp_path}/out.1.md\nwritten: {tmp_path}/out.2.md\n"
    written = sorted(path for path in tmp_path.iterdir() if path.suffix == ".md")
    assert [path.name for path in written] == ["out.1.md", "out.2.md", "out.4.md"]
    assert tuple(path.read_text(encoding="utf-8") for path in written[:2]) == parts
    (tmp_path / "out.4.md").unlink()
    assert report("--out", str(target))[0] == 0
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".md"] == ["out.md"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "error: there is no plan"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b'{"schema": 9}', "schema: expected 1, found 9"),
        (b'{"schema": 1, "status": "fine\\u001b[2J", "packages": {}}', "is not one of optimal, feasible, conflict"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_sentence(report, tmp_path, content, sentence):
    path = tmp_path / "other.json"
    if content is not None:
        path.write_bytes(content)
    status, out, err = report(plan=path)
    assert (status, out) == (2, "")
    assert sentence in err
    assert "\x1b[2J" not in err
    assert len(err.splitlines()) <= 2  # a sentence, and a hint where there is one


def test_a_place_that_cannot_be_written_is_the_outside_failing(report, tmp_path):
    status, out, err = report("--out", str(tmp_path / "missing" / "plan.md"))
    assert (status, out) == (3, "")
    assert "cannot be written" in err
