"""What do worker processes do in tests? In a module of its own, because each of them imports it when it starts."""

import os
import signal
from pathlib import Path

MARKS = "COSET_TEST_MARKS"
"""Names the folder whose files say at which updates a worker is killed."""


def begin(key, payload):
    """Say that the worker was told what all tasks share."""
    os.environ["COSET_TEST_BEGAN"] = f"{key}{len(payload)}"


def work(folder, task):
    """Return the square of the task; die at the tasks whose file says how often."""
    assert os.environ["COSET_TEST_BEGAN"].startswith("key")
    file = Path(folder) / str(task)
    if file.exists():
        left = int(file.read_text())
        if left:
            file.write_text(str(left - 1))
            os._exit(9)
    return task * task


def answer_or_die(key, update):
    """Answer for an update as a worker of a sweep does; be killed where a file has the project's name, which goes."""
    from coset import sweeptask  # noqa: PLC0415 -- a worker that only counts should start fast

    mark = Path(os.environ[MARKS]) / update.project
    if mark.exists():
        mark.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return sweeptask.answer(key, update)
