"""What does a channel's ``packages.json`` say of the Python set? Names and versions; nothing of dependencies."""

import importlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dataset.currentset import Attribute, Recipe
from nixpkgs.evaluation import set_of
from nixpkgs.matching import matched
from nixpkgs.metaaddresses import meta_address
from nixpkgs.setreading import SetReading
from normalize.errors import UsageError
from normalize.targets import Target

_UNSAID = (
    "build_system",
    "dependencies",
    "fetcher",
    "format",
    "hash",
    "imports",
    "optional_dependencies",
    "relaxed",
    "removed",
)
_LARGEST = 2**31
"""The whole list has some hundred megabytes; more is no such list."""

_CHUNK = 2**20


def uncompressed(chunks: Iterable[bytes], where: str) -> bytes:
    """Return the contents of a brotli file.

    Raises:
        UsageError: no library for brotli is installed, or the file is damaged or far too large.
    """
    module: Any = None
    for name in ("brotli", "brotlicffi"):
        try:
            module = importlib.import_module(name)
            break
        except ImportError:
            continue
    if module is None:
        raise UsageError(
            f"{where} is compressed with brotli, and no library for it is installed",
            hint="install the Python package 'brotli', or unpack the file: brotli --decompress packages.json.br",
        )
    unpack, found, size = module.Decompressor(), [], 0
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), _CHUNK):
                found.append(unpack.process(chunk[start : start + _CHUNK]))
                size += len(found[-1])
                if size > _LARGEST:
                    raise UsageError(f"{where} unpacks to more than {_LARGEST} bytes, which no channel has")
    except module.error as error:
        raise UsageError(f"{where} is damaged: {error}", hint="download it again") from None
    return b"".join(found)


def set_from_channel(data: bytes, targets: Sequence[Target], where: str) -> SetReading:
    """Return the Python set that a channel describes.

    Args:
        data: the JSON.
        targets: their interpreters say which sets are read; a channel lists one system only.
        where: the file's name, for messages.

    Raises:
        UsageError: it is no such list, or no interpreter of the targets is in it.
    """
    try:
        decoded = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON: {error}", hint="a channel's packages.json is expected") from None
    packages = decoded.get("packages") if isinstance(decoded, dict) else None
    if not isinstance(packages, dict):
        raise UsageError(f"{where} is no list of a channel's packages: it has no table 'packages'")
    sets = list(dict.fromkeys(set_of(one) for one in targets))
    found: dict[str, Mapping[str, Any]] = {}
    for one in reversed(sets):  # what the first interpreter says counts
        start = f"{one}."
        found |= {path[len(start) :]: facts for path, facts in packages.items() if path.startswith(start)}
    if not found:
        others = sorted({path.split(".")[0] for path in packages if path.startswith("python3") and "Packages." in path})
        raise UsageError(
            f"{where} has no set {' or '.join(sets)}",
            hint=f"it has {', '.join(others)}: see '--target'" if others else "is it the list of a whole channel?",
        )
    attributes, left_out, problems = [], [], []
    for name in sorted(found):
        facts = found[name]
        meta = facts.get("meta") if isinstance(facts, dict) else None
        if not isinstance(meta, dict) or not all(isinstance(facts.get(key), str) for key in ("pname", "version")):
            problems.append(f"{name}: its entry has no pname, version or meta")
            left_out.append((name, "its entry in the channel's list cannot be read"))
        elif meta.get("broken") is True:
            left_out.append((name, "broken on every target"))
        else:
            attributes.append(_attribute(name, facts["pname"], facts["version"], meta))
    return SetReading(tuple(attributes), tuple(left_out), tuple(problems))


def _attribute(name: str, pname: str, version: str, meta: Mapping[str, Any]) -> Attribute:
    match = matched(name, pname, None, ())
    position = meta.get("position")
    path, _, line = position.rpartition(":") if isinstance(position, str) else ("", "", "")
    people = meta.get("maintainers")
    names = {
        one.get("github") or one.get("name")
        for one in (people if isinstance(people, list) else [])
        if isinstance(one, dict)
    }
    return Attribute(
        name=name,
        project=match.project,
        evidence=match.evidence,
        confidence=match.confidence,
        alternatives=match.alternatives,
        series=match.series,
        version=version,
        position=path or None,
        unknown=tuple((field, "a channel's list does not say it") for field in _UNSAID),
        recipe=Recipe(
            line=int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else None,
            maintainers=tuple(sorted(one for one in names if isinstance(one, str))),
            changelog=meta_address(meta.get("changelog")),
            homepage=meta_address(meta.get("homepage")),
        ),
    )
