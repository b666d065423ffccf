"""Does real Nix build around private versions, and is what cannot be written told?"""

from toys import current, registry, release

from dataset.records import File
from nixpkgs.privateoverride import by_project, private_lock, private_override
from nixpkgs.pylock import pylock_text
from normalize.projects import ProjectName
from normalize.targets import Target
from solver.privateversions import Cause, PrivateSet, PrivateVersion, Used

NASTY = "${builtins.abort ''x''} \" */ \n } # \x1b[2J"

FAKE = """
let
  recipe = attrs: attrs // { overridePythonAttrs = change: recipe (attrs // change attrs); };
  recipes = final: {
    h5py = recipe { version = "3.16.0"; dependencies = [ final.numpy ]; };
    numpy = recipe { version = "2.0"; dependencies = [ ]; };
    flow = recipe { version = "2.0"; dependencies = [ final.h5py ]; };
  };
  pkgs = {
    fetchPypi = file: file;
    lib = { };
    python313.override = { self, packageOverrides }: rec {
      same = self;
      set = let first = recipes set // { inherit pkgs; }; in first // packageOverrides set first;
    };
  };
  made = import %s { inherit pkgs; };
in {
  inherit (made.set.h5py) version src;
  numpy = made.set.numpy.version;
  used = (builtins.head made.set.flow.dependencies).version;
  own = made.same.set.h5py.version;
  depends = map (one: one.version) made.set.h5py.dependencies;
}
"""

H5PY = release(
    "h5py 3.14.0: numpy, six",
    files=(File(name="h5py-3.14.0.tar.gz", path="packages/h5py-3.14.0.tar.gz", sha256="00" * 32),),
)


def private(*versions, **facts):
    """Return a private set for Python 3.13."""
    return PrivateSet(
        targets=(Target("3.13", "x86_64-linux"),),
        versions=versions,
        rebuilds=(),
        closure=facts.get("closure", ()),
        unknown=(),
        conflict=None,
        proven=True,
    )


def version(project="h5py", number="3.14.0", requires="h5py<3.15"):
    """Return a private version that the application asks for."""
    name = ProjectName(project)
    because = Cause(project=ProjectName("flow"), version="2.0", requires=requires, dependency=name, met="3.16.0")
    return PrivateVersion(
        project=name,
        attribute=project,
        version=number,
        shared="3.16.0",
        elsewhere=False,
        distance=1,
        causes=(because,),
        nearer=None,
        step=1,
    )


def test_nix_builds_what_uses_a_private_version_against_it(nix, tmp_path):
    now = current(
        "h5py 3.16.0", "numpy 2.0", h5py={"evidence": ("fetchPypi downloads h5py",), "dependencies": ("numpy",)}
    )
    text, problems = private_override(private(version()), now, by_project([H5PY]), ["Private versions of flow."])
    (tmp_path / "override.nix").write_text(text)
    (tmp_path / "ask.nix").write_text(FAKE % "./override.nix")
    found = nix.evaluate(tmp_path / "ask.nix")
    assert found["version"] == found["used"] == found["own"] == "3.14.0"
    assert found["numpy"] == "2.0"
    assert found["src"] == {
        "pname": "h5py",
        "version": "3.14.0",
        "hash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    }
    assert problems == ()


def test_hostile_text_stays_a_comment(nix, tmp_path):
    now = current("h5py 3.16.0", h5py={"evidence": ("fetchPypi downloads h5py",)})
    text, _ = private_override(private(version(requires=NASTY)), now, by_project([H5PY]), [NASTY])
    (tmp_path / "override.nix").write_text(text)
    (tmp_path / "ask.nix").write_text(FAKE % "./override.nix")
    assert nix.evaluate(tmp_path / "ask.nix")["version"] == "3.14.0"
    assert "\x1b" not in text


def test_a_version_without_a_file_is_told():
    text, problems = private_override(private(version()), current("h5py 3.16.0"), {}, [])
    assert problems == ("h5py 3.14.0: the dataset knows no file of it that its recipe could build",)
    assert "h5py" not in text


def test_a_hash_that_is_to_be_prefetched_is_told():
    _, problems = private_override(private(version()), current("h5py 3.16.0"), by_project([H5PY]), [])
    assert problems == ("h5py 3.14.0: where its recipe uses a forge, the hash is to be prefetched",)


def test_a_new_dependency_comes_along():
    now = current("h5py 3.16.0", "numpy 2.0", "six 1.0", h5py={"dependencies": ("numpy",)})
    text, _ = private_override(private(version()), now, by_project([H5PY]), [])
    assert "pyfinal.six" in text
    assert "pyfinal.numpy" not in text


def test_the_lock_file_holds_what_is_used_where_it_is_used():
    used = (Used(project=ProjectName("h5py"), version="3.14.0"), Used(project=ProjectName("six"), version=None))
    lock = private_lock(private(version(), closure=used), {name: tuple(all_) for name, all_ in registry(H5PY).items()})
    assert [(one.project, one.version) for one in lock.packages] == [("h5py", "3.14.0")]
    assert lock.left_out == (("six", None, "its version is not known"),)
    assert "https://files.example/packages/h5py-3.14.0.tar.gz" in pylock_text(
        lock.packages, "https://files.example/", lock.targets
    )
