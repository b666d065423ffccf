"""Which bytes of a package file have to change, so that it says what a plan wants?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nixpkgs.dependencyedit import dependency_edits, plain_list, without_list
from nixpkgs.fieldedit import new_field, without_field
from nixpkgs.fitting import Fitted
from nixpkgs.listedit import Element, list_edits, list_text
from nixpkgs.lookat import worth_a_look
from nixpkgs.nixtext import holdable, nix_string
from nixpkgs.packagefacts import PackageFacts
from nixpkgs.recipetree import (
    Recipe,
    bindings,
    bound_names,
    field_value,
    inherits,
    mentions,
    plain_text,
    recipe,
    settled,
)
from nixpkgs.sourcehash import TO_BE_PREFETCHED, NewSource, new_source
from nixpkgs.splice import Edit, LeftAlone, begins_line, ends_line, indentation, spliced
from nixpkgs.syntax import NixSyntaxError, Node, attribute_of, attribute_path, parse_nix
from nixpkgs.wanted import Relax, Wanted
from normalize.relaxhook import EVERYTHING

_HASHES = ("hash", "sha256", "sha512", "sha1")
_DEPENDENT = frozenset(
    {"cargoDeps", "cargoHash", "cargoSha256", "npmDeps", "npmDepsHash", "pnpmDeps", "vendorHash", "yarnOfflineCache"}
)
"""Fields whose hash is that of what the source locks; it changes with the source."""

_REVISIONS, _ADDRESSES = ("tag", "rev", "ref"), ("url", "urls")
"""The arguments that tell most fetchers which version to fetch; an address does where no revision is named."""

_LONE_RETURN = re.compile(rb"\r(?!\n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A file with its edits made.

    Attributes:
        data: the new bytes.
        source: what the source has now; None where it stays.
        prefetch: the fields whose hash is empty now and has to be prefetched.
        notes: what a human has to look at, one sentence each.
    """

    data: bytes
    source: NewSource | None
    prefetch: tuple[str, ...]
    notes: tuple[str, ...] = ()


def edited(data: bytes, facts: PackageFacts, wanted: Wanted, changes: Fitted) -> Edited:
    """Return a package file that has the changes.

    Args:
        data: the file.
        facts: what it says.
        wanted: what the plan wants, of which the release's files are used.
        changes: what is to change.

    Raises:
        LeftAlone: the file has a shape that is not known.
    """
    texts = (changes.version or "", *(one.name for one in (*changes.relax, *(changes.further.narrowed or ()))))
    if any(holdable(text) != text for text in texts):
        raise LeftAlone("the plan wants a text that no Nix string can hold")
    if _LONE_RETURN.search(data):
        raise LeftAlone("the file has carriage returns that end no line")
    try:
        found = recipe(parse_nix(data), facts.line)
    except NixSyntaxError as error:
        raise LeftAlone(f"the file does not parse: {error}") from None
    edits: list[Edit] = []
    prefetch: list[str] = []
    source = None
    if changes.version is not None:
        edits.append(_version(found, facts, changes.version))
        if facts.source.fetcher is not None or found.value("src") is not None:
            source_edits, source = _source(found, facts, wanted, changes.version)
            edits += source_edits
            prefetch += ["src"] if source.hash == TO_BE_PREFETCHED else []
        further = _further_hashes(found)
        edits += further.values()
        prefetch += further
    edits += _relaxed(found, changes)
    edits += dependency_edits(found, changes)
    notes = () if changes.version is None else worth_a_look(found, str(facts.version), edits)
    return Edited(data=spliced(data, edits), source=source, prefetch=tuple(sorted(prefetch)), notes=notes)


def _version(found: Recipe, facts: PackageFacts, version: str) -> Edit:
    node = found.value("version")
    if node is None or plain_text(node) != facts.version:
        raise LeftAlone("its version is put together" if node is not None else "its version stands nowhere")
    return Edit(node.start, node.end, nix_string(version))


def _source(found: Recipe, facts: PackageFacts, wanted: Wanted, version: str) -> tuple[list[Edit], NewSource]:
    """Return the edits of the source, and what it has then."""
    other = dict(facts.inherited).get("src")
    if other is not None:
        raise LeftAlone(f"its source is that of '{other}'")
    call = found.value("src")
    fetcher = facts.source.fetcher
    if call is None or call.kind != "apply_expression" or not isinstance(fetcher, str):
        raise LeftAlone("its source is not fetched in a way that is known")
    given = settled(call["argument"])
    if given.kind not in ("attrset_expression", "rec_attrset_expression"):
        raise LeftAlone("the arguments of its fetcher are computed")
    names = bound_names(given)
    hashes = [name for name in _HASHES if name in names]
    if None in names or len(hashes) != 1:
        raise LeftAlone(
            f"its source has {len(hashes)} hashes" if None not in names else "its source has computed names"
        )
    node = field_value(given, hashes[0])
    if node is None or plain_text(node) is None:
        raise LeftAlone("the hash of its source is computed")
    spelled = _spelled_out(given, str(facts.version), version) if fetcher != "fetchPypi" else []
    if not spelled and not any(_follows(given, telling) for telling in _telling(given, fetcher)):
        raise LeftAlone("its source does not follow its version")
    arguments = dict(facts.source.arguments)
    new = NewSource()
    if fetcher == "fetchPypi":
        if arguments.get("version") != facts.version:
            raise LeftAlone("its source does not follow its version")
        computed = {name for name in names if name is not None} - {*arguments, *_HASHES}
        new = new_source({**arguments, "version": version}, computed, wanted.files)
    if hashes[0] not in ("hash", "sha256"):
        new = replace(new, hash=TO_BE_PREFETCHED)
    edits = [*spelled, Edit(node.start, node.end, nix_string(new.hash))]
    if new.pname is not None:
        edits.append(_renamed(given, new.pname))
    return edits, new


