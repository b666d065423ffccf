"""Which addresses does nixpkgs' ``meta`` give to people?"""

from typing import Any

from normalize.addresses import is_address


def meta_address(value: Any) -> str | None:
    """Return the address of ``meta.homepage`` or ``meta.changelog``, the first where there are several.

    What may not be linked is none: nixpkgs takes it from outside as well.
    """
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) and is_address(value) else None
