"""The day and the period that a document is of, and dates that the calendar does not have (2月30日, 2021年13月)."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from checker.extract.periods import Frame, Period, Periods, Phrase, between, find, mentions, years
from checker.extract.told import ASSUMED, DOCUMENT, Told
from checker.model import Document

_LEAP_YEAR = 2000
_FEW_YEARS = 5
# How much of a text tells its season, where it has no date; how long a headline is; how much tells its years.
_HEAD = 4000
_HEADLINE = 60
_MUCH = 30_000
_QUARTERS = (("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))


class NoSuchDay(NamedTuple):
    """The part of a date that cannot be: its digits and where its unit ends, counted from where the date begins."""

    start: int
    stop: int
    end: int
    most: int
    unit: str


def no_such_day(periods: Periods, text: str, start: int = 0, end: int | None = None) -> NoSuchDay | None:
    """What is wrong with the date that begins at an offset; None where it is a day or month of the calendar.

    A 29 February without its year may be one.
    """
    m = periods.date.match(text, start, len(text) if end is None else end)
    if not m or not (m["year"] or m["day"]):
        return None
    month = int(m["month"])
    if month > 12:
        return NoSuchDay(m.start("month") - start, m.end("month") - start, m.end("months") - start, 12, m["months"])
    if not month:
        return None
    most = calendar.monthrange(max(int(m["year"] or _LEAP_YEAR), 1), month)[1]
    if int(m["day"] or 0) > most:
        return NoSuchDay(m.start("day") - start, m.end("day") - start, m.end("days") - start, most, m["days"])
    return None


def assumed_day(document: Document, periods: Periods, phrases: Sequence[Phrase]) -> date | None:
    """The day that relative periods are read by: that of the document, or of one without a date what its years suggest.

    That is the year after one on which a headline near its beginning reports; or the latest year that it names more
    than once, with the first day of a month that stands near its beginning; None where it names no year. It is no
    date of the document, and nobody is shown it as one.
    """
    if document.date:
        return document.date
    for block in document.blocks:
        if block.start > _HEAD:
            break
        named = between(phrases, block.start, block.end) if block.end - block.start <= _HEADLINE else ()
        year = next((phrase for phrase in named if phrase.year), None)
        if year and periods.yearly.search(document.flat, year.end, block.end):
            return date(year.year + 1, 1, 1)
    counts = Counter(phrase.year for phrase in phrases if phrase.year)
    repeated = [year for year, count in counts.items() if count > 1 or len(counts) < _FEW_YEARS]
    if not repeated:
        return None
    first = next((p for p in phrases if p.start < _HEAD and not p.year and p.form.covers == "day"), None)
    found = next(mentions([first], Frame(max(repeated))), None) if first else None
    return date.fromisoformat(found.period.end) if found else date(max(repeated), 1, 1)


def tells_of_now(document: Document, periods: Periods) -> bool:
    """Whether a company announces what has just come about (近日签订合同)."""
    return bool(document.organisation) and document.kind in periods.present_kinds


def subject_period(document: Document, periods: Periods, phrases: Sequence[Phrase], day: date | None) -> Told:
    """What the document as a whole is about: its reporting period, or else the period its text names most.

    A report on several years is read as one on the last of them: a figure without a year is seldom of all. One on a
    quarter tells of its year up to then.
    """
    if document.period_start and document.period_end:
        period = Period(document.period_start, document.period_end)
        if not period.one_year:
            period = years(period.year, period.year)
        elif (period.start[5:], period.end[5:]) in _QUARTERS:
            period = Period(f"{period.year:04d}-01-01", period.end)
        return Told(period, DOCUMENT, document.title)
    back = day is not None and day.month <= periods.looking_back_until and not tells_of_now(document, periods)
    fallback = (day.year - back) if day else 1
    frame = Frame(fallback, day, firm=False, dated=document.date is not None, season=periods.looking_back_until)
    title = re.sub(r"\s", "", document.title)
    for mention in mentions(find(periods, title), frame):
        return Told(mention.period, DOCUMENT, title[mention.start : mention.end])
    votes = Counter(
        mention.period
        for mention in mentions(between(phrases, 0, _MUCH), frame)
        if not mention.compared and not mention.period.point and mention.period.whole_years and mention.period.known
    )
    if votes:
        return Told(max(votes, key=lambda period: (votes[period], period)), ASSUMED)
    return Told(years(fallback, fallback), ASSUMED)
