"""How is untyped JSON or TOML read? Once, at the door, with the path to the bad value in every error."""

from collections.abc import Iterator
from typing import Any, TypeVar

from normalize.addresses import is_address
from normalize.errors import UsageError

Choice = TypeVar("Choice", bound=str)


class Decoder:
    """A table of decoded JSON or TOML together with the path that leads to it.

    Args:
        data: the decoded value, which must be a table.
        where: the path so far, for example ``policy.toml: edge[2]``.
        known: the keys that the table may hold; None accepts all.

    Every method raises UsageError with the full path where the value does not have the type that it returns.
    """

    __slots__ = ("_data", "where")

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise UsageError(f"{where}: expected a table, found {_kind(data)}")
        self._data: dict[str, Any] = data
        self.where = where

    def _at(self, key: str) -> str:
        return f"{self.where}: {key}" if ": " not in self.where else f"{self.where}.{key}"

    def only(self, *known: str) -> None:
        """Refuse keys that are not known, which are typing errors."""
        for key in self._data:
            if key not in known:
                raise UsageError(f"{self._at(key)}: unknown key", hint=f"known keys: {', '.join(sorted(known))}")

    def schema(self, expected: int) -> None:
        """Refuse another schema version."""
        found = self._data.get("schema")
        if found != expected:
            raise UsageError(
                f"{self._at('schema')}: expected {expected}, found {found!r}",
                hint="the file was written by another version of coset, or is another kind of file",
            )

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        return key in self._data

    def raw(self, key: str) -> Any:
        """Return the value as it is, or None where it is absent."""
        return self._data.get(key)

    def keys(self) -> tuple[str, ...]:
        """Return the keys in their order."""
        return tuple(self._data)

    def text(self, key: str) -> str:
        """Return the text under the key, which must be there."""
        value = self.optional_text(key)
        if value is None:
            raise UsageError(f"{self._at(key)}: missing")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return the text under the key, or None where it is absent or null."""
        value = self._data.get(key)
        if value is not None and not isinstance(value, str):
            raise UsageError(f"{self._at(key)}: expected text, found {_kind(value)}")
        return value

    def optional_address(self, key: str) -> str | None:
        """Return the address under the key, which may be linked, or None where it is absent or null."""
        text = self.optional_text(key)
        if text is not None and not is_address(text):
            raise UsageError(f"{self._at(key)}: expected an http or https address, found {text[:60]!r}")
        return text

    def choice(self, key: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
        """Return one of the choices, or the default where the key is absent."""
        value = self.optional_text(key)
        if value is None:
            return default
        for one in choices:
            if value == one:
                return one
        raise UsageError(f"{self._at(key)}: {value!r} is not one of {', '.join(choices)}")

    def flag(self, key: str, *, default: bool) -> bool:
        """Return the truth value under the key."""
        value = self._data.get(key, default)
        if not isinstance(value, bool):
            raise UsageError(f"{self._at(key)}: expected true or false, found {_kind(value)}")
        return value

    def number(self, key: str, *, default: int | None = None) -> int | None:
        """Return the whole number under the key, at least 0."""
        value = self._data.get(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UsageError(f"{self._at(key)}: expected a whole number, found {_kind(value)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under the key; empty where it is absent or null."""
        value = self._data.get(key)
        return () if value is None else _texts(value, self._at(key))

    def text_lists(self, key: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the key and the texts of each list in the table under the key."""
        for name, value in _table(self._data.get(key), self._at(key)).items():
            yield name, _texts(value, f"{self._at(key)}.{name}")

    def text_pairs(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield the key and the text of each entry in the table under the key; none where it is absent."""
        for name, value in _table(self._data.get(key), self._at(key)).items():
            if not isinstance(value, str):
                raise UsageError(f"{self._at(key)}.{name}: expected text, found {_kind(value)}")
            yield name, value

    def items(self, key: str, *, optional: bool = False) -> Iterator[tuple[str, "Decoder"]]:
        """Yield the tables in the table under the key."""
        if not optional and key not in self._data:
            raise UsageError(f"{self._at(key)}: missing")
        for name, value in _table(self._data.get(key), self._at(key)).items():
            yield name, Decoder(value, f"{self._at(key)}.{name}")

    def tables(self, key: str) -> Iterator["Decoder"]:
        """Yield the tables in the list under the key; none where it is absent."""
        if key not in self._data:
            return
        value, at = self._data[key], self._at(key)
        if not isinstance(value, list):
            raise UsageError(f"{at}: expected a list, found {_kind(value)}")
        for i, one in enumerate(value):
            yield Decoder(one, f"{at}[{i}]")


def _kind(value: Any) -> str:
    names = {
        dict: "a table",
        list: "a list",
        str: "text",
        bool: "a truth value",
        int: "a number",
        type(None): "nothing",
    }
    return names.get(type(value), f"a {type(value).__name__}")


def _table(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UsageError(f"{where}: expected a table, found {_kind(value)}")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise UsageError(f"{where}: expected a list, found {_kind(value)}")
    for i, one in enumerate(value):
        if not isinstance(one, str):
            raise UsageError(f"{where}[{i}]: expected text, found {_kind(one)}")
    return tuple(value)
