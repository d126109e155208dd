"""Dates that the calendar does not have: 2月30日, 2021年13月."""

from __future__ import annotations

import calendar
import re
from typing import NamedTuple

_DATE = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?")
_LEAP_YEAR = 2000


class NoSuchDay(NamedTuple):
    """The part of a date that cannot be: its digits and where its unit ends, counted from where the date begins."""

    start: int
    stop: int
    end: int
    most: int
    unit: str


def no_such_day(text: str) -> NoSuchDay | None:
    """What is wrong with the date that a text begins with; None where it is a day or month of the calendar.

    A 29 February without its year may be one.
    """
    m = _DATE.match(text)
    if not m or not (m["year"] or m["day"]):
        return None
    month = int(m["month"])
    if month > 12:
        return NoSuchDay(*m.span("month"), m.end("month") + 1, 12, "月")
    if not month:
        return None
    most = calendar.monthrange(max(int(m["year"] or _LEAP_YEAR), 1), month)[1]
    if int(m["day"] or 0) > most:
        return NoSuchDay(*m.span("day"), m.end("day") + 1, most, "日")
    return None
