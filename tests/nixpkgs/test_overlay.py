"""Overlays, judged by real Nix: they evaluate on a small nixpkgs, and hostile text comes back as text."""

import shutil
from itertools import combinations
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from nixpkgs.nixtext import nix_string
from nixpkgs.overlay import comment, extension_text, init_lines, overlay_text, override_lines
from nixpkgs.recipes import Dependency, EitherSource, ForgeSource, IndexSource, Init, Override, Stays
from nixpkgs.targetconditions import condition_of
from normalize.errors import UsageError
from normalize.targets import DEFAULT_TARGETS, Target

SMALL_SET = Path(__file__).parent / "smallset" / "default.nix"
NASTY = "${builtins.abort ''x''} \" \\ \n ''\r\t$${y} */ # \x1b[2J\u202e é"
HASH = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

RECIPES = """
self: super: with self; {
  plain = callPackage ({ buildPythonPackage, fetchPypi, base }: buildPythonPackage rec {
    pname = "plain"; version = "1.0"; pyproject = true;
    src = fetchPypi { inherit pname version; hash = "sha256-old"; };
    dependencies = [ base ];
    pythonRelaxDeps = [ "a" "b" ];
  }) { };
  tagged = callPackage ({ buildPythonPackage, fetchFromGitHub }: buildPythonPackage rec {
    pname = "tagged"; version = "1.0"; pyproject = true;
    src = fetchFromGitHub { owner = "o"; repo = "r"; tag = "v${version}"; hash = "sha256-old"; };
  }) { };
  finals = callPackage ({ buildPythonPackage, fetchFromGitHub }: buildPythonPackage (final: {
    pname = "finals"; version = "1.0"; pyproject = true;
    src = fetchFromGitHub { owner = "o"; repo = "r"; rev = "release-${final.version}"; hash = "sha256-old"; };
  })) { };
  commit = callPackage ({ buildPythonPackage, fetchFromGitHub }: buildPythonPackage {
    pname = "commit"; version = "1.0"; pyproject = true;
    src = fetchFromGitHub { owner = "o"; repo = "r"; rev = "0123abc"; hash = "sha256-old"; };
  }) { };
  base = callPackage ({ buildPythonPackage }: buildPythonPackage {
    pname = "base"; version = "3.0"; pyproject = true;
  }) { };
  "2to3" = callPackage ({ buildPythonPackage }: buildPythonPackage {
    pname = "2to3"; version = "1"; pyproject = true;
  }) { };
  nothing = if pythonAtLeast "3.14" then null else base;
}
"""

DESCRIBED = """
  builtins.mapAttrs (name: one: {
    inherit (one) version;
    src = if ! (one ? src) then null else {
      inherit (one.src) outputHash; rev = one.src.rev or null; urls = one.src.urls or [ ];
    };
    relaxed = one.pythonRelaxDeps or null;
    removed = one.pythonRemoveDeps or null;
    imports = one.pythonImportsCheck or null;
    dependencies = map (each: each.pname) (one.dependencies or [ ]);
    build = map (each: each.pname) (one.build-system or [ ]);
    format = one.format or null;
    meta = with one.meta; [
      (map (each: each.spdxId) (if one.meta ? license then pkgs.lib.flatten [ license ] else [ ]))
      (one.meta.homepage or null)
      (one.meta.changelog or null)
    ];
  })
"""


@pytest.fixture
def evaluated(nix, tmp_path):
    """Return a function that says what attributes are, once the overlay or the extension is there."""
    shutil.copy(SMALL_SET, tmp_path / "default.nix")
    place = tmp_path / "pkgs" / "top-level" / "python-packages.nix"
    place.parent.mkdir(parents=True)

    def run(text, names, *, recipes=RECIPES, extension=False, target=DEFAULT_TARGETS[0]):
        place.write_text(recipes, encoding="utf-8")
        (tmp_path / "overlay.nix").write_text(text, encoding="utf-8", newline="")
        overlay = "import ./overlay.nix"
        if extension:
            overlay = f"final: prev: {{ pythonPackagesExtensions = [ ({overlay}) ]; }}"
        wanted = " ".join(map(nix_string, names))
        path = tmp_path / "ask.nix"
        path.write_text(
            f"let pkgs = import ./. {{ system = {nix_string(target.system)}; overlays = [ ({overlay}) ]; }};\n"
            f"  set = pkgs.python{target.python.replace('.', '')}Packages;\n"
            f"in ({DESCRIBED}) (builtins.listToAttrs "
            f"(map (name: {{ inherit name; value = set.${{name}}; }}) [ {wanted} ]))",
            encoding="utf-8",
        )
        return nix.evaluate(path)

    return run


