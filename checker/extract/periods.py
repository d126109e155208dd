"""What days a figure covers: explicit phrases, and the year the passage or the document is about."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from checker.model import Document
from checker.vocabulary import any_of, words

_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "十一": 11, "十二": 12}
_YEAR = re.compile(r"(20\d\d|19\d\d)(?=年|[,，])")
_MONTH_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_FEW_YEARS = 5
_BASE = re.compile(r"的[约近超]?\d[\d.]*倍")
_PLANS = {"十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}


class Period(NamedTuple):
    """First and last day, ISO; `point` marks a state on the last day."""

    start: str
    end: str
    point: bool = False

    @property
    def known(self) -> bool:
        """Whether it is more than that nothing is known: no document tells of the first century."""
        return self.year > 1000

    @property
    def year(self) -> int:
        return int(self.end[:4])

    @property
    def first_year(self) -> int:
        return int(self.start[:4])

    @property
    def one_year(self) -> bool:
        return self.start[:4] == self.end[:4]

    @property
    def whole_years(self) -> bool:
        return self.start.endswith("01-01") and self.end.endswith("12-31")

    def in_year(self, year: int) -> Period:
        """The same days of another year."""
        return Period(f"{year:04d}{self.start[4:]}", f"{year:04d}{self.end[4:]}", self.point)


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that names a period: where it stands, and whether figures are only compared with it.

    `relative` ones leave the year to the passage (上半年); `inner` ones concern only the figure right behind them.
    """

    start: int
    end: int
    period: Period
    compared: bool
    relative: bool
    inner: bool


@lru_cache(maxsize=1)
def _phrases() -> tuple[re.Pattern[str], list[dict[str, Any]], list[list[tuple[str, str]]]]:
    """One pattern for all phrases, the phrases, and for each the names of its parts with their groups in the pattern.

    Group `_i` says which phrase matched; `y_i` and so on hold its parts.
    """
    data = words("periods")
    entries = data["periods"]
    named = [re.findall(r"\(\?P<(\w+)>", entry["pattern"]) for entry in entries]
    parts = [re.sub(r"\(\?P<(\w+)>", rf"(?P<\g<1>_{i}>", entry["pattern"]) for i, entry in enumerate(entries)]
    alternatives = "|".join(f"(?P<_{i}>{part})" for i, part in enumerate(parts))
    groups = [[(name, f"{name}_{i}") for name in names] for i, names in enumerate(named)]
    begins = rf"(?=[{data['starts']}])(?=\D|\d{{1,4}}[{data['after_digits']}])"
    return re.compile(f"{begins}(?:{alternatives})"), entries, groups


@lru_cache(maxsize=1)
def _context() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = words("periods")
    return (
        re.compile(any_of(data["compared"]) + "$"),
        re.compile(any_of(data["not_periods"])),
    )


def mentions(text: str, start: int, end: int, about: int, day: date | None) -> Iterator[Mention]:
    """Every period phrase between two offsets, read with Y = `about` and D = the year of `day`."""
    pattern, entries, groups = _phrases()
    compared, not_periods = _context()
    for m in pattern.finditer(text, start, end):
        index = int((m.lastgroup or "_0")[1:])
        entry = entries[index]
        against = bool(compared.search(text, max(0, m.start() - 4), m.start()) or _BASE.match(text, m.end()))
        # 较2019年同期增长: the same days of that year, which the growth is over
        same_days = against and m[0][0].isdigit() and text.startswith("同期", m.end())
        if not_periods.match(text, m.end()) and not same_days:
            continue
        parts = {name: m[group] for name, group in groups[index]}
        period = resolve(entry, parts.get, about, day)
        if period is not None:
            # 2009年12月份…，11月份: a month without its year is of the year just named
            about = period.year if not entry.get("year") and period.one_year else about
            yield Mention(
                m.start(), m.end(), period, against, entry.get("year", "")[:1] == "Y", entry.get("inner", False)
            )


def resolve(entry: dict[str, Any], part: Callable[[str], str | None], about: int, day: date | None) -> Period | None:
    """The period that a phrase of periods.yaml stands for; None where it names no real one."""
    year = int(part("y") or 0) or _relative_year(entry.get("year", "Y"), about, day)
    point = entry.get("point", False)
    number = {name: _number(part(name)) for name in ("m", "d", "m2", "q", "n")}
    try:
        return _COVERS[entry["covers"]](year, number, part, point, about, day)
    except (ValueError, KeyError, TypeError):
        return None


def _relative_year(text: str, about: int, day: date | None) -> int:
    base = about if text[0] == "Y" or day is None else day.year
    return base + int(text[1:] or 0)


