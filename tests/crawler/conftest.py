"""What the tests of the crawler share."""

import pytest

from dataset.store import Store


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "x.db") as opened:
        yield opened
