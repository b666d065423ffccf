"""coset's own ``default.nix`` and ``flake.nix``, evaluated by real Nix on the small nixpkgs; nothing is downloaded."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from normalize.requirements import parse_requirement

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIRES = sorted(parse_requirement(one).project for one in PROJECT["project"]["dependencies"])
PARQUET = sorted(parse_requirement(one).project for one in PROJECT["project"]["optional-dependencies"]["parquet"])

# what the small nixpkgs does not need for anything else
EXTRA = """
final: prev: {
  lib = prev.lib // {
    genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    fileset.unions = paths: paths;
    fileset.toSource = { root, fileset }: { files = map toString fileset; root = toString root; };
    makeLibraryPath = builtins.concatStringsSep ":";
    platforms.unix = [ "x86_64-linux" ];
  };
  stdenv = prev.stdenv // { cc.cc = "gcc"; };
  installShellFiles = { pname = "installShellFiles"; };
  mkShell = shell: shell;
  git = "git"; gnumake = "gnumake"; nix = "nix"; python3 = "python3";
  chromium = "chromium"; chromedriver = "chromedriver"; zlib = "zlib";
}
"""


@pytest.fixture(scope="module")
def evaluate(nix, tmp_path_factory):
    """Return a function that evaluates an expression in which ``pkgs`` and the outputs of the flake are known."""
    folder = tmp_path_factory.mktemp("nixpkgs")
    shutil.copy(ROOT / "tests" / "nixpkgs" / "smallset" / "default.nix", folder / "default.nix")
    plain = [name for name in [*REQUIRES, *PARQUET, "hatchling"] if name != "tree-sitter-nix"]
    recipes = [f'"{name}" = package "{name}";' for name in plain]
    place = folder / "pkgs" / "top-level" / "python-packages.nix"
    place.parent.mkdir(parents=True)
    place.write_text(
        "self: super: let package = pname: "
        'self.buildPythonPackage { inherit pname; version = "1"; pyproject = true; }; '
        f'in {{ {" ".join(recipes)} tree-sitter-grammars.tree-sitter-nix = package "tree-sitter-nix"; }}',
        encoding="utf-8",
    )
    (folder / "extra.nix").write_text(EXTRA, encoding="utf-8")

    def run(expression):
        text = f"""
          let
            system' = system: import {folder} {{ inherit system; overlays = [ (import {folder}/extra.nix) ]; }};
            pkgs = system' "x86_64-linux";
            nixpkgs = {{
              inherit (pkgs) lib;
              legacyPackages = pkgs.lib.genAttrs
                [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] system';
            }};
            flake = import {ROOT}/flake.nix;
            outputs = flake.outputs {{ self = outputs; inherit nixpkgs; }};
          in {expression}
        """
        return nix.evaluate(text)

    return run


def test_the_package_is_what_pyproject_says(evaluate):
    found = evaluate(
        f"let one = import {ROOT} {{ inherit pkgs; }}; in {{ inherit (one) pname version pythonRelaxDeps pythonModule;"
        " main = one.meta.mainProgram; dependencies = map (each: each.pname) one.passthru.dependencies;"
        " parquet = map (each: each.pname) one.passthru.optional-dependencies.parquet; }"
    )
    assert found["pname"] == PROJECT["project"]["name"]
    assert found["version"] == PROJECT["project"]["version"]
    assert sorted(found["dependencies"]) == REQUIRES
    assert found["parquet"] == PARQUET
    assert set(found["pythonRelaxDeps"]) <= set(REQUIRES)
    assert found["main"] in PROJECT["project"]["scripts"]
    assert not found["pythonModule"]


def test_the_source_holds_what_the_build_needs(evaluate):
    found = evaluate(f"(import {ROOT} {{ inherit pkgs; }}).src.files")
    files = {Path(one).relative_to(ROOT).as_posix() for one in found}
    built = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert files >= {*built["packages"], *built["force-include"], PROJECT["project"]["readme"], "pyproject.toml"}
    assert files >= set(PROJECT["project"]["license-files"])
    assert all((ROOT / one).exists() for one in files)


def test_every_system_has_a_package_an_app_and_a_shell(evaluate):
    found = evaluate(
        "{ versions = builtins.mapAttrs (_: one: one.default.version) outputs.packages;"
        " programs = builtins.mapAttrs (_: one: one.default.program) outputs.apps;"
        " shells = builtins.mapAttrs (_: one: one.default.packages) outputs.devShells; }"
    )
    systems = {"x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"}
    assert found["versions"] == dict.fromkeys(systems, PROJECT["project"]["version"])
    assert found["programs"].keys() == systems
    assert all(re.fullmatch(r"/nix/store/[^/]*coset[^/]*/bin/coset", one) for one in found["programs"].values())
    for system, packages in found["shells"].items():
        assert {"python3", "gnumake", "nix"} <= set(packages)
        assert ("chromium" in packages) == system.endswith("linux")


def test_the_overlay_adds_coset(evaluate):
    assert evaluate("(outputs.overlays.default pkgs pkgs).coset.version") == PROJECT["project"]["version"]


@pytest.mark.parametrize("name", ["default.nix", "flake.nix"])
def test_nix_parses_the_files(nix, name):
    assert nix.parse(ROOT / name)
