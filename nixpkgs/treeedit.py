"""Which files of a checkout have to change, so that its set is a plan's? Attribute by attribute, in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nixpkgs.declarations import Declaration
from nixpkgs.editfile import Edited, edited
from nixpkgs.fitting import Fitted, fitted
from nixpkgs.packagefacts import PackageFacts
from nixpkgs.pointers import moved_pointer
from nixpkgs.readback import misread
from nixpkgs.sourcehash import NewSource
from nixpkgs.splice import LeftAlone
from nixpkgs.staticparse import Job, jobs, read_file
from nixpkgs.symbols import Unknown
from nixpkgs.wanted import Wanted
from normalize.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What changes for one attribute.

    Attributes:
        attribute: the attribute.
        current, version: the versions before and after; the same where only something else changes.
        changes: what changes in its package file.
        points_to: the attribute that it stands for from now on; None where it is no pointer, or stays.
        files: path -> what the file holds after this step; of a file that several steps change, each has its own.
        prefetch: the fields whose hash has to be prefetched.
    """

    attribute: str
    current: str
    version: str
    changes: Fitted
    points_to: str | None = None
    files: tuple[tuple[str, bytes], ...] = ()
    prefetch: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEdits:
    """What is to be done in a checkout.

    Attributes:
        steps: what changes, by attribute.
        left_alone: attribute -> why, sorted: the plan wants something of it, and nothing is done.
        already: attributes that have what the plan wants, sorted.
        notes: attribute -> what a human has to look at, sorted.
    """

    steps: tuple[Step, ...] = ()
    left_alone: tuple[tuple[str, str], ...] = ()
    already: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def files(self) -> dict[str, bytes]:
        """Return what each changed file holds in the end."""
        return {path: data for step in self.steps for path, data in step.files}


@dataclass(slots=True)
class _File:
    """One package file while it is edited.

    Attributes:
        jobs: the attributes that call it, and how.
        data: what it holds now.
        first: attribute -> what the file on the disk says.
        facts: attribute -> what it says now.
        along: attributes whose version moved with another's, and which have to be edited themselves.
    """

    jobs: tuple[Job, ...]
    data: bytes
    first: dict[str, PackageFacts]
    facts: dict[str, PackageFacts]
    along: dict[str, str] = field(default_factory=dict)


class TreeEditor:
    """Edits package files in memory.

    Args:
        declarations: what ``python-packages.nix`` declares.
        read: returns the bytes of a file of the checkout, or None where there is none.
        targets: where conditions are judged.
    """

    def __init__(
        self, declarations: Sequence[Declaration], read: Callable[[str], bytes | None], targets: Sequence[Target]
    ) -> None:
        self.declared: Mapping[str, Declaration] = {one.name: one for one in declarations}
        self._jobs = {job.name: job for job in jobs(declarations)}
        self._by_file: dict[str, list[Job]] = {}
        for job in self._jobs.values():
            self._by_file.setdefault(job.file, []).append(job)
        self.read = read
        self._targets = targets
        self._files: dict[str, _File] = {}

    def path(self, attribute: str) -> str:
        """Return the package file of an attribute.

        Raises:
            LeftAlone: it has none that is known.
        """
        if attribute not in self.declared:
            raise LeftAlone("it is not in python-packages.nix")
        job = self._jobs.get(attribute)
        if job is None:
            raise LeftAlone(self.declared[attribute].problem or "it has no package file")
        return job.file

    def stands_for(self, attribute: str) -> str:
        """Return the attribute that another one stands for, which is most often itself."""
        declaration = self.declared.get(attribute)
        return declaration.other[0] if declaration is not None and len(declaration.other) == 1 else attribute

    def facts(self, attribute: str) -> PackageFacts:
        """Return what the file on the disk says of an attribute that has one."""
        return self._file(self.path(attribute)).first[attribute]

    def edit(self, attribute: str, wanted: Wanted) -> Step | None:
        """Change the package file of an attribute; return None where it has what is wanted.

        Args:
            attribute: whose file is meant; another one than the plan's where that only points to it.
            wanted: what the plan wants.

        Raises:
            LeftAlone: it is left as it is.
        """
        path = self.path(attribute)
        file = self._file(path)
        first = file.first[attribute]
        changes = fitted(first, wanted, self.declared)
        current = first.version if isinstance(first.version, str) else wanted.current or ""
        version = wanted.version or current
        step = Step(attribute=wanted.attribute, current=current, version=version, changes=changes)
        if not changes:
            return step if changes.notes else None
        before = file.facts[attribute]
        try:
            made, after = self._tried(path, attribute, wanted, changes)
        except LeftAlone as answer:
            if not changes.further:
                raise
            changes = changes.without_further(answer.why)
            if not changes:
                return replace(step, changes=changes)
            made, after = self._tried(path, attribute, wanted, changes)
        along = {}
        for name, facts in after.items():
            if name != attribute and misread(file.facts[name], facts, Fitted(), None):
                along[name] = _moves_along(file.facts[name], facts, changes, made.source, own=before.pname)
        file.data, file.facts = made.data, after
        file.along = {name: by for name, by in file.along.items() if name != attribute}
        file.along |= {name: wanted.attribute for name, how in along.items() if how}
        return Step(
            attribute=wanted.attribute,
            current=step.current,
            version=version,
            changes=replace(changes, notes=(*changes.notes, *made.notes)),
            files=((path, made.data),),
            prefetch=made.prefetch,
        )

    def _tried(
        self, path: str, attribute: str, wanted: Wanted, changes: Fitted
    ) -> tuple[Edited, dict[str, PackageFacts]]:
        """Return the file with its edits made, and what it says then, which is what was wanted and nothing else."""
        file = self._file(path)
        made = edited(file.data, file.facts[attribute], wanted, changes)
        after = self._facts(path, made.data, file.jobs)
        wrong = misread(file.facts[attribute], after[attribute], changes, made.source)
        if wrong:
            raise LeftAlone(wrong)
        return made, after

    def moved_pointer(self, data: bytes, pointer: str, to: str) -> bytes:
        """Return ``python-packages.nix`` with a pointer that leads elsewhere (`nixpkgs.pointers.moved_pointer`)."""
        return moved_pointer(data, self.declared[pointer], to, self._targets)

    def unfinished(self, path: str) -> tuple[str, str] | None:
        """Return an attribute whose version moved, though nothing else of it was edited, and the one that moved it."""
        file = self._files.get(path)
        return next(iter(sorted(file.along.items())), None) if file is not None else None

    def _file(self, path: str) -> _File:
        if path not in self._files:
            several = tuple(self._by_file[path])
            data = self.read(path)
            if data is None:
                raise LeftAlone(f"there is no file '{path}'")
            facts = self._facts(path, data, several)
            self._files[path] = _File(several, data, facts, facts)
        return self._files[path]

    def _facts(self, path: str, data: bytes, several: Sequence[Job]) -> dict[str, PackageFacts]:
        read = read_file(path, several, lambda _: data, self._targets)
        return {job.name: one for job, one in zip(several, read, strict=True)}


def _moves_along(
    before: PackageFacts, after: PackageFacts, changes: Fitted, source: NewSource | None, *, own: str | Unknown | None
) -> bool:
    """Return whether another attribute of the file has to be edited too, because its version moved.

    One that is the same package in another way (``opencv4Full``) moves along, and that is that.

    Raises:
        LeftAlone: it changed otherwise.
    """
    if not misread(before, after, changes, source):
        return before.pname != own
    if changes.version is not None and not misread(before, after, Fitted(version=changes.version), None):
        return True
    raise LeftAlone("another attribute of its file would change along with it")
