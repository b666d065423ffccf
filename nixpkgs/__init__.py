"""nixpkgs' present set in, edits out."""
