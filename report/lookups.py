"""How is the answer to a question about names shown? As JSON, and as lines for people."""

from collections.abc import Iterator, Sequence
from typing import Any

from normalize.names import Lookup


def lookup_to_json(lookup: Lookup) -> dict[str, Any]:
    """Return the JSON form of one answer; ``near`` is there only where nothing matches."""
    data: dict[str, Any] = {
        "query": lookup.query,
        "matches": [
            {
                "project": match.project,
                "attributes": list(match.attributes),
                "imports": list(match.imports),
                "evidence": list(match.evidence),
                "confidence": match.confidence,
            }
            for match in lookup.matches
        ],
        "ambiguous": lookup.ambiguous,
    }
    if not lookup.matches:
        data["near"] = list(lookup.near)
    return data


def lookup_lines(lookups: Sequence[Lookup]) -> Iterator[str]:
    """Yield lines of plain text; they are not harmless for a terminal yet."""
    for i, lookup in enumerate(lookups):
        if i:
            yield ""
        if not lookup.matches:
            near = f"; near: {', '.join(lookup.near)}" if lookup.near else ", and no known name is near"
            yield f"{lookup.query}: unknown{near}"
            continue
        if lookup.ambiguous:
            yield f"{lookup.query}: ambiguous, it may mean any of {len(lookup.matches)} projects"
        for match in lookup.matches:
            yield f"{lookup.query}: project {match.project} ({match.confidence})"
            yield f"  attributes  {', '.join(match.attributes) or 'none known'}"
            yield f"  imports     {', '.join(match.imports) or 'not known'}"
            for j, sentence in enumerate(match.evidence):
                yield f"  {'evidence' if j == 0 else '':<12}{sentence}"
