"""Workers that die, hang together, or cannot be had: every task is done, or said not to be."""

import random
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mortal import begin, work

from coset.crews import Here, Pool, usual_size
from coset.payoff import LOOK, Trial
from coset.workers import Died, finished
from normalize.errors import OutsideError


class Frail:
    """A pool whose workers die at some tasks, some number of times; a death loses everything under way."""

    def __init__(self, size, deadly):
        self.size, self.deadly = size, dict(deadly)
        self.renewed = 0
        self.under_way = []

    def submit(self, function, task):
        future = Future()
        self.under_way.append((future, function, task))
        if len(self.under_way) == self.size:
            self.settle()
        return future

    def settle(self):
        dying = [task for _, _, task in self.under_way if self.deadly.get(task, 0) > 0]
        for future, function, task in self.under_way:
            if dying:
                future.set_exception(BrokenProcessPool("a worker died"))
            else:
                future.set_result(function(task))
        for task in dying:
            self.deadly[task] -= 1
        self.under_way = []

    def renew(self):
        self.renewed += 1

    def deaths(self, error):
        return int(isinstance(error, BrokenProcessPool))

    def check(self):
        self.settle()  # nothing else is given out: what there is must do


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 30), unique=True, max_size=12),
    st.dictionaries(st.integers(0, 30), st.integers(1, 3), max_size=3),
    st.integers(1, 4),
)
def test_every_task_is_done_or_given_up(tasks, deadly, size):
    crew = Frail(size, deadly)
    with patch("coset.workers._LOOK", 0.0):
        found = list(finished(crew, lambda task: task * 2, tasks))
    assert sorted(task for task, _ in found) == sorted(tasks)
    for task, result in found:
        times = deadly.get(task, 0)  # the first of these deaths may have been among others
        assert (result == task * 2 and times <= 2) or (result == Died(2) and times >= 2)


class Dead(Frail):
    """A pool that breaks whatever it is given."""

    def settle(self):
        for future, _, _ in self.under_way:
            future.set_exception(BrokenProcessPool("a worker died"))
        self.under_way = []


def test_workers_that_never_finish_anything_are_not_replaced_for_ever():
    crew = Dead(2, {})
    with patch("coset.workers._LOOK", 0.0), pytest.raises(OutsideError, match="8 times in a row workers died"):
        list(finished(crew, str, range(100)))
    assert crew.renewed == 7


class Refusing(Frail):
    """A pool that is broken before it is given anything."""

    def submit(self, function, task):
        raise BrokenProcessPool("it is broken")


def test_a_pool_that_breaks_at_once():
    with pytest.raises(OutsideError, match="8 times in a row"):
        list(finished(Refusing(2, {}), str, range(3)))


def test_a_task_s_own_error_is_no_death():
    with pytest.raises(ZeroDivisionError):
        list(finished(Here(), lambda task: 1 // task, [1, 0]))


class Cancelling(Here):
    def submit(self, function, /, *arguments):
        future = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_what_someone_else_cancels():
    with pytest.raises(OutsideError, match="cancelled by someone else"):
        list(finished(Cancelling(), str, [1]))
    with pytest.raises(CancelledError):
        Cancelling().submit(str).result()


def test_here_leads_with_what_all_tasks_share():
    with Here() as crew:
        assert list(finished(crew, "{}-{}".format, [1, 2], "a")) == [(1, "a-1"), (2, "a-2")]
        assert crew.deaths(OSError()) == 0
        crew.renew()
        crew.check()
    assert usual_size() >= 1


def test_processes_that_die_are_replaced(tmp_path):
    """One task kills its worker once, another one always."""
    (tmp_path / "2").write_text("1")
    (tmp_path / "5").write_text("9")
    tasks = list(range(7))
    random.Random(7).shuffle(tasks)
    with Pool(2, begin, "key", lambda: b"payload") as crew:
        found = dict(finished(crew, work, tasks, str(tmp_path)))
        crew.check()
    assert found == {task: Died(2) if task == 5 else task * task for task in range(7)}


class Clock:
    """Goes on by the seconds that each task takes."""

    def __init__(self, seconds):
        self.now, self.seconds = 0.0, seconds

    def __call__(self):
        return self.now

    def work(self, task):
        self.now += self.seconds(task)
        return -task


def tried(seconds, tasks):
    clock = Clock(seconds)
    trial = Trial(clock.work, clock)
    found = list(trial.done(range(tasks)))
    assert found == [(task, -task) for task in range(len(found))]
    return len(found), trial.worth(tasks - len(found))


def test_workers_are_started_only_for_work_that_is_worth_them():
    assert tried(lambda task: 0.005, 93) == (93, 0)
    assert tried(lambda task: 0.5, 3) == (3, 0)
    assert tried(lambda task: 0.0625, LOOK + 160) == (LOOK, 10)
    assert tried(lambda task: 2.0, 9) == (LOOK, 2)
    assert tried(lambda task: 0.0, 0) == (0, 0)


def test_slow_first_tasks_do_not_start_workers_if_those_after_them_are_fast():
    assert tried(lambda task: 0.1 if not task else 0.001, 60) == (60, 0)
    done, worth = tried(lambda task: 0.001 if task < 20 else 0.2, 60)
    assert LOOK < done < 40
    assert worth == 2
