"""How is a value told that is not plain text? As Nix writes it, for conditions, flags and reasons."""

from nixpkgs.symbols import Call, Choice, Operation, Ref, Unknown, Value


def told(value: Value | None) -> str:
    """Return how something that is not known is told."""
    if isinstance(value, Unknown):
        return value.why
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, Call):
        return f"{value.function} ..."
    return "computed" if value is None else f"a {type(value).__name__.lower()}"


def written(value: Value, name: str) -> str:
    """Return a condition as Nix writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Call):
        return " ".join([str(value.function), *(written(one, name) for one in value.arguments)])
    if isinstance(value, Operation):
        words = [written(one, name) for one in value.operands]
        if len(words) == 1:
            return (
                f"{value.operator}{words[0]}"
                if isinstance(value.operands[0], Ref | bool)
                else f"{value.operator}({words[0]})"
            )
        return f" {value.operator} ".join(words)
    if isinstance(value, Choice):
        return value.condition.text
    return told(value) if isinstance(value, Ref | Unknown) else name
