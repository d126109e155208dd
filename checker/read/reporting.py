"""The reporting period of a document: what its title says, or what documents of its kind look back on."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

from checker.read.page import BEGINNING, Page
from checker.read.titles import Line
from checker.read.wording import INFERRED, STATED, Found, compiled, data, number, part, reader, span

# A document dated this late in a year looks back on that year.
_LATE = 11
# The month up to which one looks back on the year before, and how far from its beginning a sentence names a period.
_EARLY, _OPENING = 6, 12

Named = tuple[dict[str, Any], re.Match[str]]


def named(title: str) -> Named | None:
    """The first pattern for a period that reads a title, with what it reads."""
    for entry in data()["periods"]:
        if m := compiled(entry["pattern"]).search(title):
            return entry, m
    return None


def reporting_period(page: Page, title: str, kind: dict[str, Any], day: date | None) -> Found | None:
    """First and last day of what a document reports on."""
    found = _headed(page, kind) if kind["about"] == "before" else None
    found = found or _titled(title, kind, day) or _opening(page, kind, day) or _headed(page, kind) or _season(kind, day)
    found = found or _most_stated(page, kind)
    return (_term(page, kind, found) or found) if found else None


def _titled(title: str, kind: dict[str, Any], day: date | None) -> Found | None:
    reading = named(title)
    if not reading or not ("kind" in kind or part(reading[1], "m") or part(reading[1], "q")):
        return None
    entry, m = reading
    stated = number(part(m, "y"))
    if entry["covers"] == "year" and kind["about"] == "before":
        # 2020年工作报告 of February 2021 is about 2020.
        if day and day.year > stated:
            return Found(_year(stated), STATED, "title", m[0])
        return Found(_year(stated - 1), INFERRED, "title", m[0])
    period = _ended(entry, m, stated, day)
    sure = STATED if stated or entry["covers"] == "plan" else INFERRED
    return Found(period, sure, "title", m[0]) if period else None


def _ended(entry: dict[str, Any], m: re.Match[str], stated: int, day: date | None) -> tuple[str, str] | None:
    """The days a phrase covers; without a year those that ended last before the document came out."""
    if stated or entry["covers"] == "plan":
        return span(entry["covers"], m, stated)
    if day is None:
        return None
    period = span(entry["covers"], m, day.year)
    return span(entry["covers"], m, day.year - 1) if period and period[1] > day.isoformat() else period


def _opening(page: Page, kind: dict[str, Any], day: date | None) -> Found | None:
    """The part of a year that the first sentence of a release opens with."""
    body: Line | None = next((line for line in page.below if line.is_prose), None)
    if body is None or kind.get("opens") is None:
        return None
    for entry in data()["periods"]:
        m = compiled(entry["pattern"]).search(body.text)
        if m and m.start() < _OPENING and entry["covers"] not in ("year", "years", "plan"):
            period = _ended(entry, m, number(part(m, "y")), day)
            return Found(period, INFERRED, "text", m[0], body.source) if period else None
    return None


def _headed(page: Page, kind: dict[str, Any]) -> Found | None:
    """The year that a heading near the beginning looks back on (一、2025年工作回顾)."""
    if not kind.get("yearly"):
        return None
    for m in page.finditer(reader("looks_back"), page.start, page.start + BEGINNING):
        return Found(_year(number(part(m, "y"))), STATED, "text", m[0].strip(), page.source(m))
    return None


def _most_stated(page: Page, kind: dict[str, Any]) -> Found | None:
    """The year at whose end a text states most."""
    if not kind.get("yearly"):
        return None
    named = Counter(number(part(m, "y")) for m in reader("year_end").finditer(page.flat))
    year = max(named, key=lambda year: (named[year], year), default=0)
    return Found(_year(year), INFERRED, "text", str(year)) if named[year] > 1 else None


def _year(year: int) -> tuple[str, str]:
    return f"{year}-01-01", f"{year}-12-31"


def _season(kind: dict[str, Any], day: date | None) -> Found | None:
    """The year that documents of a kind look back on at the time of their date."""
    if day is None or not kind.get("yearly"):
        return None
    if kind.get("until", _EARLY) < day.month < _LATE:
        return None
    year = day.year - (day.month < _LATE)
    return Found(_year(year), INFERRED, "date", day.isoformat())


def _term(page: Page, kind: dict[str, Any], found: Found) -> Found | None:
    """Five years up to the one found, where a government reports at the end of its term."""
    if "term" not in kind:
        return None
    pattern = compiled(kind["term"]["pattern"])
    for m in page.finditer(pattern, page.start, page.start + BEGINNING // 2):
        year = int(found.value[1][:4])
        return Found((f"{year - 4}-01-01", found.value[1]), INFERRED, "text", m[0], page.source(m))
    return None
