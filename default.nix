# coset as a package: `nix-build` builds it, and `callPackage ./. { }` makes it part of another set.
{
  pkgs ? import <nixpkgs> { },
  lib ? pkgs.lib,
  installShellFiles ? pkgs.installShellFiles,
  python3Packages ? pkgs.python3Packages,
}:

let
  inherit (builtins.fromTOML (builtins.readFile ./pyproject.toml)) project;
in
python3Packages.buildPythonApplication {
  pname = "coset";
  inherit (project) version;
  pyproject = true;

  src = lib.fileset.toSource {
    root = ./.;
    fileset = lib.fileset.unions [
      ./LICENSE
      ./README.md
      ./coset
      ./crawler
      ./data
      ./dataset
      ./docs/coset.1
      ./nixpkgs
      ./normalize
      ./pyproject.toml
      ./report
      ./solver
    ];
  };

  build-system = [ python3Packages.hatchling ];

  dependencies = with python3Packages; [
    aiohttp
    jinja2
    networkx
    packaging
    pip
    pkginfo
    platformdirs
    pycosat
    rich
    tomli-w
    tree-sitter
    tree-sitter-grammars.tree-sitter-nix
    typer
  ];

  optional-dependencies.parquet = [ python3Packages.pyarrow ];

  pythonRelaxDeps = [
    "tree-sitter-nix" # nixpkgs takes the grammar's own version
    "typer" # later releases start more slowly, and work
  ];

  nativeBuildInputs = [ installShellFiles ];

  postInstall = ''
    installManPage docs/coset.1
  '';

  # `make test` runs them: they ask for pip, uv and Nix beside the loopback
  doCheck = false;

  pythonImportsCheck = [ "coset" ];

  meta = {
    inherit (project) description;
    license = lib.licenses.mit;
    mainProgram = "coset";
    platforms = lib.platforms.unix;
  };
}
