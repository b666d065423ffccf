"""How is a plan brought into a checkout? Everything is computed and read back first; then files are replaced."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from coset.checkout import Checkout
from coset.gitcommit import Git
from coset.parsing import declared_in
from coset.places import open_dataset
from coset.replacing import check_writable, is_inside, replace_file
from coset.terminal import Progress
from dataset.records import Release
from nixpkgs.commitmessage import commit_message
from nixpkgs.declarations import Declaration
from nixpkgs.outsidechange import NOTHING_OUTSIDE, Lacking, OutsideChange, outside_change
from nixpkgs.outsidetree import outside_in, relaxes_in
from nixpkgs.planedit import plan_edits
from nixpkgs.splice import LeftAlone
from nixpkgs.treeedit import Step, TreeEditor, TreeEdits
from nixpkgs.wanted import Wanted, wanted_changes
from normalize.errors import OutsideError, UsageError
from normalize.projects import ProjectName
from normalize.targets import Target, parse_target
from report.unified import unified_diff
from solver.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The package files of a checkout.

    Attributes:
        checkout: where.
        declarations: what ``python-packages.nix`` declares.
        targets: where conditions are judged.
        read: returns the bytes of a file, or None where there is none.
        before: the bytes of each file that was read.
    """

    checkout: Checkout
    declarations: tuple[Declaration, ...]
    targets: tuple[Target, ...]
    read: Callable[[str], bytes | None]
    before: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is to be written.

    Attributes:
        checkout: where.
        edits: what.
        before: what each file holds now.
        lacking: what has to be told of attributes outside the set that do not change.
    """

    checkout: Checkout
    edits: TreeEdits
    before: dict[str, bytes]
    lacking: tuple[Lacking, ...] = ()

    def diff(self) -> str:
        """Return all changes as one patch, the files sorted."""
        return "".join(
            unified_diff(path, self.before[path].decode(), data.decode())
            for path, data in sorted(self.edits.files().items())
        )

    def notes(self, steps: Collection[Step]) -> tuple[tuple[str, str], ...]:
        """Return what a human has to look at, by attribute, once these steps are done."""
        done = {step.attribute for step in steps}
        lacking = ((one.depender, one.note) for one in self.lacking if one.attribute not in done)
        return tuple(sorted({*self.edits.notes, *lacking}))


def check_plan(plan: Plan, only: Collection[str]) -> None:
    """Refuse a plan that holds no set, or nothing of what ``only`` names.

    Raises:
        UsageError: it does.
    """
    if plan.status == "conflict":
        raise UsageError("the plan is a conflict and holds no set", hint="'coset report' tells what contradicts what")
    unknown = sorted(set(only) - {one.attribute for one in plan.packages})
    if unknown:
        raise UsageError(f"the plan has no attribute {', '.join(map(repr, unknown))}")


def prepare(tree: Tree, plan: Plan, db: Path | None, only: Collection[str], show: Progress) -> tuple[Prepared, bool]:
    """Compute all edits and read them back; nothing is written.

    Return also whether the dataset is the one that the plan rests on. What is left alone asks for nothing new outside
    the set, so what would have moved for its sake alone stays.

    Args:
        tree: the checkout.
        plan: the plan.
        db: the dataset; None for the embedded one.
        only: the attributes that may change; none means all.
        show: told of the progress.

    Raises:
        OutsideError: a file cannot be read.
    """
    stuck: frozenset[str] = frozenset()
    asking = {project for one in plan.added for project, _, _ in one.because}
    names = {one.attribute for one in plan.packages if one.project in asking}
    while True:
        outside = _outside(tree, plan, only, stuck)
        wanted, same = _wanted(plan, db, only, outside, show)
        prepared = _prepared(tree, wanted, outside, show)
        found = stuck | (names & dict(prepared.edits.left_alone).keys())
        if found == stuck:
            return prepared, same
        stuck = found


def _wanted(
    plan: Plan, db: Path | None, only: Collection[str], outside: OutsideChange, show: Progress
) -> tuple[tuple[Wanted, ...], bool]:
    """Return what a plan wants of package files, and whether the dataset is the one that the plan rests on."""
    show("reading the dataset")
    releases, digest = _releases(plan, db, outside)
    wanted = wanted_changes(plan, releases, tuple(map(parse_target, plan.targets)), outside.current)
    same = digest == dict(plan.dataset).get("dataset", digest)
    return tuple(one for one in wanted if not only or one.attribute in only), same


def open_tree(checkout: Checkout, targets: Sequence[Target], git: Git | None) -> Tree:
    """Return the package files of a checkout.

    Args:
        checkout: the checkout.
        targets: the plan's.
        git: where edits are to be committed; None where they are not.

    Raises:
        UsageError: the set of the checkout cannot be read.
        OutsideError: a file cannot be read.
    """
    declarations, _ = declared_in(checkout, targets)
    uncommitted = git.changed() if git is not None else frozenset()
    before: dict[str, bytes] = {}

    def read(path: str) -> bytes | None:
        if path in uncommitted:
            raise LeftAlone("its file has changes that are not committed")
        data = checkout.read(path)
        if data is not None:
            if not is_inside(checkout, path):
                raise LeftAlone("a symbolic link leads to its file")
            before[path] = data
        return data

    return Tree(checkout=checkout, declarations=declarations, targets=tuple(targets), read=read, before=before)


def _outside(tree: Tree, plan: Plan, only: Collection[str], stuck: Collection[str]) -> OutsideChange:
    """Return what changes of what the checkout has outside the set."""
    if not plan.added:
        return NOTHING_OUTSIDE
    editor = TreeEditor(tree.declarations, tree.read, tree.targets)
    return outside_change(plan, outside_in(editor, plan), relaxes_in(editor, plan), only, stuck)


def _prepared(tree: Tree, wanted: Sequence[Wanted], outside: OutsideChange, show: Progress) -> Prepared:
    edits = plan_edits(
        tree.declarations,
        wanted,
        tree.read,
        tree.targets,
        lambda done: show("editing package files", done, len(wanted)),
    )
    return Prepared(checkout=tree.checkout, edits=edits, before=tree.before, lacking=outside.lacking)


def _releases(plan: Plan, db: Path | None, outside: OutsideChange) -> tuple[dict[ProjectName, list[Release]], str]:
    """Return what the dataset knows of the projects whose version changes, and the dataset's digest."""
    projects = sorted(
        {one.project for one in plan.packages if one.state in ("updated", "downgraded")} | outside.current.keys()
    )
    found: dict[ProjectName, list[Release]] = {project: [] for project in projects}
    with open_dataset(db) as store:
        for release in store.releases(projects):
            found[release.project].append(release)
        return found, store.digest()


