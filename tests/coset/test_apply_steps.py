"""What an attribute changes in several files comes into all of them or into none, and what rests on it waits."""

import errno

import pytest

from coset import replacing
from coset.applying import Prepared, write
from coset.checkout import Checkout
from nixpkgs.fitting import Fitted
from nixpkgs.treeedit import Step, TreeEdits
from normalize.errors import OutsideError

BEFORE = {"a.nix": b"a1", "b.nix": b"b1", "c.nix": b"c1", "set.nix": b"s1"}
FILES = {
    "a": (("a.nix", b"a2"), ("set.nix", b"s2 a")),
    "b": (("b.nix", b"b2"),),
    "c": (("c.nix", b"c2"), ("set.nix", b"s2 a c")),
}
MEANWHILE = "its file was changed meanwhile"
RESTS = f"its file would change with 'a', which is left alone: {MEANWHILE}"


class Commits(list):
    """Stands for git."""

    def commit(self, paths, message):
        self.append((paths, message.splitlines()[0]))


@pytest.fixture
def tree(tmp_path):
    for path, data in BEFORE.items():
        (tmp_path / path).write_bytes(data)
    return tmp_path


def prepared(tree):
    steps = (
        Step(attribute=name, current="1", version="2", changes=Fitted(), files=files) for name, files in FILES.items()
    )
    return Prepared(checkout=Checkout(tree), edits=TreeEdits(steps=tuple(steps)), before=BEFORE)


def content(tree):
    return {path.name: path.read_bytes() for path in sorted(tree.iterdir())}


@pytest.mark.parametrize("git", [None, Commits()])
@pytest.mark.parametrize(
    ("changed", "done", "left_alone"),
    [
        ("none", "abc", ()),
        ("a.nix", "b", (("a", MEANWHILE), ("c", RESTS))),
        ("set.nix", "b", (("a", MEANWHILE), ("c", RESTS))),
        ("b.nix", "ac", (("b", MEANWHILE),)),
        ("c.nix", "ab", (("c", MEANWHILE),)),
    ],
)
def test_a_step_comes_whole_or_not_at_all(tree, git, changed, done, left_alone):
    before = BEFORE if changed == "none" else {**BEFORE, changed: b"mine"}
    if changed in BEFORE:
        (tree / changed).write_bytes(b"mine")
    if git is not None:
        git.clear()
    steps, others = write(prepared(tree), git, lambda *_: None)
    assert ("".join(one.attribute for one in steps), others) == (done, left_alone)
    assert content(tree) == {**before, **{path: data for name in done for path, data in FILES[name]}}
    if git is not None:
        assert [paths for paths, _ in git] == [[path for path, _ in FILES[name]] for name in done]


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_what_was_written_of_a_step_is_put_back(tree, monkeypatch, failure):
    plainly = replacing._write

    def failing(path, data, mode):
        if data == b"s2 a c":
            raise failure
        plainly(path, data, mode)

    monkeypatch.setattr(replacing, "_write", failing)
    with pytest.raises((OutsideError, KeyboardInterrupt)) as caught:
        write(prepared(tree), None, lambda *_: None)
    if isinstance(failure, OSError):
        assert caught.value.sentence.endswith("No space left on device; 3 files were changed before it")
    assert content(tree) == {**BEFORE, "a.nix": b"a2", "b.nix": b"b2", "set.nix": b"s2 a"}


def test_a_file_that_changes_while_a_step_is_written_is_kept(tree, monkeypatch):
    plainly = replacing._write

    def beside(path, data, mode):
        plainly(path, data, mode)
        if data == b"a2":
            (tree / "set.nix").write_bytes(b"mine")

    monkeypatch.setattr(replacing, "_write", beside)
    steps, others = write(prepared(tree), None, lambda *_: None)
    assert ([one.attribute for one in steps], dict(others)) == (["b"], {"a": MEANWHILE, "c": RESTS})
    assert content(tree) == {**BEFORE, "b.nix": b"b2", "set.nix": b"mine"}