def _telling(given: Node, fetcher: str) -> tuple[str, ...]:
    """Return the arguments that tell a fetcher which version to fetch."""
    if fetcher == "fetchPypi":
        return ("version",)
    revisions = tuple(name for name in _REVISIONS if name in bound_names(given))
    return revisions or _ADDRESSES


def _follows(given: Node, telling: str) -> bool:
    """Return whether an argument uses the version."""
    if telling == "version" and any("version" in map(attribute_of, one["attrs"].children()) for one in inherits(given)):
        return True
    told = [one["expression"] for one in bindings(given) if attribute_path(one["attrpath"])[0] == telling]
    return any(mentions(one, "version") for one in told)


def _spelled_out(given: Node, old: str, new: str) -> list[Edit]:
    """Return the edits of a tag or a revision that spells the version out, once and alone."""
    whole = re.compile(rf"(?<![\d.+!]){re.escape(old)}(?=/|$)")
    edits = []
    for name in ("tag", "rev"):
        one = next((each for each in bindings(given) if attribute_path(each["attrpath"]) == (name,)), None)
        text = None if one is None else plain_text(one["expression"])
        if one is not None and text is not None and text.count(old) == 1 and whole.search(text):
            value = one["expression"]
            edits.append(Edit(value.start, value.end, nix_string(whole.sub(lambda _: new, text))))
    return edits


def _renamed(given: Node, pname: str) -> Edit:
    """Return the edit that gives ``fetchPypi`` another ``pname`` than the package's."""
    data = given.data
    for one in inherits(given):
        names = [child.text for child in one["attrs"].children()]
        if "pname" in names and begins_line(data, one.start) and ends_line(data, one.end):
            others = " ".join(name for name in names if name != "pname")
            place = one.get("expression")
            whence = f" ({place.text})" if place is not None else ""
            kept = f"\n{indentation(data, one.start)}inherit{whence} {others};" if others else ""
            return Edit(one.start, one.end, f"pname = {nix_string(pname)};{kept}")
    for one in bindings(given):
        value = one["expression"]
        if attribute_path(one["attrpath"]) == ("pname",) and plain_text(value) is not None:
            return Edit(value.start, value.end, nix_string(pname))
    raise LeftAlone(f"fetchPypi would have to be told that its file begins with '{pname}'")


def _further_hashes(found: Recipe) -> dict[str, Edit]:
    """Return the edits of hashes that change with the source, by what they are called."""
    edits = {}
    for one in bindings(found.arguments):
        path = attribute_path(one["attrpath"])
        if path[0] not in _DEPENDENT:
            continue
        value = settled(one["expression"])
        if value.kind == "apply_expression":
            value = settled(value["argument"])
        if value.kind in ("attrset_expression", "rec_attrset_expression"):
            named = next((name for name in _HASHES if name in bound_names(value)), None)
            value = field_value(value, named) if named is not None else None  # type: ignore[assignment]
            if value is None:  # a lock file beside the package: a human has to look
                raise LeftAlone(f"its '{path[0]}' has no hash")
        if plain_text(value) is None:
            raise LeftAlone(f"the hash of its '{path[0]}' is computed")
        edits[".".join(str(name) for name in path)] = Edit(value.start, value.end, nix_string(TO_BE_PREFETCHED))
    return edits


def _relaxed(found: Recipe, changes: Fitted) -> list[Edit]:
    if not changes.relax and not changes.unrelax and changes.further.narrowed is None:
        return []
    new = [Element(nix_string(one.name), one.why) for one in changes.relax]
    value = found.value("pythonRelaxDeps")
    if value is None:
        return [new_field(found, "pythonRelaxDeps", new)]
    binding = found.binding("pythonRelaxDeps")
    narrowed = changes.further.narrowed
    if narrowed is not None:
        return [_narrowed(binding, narrowed)]
    if value.kind == "variable_expression" and value.text in ("true", "false"):
        if binding is not None and changes.unrelax == (EVERYTHING,) and not new:
            return [without_field(binding)]
        raise LeftAlone(f"'pythonRelaxDeps' is {value.text}")
    items = plain_list(value, "pythonRelaxDeps")
    texts = {one.text: plain_text(one) for one in items.children()}
    gone = {text for text, name in texts.items() if name in changes.unrelax}
    if len(gone) == len(items.children()) and not new:
        return [without_list(binding, items, "pythonRelaxDeps")]
    return list_edits(items, gone, new)


def _narrowed(binding: Node | None, names: Sequence[Relax]) -> Edit:
    """Return the edit that makes a list of ``pythonRelaxDeps = true``, or takes it away."""
    if binding is None or binding["expression"].text != "true":
        raise LeftAlone("its 'true' stands elsewhere")
    if not names:
        return without_field(binding)
    value = binding["expression"]
    elements = [Element(nix_string(one.name), one.why) for one in names]
    return Edit(value.start, value.end, list_text(elements, indentation(binding.data, binding.start)))
