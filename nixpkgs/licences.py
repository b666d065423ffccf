"""Which of nixpkgs' licences does a release have? Those that its metadata names for certain, else none."""

from collections.abc import Mapping, Sequence

from dataset.records import About
from nixpkgs.nixtext import nix_string
from normalize.licences import spdx_expression

_CLASSIFIERS: Mapping[str, str] = {
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}
"""The classifiers that mean one licence; "BSD License" and "Apache Software License" do not."""

_ATTRIBUTES: Mapping[str, str] = {
    "0BSD": "bsd0",
    "AGPL-3.0-only": "agpl3Only",
    "AGPL-3.0-or-later": "agpl3Plus",
    "Apache-2.0": "asl20",
    "BSD-2-Clause": "bsd2",
    "BSD-3-Clause": "bsd3",
    "BSL-1.0": "boost",
    "CC0-1.0": "cc0",
    "GPL-2.0-only": "gpl2Only",
    "GPL-2.0-or-later": "gpl2Plus",
    "GPL-3.0-only": "gpl3Only",
    "GPL-3.0-or-later": "gpl3Plus",
    "ISC": "isc",
    "LGPL-2.1-only": "lgpl21Only",
    "LGPL-2.1-or-later": "lgpl21Plus",
    "LGPL-3.0-only": "lgpl3Only",
    "LGPL-3.0-or-later": "lgpl3Plus",
    "MIT": "mit",
    "MIT-0": "mit0",
    "MPL-2.0": "mpl20",
    "Unlicense": "unlicense",
    "Zlib": "zlib",
}
"""How nixpkgs' ``lib.licenses`` calls the usual ones; it finds the others by their SPDX id."""


def certain_licences(about: About | None) -> tuple[str, ...]:
    """Return the SPDX ids of the licences that the metadata names for certain, in its order; none where it does not.

    nixpkgs has lists of licences and no exceptions: an expression with one, or with parts of parts, is left to people.

    >>> certain_licences(About(licence="MIT OR Apache-2.0")), certain_licences(About(licence="BSD License"))
    (('MIT', 'Apache-2.0'), ())
    """
    if about is None or about.licence is None:
        return ()
    if about.licence_from == "classifiers":
        found = _CLASSIFIERS.get(about.licence)
        return () if found is None else (found,)
    expression = spdx_expression(about.licence)
    if expression is None:
        return ()
    for operator in (" OR ", " AND "):
        ids = expression.split(operator)
        if all(_is_plain(one) for one in ids):
            return tuple(dict.fromkeys(ids))
    return ()


def _is_plain(text: str) -> bool:
    return not any(one in text for one in " ()+") and not text.startswith("LicenseRef-")


def nix_licence(ids: Sequence[str]) -> str:
    """Return the Nix expression of one licence or more; it needs ``lib``."""
    shown = [f"lib.licenses.{_ATTRIBUTES[one]}" if one in _ATTRIBUTES else _looked_up(one) for one in ids]
    if len(shown) == 1:
        return shown[0]
    return f"[ {' '.join(f'({one})' if ' ' in one else one for one in shown)} ]"


def _looked_up(spdx: str) -> str:
    return f"lib.getLicenseFromSpdxId {nix_string(spdx)}"
