"""``coset snapshot`` of a checkout: its aliases come along, and ``coset names audit`` judges them."""

import json

import pytest

from coset.__main__ import main

PACKAGES = """
self: super: with self; {
  numpy = callPackage ../development/python-modules/numpy { };
  plasTeX = callPackage ../development/python-modules/plastex { };
}
"""
ALIASES = """
lib: self: super: with self; mapAliases {
  a = b; # added 2026-01-01
  b = numpy; # added 2025-01-01
  odd = numpy.override { };
}
"""
PACKAGE = """
{ buildPythonPackage, fetchPypi, setuptools }:
buildPythonPackage rec {
  pname = "NAME";
  version = "1.0";
  pyproject = true;
  src = fetchPypi { inherit pname version; hash = ""; };
  build-system = [ setuptools ];
}
"""


@pytest.fixture
def checkout(tmp_path):
    root = tmp_path / "nixpkgs"
    files = {
        "pkgs/top-level/python-packages.nix": PACKAGES,
        "pkgs/top-level/python-aliases.nix": ALIASES,
        "pkgs/development/python-modules/numpy/default.nix": PACKAGE.replace("NAME", "numpy"),
        "pkgs/development/python-modules/plastex/default.nix": PACKAGE.replace("NAME", "plastex"),
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "default.nix").write_text("{ }")
    return root


def snapshot(checkout, tmp_path, capsys):
    out = tmp_path / "nixpkgs.json"
    named = ["--revision", "r", "--date", "2026-07-15"]
    status = main(["snapshot", str(checkout), "--by", "parse", "--out", str(out), *named])
    assert status == 0, capsys.readouterr()
    return out, json.loads(out.read_text())


def test_aliases_come_along_and_are_judged(checkout, tmp_path, capsys):
    out, data = snapshot(checkout, tmp_path, capsys)
    assert data["aliases"] == {
        "a": {"target": "b", "date": "2026-01-01"},
        "b": {"target": "numpy", "date": "2025-01-01"},
    }
    capsys.readouterr()
    status = main(["names", "audit", "--nixpkgs", str(out), "--format", "nix"])
    assert status == 1
    assert capsys.readouterr()[0] == "a = numpy; # added 2026-01-01\nplasTeX = plastex; # added 2026-07-15\n"


def test_a_checkout_may_lack_the_aliases_or_have_broken_ones(checkout, tmp_path, capsys):
    path = checkout / "pkgs/top-level/python-aliases.nix"
    path.write_text("{ a = ;")
    assert "aliases" not in snapshot(checkout, tmp_path, capsys)[1]
    path.unlink()
    assert "aliases" not in snapshot(checkout, tmp_path, capsys)[1]
