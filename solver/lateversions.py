"""Which versions of the current set are younger than the day that a question ends at?"""

from collections.abc import Mapping, Sequence

from dataset.currentset import CurrentSet
from dataset.records import DAY, Release, Timestamp
from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version


def late_versions(
    current: CurrentSet, releases: Mapping[ProjectName, Sequence[Release]], before: Timestamp
) -> tuple[tuple[ProjectName, str], ...]:
    """Return projects with the versions that nixpkgs has of them and that were uploaded at this time or later."""
    found = set()
    for one in current.attributes:
        release = None if one.version is None else parse_nix_version(one.version).release
        if release is None or one.project is None:
            continue
        late = (each for each in releases.get(one.project, ()) if each.uploaded is not None and each.uploaded >= before)
        found |= {(one.project, str(release)) for each in late if parse_version(each.version) == release}
    return tuple(sorted(found))


def late_note(
    current: CurrentSet, releases: Mapping[ProjectName, Sequence[Release]], before: Timestamp | None
) -> tuple[str, ...]:
    """Return a sentence that says how many versions of the current set are younger than the day, or none.

    A current version is always a candidate, so that with an early day a plan keeps what that day could not know.
    """
    late = () if before is None else late_versions(current, releases, before)
    if before is None or not late:
        return ()
    project, version = late[0]
    many = f"{len(late)} versions of the current set were" if len(late) > 1 else "1 version of the current set was"
    such = f", such as {project} {version}" if len(late) > 1 else f", {project} {version}"
    stay = "a current version stays a candidate, so this is not the set of that day; --nixpkgs takes a snapshot of then"
    return (f"{many} uploaded on {before[:DAY]} or later{such}: {stay}",)
