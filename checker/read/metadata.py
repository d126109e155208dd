"""What a document says of itself, read off its text where nobody has said."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from checker.model import Origin, Table
from checker.read.assemble import Laid
from checker.read.dates import find_date, season
from checker.read.page import BEGINNING, Page, page
from checker.read.reporting import named, reporting_period
from checker.read.titles import clean, kind_of
from checker.read.whose import find_company, find_place, find_publisher
from checker.read.wording import INFERRED, NOTHING, STATED, Found, compiled, data

# A document is a table when so much of it stands in tables.
_MOSTLY = 0.6
_LINE_END = re.compile("\r\n|\n|\r")
# Digits of full width, as titles print years.
_ASCII = {ord("０") + digit: str(digit) for digit in range(10)}
FIELDS = ("title", "date", "place", "publisher", "organisation", "kind", "period")


def describe(text: str, laid: Laid, said: Mapping[str, Found], file: Mapping[str, Any]) -> dict[str, Found]:
    """Each of FIELDS, as people have said it, or as it is read off a text.

    `file` is what the file says of itself beside its text: title, date and publisher, where its format has them.
    """
    head = page(text, laid)
    title = said.get("title") or _title(head, str(file.get("title") or ""))
    name = (title.value or "").translate(_ASCII)
    kind, entry = _kind(head, name, said.get("kind"))
    day = said.get("date") or find_date(head) or _of_file(_day(str(file.get("date") or "")))
    known = day.value if day else None
    period = said.get("period") or reporting_period(head, name, entry, known)
    reading = named(name)
    day = day or season(name, entry, reading[0]["covers"] if reading else "")
    company = said.get("organisation") or find_company(head, name, entry)
    place = said.get("place") or (None if company else find_place(head, name, entry))
    publisher = said.get("publisher") or find_publisher(head) or _of_file(file.get("publisher"))
    found = (title, day, place, publisher, company, kind, period)
    return {field: each or NOTHING for field, each in zip(FIELDS, found, strict=True)}


def _of_file(value: Any) -> Found | None:
    return Found(value, INFERRED, "file", str(value)) if value else None


def _title(head: Page, hint: str) -> Found:
    """The line that reads most like a title, unless only what the file calls itself names a kind of report."""
    hint, _ = clean(hint)
    line = head.title
    if hint and (line is None or (kind_of(hint) and not kind_of(line.text))):
        return Found(hint, STATED, "file", hint)
    if line is None:
        return NOTHING
    return Found(
        line.text, STATED if kind_of(line.text) else INFERRED, "head", line.text, head.lines[line.first].source
    )


def _kind(head: Page, title: str, said: Found | None) -> tuple[Found, dict[str, Any]]:
    """The kind, and what documents.yaml tells of it."""
    for entry in data()["kinds"]:
        if said and said.value == entry["kind"]:
            return said, entry
        if not said and (m := compiled(entry["title"]["pattern"]).search(title)):
            return Found(entry["kind"], STATED, "title", m[0]), entry
    for entry in data()["kinds"]:
        if "says" not in entry:
            continue
        pattern = compiled(entry["says"]["pattern"])
        for m in head.finditer(pattern, head.start, head.start + BEGINNING):
            return Found(entry["kind"], INFERRED, "text", m[0], head.source(m)), entry
        if entry["says"].get("anywhere") and (found := pattern.search(head.flat)):
            at = head.whole.offsets.source(found.start())
            return Found(entry["kind"], INFERRED, "text", found[0], at), entry
    if not said and _tabular(head.whole):
        return Found("table", INFERRED, "text"), {"about": "title"}
    return said or NOTHING, {"about": "title"}


def _tabular(laid: Laid) -> bool:
    """Whether most of what a document holds stands in tables."""
    inside = sum(block.end - block.start for block in laid.blocks if isinstance(block, Table))
    return inside > _MOSTLY * len(laid.flat)


def said(front: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Found]:
    """What people say of a document in front matter and, which counts more, in manifests."""
    given = {field: Found(value, STATED, "front matter") for field, value in front.items() if value}
    return given | {field: Found(value, STATED, "manifest") for field, value in known.items() if value}


def described(text: str, laid: Laid, given: Mapping[str, Found], file: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Document that say what it is, and how each was filled."""
    about = describe(text, laid, given, file)
    period_start, period_end = about["period"].value or (None, None)
    return {
        **{field: about[field].value or "" for field in ("title", "place", "kind", "publisher", "organisation")},
        "date": about["date"].value,
        "note": given["note"].value if "note" in given else "",
        "inferred": tuple(field for field in ("title", "date", "place") if field not in given),
        "period_start": period_start,
        "period_end": period_end,
        "origins": tuple(
            Origin(field, found.sure, found.how, found.text, _line(text, found.source))
            for field, found in about.items()
        ),
    }


def _line(text: str, source: int | None) -> int | None:
    return None if source is None else len(_LINE_END.findall(text, 0, source)) + 1


def _day(value: str) -> date | None:
    """The day that a file gives as its date; None where it gives none that is real."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def parse_date(value: str) -> date:
    """A date as people write it in a manifest: 2021-01-16, 2021-01 or 2021. ValueError otherwise."""
    parts = [int(part) for part in re.split("[-/.]", value.strip())]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


@lru_cache(maxsize=256)
def parse_period(value: str) -> tuple[str, str]:
    """First and last day of 2020, 2018-05, 2018-01/2018-05 or 2018-01-01/2018-05-31. ValueError otherwise."""
    first, _, last = value.partition("/")
    start, end = parse_date(first), _last_day(last or first)
    if start > end:
        raise ValueError(value)
    return start.isoformat(), end.isoformat()


def _last_day(value: str) -> date:
    day = parse_date(value)
    named = len(re.split("[-/.]", value.strip()))
    if named == 1:
        return day.replace(month=12, day=31)
    return day if named > 2 else day.replace(day=calendar.monthrange(day.year, day.month)[1])
