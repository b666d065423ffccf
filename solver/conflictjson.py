"""How is a conflict written as JSON? As tables without the keys whose values are the defaults."""

from dataclasses import fields, is_dataclass
from typing import Any

from solver.planconflict import Conflict


def conflict_to_json(conflict: Conflict) -> dict[str, Any]:
    """Return the JSON form of a conflict; ``versions`` of a fix are a table."""
    data = table(conflict)
    if conflict.fixes:
        data["fixes"] = [table(one) | {"versions": dict(one.versions)} for one in conflict.fixes]
    return data


def table(one: Any, without: str = "") -> dict[str, Any]:
    """Return a value's fields without those that hold their default; ``risk`` is called ``class`` in the file."""
    return {
        "class" if field.name == "risk" else field.name: told(value)
        for field in fields(one)
        if field.name != without and (value := getattr(one, field.name)) != field.default
    }


def told(value: Any) -> Any:
    """Return a value in JSON: tuples as lists, values with fields as tables."""
    if isinstance(value, tuple):
        return [told(one) for one in value]
    return table(value) if is_dataclass(value) else value
