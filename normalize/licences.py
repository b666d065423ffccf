"""Which licence does a text name for certain? An SPDX expression in its canonical spelling, or none."""

from functools import lru_cache

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

_LONGEST = 200
_KEPT = 1_000


@lru_cache(_KEPT)
def spdx_expression(text: str) -> str | None:
    """Return an SPDX expression as SPDX spells it (PEP 639), or None where the text is none.

    >>> spdx_expression("mit OR apache-2.0"), spdx_expression("BSD"), spdx_expression("Apache License 2.0")
    ('MIT OR Apache-2.0', None, None)
    """
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        return canonicalize_license_expression(text)
    except (InvalidLicenseExpression, RecursionError, MemoryError):  # it is judged by Python's own parser
        return None
