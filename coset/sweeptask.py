"""What does a worker of a sweep do? It gets the question once, and then answers for one update after another.

Everything here is imported by name in other processes and on other machines, and has one state for each sweep.
"""

import gc
import pickle
import signal
import threading
from dataclasses import dataclass, field
from typing import Any

from solver.ease import Update, effect
from solver.effectjson import effect_to_json
from solver.effort import Effort
from solver.engines import EngineName
from solver.question import Question
from solver.scope import Scope
from solver.statusquo import StatusQuo


@dataclass(frozen=True, slots=True)
class Assignment:
    """What all tasks of a sweep share."""

    question: Question
    scope: Scope
    engine: EngineName


@dataclass(slots=True)
class _State:
    assignment: Assignment
    quo: StatusQuo
    lock: threading.Lock = field(default_factory=threading.Lock)  # a cluster may run tasks in threads


_STATES: dict[str, _State] = {}


def packed(assignment: Assignment) -> bytes:
    """Return what a worker has to get."""
    return pickle.dumps(assignment, protocol=pickle.HIGHEST_PROTOCOL)


def begin(key: str, assignment: Assignment, quo: StatusQuo) -> None:
    """Let this process, and those forked from it, answer for a sweep."""
    _STATES[key] = _State(assignment, quo)


def receive(key: str, payload: bytes) -> None:
    """Let this process answer for a sweep; a process that was forked from one that can has nothing to do."""
    if key not in _STATES:
        collects = gc.isenabled()
        gc.disable()  # many lasting values, which the collector would look at again and again
        assignment: Assignment = pickle.loads(payload)  # noqa: S301 -- from the process that sweeps, which wrote it
        begin(key, assignment, StatusQuo(assignment.question))
        if collects:
            gc.enable()


def begin_process(key: str, payload: bytes) -> None:
    """Begin a process of a pool: Ctrl-C is for the one that sweeps."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receive(key, payload)


def forget(key: str) -> None:
    """Answer no more for a sweep."""
    _STATES.pop(key, None)


def answer(key: str, update: Update) -> dict[str, Any]:
    """Return the JSON form of what an update takes."""
    state = _STATES[key]
    with state.lock:
        assignment = state.assignment
        return effect_to_json(effect(state.quo, update, assignment.scope, Effort(engine=assignment.engine)))
