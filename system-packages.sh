#!/usr/bin/env bash
# Install what coset needs from the system: Python, a C compiler and Python's headers (pycosat is built from C), make,
# Nix, which the tests let judge the Nix text that coset writes, and Chromium, in which they read the page of a plan.
set -euo pipefail
if command -v apt-get >/dev/null 2>&1; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        chromium chromium-driver gcc libc6-dev make nix-bin python3-dev python3-venv
elif command -v dnf >/dev/null 2>&1; then
    dnf install --assumeyes chromedriver chromium gcc make nix python3-devel
elif command -v nix-shell >/dev/null 2>&1; then
    echo "run coset's commands inside: nix develop, or nix-shell -p chromedriver chromium gcc gnumake python313" >&2
else
    echo "error: install Python 3.11 or later with its headers, a C compiler and make" >&2
    exit 3
fi
