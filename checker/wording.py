"""Figures and periods as people say them, in Chinese and English; the words stand in rules/vocabulary/wording.yaml."""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date
from decimal import Decimal

from checker.vocabulary import words

_WHOLE_MONTHS = {
    (1, 12): "year", (1, 6): "half1", (7, 12): "half2", (1, 9): "three_quarters",
    (1, 3): "quarter1", (4, 6): "quarter2", (7, 9): "quarter3", (10, 12): "quarter4",
}  # fmt: skip
_MAGNITUDES = {1: "", 10**3: "千", 10**4: "万", 10**8: "亿"}


def in_magnitude(factor: Decimal | float, unit: str) -> str | None:
    """A unit with the character for how many of it are meant: 万元 for 10000; None for what no character says."""
    sign = _MAGNITUDES.get(int(factor)) if factor == int(factor) else None
    return None if sign is None else sign + unit


def said(text: str, ahead: str) -> str:
    """A figure with the word for its direction, unless it begins with a word or a sign of its own (亏损3.2亿元)."""
    return ahead + text if text[:1].isdigit() else text


def direction(value: Decimal | float, attribute: str, dimension: str, metric: str, lang: str) -> str:
    """What to say in front of a figure of this kind: 下降 for growth below zero, a minus sign for any other amount.

    Nothing for zero, and for an amount that only says how much there is.
    """
    if not value or math.isnan(value):
        return ""
    for entry in words("wording")["directions"]:
        dimensions, ends = entry.get("dimension", dimension), tuple(entry.get("metric", [""]))
        if (entry["attribute"], dimensions) == (attribute, dimension) and metric.endswith(ends):
            return str(entry["up" if value > 0 else "down"][lang])
    return str(words("wording")["minus"]) if value < 0 else ""


def comes_whole(dimension: str) -> bool:
    """Whether there is no half of what is counted: people, companies, visits."""
    return dimension in words("wording")["whole"]


def day(when: date, lang: str) -> str:
    """2021年9月8日 / 8 September 2021."""
    return _say("day", lang, y=when.year, m=when.month, d=when.day, month=_month(when.month, lang))


def period(start: str | None, end: str | None, lang: str) -> str:
    """A period between two ISO dates as people write it: 2020年, 2016—2020年, 2021年上半年, 2021年1—11月.

    A date that is not one is shown as it stands.
    """
    try:
        first = date.fromisoformat(start) if start else None
        last = date.fromisoformat(end) if end else None
    except ValueError:
        return "/".join(part for part in (start, end) if part)
    if first and last:
        return _closed(first, last, lang)
    if last:
        return _say("until", lang, b=day(last, lang))
    return _say("since", lang, a=day(first, lang)) if first else _say("none", lang)


def _closed(first: date, last: date, lang: str) -> str:
    if first == last:
        return _say("year_end", lang, y=last.year) if (last.month, last.day) == (12, 31) else day(last, lang)
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1] or first > last:
        return _say("days", lang, a=day(first, lang), b=day(last, lang))
    return _say(
        _months(first, last), lang, y=first.year, y2=last.year, m=first.month, m2=last.month,
        month=_month(first.month, lang), month2=_month(last.month, lang),
    )  # fmt: skip


def _months(first: date, last: date) -> str:
    """The kind of a period of whole months."""
    months = (first.month, last.month)
    if first.year != last.year:
        return "years" if months == (1, 12) else "months_across"
    return _WHOLE_MONTHS.get(months, "month" if first.month == last.month else "months")


def _month(number: int, lang: str) -> str:
    return str(words("wording")["months"][lang][number - 1])


def _say(key: str, lang: str, **values: object) -> str:
    return str(words("wording")["periods"][key][lang]).format(**values)
