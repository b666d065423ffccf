"""How is a plan brought into a checkout? Everything is computed and read back first; then files are replaced."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from coset.checkout import Checkout
from coset.gitcommit import Git
from coset.parsing import declared_in
from coset.places import open_dataset
from coset.replacing import check_writable, is_inside, replace_files
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
    show("reading the dataset")
    releases, digest = _releases(plan, db)
    targets = tuple(map(parse_target, plan.targets))
    while True:
        outside = _outside(tree, plan, only, stuck)
        everything = wanted_changes(plan, releases, targets, outside.current)
        wanted = tuple(one for one in everything if not only or one.attribute in only)
        prepared = _prepared(tree, wanted, outside, show)
        found = stuck | (names & dict(prepared.edits.left_alone).keys())
        if found == stuck:
            return prepared, digest == dict(plan.dataset).get("dataset", digest)
        stuck = found


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


def _releases(plan: Plan, db: Path | None) -> tuple[dict[ProjectName, list[Release]], str]:
    """Return what the dataset knows of the projects whose version changes or may change, and the dataset's digest."""
    changed = {one.project for one in plan.packages if one.state in ("updated", "downgraded")}
    projects = sorted(changed | {one.project for one in plan.added})
    found: dict[ProjectName, list[Release]] = {project: [] for project in projects}
    with open_dataset(db) as store:
        for release in store.releases(projects):
            found[release.project].append(release)
        return found, store.digest()


def write(prepared: Prepared, git: Git | None, show: Progress) -> tuple[tuple[Step, ...], tuple[tuple[str, str], ...]]:
    """Replace the files attribute by attribute, and commit each; return what was done, and what was left alone.

    What an attribute changes in several files comes into all of them or into none. Each of several attributes that
    change one file rests on those before it, so that it is left alone where one of them is.

    Raises:
        OutsideError: the disk or git failed. Each file is whole: as it was, or as it shall be.
    """
    steps = prepared.edits.steps
    check_writable(prepared.checkout, prepared.edits.files())
    now = dict(prepared.before)
    done: list[Step] = []
    left_alone: dict[str, str] = {}
    lacking: dict[str, str] = {}  # of files: the attribute without which they cannot become what they shall be
    for number, step in enumerate(steps):
        show("writing" if git is None else "committing", number, len(steps))
        paths = [path for path, _ in step.files]
        other = next((lacking[path] for path in paths if path in lacking), None)
        if other is not None:
            why = f"its file would change with '{other}', which is left alone: {left_alone[other]}"
        else:
            why = _replaced(prepared.checkout, step, now, done, counts_files=git is None)
        if why:
            left_alone[step.attribute] = why
            lacking = dict.fromkeys(paths, other or step.attribute) | lacking
            continue
        if git is not None:
            git.commit(paths, commit_message(step))
        done.append(step)
    return tuple(done), tuple(left_alone.items())


def _replaced(
    checkout: Checkout, step: Step, now: dict[str, bytes], done: Sequence[Step], *, counts_files: bool
) -> str:
    """Replace the files of one step, and keep in ``now`` what they hold then; return why it is left alone, or ""."""
    try:
        replace_files(checkout, [(path, now[path], data) for path, data in step.files])
    except LeftAlone as answer:
        return answer.why
    except OutsideError as error:
        count = len({path for one in done for path, _ in one.files}) if counts_files else len(done)
        what = "files" if counts_files else "attributes"
        raise OutsideError(f"{error.sentence}; {count} {what} were changed before it", hint=error.hint) from None
    now.update(step.files)
    return ""
