"""When a document was published or read out."""

from __future__ import annotations

from datetime import date
from typing import Any

from checker.read.page import Page
from checker.read.titles import breaks
from checker.read.wording import INFERRED, STATED, Found, compiled, data, day, number, part, reader


def find_date(page: Page) -> Found | None:
    """The day that a text gives for itself: of a meeting, below its title, of its signature, of its posting."""
    return (
        _dateline(page, page.start, page.end, ("meeting", "adopted", "line", "masthead"))
        or _signature(page)
        or _dateline(page, page.start, page.end, ("label", "posted", "sentence"))
        or _dateline(page, 0, page.start, ("label", "masthead"))
        or _month(page)
    )


def _dateline(page: Page, start: int, end: int, hows: tuple[str, ...]) -> Found | None:
    for entry in data()["datelines"]:
        if entry["how"] in hows:
            for m in page.finditer(compiled(entry["pattern"]), start, end):
                if (found := day(m)) and not (entry["how"] == "line" and _runs_on(page, m.start())):
                    return Found(found, STATED, entry["how"], m[0].strip(), page.source(m))
    return None


def _runs_on(page: Page, at: int) -> bool:
    """Whether the line in front of an offset breaks in mid-sentence."""
    return breaks(page.text[:at].rstrip("\n").rsplit("\n", 1)[-1])


def _signature(page: Page) -> Found | None:
    """The last day that stands on a line of its own."""
    for before, line in zip(reversed(page.tail[:-1]), reversed(page.tail[1:]), strict=True):
        m = reader("signature").search(line.text)
        if m and (found := day(m)) and not breaks(before.text):
            return Found(found, STATED, "signature", m[0].strip(), line.source)
    return None


def _month(page: Page) -> Found | None:
    for m in page.finditer(reader("month_line"), page.start, page.end):
        if found := day(m):
            return Found(found, INFERRED, "line", m[0].strip(), page.source(m))
    return None


def season(title: str, entry: dict[str, Any], covers: str) -> Found | None:
    """When documents of a kind come out, by the year in the title, where that is all it names."""
    m = compiled("{year}(?=年)").search(title)
    if not m or "published" not in entry or covers != "year":
        return None
    months = entry["published"] - 1
    first = date(number(part(m, "y")) + months // 12, months % 12 + 1, 1)
    return Found(first, INFERRED, "season", m[0])