def _number(text: str | None) -> int:
    if text is None:
        return 0
    return int(text) if text.isdigit() else _NUMERALS[text]


def _months(year: int, first: int, last: int, point: bool = False) -> Period:
    end = date(year, last, calendar.monthrange(year, last)[1]).isoformat()
    return Period(end if point else date(year, first, 1).isoformat(), end, point)


def _day(year: int, month: int, dom: int, point: bool) -> Period:
    iso = date(year, month, dom).isoformat()
    return Period(iso, iso, point)


def _window(count: int, about: int, day: date | None) -> Period | None:
    """`count` years up to now: whole years, up to the year before in a report that looks back early in a year."""
    if not 2 <= count <= 70:
        return None
    late = day is not None and day.month > words("periods")["looking_back_until"] and day.year >= about
    last = day.year if late and day else about
    return years(last - count + (0 if late else 1), last)


def years(first: int, last: int, point: bool = False) -> Period:
    """Whole years."""
    return _months(last, 12, 12, True) if point else Period(f"{first:04d}-01-01", f"{last:04d}-12-31")


_COVERS: dict[str, Callable[..., Period | None]] = {
    "year": lambda y, n, part, point, about, day: years(y, y, point),
    "years": lambda y, n, part, point, about, day: years(y, int(part("y2"))) if y < int(part("y2")) < y + 100 else None,
    "half1": lambda y, n, part, point, about, day: _months(y, 1, 6),
    "half2": lambda y, n, part, point, about, day: _months(y, 7, 12),
    "quarter": lambda y, n, part, point, about, day: _months(y, 3 * n["q"] - 2, 3 * n["q"]),
    "quarters": lambda y, n, part, point, about, day: _months(y, 1, 3 * n["q"]),
    "month": lambda y, n, part, point, about, day: _months(y, n["m"], n["m"], point),
    "months": lambda y, n, part, point, about, day: _months(y, n["m"] or 1, n["m2"]),
    "day": lambda y, n, part, point, about, day: _day(y, n["m"], n["d"], point),
    "since": lambda y, n, part, point, about, day: years(y, max(y, about)),
    "plan": lambda y, n, part, point, about, day: years(_PLANS[part("p")], _PLANS[part("p")] + 4),
    "window": lambda y, n, part, point, about, day: _window(n["n"], about, day),
}


# How much of a text tells its season, where it has no date.
_HEAD = 4000
_HEADLINE = 60


def assumed_day(document: Document) -> date | None:
    """The day that relative periods are read by: that of the document, or of one without a date what its years suggest.

    That is the year after one on which a headline near its beginning reports; or the latest year that it names more
    than once, with the first day of a month that stands near its beginning; None where it names no year. It is no
    date of the document, and nobody is shown it as one.
    """
    if document.date:
        return document.date
    for block in document.blocks:
        line = document.flat[block.start : block.end] if block.end - block.start <= _HEADLINE else ""
        if block.start > _HEAD:
            break
        year = _YEAR.search(line)
        if year and re.search(any_of(words("periods")["yearly"]), line[year.end() :]):
            return date(int(year[1]) + 1, 1, 1)
    named = Counter(int(year) for year in _YEAR.findall(document.flat))
    repeated = [year for year, count in named.items() if count > 1 or len(named) < _FEW_YEARS]
    if not repeated:
        return None
    first = _MONTH_DAY.search(document.flat, 0, _HEAD)
    try:
        return date(max(repeated), *(int(part) for part in first.groups())) if first else date(max(repeated), 1, 1)
    except ValueError:
        return date(max(repeated), 1, 1)


def subject_period(document: Document) -> Period:
    """What the document as a whole is about: its reporting period, or else the period its text names most.

    A report on several years is read as one on the last of them: a figure without a year is seldom of all. One on the
    last quarter tells of its year.
    """
    day = assumed_day(document)
    if document.period_start and document.period_end:
        period = Period(document.period_start, document.period_end)
        last_quarter = period.start.endswith("-10-01") and period.end.endswith("-12-31")
        return period if period.one_year and not last_quarter else years(period.year, period.year)
    fallback = (day.year - (day.month <= words("periods")["looking_back_until"])) if day else 1
    title = re.sub(r"\s", "", document.title)
    for mention in mentions(title, 0, len(title), fallback, day):
        return mention.period
    votes: Counter[Period] = Counter()
    flat = document.flat[:30000]
    for mention in mentions(flat, 0, len(flat), fallback, day):
        if (
            not mention.compared
            and not mention.period.point
            and mention.period.start[5:] == "01-01"
            and mention.period.end[5:] == "12-31"
        ):
            votes[mention.period] += 1
    if votes:
        return max(votes, key=lambda period: (votes[period], period))
    return years(fallback, fallback)
