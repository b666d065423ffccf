"""nixpkgs' own ways: how its hooks read requirements, and Nix text that outside text cannot escape from."""
