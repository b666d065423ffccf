{
  description = "One coherent set of Python packages for nixpkgs: crawl, solve, explain, report";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (
        system: pkgs: {
          coset = pkgs.callPackage ./. { };
          default = self.packages.${system}.coset;
        }
      );

      # nix run . -- solve --out out
      apps = forEachSystem (
        system: pkgs: {
          default = {
            type = "app";
            program = "${self.packages.${system}.default}/bin/coset";
            meta.description = "Find one coherent set of Python packages for nixpkgs";
          };
        }
      );

      overlays.default = final: prev: { coset = final.callPackage ./. { }; };

      # what ./system-packages.sh installs elsewhere; `make` sets up the rest in .venv
      devShells = forEachSystem (
        system: pkgs: {
          default = pkgs.mkShell {
            packages =
              [
                pkgs.git
                pkgs.gnumake
                pkgs.nix
                pkgs.python3
              ]
              ++ pkgs.lib.optionals pkgs.stdenv.hostPlatform.isLinux [
                pkgs.chromedriver
                pkgs.chromium
              ];

            # wheels from the index expect the C++ library where other distributions have it
            LD_LIBRARY_PATH = pkgs.lib.optionalString pkgs.stdenv.hostPlatform.isLinux (
              pkgs.lib.makeLibraryPath [
                pkgs.stdenv.cc.cc
                pkgs.zlib
              ]
            );
          };
        }
      );
    };
}