def source(pname="plain", version="2.0", **facts):
    return IndexSource(pname=pname, version=version, hash=HASH, **facts)


OVERRIDES = (
    Override(
        attribute="plain",
        version="2.0",
        source=source("Plain"),
        relaxed=("b", "c"),
        dependencies=(Dependency(attribute="2to3"), Dependency(attribute="new", condition=None)),
        notes=("1.0 -> 2.0",),
    ),
    Override(attribute="tagged", version="2.0", source=ForgeSource(argument="tag", revision="v2.0")),
    Override(attribute="finals", version="2.0", source=EitherSource(index=source("finals"))),
    Override(attribute="commit", version="2.0", source=EitherSource(index=source("commit"))),
    Override(
        attribute="base", version="2.0", source=EitherSource(index=source("base")), stays=Stays(SpecifierSet(">=2.0"))
    ),
    Override(
        attribute="2to3",
        version="2",
        source=source("2to3", "2"),
        stays=Stays(SpecifierSet(">=1.5,<3")),
        relaxed_too=("x",),
    ),
)
INITS = (
    Init(
        attribute="new",
        version="0.1",
        source=source("new", "0.1"),
        build_system=("base",),
        dependencies=(
            Dependency(attribute="base"),
            Dependency(attribute="2to3"),
            Dependency(attribute="tagged", condition=condition_of(DEFAULT_TARGETS[:3], DEFAULT_TARGETS)),
        ),
        relaxed=("q",),
        removed=("plain",),
        imports=("new", "new.er"),
        licences=("MIT", "PSF-2.0"),
        homepage="https://new.example/",
        changelog="https://new.example/?a='b'&${c}",
        notes=("plain 2.0 requires new",),
    ),
    Init(attribute="wheels", version="1", source=source("wheels", "1", arguments=(("format", "wheel"),)), wheel=True),
)


@pytest.mark.system
@pytest.mark.parametrize("extension", [False, True])
def test_an_overlay_changes_what_it_names(evaluated, extension):
    write = extension_text if extension else overlay_text
    text = write(OVERRIDES, INITS, ["a note"])
    names = ["plain", "tagged", "finals", "commit", "base", "2to3", "new", "wheels"]
    found = evaluated(text, names, extension=extension)
    assert {name: one["version"] for name, one in found.items()} == {
        **dict.fromkeys(["plain", "tagged", "finals", "commit"], "2.0"),
        "base": "3.0",  # nixpkgs is further
        "2to3": "2",
        "new": "0.1",
        "wheels": "1",
    }
    assert found["plain"]["src"] == {
        "outputHash": HASH,
        "rev": None,
        "urls": ["mirror://pypi/P/Plain/Plain-2.0.tar.gz"],
    }
    assert found["plain"]["relaxed"] == ["b", "c"]
    assert found["plain"]["dependencies"] == ["base", "2to3", "new"]
    assert found["tagged"]["src"] == {"outputHash": "", "rev": "v2.0", "urls": []}
    assert found["finals"]["src"] == {"outputHash": "", "rev": "release-2.0", "urls": []}
    assert found["commit"]["src"]["urls"] == ["mirror://pypi/c/commit/commit-2.0.tar.gz"]
    assert found["2to3"]["relaxed"] == ["x"]
    new = found["new"]
    assert (new["relaxed"], new["removed"], new["imports"]) == (["q"], ["plain"], ["new", "new.er"])
    assert (new["dependencies"], new["build"]) == (["2to3", "base", "tagged"], ["base"])
    assert new["meta"] == [["MIT", "PSF-2.0"], "https://new.example/", "https://new.example/?a='b'&${c}"]
    assert found["wheels"]["format"] == "wheel"
    assert found["wheels"]["meta"] == [[], None, None]
    on_new = evaluated(text, ["new"], extension=extension, target=DEFAULT_TARGETS[3])
    assert on_new["new"]["dependencies"] == ["2to3", "base"]


