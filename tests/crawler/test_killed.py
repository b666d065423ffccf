"""A crawl whose process is killed loses nothing that was committed; the crawl after it ends the same."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import killed
import pytest


@pytest.fixture(scope="module")
def deaths(tmp_path_factory):
    script = Path(killed.__file__)
    done = subprocess.run(
        [sys.executable, script, tmp_path_factory.mktemp("killed")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_after_each_death_a_crawl_ends_with_the_same_bytes(deaths):
    """Some 19 processes die, in a new dataset each.

    Thirteen kill themselves with SIGKILL before a statement of SQLite: most of them within a transaction (one step
    of it done, the next one not, or all but its end), the others between two. Six get a signal from the system in the
    middle of a write to a file, of which a part is on the disk.
    """
    assert [one for one in deaths if not one["same"]] == []
    ended = [one["ended"] for one in deaths]
    assert ended.count(-signal.SIGKILL) >= 10
    assert ended.count(-signal.SIGXFSZ) >= 5
    assert ended.count(-signal.SIGKILL) + ended.count(-signal.SIGXFSZ) + ended.count(0) == len(deaths)


def test_they_died_within_transactions_and_between_them(deaths):
    places = [one["where"] for one in deaths if one["ended"] == -signal.SIGKILL]
    assert sum(one.startswith("inside") for one in places) >= 6
    assert any(one.startswith("outside") for one in places)
    assert any(one.split()[1] in ("INSERT", "DELETE") for one in places)
