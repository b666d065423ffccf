"""What does a ``requirements.txt`` pin, and what does it only bound?

pip's rules for lines, in the order in which pip applies them: a backslash at the end continues a line, ``#`` after a
blank begins a comment, and options follow a requirement. Variables of the environment are not put in, other files are
not followed: both are said. What is left of a line is a requirement, which packaging reads.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

from dataset.lock import Lock, LockedBound, Pin, Source, ordered_bounds, ordered_pins, without_credentials
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from normalize.requirements import Requirement, parse_requirement

_COMMENT = re.compile(r"(^|\s+)#.*$")
_OPTIONS = re.compile(r"\s+-{1,2}[a-z][\w-]*(?=[\s=]|$).*$")
_OPTION = re.compile(r"(?P<name>--?[A-Za-z][\w-]*)(?:[\s=]\s*(?P<value>\S.*))?")
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_ADDRESS = re.compile(r"(?:(?:git|hg|svn|bzr)\+[a-z+]+://|https?://|file:)\S+", re.ASCII)
_ELSEWHERE = {"-r": "requirements", "--requirement": "requirements", "-c": "constraints", "--constraint": "constraints"}
_EDITABLE = ("-e", "--editable")
_SHOWN = 60
_HINT = "coset reads pylock.toml, requirements.txt, uv.lock and poetry.lock"


def requirements_file(text: str, name: str) -> Lock:
    """Return what a requirements file says: ``==`` on a full version is a pin, everything else a bound.

    Raises:
        UsageError: no line of it is one of a requirements file.
    """
    pins: list[Pin] = []
    bounds: list[LockedBound] = []
    notes: list[str] = []
    options: set[str] = set()
    unread = 0
    for number, line in _lines(text):
        option = _OPTION.fullmatch(line)
        if option is not None and option["name"] not in _EDITABLE:
            kind = _ELSEWHERE.get(option["name"])
            if kind is None:
                options.add(option["name"])
            else:
                notes.append(f"line {number}: the {kind} in {_short(option['value'] or '')!r} were not read")
            continue
        bare = _OPTIONS.sub("", line)
        found = _direct(option["value"] or "", "editable") if option is not None else _read(bare)
        if isinstance(found, Pin):
            pins.append(found)
        elif isinstance(found, LockedBound):
            bounds.append(found)
        elif _is_source(bare if option is None else option["value"] or ""):
            notes.append(f"line {number} names a source whose project cannot be told: {_short(bare)!r}")
        else:
            unread += 1
            notes.append(f"line {number} was not understood: {_short(bare)!r}")
    if unread and not pins and not bounds:
        raise UsageError(f"{name} is no lock file that coset reads: {notes[0]}", hint=_HINT)
    if not pins and not bounds:
        raise UsageError(f"{name} pins nothing", hint=_HINT)
    if options:
        notes.append(f"options do not matter for versions and were not followed: {', '.join(sorted(options))}")
    return Lock(
        kind="requirements", name=name, pins=ordered_pins(pins), bounds=ordered_bounds(bounds), notes=tuple(notes)
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the logical lines with the numbers of their first lines; without comments and empty ones."""
    joined: list[str] = []
    start = 1
    for number, line in enumerate(text.split("\n"), start=1):
        comment = line.lstrip().startswith("#")
        if not joined:
            start = number
        if line.rstrip("\r").endswith("\\") and not comment:
            joined.append(line.rstrip("\r").removesuffix("\\"))
            continue
        joined.append(f" {line}" if comment else line)  # a comment ends a continued line, and stays a comment
        whole = _COMMENT.sub("", "".join(joined)).strip()
        joined = []
        if whole:
            yield start, whole
    whole = _COMMENT.sub("", "".join(joined)).strip()
    if whole:
        yield start, whole


def _read(line: str) -> Pin | LockedBound | None:
    """Return a pin or a bound, which may accept every version; None where it is neither."""
    requirement = parse_requirement(line)
    if requirement is None:
        return _direct(line, "path")
    if requirement.url is not None:
        return Pin(
            project=requirement.project,
            version=None,
            source=_source(requirement.url),
            address=without_credentials(requirement.url),
            markers=_marker(requirement),
        )
    for one in requirement.specifier:
        if one.operator in ("==", "===") and not one.version.endswith(".*"):
            return Pin(project=requirement.project, version=one.version, markers=_marker(requirement))
    return LockedBound(
        depender=None,
        version=None,
        dependency=requirement.project,
        text=requirement.bounds.text,
        accepted=(requirement.bounds.text,),
        marker=requirement.condition,
    )


def _direct(text: str, otherwise: Source) -> Pin | None:
    """Return the pin of an address or a path, where its project can be told."""
    address = text.strip()
    if not _is_source(address):
        return None
    remote = _ADDRESS.fullmatch(address) is not None and otherwise != "editable"
    source = _source(address) if remote else otherwise
    project, version = _named(address)
    if project is None:
        return None
    return Pin(project=project, version=version, source=source, address=without_credentials(address))


def _source(address: str) -> Source:
    return "git" if address.startswith("git+") else "url"


def _is_source(text: str) -> bool:
    text = text.strip()
    path = text.startswith((".", "/")) or "/" in text or text.endswith((".whl", ".tar.gz", ".zip"))
    return _ADDRESS.fullmatch(text) is not None or (path and not any(one.isspace() for one in text))


def _named(address: str) -> tuple[ProjectName | None, str | None]:
    egg = _EGG.search(address)
    try:
        if egg is not None:
            return project_name(egg["name"]), None
        file = PurePosixPath(re.split(r"[#?]", address)[0]).name
        if file.endswith(".whl"):
            project, version, _, _ = parse_wheel_filename(file)
            return project_name(project), str(version)
        project, version = parse_sdist_filename(file)
        return project_name(project), str(version)
    except (InvalidSdistFilename, InvalidWheelFilename, ValueError, UsageError):
        return None, None


def _marker(requirement: Requirement) -> tuple[str, ...]:
    return (requirement.condition,) if requirement.condition else ()


def _short(text: str) -> str:
    text = without_credentials(text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
