"""What becomes of results when a batch cannot be committed, and what is remembered meanwhile."""

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
    """A store whose first batch fails."""

    given: tuple[Problem, ...] = ()
    failed = False

    def put(self, *releases, problems, **named):
        if not self.failed:
            self.failed = True
            raise OutsideError("the disk is full")
        self.given += tuple(problems)


def problem(number):
    return Result(problems=(Problem(ProjectName("a"), str(number), "", "odd-header", ""),))


def test_a_batch_that_failed_waits_before_what_comes_later(tmp_path, monkeypatch):
    """Else a page could be stored as read whose releases were lost."""
    monkeypatch.setattr(commits, "BATCH", 1)
    with Failing.create(tmp_path / "x.db") as store:
        several = Commits(store, NOW)
        with pytest.raises(OutsideError, match="the disk is full"):
            several.add(problem(1))
        several.add(problem(2))
        assert [one.version for one in store.given] == ["1", "2"]


def test_what_was_flushed_is_seen_by_whoever_reads(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        several = Commits(store, NOW)
        several.add(Result(pages=(PageState(project=ProjectName("a"), fetched_at=NOW, etag=None, sha256=None),)))
        several.add(problem(1))
        assert store.problems() == ()
        several.flush()
        assert [one.version for one in store.problems()] == ["1"]
        assert store.page(ProjectName("a")).fetched_at == NOW


def test_what_is_remembered_of_texts_has_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(commits, "_PARSED", 10)
    with Store.create(tmp_path / "x.db") as store:
        several = Commits(store, NOW)
        for number in range(20):
            parse_requirement(f"bounded>={number}.77; python_version<'3.{number}'")
        several.add(problem(1))
        several.flush()
        assert parse_requirement.cache_info().currsize == 0
        assert parse_bounds.cache_info().currsize == 0
