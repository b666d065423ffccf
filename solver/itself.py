"""What does a release require of its own project that it is not? Such a release can be installed by nobody.

Asked where coset resolves as installers do; in nixpkgs' set a release is built without being asked what it is.
"""

from packaging.version import Version

from dataset.records import Release
from normalize.projects import ExtraName, extra_name
from normalize.requirements import applies, parse_requirement
from normalize.targets import Target


def self_refusal(
    release: Release, version: Version, targets: tuple[Target, ...], extra: ExtraName | None = None
) -> str | None:
    """Say what a release, or an extra of it, requires of its own project that the release is not; None for nothing.

    Args:
        release: what requires.
        version: its own.
        targets: where it is to be installed; one where it applies will do.
        extra: whose requirements are looked at; None for those that none brings. One that the release does not declare
            brings nothing.
    """
    first = release.project[0]
    texts = [text for text in release.requires or () if text[0].lower() == first]
    if extra is not None and texts and extra not in {extra_name(declared) for declared in release.extras}:
        return None
    for text in texts:
        one = parse_requirement(text)
        if one is None or one.project != release.project or one.url is not None:
            continue
        if one.bounds.violated(version) and applies(one, targets, extra or ""):
            return f"it requires {one.text}, which it is not"
    return None
