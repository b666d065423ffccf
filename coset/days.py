"""When does a day that a user names begin?"""

import datetime as dt

from dataset.records import Timestamp
from normalize.errors import UsageError


def first_moment(text: str) -> Timestamp:
    """Return the first moment of a day such as ``2026-07-15``, in UTC.

    Raises:
        UsageError: it is no day.
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise UsageError(f"{text!r} is not a day", hint="write it as 2026-07-15")
    return Timestamp(f"{text}T00:00:00Z")
