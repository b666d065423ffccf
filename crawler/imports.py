"""What can be imported from a release? Read from the names of a wheel's members, or from an sdist's top_level.txt."""

from collections.abc import Iterable

from crawler.archive import MOST_TEXT

_MODULE_SUFFIXES = (".py", ".so", ".pyd")
_DEEPEST = 4
"""``google.cloud.storage.control`` is as deep as namespaces go before the first package."""


def importable(members: Iterable[str]) -> bytes:
    r"""Return the members that can be imported, a line each, sorted; of very many those that lie the least deep.

    >>> importable(["six.py", "six-1.dist-info/RECORD", "numpy.libs/x.so", "a/__init__.py"])
    b'a/__init__.py\nsix.py\n'
    """
    found = sorted({one for one in members if _path(one)}, key=lambda one: (one.count("/"), one))
    size = 0
    for number, one in enumerate(found):
        size += len(one.encode()) + 1
        if size > MOST_TEXT:
            found = found[:number]
            break
    return "".join(f"{one}\n" for one in sorted(found)).encode()


def top_level_names(text: bytes) -> tuple[str, ...]:
    r"""Return the import names in a ``top_level.txt``, sorted.

    >>> top_level_names(b"b\n_a\n../c\n\n")
    ('_a', 'b')
    """
    lines = text.decode("utf-8", "replace").split("\n")
    return tuple(sorted({one for line in lines if (one := line.strip().replace("/", ".")) and _is_name(one)}))


def _is_name(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


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