@pytest.mark.system
def test_what_satisfies_the_requirements_stays(evaluated):
    """Older, equal, good enough and too new, for a floor, a ceiling, a pin, and for text that is no version."""
    has = {"old": "2.4", "floor": "2.5", "newer": "2.6.0", "planned": "2.7.1", "new": "3.0", "early": "3.0rc1"}
    stays = {
        ">=2.5.0": {"floor", "newer", "planned", "new", "early"},
        ">=2.5.0,<3": {"floor", "newer", "planned"},
        "==2.7.1": {"planned"},
        "~=2.6": {"newer", "planned"},
        "===${throw-1}": {"planned"},
    }
    recipes = "self: super: with self; {" + "".join(
        f'{name} = buildPythonPackage {{ pname = "{name}"; version = "{version}"; pyproject = true; }};'
        for name, version in has.items()
    )
    for text, those in stays.items():
        overrides = [
            Override(attribute=name, version="2.7.1", source=source(name, "2.7.1"), stays=Stays(SpecifierSet(text)))
            for name in has
        ]
        found = evaluated(overlay_text(overrides, []), list(has), recipes=recipes + "}")
        expected = {name: version if name in those else "2.7.1" for name, version in has.items()}
        assert {name: one["version"] for name, one in found.items()} == expected, text
        assert {name for name, one in found.items() if one["src"] is None} == those, text


@pytest.mark.system
@pytest.mark.parametrize(("app", "lib"), [("2.0", "2.5"), ("1.0", "3.0"), (None, "3.0")])
def test_what_another_asks_for_counts_beside_its_planned_version(evaluated, app, lib):
    """Another package may stay in nixpkgs' version, and is null, perhaps: it then asks for what nixpkgs has."""
    made = f'buildPythonPackage {{ pname = "app"; version = "{app}"; pyproject = true; }}' if app else "null"
    recipes = (
        f"self: super: with self; {{ app = {made}; "
        'lib = buildPythonPackage { pname = "lib"; version = "3.0"; pyproject = true; }; }'
    )
    overrides = [
        Override(attribute="app", version="2.0", source=source("app"), stays=Stays(SpecifierSet(">=1"))),
        Override(
            attribute="lib",
            version="2.5",
            source=source("lib", "2.5"),
            stays=Stays(SpecifierSet(">=1"), (("app", "2.0", SpecifierSet("==2.5,>=1")),)),
        ),
    ]
    assert evaluated(overlay_text(overrides, []), ["lib"], recipes=recipes)["lib"]["version"] == lib


@pytest.mark.system
def test_what_is_null_on_an_interpreter_stays_so(evaluated):
    text = overlay_text([Override(attribute="nothing", version="9", source=source())], [])
    assert evaluated(text, ["nothing"])["nothing"]["version"] == "9"
    uses = """
      uses = buildPythonPackage {
        pname = "uses"; format = "other"; version = if nothing == null then "without" else "with";
      };
    }"""
    for target, version in ((DEFAULT_TARGETS[0], "with"), (DEFAULT_TARGETS[3], "without")):
        found = evaluated(text, ["uses"], recipes=RECIPES.rstrip().removesuffix("}") + uses, target=target)
        assert found["uses"]["version"] == version


@pytest.mark.system
def test_an_empty_overlay_changes_nothing(evaluated):
    assert evaluated(overlay_text([], []), ["plain"])["plain"]["version"] == "1.0"


@pytest.mark.system
def test_a_recipe_that_has_no_way_to_the_version_says_so(nix, evaluated):
    one = Override(attribute="commit", version="2.0", source=EitherSource(index=None))
    with pytest.raises(AssertionError, match="its own source does not name its version"):
        evaluated(overlay_text([one], []), ["commit"])


