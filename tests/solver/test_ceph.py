"""Does the engine derive what nixpkgs' maintainers worked out by hand for ceph 19.2.3?

nixpkgs had bcrypt 4.0.1, cryptography 40, pyopenssl 23.1.1, trustme before 1.2 and kubernetes 18.20.0 for it. The
shared set has versions of the summer of 2025; the metadata are the index's of that time, in the embedded dataset. The
pins of bcrypt and cryptography have one cause, which no metadata tells: from bcrypt alone nothing follows.
"""

from pathlib import Path

import pytest

from coset.inputs import Places
from coset.vendoringrun import accounts

HERE = Path(__file__).parent / "ceph"


@pytest.fixture(scope="module")
def found():
    """Return the accounts of the three stages, by name."""
    places = Places(nixpkgs=HERE / "nixpkgs.json")
    worked_out = accounts(
        places,
        (),
        file=HERE / "applications.toml",
        mode="stable",
        before="2025-08-01",
        targets=("3.11 x86_64-linux", "3.13 x86_64-linux"),
        quiet=True,
    )
    return {one.application: one for one in worked_out.accounts}


def versions(account):
    """Return the private versions with the step that they follow from."""
    return {one.project: (one.step, one.version) for one in account.private.versions}


def test_from_the_two_pins_alone_nothing_else_follows(found):
    assert versions(found["ceph-two-pins"]) == {"bcrypt": (1, "4.0.1"), "kubernetes": (1, "18.20.0")}


def test_pyopenssl_follows_from_cryptography(found):
    assert versions(found["ceph"]) == {
        "bcrypt": (1, "4.0.1"),
        "cryptography": (1, "40.0.2"),
        "kubernetes": (1, "18.20.0"),
        "pyopenssl": (2, "23.2.0"),
    }
    pyopenssl = found["ceph"].private.versions[-1]
    assert [(one.version, one.requires, one.met) for one in pyopenssl.causes] == [
        ("25.1.0", "cryptography<46,>=41.0.5", "40.0.2")
    ]
    assert (pyopenssl.nearer.version, pyopenssl.nearer.requires) == ("23.3.0", "cryptography <42,>=41.0.5")


def test_nixpkgs_pyopenssl_follows_from_cryptography_40_0_1(found):
    assert versions(found["ceph-at-40-0-1"]) == {
        "bcrypt": (1, "4.0.1"),
        "cryptography": (1, "40.0.1"),
        "kubernetes": (1, "18.20.0"),
        "pyopenssl": (2, "23.1.1"),
    }
    pyopenssl = found["ceph-at-40-0-1"].private.versions[-1]
    assert pyopenssl.nearer.version == "23.2.0"
    assert "!=40.0.1" in pyopenssl.nearer.requires


def test_trustme_is_built_against_the_private_cryptography(found):
    """Its metadata accept cryptography 40, so the version stays; that 1.2 does not work with it shows in the build."""
    for name in ("ceph", "ceph-at-40-0-1"):
        assert [(one.project, one.version, one.against) for one in found[name].private.rebuilds] == [
            ("trustme", "1.2.1", ("cryptography",))
        ]


def test_the_set_would_pay_with_every_one_of_them(found):
    one = found["ceph"]
    moved = {each.project: (each.together, each.without) for each in one.in_set.moved}
    assert moved == {
        "bcrypt": ("4.0.1", "4.3.0"),
        "cryptography": ("40.0.2", "45.0.4"),
        "kubernetes": ("18.20.0", "33.1.0"),
        "pyopenssl": ("23.2.0", "25.1.0"),
    }
    assert one.verdict == "vendor"
    assert one.private.proven
