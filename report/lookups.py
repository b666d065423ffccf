"""How is the answer to a question about names shown? As JSON, and as lines for people."""

from collections.abc import Iterator, Sequence

from normalize.nameanswers import Lookup
from normalize.nixnames import needs_quotes, nix_name


def lookup_to_json(lookup: Lookup) -> dict[str, object]:
    """Return the JSON form of one answer.

    ``near`` is there only where nothing matches, ``standard_library`` only where that is so because it is a module of
    Python's own, and ``default`` only where a project has several attributes.
    """
    data: dict[str, object] = {
        "query": lookup.query,
        "matches": [
            {
                "project": match.project,
                "attributes": list(match.attributes),
                "imports": list(match.imports),
                "evidence": list(match.evidence),
                "confidence": match.confidence,
                **({"default": match.default} if len(match.attributes) > 1 else {}),
            }
            for match in lookup.matches
        ],
        "ambiguous": lookup.ambiguous,
    }
    if not lookup.matches:
        data["near"] = list(lookup.near)
    if lookup.standard:
        data["standard_library"] = True
    return data


def lookup_lines(lookups: Sequence[Lookup]) -> Iterator[str]:
    """Yield lines of plain text; they are not harmless for a terminal yet."""
    for i, lookup in enumerate(lookups):
        if i:
            yield ""
        if lookup.standard:
            yield f"{lookup.query}: a module of Python's standard library, and of no project"
            continue
        if not lookup.matches:
            near = f"; near: {', '.join(lookup.near)}" if lookup.near else ", and no known name is near"
            yield f"{lookup.query}: unknown{near}"
            continue
        if lookup.ambiguous:
            yield f"{lookup.query}: ambiguous, it may mean any of {len(lookup.matches)} projects"
        for match in lookup.matches:
            what = "no project on the index" if match.project is None else f"project {match.project}"
            yield f"{lookup.query}: {what} ({match.confidence})"
            yield f"  attributes  {', '.join(written(one) for one in match.attributes) or 'none known'}"
            yield f"  imports     {', '.join(match.imports) or 'not known'}"
            for j, sentence in enumerate(match.evidence):
                yield f"  {'evidence' if j == 0 else '':<12}{sentence}"


def written(attribute: str) -> str:
    """Return an attribute as Nix reads it, quoted where it must be; one outside of the Python set is a path."""
    if not attribute.isascii() or not attribute.isprintable():
        return ascii(attribute)  # nobody could write it, but a damaged file may hold it
    return attribute if attribute.startswith("pkgs.") or not needs_quotes(attribute) else nix_name(attribute)
