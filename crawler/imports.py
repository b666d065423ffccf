"""What can be imported from a wheel? Read from the names of its members alone."""

from collections.abc import Iterable

_MODULE_SUFFIXES = (".py", ".so", ".pyd")
_DEEPEST = 4
"""``google.cloud.storage.control`` is as deep as namespaces go before the first package."""


def import_names(members: Iterable[str]) -> tuple[str, ...]:
    """Return the import names, sorted: top-level modules and packages; below a namespace, what it holds.

    >>> import_names(["six.py", "jaraco/text/__init__.py", "six-1.dist-info/METADATA", "numpy.libs/x.so"])
    ('jaraco.text', 'six')
    """
    tree: dict[str, set[tuple[str, ...]]] = {}
    for member in members:
        parts = _path(member)
        if parts:
            tree.setdefault(parts[0], set()).add(parts[1:])
    return tuple(sorted(name for top, below in tree.items() for name in _names((top,), below)))


def _names(prefix: tuple[str, ...], below: set[tuple[str, ...]]) -> Iterable[str]:
    if () in below or ("__init__",) in below or len(prefix) >= _DEEPEST:
        yield ".".join(prefix)
        return
    deeper: dict[str, set[tuple[str, ...]]] = {}
    for path in below:
        deeper.setdefault(path[0], set()).add(path[1:])
    for name, rest in deeper.items():
        yield from _names((*prefix, name), rest)


def _path(member: str) -> tuple[str, ...]:
    """Return the dotted path of an importable member, () for every other."""
    suffix = next((one for one in _MODULE_SUFFIXES if member.endswith(one)), None)
    if suffix is None:
        return ()
    parts = member.split("/")
    if parts[0].endswith(".data"):
        if len(parts) < 3 or parts[1] not in ("purelib", "platlib"):
            return ()
        parts = parts[2:]
    parts[-1] = parts[-1].partition(".")[0]  # `_x.cpython-313-x86_64-linux-gnu.so` is imported as `_x`
    if not all(part.isidentifier() for part in parts) or parts == ["__init__"]:
        return ()
    return tuple(parts)