def write(prepared: Prepared, git: Git | None, show: Progress) -> tuple[tuple[Step, ...], tuple[tuple[str, str], ...]]:
    """Replace the files, or commit attribute by attribute; return what was done, and what was left alone after all.

    Raises:
        OutsideError: the disk or git failed. Each file is whole: as it was, or as it shall be.
    """
    steps = prepared.edits.steps
    check_writable(prepared.checkout, prepared.edits.files())
    if git is None:
        return _write_files(prepared, show)
    now = dict(prepared.before)
    done, left_alone = [], []
    for number, step in enumerate(steps):
        show("committing", number, len(steps))
        try:
            for path, data in step.files:
                _counted(lambda: replace_file(prepared.checkout, path, now[path], data), number, "attributes")  # noqa: B023
                now[path] = data
        except LeftAlone as answer:
            left_alone.append((step.attribute, answer.why))
            continue
        git.commit([path for path, _ in step.files], commit_message(step))
        done.append(step)
    return tuple(done), tuple(left_alone)


def _write_files(prepared: Prepared, show: Progress) -> tuple[tuple[Step, ...], tuple[tuple[str, str], ...]]:
    files = sorted(prepared.edits.files().items())
    refused: dict[str, str] = {}
    for number, (path, data) in enumerate(files):
        show("writing", number, len(files))
        try:
            _counted(lambda: replace_file(prepared.checkout, path, prepared.before[path], data), number, "files")  # noqa: B023
        except LeftAlone as answer:
            refused[path] = answer.why
    done, left_alone = [], []
    for step in prepared.edits.steps:
        why = next((refused[path] for path, _ in step.files if path in refused), None)
        if why is None:
            done.append(step)
        else:
            left_alone.append((step.attribute, why))
    return tuple(done), tuple(left_alone)


def _counted(write_one: Callable[[], None], done: int, what: str) -> None:
    try:
        write_one()
    except OutsideError as error:
        raise OutsideError(f"{error.sentence}; {done} {what} were changed before it", hint=error.hint) from None
