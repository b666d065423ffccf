"""How is one release written as a line, and in which order? The plain way, beside which the store's is checked."""

import json

from packaging.version import Version

from dataset.facts import facts_of, facts_to_text, files_to_text
from dataset.records import Release
from normalize.versions import parse_version


def release_order(release: Release) -> tuple[str, bool, Version | str, str]:
    """Return the key by which releases are sorted: by project, then version, those that are not PEP 440 first."""
    parsed = parse_version(release.version)
    return (release.project, parsed is not None, parsed or release.version, release.version)


def release_to_line(release: Release) -> str:
    """Return the release as JSON in ASCII without a line end.

    Keys have a fixed order. Values that a reader assumes anyway are left out (`dataset.facts`).
    """
    outside = (("uploaded", release.uploaded), ("yanked", release.yanked), ("gone", release.gone))
    known = {key: value for key, value in outside if value is not None}
    head = json.dumps({"project": release.project, "version": release.version, **known}, separators=(",", ":"))
    files = f',"files":{files_to_text(release.files)}' if release.files else ""
    return f"{head[:-1]},{facts_to_text(facts_of(release))}{files}}}"
