"""When is it this time of day, or that day? How users write times and amounts, as numbers."""

import datetime as dt
import re

from dataset.records import Timestamp
from normalize.errors import UsageError

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def until(text: str, now: dt.datetime) -> float:
    """Return the seconds since 1970 of a time: ``HH:MM`` is the next such time of the user's clock, else ISO 8601.

    Raises:
        UsageError: it is neither, or has passed.

    >>> until("2026-05-01T06:00:00Z", dt.datetime(2026, 4, 30, tzinfo=dt.UTC))
    1777615200.0
    """
    found: dt.datetime | None
    if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text):
        hours, minutes = map(int, text.split(":"))
        found = now.astimezone().replace(hour=hours, minute=minutes, second=0, microsecond=0)
        if found <= now:
            found += dt.timedelta(days=1)
    else:
        try:
            found = dt.datetime.fromisoformat(text).astimezone()
        except (ValueError, OverflowError):
            found = None
    hint = "write it as 06:30, or as 2026-07-15T06:30:00Z"
    if found is None:
        raise UsageError(f"{text!r} is not a time", hint=hint)
    if found <= now:
        raise UsageError(f"{text!r} has passed", hint=hint)
    return found.timestamp()


def since(text: str) -> Timestamp:
    """Return the beginning of a day.

    Raises:
        UsageError: it is none.

    >>> since("2026-01-31")
    '2026-01-31T00:00:00Z'
    """
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except ValueError:
        raise UsageError(f"{text!r} is not a day", hint="write it as 2026-07-15") from None
    return Timestamp(day.strftime("%Y-%m-%dT%H:%M:%SZ"))


def amount(text: str) -> int:
    """Return a number of bytes.

    Raises:
        UsageError: it is none.

    >>> amount("200M")
    200000000
    """
    match = re.fullmatch(r"(\d{1,12})([kmg]?)b?", text.strip().lower())
    if match is None or not int(match[1]):
        raise UsageError(f"{text!r} is not a number of bytes", hint="write it as 500k, 200M or 2G")
    return int(match[1]) * _UNITS[match[2]]
