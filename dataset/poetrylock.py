"""What does a ``poetry.lock`` pin? Versions 1 and 2 of the format, and Poetry's own way to write bounds."""

import re
from collections.abc import Iterator
from typing import Any

from packaging.markers import InvalidMarker, Marker

from dataset.decode import Decoder
from dataset.lock import Lock, LockedBound, Pin, Source, ordered_bounds, ordered_pins, without_credentials
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from normalize.requirements import absurd
from normalize.specifiers import is_specifier
from normalize.versions import parse_version

_SOURCES: dict[str, Source] = {"legacy": "index", "git": "git", "url": "url", "directory": "path", "file": "path"}
_LOCK_VERSION = re.compile(r"[12]\.\d+")
_CARET_OR_TILDE = re.compile(r"(?P<sign>[\^~])[ ]*(?![=])v?(?P<version>.+)")
_NO_OPERATOR = re.compile(r"v?\d[\w.!+*-]*")
_DAMAGED = "the file was changed by hand: lock again with 'poetry lock'"
_LONGEST = 2_000


def poetry_lock(data: dict[str, Any], name: str) -> Lock:
    """Return what a ``poetry.lock`` says. It does not say what the application itself asks for.

    Raises:
        UsageError: its version is not known, or a value does not have its shape.
    """
    top = Decoder(data, name)
    metadata = Decoder(data["metadata"], f"{name}: metadata")
    version = metadata.optional_text("lock-version")
    if version is None or not _LOCK_VERSION.fullmatch(version):
        raise UsageError(
            f"{name} is a poetry.lock of version {version!r}; coset reads 1.x and 2.x",
            hint="lock again with a Poetry that writes it",
        )
    pins: list[Pin] = []
    bounds: list[LockedBound] = []
    recorded: set[tuple[ProjectName, str | None]] = set()
    notes: list[str] = []
    for one in top.tables("package"):
        pin = _pin(one)
        pins.append(pin)
        recorded.add((pin.project, pin.version))
        for dependency, value in _dependencies(one):
            found = _bound(pin, dependency, value)
            if found is None:
                on = dependency.text("name")
                notes.append(f"{pin.project} {pin.version}: its bound on {on} was not understood")
            elif found.text != "*":
                bounds.append(found)
    return Lock(
        kind="poetry",
        name=name,
        python=" || ".join(accepted(metadata.optional_text("python-versions") or "*") or ()),
        pins=ordered_pins(pins),
        bounds=ordered_bounds(bounds),
        recorded=frozenset(recorded),
        notes=tuple(sorted(notes)),
    )


def accepted(text: str) -> tuple[str, ...] | None:
    """Return PEP 440 specifiers of which one must hold for a bound in Poetry's spelling; None where it is none.

    >>> accepted("^1.2.3"), accepted("~0.5"), accepted(">=3.0,<3.1.0 || >3.1.0"), accepted("1.2")
    (('>=1.2.3,<2',), ('>=0.5,<0.6',), ('>=3.0,<3.1.0', '>3.1.0'), ('==1.2',))
    """
    if len(text) > _LONGEST or absurd(text):
        return None
    found = []
    for alternative in re.split(r"\|\|?", text):
        clauses = [
            _clause(one.strip()) for one in re.split(r"[ ]*,[ ]*|(?<=[\w*])[ ]+(?=[<>=!~^])", alternative.strip())
        ]
        joined = ",".join(one for one in clauses if one)
        if not is_specifier(joined):
            return None
        found.append(joined)
    return tuple(found)


def _clause(text: str) -> str:
    if text == "*":
        return ""
    special = _CARET_OR_TILDE.fullmatch(text)
    if special is not None:
        version = parse_version(special["version"])
        if version is None:
            return text  # no specifier: the caller sees that
        release = version.release
        if special["sign"] == "~":
            kept = release[:1] if len(release) == 1 else release[:2]
        else:
            first = next((i for i, number in enumerate(release) if number), len(release) - 1)
            kept = release[: first + 1]
        ceiling = ".".join(map(str, (*kept[:-1], kept[-1] + 1)))
        return f">={version},<{version.epoch}!{ceiling}" if version.epoch else f">={version},<{ceiling}"
    return f"=={text}" if _NO_OPERATOR.fullmatch(text) else text


def _pin(one: Decoder) -> Pin:
    source: Source = "index"
    address = ""
    if one.has("source"):
        kind = Decoder(one.raw("source"), f"{one.where}.source")
        source = _SOURCES[kind.choice("type", tuple(_SOURCES), "legacy")]
        address = "" if source == "index" else without_credentials(kind.optional_text("url") or "")
    if source == "path" and one.flag("develop", default=False):
        source = "editable"
    return Pin(
        project=project_name(one.text("name")),
        version=one.text("version"),
        source=source,
        address=address,
        markers=_markers(one, "markers"),
    )


def _markers(one: Decoder, key: str) -> tuple[str, ...]:
    """Return the markers of a package: one text, or one for each group."""
    value = one.raw(key)
    texts = (value,) if isinstance(value, str) else tuple(text for _, text in one.text_pairs(key))
    for text in texts:
        _check(text, one.where)
    return tuple(sorted({text for text in texts if text}))


def _check(text: str, where: str) -> None:
    try:
        if not absurd(text):
            Marker(text or "python_version > '0'")
            return
    except (InvalidMarker, RecursionError):
        pass
    raise UsageError(f"{where}: {text[:80]!r} is no marker", hint=_DAMAGED)


def _dependencies(one: Decoder) -> Iterator[tuple[Decoder, Any]]:
    """Yield each dependency of a package: the decoder's path ends in its name; several bounds come one by one."""
    if not one.has("dependencies"):
        return
    table = Decoder(one.raw("dependencies"), f"{one.where}.dependencies")
    for name in table.keys():  # noqa: SIM118 -- a decoder is no mapping
        value = table.raw(name)
        for each in value if isinstance(value, list) else [value]:
            yield Decoder({"name": name}, f"{table.where}.{name}"), each


def _bound(pin: Pin, dependency: Decoder, value: Any) -> LockedBound | None:
    marker = ""
    if isinstance(value, dict):
        table = Decoder(value, dependency.where)
        marker = table.optional_text("markers") or ""
        _check(marker, dependency.where)
        value = table.optional_text("version") or "*"  # a source in its place: any version of it
    if not isinstance(value, str):
        raise UsageError(f"{dependency.where}: expected text or a table", hint=_DAMAGED)
    found = accepted(value)
    if found is None:
        return None
    return LockedBound(
        depender=pin.project,
        version=pin.version,
        dependency=project_name(dependency.text("name")),
        text=value,
        accepted=found,
        marker=marker,
    )
