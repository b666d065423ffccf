"""What the tests of the crawler share."""

import pytest

from coset import crawlindexes
from coset.pipindex import PipIndexes
from dataset.store import Store


@pytest.fixture(autouse=True)
def _pip_that_names_no_index(monkeypatch):
    """Crawl with nobody's configuration of pip."""
    monkeypatch.setattr(crawlindexes, "pip_indexes", lambda: PipIndexes(None, ()))


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "x.db") as opened:
        yield opened
