"""What can be compared? Plans and snapshots, told apart by what they hold, whatever the file is called."""

import json
from pathlib import Path

from dataset.currentset import CurrentSet, current_set_from_json
from normalize.errors import OutsideError, UsageError
from solver.plan import Plan
from solver.planread import plan_from_json

_HINT = "a plan is the plan.json of 'coset solve --out DIR', a snapshot the nixpkgs.json of 'coset snapshot'"


def read_side(path: Path) -> Plan | CurrentSet:
    """Read a plan or a snapshot.

    Raises:
        UsageError: there is no such file, or it is neither.
        OutsideError: the file cannot be read.
    """
    name = str(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"there is no file {name!r}", hint=_HINT) from None
    except OSError as error:
        raise OutsideError(f"{name!r} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name!r} is not UTF-8 text", hint=_HINT) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name!r} is not whole JSON ({error})", hint=_HINT) from None
    if isinstance(data, dict) and "packages" in data and "status" in data:
        return plan_from_json(data, name)
    if isinstance(data, dict) and "attributes" in data and "revision" in data:
        return current_set_from_json(data, where=name)
    raise UsageError(f"{name!r} is neither a plan nor a snapshot", hint=_HINT)
