"""Which licence is certain enough for nixpkgs, and what is left to people?"""

import pytest

from dataset.records import About
from nixpkgs.licences import certain_licences, nix_licence


@pytest.mark.parametrize(
    ("licence", "stands", "ids"),
    [
        ("MIT", "expression", ("MIT",)),
        ("Apache-2.0 OR BSD-3-Clause", "field", ("Apache-2.0", "BSD-3-Clause")),
        ("MIT AND PSF-2.0", "", ("MIT", "PSF-2.0")),
        ("MIT OR MIT", "", ("MIT",)),
        ("(Apache-2.0 OR BSD-3-Clause) AND PSF-2.0", "field", ()),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "expression", ()),
        ("LicenseRef-Own", "expression", ()),
        ("MIT License", "classifiers", ("MIT",)),
        ("MIT License", "field", ()),
        ("BSD License", "classifiers", ()),
        ("Apache Software License", "classifiers", ()),
        ("MIT License; ISC License (ISCL)", "classifiers", ()),
        ("MIT", "classifiers", ()),
        (None, "", ()),
    ],
)
def test_only_what_is_certain_is_a_licence(licence, stands, ids):
    assert certain_licences(About(licence=licence, licence_from=stands)) == ids


def test_what_is_not_known_at_all():
    assert certain_licences(None) == ()


@pytest.mark.parametrize(
    ("ids", "nix"),
    [
        (("MIT",), "lib.licenses.mit"),
        (("PSF-2.0",), 'lib.getLicenseFromSpdxId "PSF-2.0"'),
        (("Apache-2.0", "PSF-2.0"), '[ lib.licenses.asl20 (lib.getLicenseFromSpdxId "PSF-2.0") ]'),
        (('x"; ${y}',), 'lib.getLicenseFromSpdxId "x\\"; \\${y}"'),
    ],
)
def test_licences_are_those_of_nixpkgs_library(ids, nix):
    assert nix_licence(ids) == nix