@pytest.mark.system
def test_hostile_text_comes_back_as_text(evaluated):
    names = ["a${b}", 'a"', "with", "x y", "a.b", "\\", "'q", "__x", "lib", "src", "builtins", "$"]
    recipes = "self: super: {" + "".join(
        f'{nix_string(name)} = self.buildPythonPackage {{ pname = "{i}"; version = "1"; pyproject = true; }};'
        for i, name in enumerate(names)
    )
    overrides = [
        Override(
            attribute=name,
            version=NASTY,
            source=source(NASTY, NASTY, arguments=(("extension", NASTY),)),
            relaxed=(NASTY, "", "a"),
            removed_too=(NASTY,),
            stays=Stays(SpecifierSet("===${x}''\""), ((name, NASTY, SpecifierSet(">=1")),)),
            notes=(NASTY, "\n}", ""),
        )
        for name in names
    ]
    new = Init(
        attribute="n${x}",
        version=NASTY,
        source=source(NASTY, NASTY),
        build_system=tuple(names),
        dependencies=tuple(Dependency(attribute=name) for name in names),
        relaxed=(NASTY,),
        imports=(NASTY,),
        homepage=NASTY,
        changelog=NASTY,
        notes=(NASTY,),
    )
    text = overlay_text(overrides, [new], [NASTY])
    found = evaluated(text, [*names, "n${x}"], recipes=recipes + "}")
    for name in names:
        assert found[name]["version"] == NASTY
        assert found[name]["relaxed"] == [NASTY, "", "a"]
        assert found[name]["removed"] == [NASTY]
        assert found[name]["src"]["urls"] == [f"mirror://pypi/$/{NASTY}/{NASTY}-{NASTY}.{NASTY}"]
    assert found["n${x}"]["version"] == NASTY
    assert found["n${x}"]["imports"] == [NASTY]
    assert found["n${x}"]["meta"] == [[], NASTY, NASTY]
    assert sorted(found["n${x}"]["build"]) == sorted(str(i) for i in range(len(names)))


def test_what_no_nix_string_can_hold_is_written_visibly():
    stays = Stays(SpecifierSet(), (("b", "1\0\ud800", SpecifierSet(">=1")),))
    lines = override_lines(Override(attribute="a", version="1\0\ud800", stays=stays))
    assert '      ((pyfinal.b.version or null) != "1\\\\0\\\\ud800" || lib.versionAtLeast version "1")' in lines
    lines = override_lines(Override(attribute="a", version="1\0\ud800"))
    assert '  version = "1\\\\0\\\\ud800";' in lines
    "\n".join(lines).encode("utf-8")


@pytest.mark.parametrize("name", ["", "a\nb", "naïve"])
def test_names_that_no_attribute_has_are_refused(name):
    with pytest.raises(UsageError):
        override_lines(Override(attribute=name, version="1"))


def test_comments_stay_on_their_line():
    assert comment(NASTY).isprintable()
    assert comment("") == "#"


def test_overrides_read_as_nixpkgs_writes_them():
    one = Override(
        attribute="h5py", version="3.16.0", source=source("h5py", "3.16.0"), relaxed=("numpy",), notes=("x",)
    )
    assert (
        "\n".join(override_lines(one))
        == f"""\
# x
h5py = pyprev.h5py.overridePythonAttrs (_: {{
  version = "3.16.0";
  src = fetchPypi {{
    pname = "h5py";
    version = "3.16.0";
    hash = "{HASH}";
  }};
  pythonRelaxDeps = [ "numpy" ];
}});"""
    )


def test_a_new_package_reads_as_a_package_file():
    assert init_lines(INITS[0])[0] == "# python3Packages.new: init at 0.1"
    text = "\n".join(init_lines(INITS[0]))
    assert 'src = fetchPypi {\n      pname = "new";\n      inherit version;' in text
    assert 'lib.optionals (pythonOlder "3.14") [ tagged ];' in text


@pytest.mark.system
def test_conditions_hold_on_their_targets_and_nowhere_else(nix, tmp_path):
    """All subsets of the default targets, and of three interpreters on two systems, each on each target."""
    more = tuple(
        Target(python, system) for python in ("3.12", "3.13", "3.14") for system in ("x86_64-linux", "aarch64-darwin")
    )
    wanted, asked = [], []
    for targets in (DEFAULT_TARGETS, more):
        for size in range(1, len(targets)):
            for some in combinations(targets, size):
                for target in targets:
                    wanted.append(target in some)
                    condition = condition_of(some, targets)
                    set_of = f"(set {nix_string(target.python)} {nix_string(target.system)})"
                    asked.append(f"(let s = {set_of}; in {condition.expression('s.')})")
    text = """
      let set = python: system: {
        pythonOlder = other: builtins.compareVersions python other < 0;
        pythonAtLeast = other: builtins.compareVersions python other >= 0;
        stdenv.hostPlatform = {
          inherit system;
          isLinux = builtins.match ".*-linux" system != null;
          isDarwin = builtins.match ".*-darwin" system != null;
          isx86_64 = builtins.match "x86_64-.*" system != null;
          isAarch64 = builtins.match "aarch64-.*" system != null;
        };
      };
    """
    assert nix.evaluate(f"{text} in [ {' '.join(asked)} ]") == wanted
    assert condition_of(DEFAULT_TARGETS, DEFAULT_TARGETS) is None
