"""The patterns of rules/vocabulary/documents.yaml, compiled, and the days and periods that they read."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from checker.vocabulary import words

# How sure an answer is.
STATED, INFERRED, UNKNOWN = "stated", "inferred", "unknown"

_GROUP = re.compile(r"\(\?P<(\w+)>")


def data() -> dict[str, Any]:
    """What documents.yaml holds."""
    return words("documents")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of documents.yaml with its pieces in place; a group that comes up again is numbered (y, y_1)."""
    for name in ("date", "month", "office", "year"):
        pattern = pattern.replace(f"{{{name}}}", f"(?:{data()[name]['pattern']})")
    pattern = pattern.replace("{numeral}", "".join(data()["digits"]))
    seen: dict[str, int] = {}

    def numbered(m: re.Match[str]) -> str:
        seen[m[1]] = seen.get(m[1], -1) + 1
        return f"(?P<{m[1]}_{seen[m[1]]}>" if seen[m[1]] else m[0]

    return re.compile(_GROUP.sub(numbered, pattern))


def reader(*names: str) -> re.Pattern[str]:
    """The pattern under these keys of documents.yaml."""
    entry = data()
    for name in names:
        entry = entry[name]
    return compiled(str(entry["pattern"]))


def part(m: re.Match[str], name: str) -> str:
    """What stands in a group, or in the one of its numbered copies that took part."""
    return next((text for key, text in m.groupdict().items() if key.split("_")[0] == name and text), "")


def number(text: str) -> int:
    """2020, 二〇二〇 or 二十三 as a number; 0 for nothing."""
    if text.isascii():
        return int(text or 0)
    digits = [data()["digits"].get(character, 0) for character in text]
    if 10 not in digits:
        return int("".join(map(str, digits)))
    tens = digits.index(10)
    return (digits[0] if tens else 1) * 10 + (digits[-1] if digits[-1] != 10 else 0)


def day(m: re.Match[str]) -> date | None:
    """The day that a match names, the first of the month where it names only that; None where there is no such day."""
    try:
        return date(number(part(m, "y")), number(part(m, "m")), number(part(m, "d")) or 1)
    except ValueError:
        return None


def span(covers: str, m: re.Match[str], year: int) -> tuple[str, str] | None:
    """First and last day of a period of documents.yaml; `year` is taken where the match names none."""
    year = number(part(m, "y")) or year
    month, last, quarter = (number(part(m, name)) for name in ("m", "m2", "q"))
    if covers == "plan":
        first = 2001 + 5 * number(part(m, "p"))
        return f"{first}-01-01", f"{first + 4}-12-31"
    if covers == "years":
        end = number(part(m, "y2"))
        return (f"{year}-01-01", f"{end}-12-31") if year < end < year + 100 else None
    months = {
        "year": (1, 12),
        "half1": (1, 6),
        "half2": (7, 12),
        "quarter": (3 * quarter - 2, 3 * quarter),
        "quarters": (1, 3 * quarter),
        "month": (month, month),
        "months": (month or 1, last),
    }[covers]
    return _months(year, *months)


def _months(year: int, first: int, last: int) -> tuple[str, str] | None:
    if not (1 <= first <= last <= 12 and year):
        return None
    return f"{year}-{first:02d}-01", f"{year}-{last:02d}-{calendar.monthrange(year, last)[1]}"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about a document: the value, how sure, how, the words that say so and where they stand."""

    value: Any
    sure: str = UNKNOWN
    how: str = ""
    text: str = ""
    source: int | None = None


NOTHING = Found(None)
