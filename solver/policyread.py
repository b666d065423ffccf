"""How is a policy written? TOML, described in ``docs/policy.md``, with the path to every mistake."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from packaging.specifiers import SpecifierSet

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from normalize.specifierparts import lower_part
from solver.policy import (
    EDGE_ACTIONS,
    EDGE_PARTS,
    PROJECT_ACTIONS,
    EdgeAction,
    EdgeOverride,
    EdgePart,
    Policy,
    ProjectAction,
    ProjectOverride,
    Weights,
)

SCHEMA = 1

Action = TypeVar("Action", bound=str)
Entry = TypeVar("Entry")


def policy_from_toml(data: Any, *, where: str = "policy.toml") -> Policy:
    """Read the decoded TOML.

    Raises:
        UsageError: a key or value is wrong; the sentence holds the path to it (``policy.toml: edge[2].action``).
    """
    root = Decoder(data, where)
    root.only("schema", "weights", "edge", "project")
    root.schema(SCHEMA)
    wrong: list[UsageError] = []
    policy = Policy(
        weights=_weights(Decoder(root.raw("weights") or {}, f"{where}: weights")),
        edges=_readable(root.tables("edge"), _edge, wrong),
        projects=_readable(root.tables("project"), _project, wrong),
    )
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        sentences = (f"{one.sentence} ({one.hint})" if one.hint else one.sentence for one in wrong)
        raise UsageError("\n".join(sentences), hint="docs/policy.md has an example of each entry")
    return policy


def _readable(
    tables: Iterator[Decoder], read: Callable[[Decoder], Entry], wrong: list[UsageError]
) -> tuple[Entry, ...]:
    """Return the entries, and add what is wrong with the others, so that all mistakes are told at once."""
    found = []
    for one in tables:
        try:
            found.append(read(one))
        except UsageError as error:
            wrong.append(error)
    return tuple(found)


def _weights(one: Decoder) -> Weights:
    one.only("lifted", "precautionary", "deliberate", "pin")
    default = Weights()
    return Weights(
        lifted=one.number("lifted", default=default.lifted) or 0,
        precautionary=one.number("precautionary", default=default.precautionary) or 0,
        deliberate=one.number("deliberate", default=default.deliberate) or 0,
        pin=one.number("pin", default=default.pin) or 0,
    )


def _edge(one: Decoder) -> EdgeOverride:
    one.only("scope", "action", "part", "with", "reason", "link", "expires")
    scope = one.text("scope")
    depender, colon, dependency = scope.partition(":")
    if not colon:
        raise UsageError(
            f"{one.where}.scope: {scope!r} has no ':'",
            hint="write depender:dependency, depender==1.2.3:dependency or *:dependency",
        )
    name = depender
    versions = SpecifierSet()
    for i, character in enumerate(depender):
        if character in "=<>!~":
            name, versions = depender[:i], _specifiers(depender[i:], f"{one.where}.scope")
            break
    action: EdgeAction = _action(one, EDGE_ACTIONS)
    written = one.optional_text("with")
    if action == "replace" and written is None:
        raise UsageError(
            f"{one.where}.with: 'replace' needs the specifier that counts instead", hint="for example with = '<3'"
        )
    if action != "replace" and written is not None:
        raise UsageError(
            f"{one.where}.with: only 'replace' takes it, and the action is {action!r}",
            hint="write action = 'replace', or leave 'with' out",
        )
    replacement = None if written is None else _specifiers(written, f"{one.where}.with")
    return EdgeOverride(
        depender=None if name.strip() == "*" else _named(name, f"{one.where}.scope"),
        versions=versions,
        dependency=_named(dependency, f"{one.where}.scope"),
        action=action,
        part=one.choice("part", EDGE_PARTS, _usual_part(action, replacement)),
        replacement=replacement,
        reason=_reason(one),
        link=_link(one),
        expires=_day(one),
    )


def _usual_part(action: EdgeAction, replacement: SpecifierSet | None) -> EdgePart:
    """Return the part that an entry is about where it does not say: the upper one, unless it speaks of the whole.

    To drop an edge is to drop the requirement; a replacement that has a lower part of its own replaces the lower part.
    """
    if action == "drop" or (replacement is not None and len(lower_part(replacement))):
        return "both"
    return "upper"


def _project(one: Decoder) -> ProjectOverride:
    one.only("name", "action", "versions", "reason", "link", "expires")
    action: ProjectAction = _action(one, PROJECT_ACTIONS)
    versions = one.optional_text("versions")
    if versions is None and action in ("pin", "exclude"):
        raise UsageError(f"{one.where}.versions: {action!r} needs it", hint="for example versions = '==2.1.*'")
    if versions is not None and action == "hold":
        raise UsageError(
            f"{one.where}.versions: 'hold' keeps nixpkgs' current version and takes none",
            hint="write action = 'pin' to keep to certain versions",
        )
    return ProjectOverride(
        project=_named(one.text("name"), f"{one.where}.name"),
        action=action,
        versions=_specifiers(versions or "", f"{one.where}.versions"),
        reason=_reason(one),
        link=_link(one),
        expires=_day(one),
    )


def _action(one: Decoder, actions: tuple[Action, ...]) -> Action:
    if not one.has("action"):
        raise UsageError(f"{one.where}.action: missing", hint=f"one of {', '.join(actions)}")
    return one.choice("action", actions, actions[0])


def _reason(one: Decoder) -> str:
    reason = one.text("reason").strip()
    if not reason:
        raise UsageError(f"{one.where}.reason: empty", hint="say why, for whoever reads the plan")
    return reason


def _link(one: Decoder) -> str | None:
    link = one.optional_text("link")
    if link is not None and not link.startswith(("https://", "http://")):
        raise UsageError(f"{one.where}.link: {link!r} is not a web address", hint="write it from https:// on")
    return link


def _named(text: str, where: str) -> ProjectName:
    try:
        return project_name(text.strip())
    except UsageError as error:
        raise UsageError(f"{where}: {error.sentence}", hint=error.hint) from None


def _specifiers(text: str, where: str) -> SpecifierSet:
    try:
        found = SpecifierSet(text)
        found.contains("1")  # which reads the numbers
    except ValueError:  # no specifier, or a number of more digits than Python reads
        raise UsageError(f"{where}: {text!r} is not a version specifier", hint="for example '>=1.2,<2'") from None
    return found


def _day(one: Decoder) -> str | None:
    day = one.raw("expires")
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
        return day.isoformat()
    text = one.optional_text("expires")
    try:
        if text is None or dt.date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise UsageError(f"{one.where}.expires: {text!r} is not a day", hint="write it as '2027-01-31'")
