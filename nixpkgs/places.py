"""Where do things lie in a nixpkgs checkout?"""

PYTHON_PACKAGES = "pkgs/top-level/python-packages.nix"
PYTHON_ALIASES = "pkgs/top-level/python-aliases.nix"
