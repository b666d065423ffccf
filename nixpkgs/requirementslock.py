"""How is a lock file of requirements written? Pinned, each with the hashes of its files, for ``--require-hashes``."""

from collections.abc import Iterable

from nixpkgs.lockedfiles import LockedPackage


def requirements_text(packages: Iterable[LockedPackage], notes: Iterable[str] = ()) -> str:
    r"""Return the text of a ``requirements.txt``.

    Args:
        packages: one of each project; all their files have a hash.
        notes: sentences for comments.
    """
    lines = [f"# {' '.join(note.split())}".rstrip() for note in notes]
    for one in sorted(packages, key=lambda one: one.project):
        head = f"{one.project}=={one.version}" + (f" ; {one.marker}" if one.marker else "")
        hashes = sorted({f"    --hash=sha256:{file.sha256}" for file in one.files})
        lines.append(" \\\n".join([head, *hashes]))
    return "".join(f"{line}\n" for line in lines)
