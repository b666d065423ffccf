"""``coset names imports``: a source tree's imports mapped, and trees that nobody should hand over."""

import json
import os

import pytest

from coset.__main__ import main
from dataset.records import LISTED, Release
from dataset.store import Store
from normalize.projects import ProjectName


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    path = tmp_path_factory.mktemp("dataset") / "small.sqlite"
    releases = [
        Release(project=ProjectName("keras"), version="3.12.0", unknown=LISTED, imports=("keras",)),
        Release(project=ProjectName("spelled-so"), version="1", unknown=LISTED),
    ]
    with Store.create(path) as store:
        store.put(releases)
    return path


@pytest.fixture
def imports(dataset, capsys, tmp_path):
    def run(files, *arguments, path=None):
        for name, text in files.items():
            place = tmp_path / "tree" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = main(["names", "imports", str(path or tmp_path / "tree"), *arguments, "--db", str(dataset)])
        return status, *capsys.readouterr()

    return run


TREE = {
    "setup.py": "import setuptools\nimport os, sys",
    "src/shop/__init__.py": "from . import till\nimport yaml\nfrom google.protobuf import message",
    "src/shop/till.py": "import shop.other\nimport cv2\ntry:\n    import keras.layers\nexcept ImportError:\n    pass",
    "tests/test_till.py": "import shop, fake, configured\nfrom sklearn.svm import SVC\nimport spelled.so",
    "tests/fake.py": "import nobody_knows\nimport yaml",
    "elsewhere/configured.py": "",
    ".hidden/x.py": "import hidden",
    "env/pyvenv.cfg": "",
    "env/lib/x.py": "import hidden",
    "notes.txt": "import hidden",
}


def test_a_tree(imports):
    status, out, err = imports(TREE)
    assert (status, err) == (1, "")  # one module is unknown
    lines = out.splitlines()
    cv2 = lines.pop(-2)
    assert cv2.startswith(
        "cv2: ambiguous, it may be of opencv-contrib-python (attribute opencv-contrib-python), opencv-"
    )
    assert cv2.endswith(": src/shop/till.py:2")
    assert lines == [
        "6 Python files import 6 projects",
        "keras (certain, optional)",
        "  attribute  none known",
        "  imports    keras: src/shop/till.py:4",
        "protobuf (certain)",
        "  attribute  protobuf",
        "  imports    google.protobuf: src/shop/__init__.py:3",
        "pyyaml (certain)",
        "  attribute  pyyaml",
        "  imports    yaml: src/shop/__init__.py:2, tests/fake.py:2",
        "scikit-learn (certain)",
        "  attribute  scikit-learn",
        "  imports    sklearn: tests/test_till.py:2",
        "setuptools (certain)",
        "  attribute  setuptools",
        "  imports    setuptools: setup.py:1",
        "spelled-so (guess)",
        "  attribute  none known",
        "  imports    spelled.so: tests/test_till.py:3",
        "nobody_knows: unknown: tests/fake.py:1",
    ]


def test_json(imports):
    status, out, _ = imports({"a.py": "import yaml\nimport nobody_knows"}, "--json")
    found = json.loads(out)
    assert status == 1
    assert (found["files"], found["unreadable"]) == (1, [])
    unknown, yaml = found["imports"]
    assert unknown == {
        "import": "nobody_knows",
        "matches": [],
        "ambiguous": False,
        "optional": False,
        "places": ["a.py:2"],
    }
    assert (yaml["import"], yaml["matches"][0]["project"], yaml["places"]) == ("yaml", "pyyaml", ["a.py:1"])
    assert yaml["matches"][0]["evidence"]


def test_one_file(imports, tmp_path):
    status, out, _ = imports({"a.py": "import yaml"}, path=tmp_path / "tree" / "a.py")
    assert (status, out.splitlines()[1]) == (0, "pyyaml (certain)")


def test_nothing_imported(imports):
    status, out, err = imports({"a.py": "import os\nfrom __future__ import annotations\nimport __main__"}, "--verbose")
    assert (status, out) == (0, "1 Python files import 0 projects\n")
    assert "1 Python files in" in err


def test_files_that_cannot_be_read_are_named_and_the_others_count(imports, tmp_path):
    (tmp_path / "tree" / "folder.py").mkdir(parents=True)
    os.mkfifo(tmp_path / "tree" / "pipe.py")
    (tmp_path / "tree" / "loop").symlink_to(tmp_path / "tree")
    (tmp_path / "tree" / "gone.py").symlink_to(tmp_path / "nothing")
    (tmp_path / "tree" / "large.py").write_bytes(b"#" * 8_000_001)
    status, out, err = imports(
        {"good.py": "import yaml", "bad.py": "print 'two'", "null.py": b"\0", "deep.py": b"(" * 100_000}
    )
    assert (status, out.splitlines()[:2]) == (1, ["1 Python files import 1 projects", "pyyaml (certain)"])
    said = {line.partition(" is not counted")[0].rpartition(" ")[2]: line for line in err.splitlines()}
    assert sorted(said) == ["bad.py", "deep.py", "gone.py", "large.py", "null.py", "pipe.py"]
    assert "line 1" in said["bad.py"]
    assert "8000001 bytes" in said["large.py"]


def test_hostile_names_are_harmless(imports):
    source = f"import ѕklearn\nimport {'x' * 10_000}\nimport_module('a\\x1b[2J')\nimport ﬀ"
    status, out, _ = imports({"a\x1b[2Jb.py": source})
    assert status == 1
    assert out.isascii()
    assert out.replace("\n", "").isprintable()
    assert "\\u0455klearn: unknown" in out.replace("\\\\", "\\")
    assert max(map(len, out.splitlines())) < 300


@pytest.mark.parametrize("path", ["missing", ""])
def test_no_such_tree(capsys, tmp_path, path, dataset):
    place = tmp_path / path if path else tmp_path / "nothing" / ".."
    assert main(["names", "imports", str(place / "x"), "--db", str(dataset)]) == 2
    assert "is neither a folder nor a file" in capsys.readouterr().err
