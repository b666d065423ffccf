"""What has to be edited in a checkout, so that its Python set is a plan's? All of it, before anything is written."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from nixpkgs.declarations import Declaration
from nixpkgs.fitting import Fitted
from nixpkgs.places import PYTHON_PACKAGES
from nixpkgs.pointers import pointed_to, series_of
from nixpkgs.requirementchange import RequirementChange
from nixpkgs.splice import LeftAlone
from nixpkgs.treeedit import Step, TreeEditor, TreeEdits
from nixpkgs.wanted import Wanted
from normalize.targets import Target


def plan_edits(
    declarations: Sequence[Declaration],
    wanted: Sequence[Wanted],
    read: Callable[[str], bytes | None],
    targets: Sequence[Target],
    show: Callable[[int], None],
) -> TreeEdits:
    """Return what is to be done, attribute by attribute.

    Args:
        declarations: what ``python-packages.nix`` declares.
        wanted: what the plan wants.
        read: returns the bytes of a file of the checkout, or None where there is none.
        targets: where conditions are judged.
        show: told how many attributes are done.
    """
    editor = TreeEditor(declarations, read, targets)
    left_alone: dict[str, str] = {}
    places: dict[str, list[tuple[Wanted, str]]] = {}
    for one in wanted:
        try:
            place = _place(editor, one)
            places.setdefault(editor.path(place), []).append((one, place))
        except LeftAlone as answer:
            left_alone[one.attribute] = answer.why
    steps: dict[str, Step] = {}
    already = []
    for number, (path, several) in enumerate(places.items()):
        show(number)
        made, refused, nothing = _edit_file(editor, path, several)
        steps |= made
        left_alone |= refused
        already += nothing
    data = b""
    for name in sorted(steps):
        to = steps[name].points_to
        if to is not None:
            data = data or read(PYTHON_PACKAGES) or b""
            data = editor.moved_pointer(data, name, to)
            steps[name] = replace(steps[name], files=(*steps[name].files, (PYTHON_PACKAGES, data)))
    return TreeEdits(
        steps=tuple(steps[name] for name in sorted(steps) if steps[name].files),
        left_alone=tuple(sorted(left_alone.items())),
        already=tuple(sorted([*already, *(name for name, one in steps.items() if not one.files)])),
        notes=tuple((name, note) for name in sorted(steps) for note in steps[name].changes.notes),
    )


def _place(editor: TreeEditor, wanted: Wanted) -> str:
    """Return the attribute whose package file is meant: where the attribute leads, or shall lead."""
    declaration = editor.declared.get(wanted.attribute)
    if declaration is None or len(declaration.other) != 1:
        return wanted.attribute
    now = declaration.other[0]
    editor.path(now)
    if wanted.version is None:
        return now
    names = [name for name in editor.declared if name == now or series_of(wanted.attribute, name) is not None]
    known = {}
    for name in names:
        try:
            known[name] = editor.facts(name)
        except LeftAlone:
            if name == now:
                raise
    return pointed_to(wanted.attribute, now, wanted.version, known)


def _edit_file(
    editor: TreeEditor, path: str, several: Sequence[tuple[Wanted, str]]
) -> tuple[dict[str, Step], dict[str, str], list[str]]:
    """Return the steps of one file, the attributes that are left alone and why, and those that need nothing."""
    steps: dict[str, Step] = {}
    refused: dict[str, str] = {}
    already = []
    for wanted, place in several:
        try:
            if _moves(editor, wanted, place):  # can the pointer be moved at all?
                editor.moved_pointer(editor.read(PYTHON_PACKAGES) or b"", wanted.attribute, place)
            step = _step(editor, wanted, place)
        except LeftAlone as answer:
            refused[wanted.attribute] = answer.why
            continue
        if step is None:
            already.append(wanted.attribute)
        else:
            steps[wanted.attribute] = step
    unfinished = editor.unfinished(path)
    if unfinished is not None:
        other, mover = unfinished
        why = refused.get(other, "the plan does not move it to the same version")
        refused |= dict.fromkeys(steps, f"'{other}' would change with '{mover}', and is left alone: {why}")
        steps.clear()
    return steps, refused, already


def _moves(editor: TreeEditor, wanted: Wanted, place: str) -> bool:
    other = editor.declared[wanted.attribute].other
    return len(other) == 1 and other[0] != place


def _step(editor: TreeEditor, wanted: Wanted, place: str) -> Step | None:
    if not _moves(editor, wanted, place):
        return editor.edit(place, wanted)
    declaration = editor.declared[wanted.attribute]
    before, there = editor.facts(declaration.other[0]).version, editor.facts(place).version
    if before != wanted.current or not isinstance(there, str):
        raise LeftAlone(f"it points to version {before}, and the plan starts from {wanted.current}")
    version = wanted.version or ""
    moved = replace(
        wanted,
        current=there,
        version=None if there == version else wanted.version,
        requires=RequirementChange(
            unsure=() if there == version else (f"look at the dependencies of '{place}', which is new as the default",)
        ),
    )
    step = editor.edit(place, moved)
    if step is None:
        step = Step(attribute=wanted.attribute, current=str(before), version=version, changes=Fitted())
    return replace(step, current=str(before), version=version, points_to=place)
