"""Lock files of four formats: what they pin, what they bound, and what is wrong with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset.lock import Link, LockedBound, Pin, without_credentials
from dataset.lockfiles import read_lock
from dataset.poetrylock import accepted
from normalize.errors import UsageError
from normalize.specifiers import is_specifier

PYLOCK = """
lock-version = "1.0"
created-by = "a tool"
requires-python = ">=3.11"
[[packages]]
name = "attrs"
version = "25.1.0"
wheels = [{name = "attrs-25.1.0-py3-none-any.whl", url = "https://index.example/a.whl", hashes = {sha256 = "00"}}]
[[packages]]
name = "colorama"
version = "0.4.6"
marker = "sys_platform == 'win32'"
sdist = {name = "colorama-0.4.6.tar.gz", url = "https://index.example/c.tgz", hashes = {sha256 = "00"}}
[[packages]]
name = "tool"
vcs = {type = "git", url = "https://me:secret@host.example/tool.git", commit-id = "abc"}
[[packages]]
name = "beside"
directory = {path = "beside", editable = true}
"""

UV = """
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "my-app"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "numpy", version = "2.2.6", marker = "python_full_version < '3.11'" },
    { name = "numpy", version = "2.4.0", marker = "python_full_version >= '3.11'" },
    { name = "tool" },
]
[package.dev-dependencies]
test = [{ name = "pytest" }]
[package.metadata]
requires-dist = [{ name = "numpy", specifier = ">=2,<3" }, { name = "tool", git = "https://host.example/tool" }]
[package.metadata.requires-dev]
test = [{ name = "pytest", specifier = ">=8" }]

[[package]]
name = "numpy"
version = "2.2.6"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version < '3.11'"]

[[package]]
name = "numpy"
version = "2.4.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version >= '3.11'"]

[[package]]
name = "pytest"
version = "8.4.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "tool"
version = "1.0"
source = { git = "https://me:secret@host.example/tool#abc" }
"""

POETRY = """
[[package]]
name = "requests"
version = "2.32.0"
groups = ["main"]
markers = {main = "python_version >= '3.9'", dev = "sys_platform == 'linux'"}
[package.dependencies]
urllib3 = ">=1.21.1,<3"
PySocks = {version = ">=1.5.6,<1.5.7 || >1.5.7", optional = true, markers = "extra == 'socks'"}
idna = "*"
certifi = [
  {version = "^2017.4", markers = "python_version < '3'"},
  {version = "~2024.1", markers = "python_version >= '3'"},
]
odd = "five or six"
[[package]]
name = "local"
version = "1"
develop = true
[package.source]
type = "directory"
url = "../local"
[metadata]
lock-version = "2.1"
python-versions = "^3.9"
content-hash = "00"
"""

REQUIREMENTS = """\
# made by hand
--index-url https://me:secret@index.example/simple
numpy==2.4.0 \\
    --hash=sha256:00 \\
    --hash=sha256:11   # the second
