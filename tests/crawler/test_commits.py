"""What becomes of results when the thread that commits them fails, and what is remembered meanwhile."""

import pytest
from fakeindex import NOW

from crawler import commits
from crawler.commits import Commits, Result
from dataset.crawlstate import PageState, Problem
from dataset.store import Store
from normalize.errors import OutsideError
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.specifiers import parse_bounds


class Failing(Store):
    """A store whose writer fails at its first batch and would take the second."""

    def beside(self):
        return self

    def put(self, *given, **named):
        self.puts = getattr(self, "puts", 0) + 1
        if self.puts == 1:
            raise OutsideError("the disk is full")


def problem(number):
    return Result(problems=(Problem(ProjectName("a"), str(number), "", "odd-header", ""),))


def test_nothing_is_committed_after_a_batch_that_failed(tmp_path, monkeypatch):
    """Else a page could be stored as read whose releases were lost."""
    monkeypatch.setattr(commits, "BATCH", 1)
    with Failing.create(tmp_path / "x.db") as store, Commits(store, NOW) as several:
        several.add(problem(1))
        for _ in range(2):
            with pytest.raises(OutsideError, match="the disk is full"):
                several.add(problem(2))
        with pytest.raises(OutsideError, match="the disk is full"):
            several.flush()
        assert store.puts == 1


def test_what_was_flushed_is_seen_by_whoever_reads(tmp_path):
    with Store.create(tmp_path / "x.db") as store, Commits(store, NOW) as several:
        several.add(Result(pages=(PageState(project=ProjectName("a"), fetched_at=NOW, etag=None, sha256=None),)))
        several.add(problem(1))
        assert store.problems() == ()
        several.flush()
        assert [one.version for one in store.problems()] == ["1"]
        assert store.page(ProjectName("a")).fetched_at == NOW


def test_a_writer_that_cannot_be_opened_leaves_no_thread(tmp_path):
    class Unopened(Store):
        def beside(self):
            raise OutsideError("locked")

    with Unopened.create(tmp_path / "x.db") as store, pytest.raises(OutsideError, match="locked"), Commits(store, NOW):
        pytest.fail("there is nothing to write with")


def test_what_is_remembered_of_texts_has_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(commits, "_PARSED", 10)
    with Store.create(tmp_path / "x.db") as store, Commits(store, NOW) as several:
        for number in range(20):
            parse_requirement(f"bounded>={number}.77; python_version<'3.{number}'")
        several.add(problem(1))
        several.flush()
        assert parse_requirement.cache_info().currsize == 0
        assert parse_bounds.cache_info().currsize == 0
