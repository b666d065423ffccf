"""Why are the releases above the newest candidate none? For those who ask for the newest and get an older one."""

from normalize.projects import ProjectName
from normalize.versionladder import is_prerelease
from normalize.versions import parse_version
from solver.candidates import Domain
from solver.sentences import latest


def passed_over(project: ProjectName, domain: Domain) -> tuple[str, ...]:
    """Return why the final releases above the newest candidate are none, those with one reason in one sentence.

    Pre-releases, yanked releases and releases that are gone are left out: nobody who asks for the newest means them.
    """
    above = domain.values[-1].version if domain.values else None
    newer = sorted(
        (version, domain.why(release))
        for release in domain.left_out
        if release.yanked is None
        and release.gone is None
        and (version := parse_version(release.version)) is not None
        and not is_prerelease(version)
        and (above is None or version > above)
    )
    found = []
    for reason in dict.fromkeys(why for _, why in reversed(newer)):
        texts = [str(version) for version, why in newer if why == reason]
        verb = "is no candidate" if len(texts) == 1 else "are no candidates"
        found.append(f"{project} {latest(texts)} {verb}: {reason}")
    return tuple(found)