scipy[extra]>=1.10,<2 ; python_version >= "3.9"
Django
a-tool @ git+https://me:secret@host.example/a-tool.git@v1
-e git+https://host.example/b-tool.git#egg=b-tool
-e .
./wheels/c_tool-1.0-py3-none-any.whl
-r more.txt
-c limits.txt
what is this
"""


def one_of(lock, project):
    return [pin for pin in lock.pins if pin.project == project]


def test_pylock():
    lock = read_lock(PYLOCK, "pylock.toml")
    assert (lock.kind, lock.python, lock.bounds, lock.notes) == ("pylock", ">=3.11", (), ())
    assert lock.pins == (
        Pin(project="attrs", version="25.1.0"),
        Pin(project="beside", version=None, source="editable", address="beside"),
        Pin(project="colorama", version="0.4.6", markers=('sys_platform == "win32"',)),
        Pin(project="tool", version=None, source="git", address="https://host.example/tool.git"),
    )


def test_environments():
    text = PYLOCK.replace("requires-python", "environments = [\"python_version == '3.12'\"]\nrequires-python")
    assert read_lock(text, "pylock.toml").environments == ('python_version == "3.12"',)
    text = UV.replace("revision = 3", "revision = 3\nsupported-markers = [\"sys_platform == 'linux'\"]")
    assert read_lock(text, "uv.lock").environments == ("sys_platform == 'linux'",)
    with pytest.raises(UsageError, match="is no marker"):
        read_lock(text.replace("== 'linux'", "?"), "uv.lock")


def test_uv_forks_are_several_pins_and_the_application_is_none():
    lock = read_lock(UV, "uv.lock")
    assert (lock.kind, lock.members, lock.python) == ("uv", ("my-app",), ">=3.11")
    assert [(one.version, one.markers) for one in one_of(lock, "numpy")] == [
        ("2.2.6", ("python_full_version < '3.11'",)),
        ("2.4.0", ("python_full_version >= '3.11'",)),
    ]
    assert one_of(lock, "tool")[0].address == "https://host.example/tool#abc"
    assert [(one.dependency, one.text, one.part) for one in lock.bounds] == [
        ("numpy", ">=2,<3", ""),
        ("pytest", ">=8", "group test"),
    ]
    assert Link(depender="my-app", version="0.1.0", dependency="pytest", chosen=None, marker="") in lock.links


def test_poetry_records_every_bound_in_its_own_spelling():
    lock = read_lock(POETRY, "poetry.lock")
    assert (lock.kind, lock.python) == ("poetry", ">=3.9,<4")
    assert one_of(lock, "local") == [Pin(project="local", version="1", source="editable", address="../local")]
    assert one_of(lock, "requests")[0].markers == ("python_version >= '3.9'", "sys_platform == 'linux'")
    assert [(one.dependency, one.accepted, one.marker) for one in lock.bounds] == [
        ("certifi", (">=2017.4,<2018",), "python_version < '3'"),
        ("certifi", (">=2024.1,<2024.2",), "python_version >= '3'"),
        ("pysocks", (">=1.5.6,<1.5.7", ">1.5.7"), "extra == 'socks'"),
        ("urllib3", (">=1.21.1,<3",), ""),
    ]
    assert lock.notes == ("requests 2.32.0: its bound on odd was not understood",)


def test_requirements():
    lock = read_lock(REQUIREMENTS, "requirements.txt")
    assert lock.pins == (
        Pin(project="a-tool", version=None, source="git", address="git+https://host.example/a-tool.git@v1"),
        Pin(
            project="b-tool", version=None, source="editable", address="git+https://host.example/b-tool.git#egg=b-tool"
        ),
        Pin(project="c-tool", version="1.0", source="path", address="./wheels/c_tool-1.0-py3-none-any.whl"),
        Pin(project="numpy", version="2.4.0"),
    )
    assert [(one.dependency, one.text, one.marker) for one in lock.bounds] == [
        ("django", "", ""),
        ("scipy", "<2,>=1.10", 'python_version >= "3.9"'),
    ]
    assert lock.notes == (
        "line 10 names a source whose project cannot be told: '-e .'",
        "line 12: the requirements in 'more.txt' were not read",
        "line 13: the constraints in 'limits.txt' were not read",
        "line 14 was not understood: 'what is this'",
        "options do not matter for versions and were not followed: --index-url",
    )


@pytest.mark.parametrize("name", ["a", "requirements.txt", "pylock.toml", "uv.lock"])
@pytest.mark.parametrize("text", [PYLOCK, UV, POETRY])
def test_the_content_decides_not_the_name(text, name):
    kinds = {PYLOCK: "pylock", UV: "uv", POETRY: "poetry"}
    assert read_lock(text, name).kind == kinds[text]


def test_no_secret_leaves_a_lock():
    for text in (PYLOCK, UV, REQUIREMENTS):
        assert "secret" not in repr(read_lock(text, "a"))


BAD = {
    "": "a.lock pins nothing: it is empty",
    "# nothing": "a.lock pins nothing: it is empty",
    'lock-version = "2.0"\npackages = []': "a.lock has lock-version '2.0'; coset reads 1.x",
    'lock-version = "1.0"\npackages = []': "a.lock breaks the standard of lock files: Missing required value in "
    "'created-by'",
    'version = 2\nrequires-python = ">=3.9"': "a.lock is a uv.lock of version 2; coset reads version 1",
    'version = 1\nrevision = 1\n[[package]]\nname = "x"\nsource = {svn = "y"}': (
        "a.lock: package[0]: no source that coset knows"
    ),
    '[metadata]\nlock-version = "3.0"': "a.lock is a poetry.lock of version '3.0'; coset reads 1.x and 2.x",
    '[metadata]\ncontent-hash = "0"': "a.lock is a poetry.lock of version None; coset reads 1.x and 2.x",
    '[metadata]\nlock_version = "4.5"': "a.lock is no lock file of a Python application: it looks like pdm.lock",
    'version = 3\n[[package]]\nname = "s"': "a.lock is no lock file of a Python application: it looks like Cargo.lock",
    '[project]\nname = "x"': "a.lock is no lock file of a Python application: it looks like pyproject.toml, which has "
    "bounds and no pins",
    "a = 1": "a.lock is no lock file of a Python application: none of the keys that lock files have is there",
    "# locked\n---\nversion: 6\nenvironments:\n": "a.lock is no lock file that coset reads: it looks like pixi.lock",
    "metadata:\n  platforms: []": "a.lock is no lock file that coset reads: it looks like YAML",
    '{"_meta": {}}': "a.lock is no lock file that coset reads: it looks like Pipfile.lock",
    "{}": "a.lock is no lock file that coset reads: it is JSON",
    "version = 1\n<<<<<<< HEAD\n": "a.lock is not TOML: Invalid statement (at line 2, column 1)",
    "a = " + "[" * 5000: "a.lock is not TOML: it is nested too deeply",
    'version = 1\n[[package]]\nname = "x"\nsource = {registry = "y"}\nresolution-markers = ["no marker"]': (
        "a.lock: package[0]: 'no marker' is no marker"
    ),
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:20])
def test_other_formats_and_versions_are_named(text):
    with pytest.raises(UsageError) as caught:
        read_lock(text, "a.lock")
    assert caught.value.sentence == BAD[text]
    assert caught.value.hint


def test_a_text_that_is_no_lock_file_at_all():
    with pytest.raises(
        UsageError, match="no lock file that coset reads: line 1 was not understood: 'Dear reader, hello!'"
    ):
        read_lock("Dear reader, hello!\n", "letter.txt")
    with pytest.raises(UsageError, match="pins nothing"):
        read_lock("-r other.txt\n", "requirements.txt")


@pytest.mark.parametrize(
    ("bound", "specifiers"),
    [
        ("^0.2.3", (">=0.2.3,<0.3",)),
        ("^0.0.3", (">=0.0.3,<0.0.4",)),
        ("^0", (">=0,<1",)),
        ("~1", (">=1,<2",)),
        ("~1.2.3", (">=1.2.3,<1.3",)),
        ("~=1.2", ("~=1.2",)),
        ("1.*", ("==1.*",)),
        (">=1.2 <2", (">=1.2,<2",)),
        ("*", ("",)),
        ("^1!2.0", (">=1!2.0,<1!3",)),
        ("latest", None),
        ("^", None),
        ("9" * 5000, None),
    ],
)
def test_bounds_as_poetry_writes_them(bound, specifiers):
    assert accepted(bound) == specifiers


@given(st.text(alphabet="^~=<>!*.,| 0123456789abv+-", max_size=20))
def test_a_bound_is_specifiers_or_refused(text):
    found = accepted(text)
    assert found is None or all(is_specifier(one) for one in found)


PIECES = (
    "numpy==1.0",
    "-r x",
    "\\",
    "#",
    " --hash=a",
    "; python_version < '3'",
    "[",
    "]]",
    "=",
    "{",
    '"',
    "\n",
    "\0",
    "é",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    sentence = ""
    try:
        lock = read_lock(text, "any.txt")
    except UsageError as error:
        sentence = error.sentence
    assert sentence.startswith("any.txt") or lock.pins or lock.bounds
    assert "\n" not in sentence


names = st.sampled_from(("numpy", "scipy", "a-b"))
versions = st.sampled_from(("1.0", "2.4.1", "1!3.0.post1"))


@given(st.dictionaries(names, versions, min_size=1))
def test_equal_pins_in_every_format(pins):
    """The four formats differ in what they say beside the pins."""
    body = "".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in pins.items())
    uv = 'version = 1\nrequires-python = ">=3.9"\n' + body.replace(
        "[[package]]", "[[package]]\nsource = {registry = 'x'}"
    )
    sdist = 'sdist = {{name = "{0}.tar.gz", url = "https://index.example/{0}", hashes = {{sha256 = "0"}}}}\n'
    pylock = 'lock-version = "1.0"\ncreated-by = "a law"\n' + "".join(
        f'[[packages]]\nname = "{name}"\nversion = "{version}"\n' + sdist.format(f"{name.replace('-', '_')}-{version}")
        for name, version in pins.items()
    )
    poetry = body + '[metadata]\nlock-version = "1.1"\n'
    lines = "".join(f"{name}=={version}\n" for name, version in pins.items())
    found = [read_lock(text, "a").pins for text in (uv, pylock, poetry, lines)]
    assert found == [tuple(Pin(project=name, version=pins[name]) for name in sorted(pins))] * 4


def test_credentials_are_left_out():
    assert without_credentials("ssh://git@host.example/x") == "ssh://host.example/x"
    assert without_credentials("../x@y") == "../x@y"


def test_bounds_are_sorted_and_unique():
    lock = read_lock("b>=1\na>=2\nb>=1\n", "requirements.txt")
    made = [
        LockedBound(depender=None, version=None, dependency=n, text=t, accepted=(t,))
        for n, t in (("a", ">=2"), ("b", ">=1"))
    ]
    assert list(lock.bounds) == made
