"""Ctrl-C during a search keeps the best plan; before there is one, and the second time, it ends the program."""

import signal

import pytest
from toys import current, question, registry

from coset.interruption import Interruption
from solver.curate import curate
from solver.effort import Effort


def ctrl_c():
    signal.raise_signal(signal.SIGINT)


def test_before_there_is_an_answer_it_ends_the_program():
    with Interruption(quiet=True) as stop:
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
        assert not stop.asked()


def test_then_it_asks_to_stop_and_the_second_time_ends(capsys):
    former = signal.getsignal(signal.SIGINT)
    with Interruption() as stop:
        stop.heard(5, 3)
        ctrl_c()
        assert stop.asked()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
    assert signal.getsignal(signal.SIGINT) is former
    assert capsys.readouterr().err == "stopping with the best plan so far; Ctrl-C again ends without one\n"


def circle():
    """Return a question that the reductions cannot answer: five projects, each pinned against its neighbours."""
    names = "abcde"
    releases = []
    for i, name in enumerate(names):
        others = [names[(i + step) % 5] for step in (1, 2, 3, 4)]
        for minor in range(3):
            pins = ", ".join(f"{other}=={(minor + k) % 3}.0" for k, other in enumerate(others))
            releases.append(f"{name} {minor}.0 @{minor + 1}: {pins}")
    return question(registry(*releases), current(*(f"{name} 0.0" for name in names)))


def test_a_search_that_is_stopped_gives_a_plan_that_says_so():
    proven = curate(circle(), mode="fresh")
    assert proven.status == "optimal"
    told = []
    stopped = curate(circle(), mode="fresh", effort=Effort(decisions=0, nodes=0), show=told.append)
    assert stopped.status == "feasible"
    assert {one.project for one in stopped.packages} == set("abcde")
    assert any(level.bound < level.value for level in stopped.levels)
    assert any(text.startswith("solving: ") and " at least " in text for text in told)
