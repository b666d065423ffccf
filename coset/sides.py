"""What can be compared? Plans and snapshots, told apart by what they hold, whatever the file is called."""

import json
from pathlib import Path

from coset.givenfiles import A_PLAN, A_SNAPSHOT, kind_of, plan_in, read_given
from dataset.currentset import CurrentSet, current_set_from_json
from normalize.errors import UsageError
from solver.plan import Plan
from solver.planread import plan_from_json

_HINT = f"{A_PLAN}, {A_SNAPSHOT}"


def read_side(path: Path) -> Plan | CurrentSet:
    """Read a plan or a snapshot; a folder stands for the plan in it.

    Raises:
        UsageError: there is no such file, or it is neither.
        OutsideError: the file cannot be read.
    """
    path = plan_in(path)
    name = str(path)
    text = read_given(path, _HINT)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name!r} is not whole JSON ({error})", hint=_HINT) from None
    kind = kind_of(data)
    if kind is None:
        raise UsageError(f"{name!r} is neither a plan nor a snapshot", hint=_HINT)
    return plan_from_json(data, name) if kind == "plan" else current_set_from_json(data, where=name)
