"""What days a figure covers: the phrases of a text that name periods, found in one pass, and what days they mean."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from checker.vocabulary import any_of

_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "〇": 0, "○": 0, "Ｏ": 0, "O": 0, "o": 0}
_TEN = "十"
# How far back the word stands that a period is compared by.
_REACH = 4
# A year of two digits is one of these around the year named in front of it.
_NEAR = 10
_FIRST_PLAN = 2001
_PLACEHOLDER = re.compile(r"\{(YY2|YY|Y2|Y|M2|M|m|D2|D|Q2|Q|N|P|-)\}")


class Period(NamedTuple):
    """First and last day, ISO; `point` marks a state on the last day."""

    start: str
    end: str
    point: bool = False

    @property
    def known(self) -> bool:
        """Whether it is more than that nothing is known: no document tells of the first century."""
        return self.end[:4] > "1000"

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
        """The same days, ending in another year."""
        last = _moved(self.end, year)
        return Period(_moved(self.start, year - self.year + self.first_year), last, self.point)

    def at_end(self) -> Period:
        """The state at its end."""
        return Period(self.end, self.end, True)

    def holds(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end


class Frame(NamedTuple):
    """What phrases are read by.

    `year` is the year the passage is about, and `firm` says that it is known rather than guessed; `day` the day of the
    document, and `dated` says the same of it. `period` is that of the figures around, `fiscal` the month and day on
    which business years end, `season` the month up to which reports look back on the year before.
    """

    year: int
    day: date | None = None
    firm: bool = True
    dated: bool = True
    period: Period | None = None
    fiscal: tuple[int, int] | None = None
    season: int = 6


@dataclass(frozen=True, slots=True)
class Form:
    """An entry of periods.yaml; `pattern` is its own, for the parts of a phrase that it has found.

    It is compiled once there is such a phrase: most texts have few of the forms.
    """

    pattern: str
    covers: str = "year"
    year: str = ""
    point: bool = False
    reach: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class Periods:
    """The vocabulary of periods: one pattern for all phrases, whose groups are the forms in their order."""

    pattern: re.Pattern[str]
    forms: tuple[Form, ...]
    years: range
    until: int
    compared: tuple[str, ...]
    not_behind: tuple[str, ...]
    base: re.Pattern[str]
    date: re.Pattern[str]
    fiscal_end: re.Pattern[str]
    yearly: re.Pattern[str]
    in_order: re.Pattern[str]
    joins: re.Pattern[str]
    rises: re.Pattern[str]
    reaches: re.Pattern[str]
    from_end: re.Pattern[str]
    from_on: re.Pattern[str]
    and_others: re.Pattern[str]
    of: re.Pattern[str]
    average: str
    looking_back_until: int
    plans_until: int
    planning_kinds: frozenset[str]
    present_kinds: frozenset[str]


class Phrase(NamedTuple):
    """Where a phrase stands; the form of its year or stretch and of the part of a year; the numbers it is made of."""

    start: int
    end: int
    form: Form
    part: Form | None
    values: dict[str, str]
    compared: bool
    until: bool

    @property
    def year(self) -> int:
        """The year that it prints in full; 0 where it prints none."""
        return _year(self.values["Y"]) if "Y" in self.values else 0


class Mention(NamedTuple):
    """A phrase with the days it stands for, and whether figures are only compared with it.

    `named` ones print their year, `relative` ones leave it to the passage (上半年), `guessed` ones to a year that is
    not known. `reach` is how far it holds, where that is not for its sentence; `each` are the periods it is made of,
    for figures told in order; `day` marks a date, which holds for no more than its sentence.
    """

    start: int
    end: int
    period: Period
    compared: bool
    named: bool
    relative: bool
    guessed: bool
    reach: str
    each: tuple[Period, ...]
    day: bool


def compile_periods(data: dict[str, Any]) -> Periods:
    """The vocabulary of periods.yaml, compiled."""
    numbers = data["numbers"]
    stretches, years, parts = data["stretches"], data["years"], data["parts"]
    alone = [part for part in parts if part.get("alone", True)]
    plain = {id(entry): _plain(entry["pattern"], numbers) for entry in (*stretches, *years, *parts)}
    group = {name: "|".join(f"({plain[id(e)]})" for e in es) for name, es in (("s", stretches), ("y", years))}
    behind, single = ("|".join(f"({plain[id(e)]})" for e in es) for es in (parts, alone))
    pattern = (
        rf"(?={data['begins']})(?:{group['s']}|({data['until']})?"
        rf"(?:(?:{group['y']})(?:{data['joint']}(?:{behind})|(?!{data['year_alone_not']}))|{data['part_alone']}(?:{single})))"
    )
    forms = [_form(entry, numbers) for entry in stretches]
    until = len(forms) + 1
    forms += [Form(""), *(_form(entry, numbers) for entry in (*years, *parts, *alone))]
    return Periods(
        pattern=re.compile(pattern),
        forms=tuple(forms),
        years=range(until + 1, until + 1 + len(years)),
        until=until,
        compared=tuple(data["compared"]),
        not_behind=tuple(data["not_periods"]),
        base=re.compile(data["base"]["pattern"]),
        date=re.compile(data["date"]["pattern"]),
        fiscal_end=re.compile(data["fiscal_end"]["pattern"]),
        yearly=re.compile(any_of(data["yearly"])),
        average=data["average"],
        looking_back_until=data["looking_back_until"],
        plans_until=data["plans_until"],
        planning_kinds=frozenset(data["planning_kinds"]),
        present_kinds=frozenset(data["present_kinds"]),
        **{name: re.compile(entry["pattern"]) for name, entry in data["around"].items()},
    )


def _form(entry: dict[str, Any], numbers: dict[str, str]) -> Form:
    own = {name: entry[name] for name in ("covers", "year", "point", "reach", "short") if name in entry}
    return Form(_named(entry["pattern"], numbers), **own)


def _plain(pattern: str, numbers: dict[str, str]) -> str:
    """A pattern with its placeholders filled and no groups of its own."""
    filled = _PLACEHOLDER.sub(lambda m: f"(?:{numbers[m[1].rstrip('2')]})", pattern)
    return filled.replace("(?P<ends>", "(?:")


def _named(pattern: str, numbers: dict[str, str]) -> str:
    """A pattern with its placeholders filled by named groups; one that stands twice is numbered."""
    seen: dict[str, int] = {}

    def fill(m: re.Match[str]) -> str:
        if m[1] == "-":
            return f"(?:{numbers[m[1]]})"
        name = m[1].upper()
        seen[name] = seen.get(name, 0) + 1
        return f"(?P<{name}__{seen[name]}>{numbers[m[1].rstrip('2')]})"

    return _PLACEHOLDER.sub(fill, pattern)


# ---- finding


def find(periods: Periods, text: str) -> list[Phrase]:
    """Every phrase of a text that names a period."""
    phrases: list[Phrase] = []
    for m in periods.pattern.finditer(text):
        last = phrases[-1] if phrases else None
        # 比上年末和上年同期: what is compared with one of a list is compared with all of it
        listed = last is not None and last.compared and bool(periods.joins.fullmatch(text, last.end, m.start()))
        if phrase := _phrase(periods, m, text, listed):
            phrases.append(phrase)
    return phrases


def _phrase(periods: Periods, m: re.Match[str], text: str, listed: bool) -> Phrase | None:
    last = m.lastindex or 1
    named = next((i for i in periods.years if m.start(i) >= 0), last) if last > periods.until else last
    until = periods.until < last and m.start(periods.until) >= 0
    if text.startswith(periods.not_behind, m.end()):
        return None
    near = max(0, m.start() - _REACH)
    based = text.endswith(periods.compared, near, m.start()) or periods.base.match(text, m.end())
    against = listed or bool(based and not _leads(periods, text, near, m.start()))
    form, part = periods.forms[named - 1], periods.forms[last - 1] if last != named else None
    values = _values(form, text, m.start(named))
    if part:
        values |= _values(part, text, m.start(last))
    return Phrase(m.start(), m.end(), form, part, values, against, until)


def _leads(periods: Periods, text: str, near: int, start: int) -> bool:
    """Whether words lead from or to the amount of a period."""
    return bool(periods.from_end.search(text, near, start) or periods.reaches.search(text, near, start))


def _values(form: Form, text: str, at: int) -> dict[str, str]:
    pattern, groups = _with_groups(form.pattern)
    m = pattern.match(text, at)
    return {name: m[group] for name, group in groups if m[group]} if m else {}


@cache
def _with_groups(form: str) -> tuple[re.Pattern[str], tuple[tuple[str, int], ...]]:
    """The pattern of a form, and the names of the parts that it finds with their groups."""
    pattern = re.compile(form)
    return pattern, tuple((name.split("__")[0], group) for name, group in pattern.groupindex.items())


def between(phrases: Sequence[Phrase], start: int, end: int) -> Sequence[Phrase]:
    """The phrases of a text that lie between two offsets."""
    first = bisect_left(phrases, start, key=lambda phrase: phrase.start)
    last = bisect_left(phrases, end, lo=first, key=lambda phrase: phrase.start)
    return [phrase for phrase in phrases[first:last] if phrase.end <= end]


# ---- reading


def mentions(phrases: Sequence[Phrase], frame: Frame) -> Iterator[Mention]:
    """What days phrases stand for that follow each other in a sentence or title."""
    named = False
    last = len(phrases) - 1
    for i, phrase in enumerate(phrases):
        if phrase.form.short and not (named and abs(2000 + int(phrase.values["YY"]) - frame.year) <= _NEAR):
            continue
        period = resolve(phrase, frame)
        if period is None:
            continue
        mention = _mention(phrase, period, frame)
        yield mention
        if i == last:
            return
        named = named or "Y" in phrase.values or "YY" in phrase.values
        if not phrase.form.year and not mention.relative and period.one_year:
            # 2009年12月份…，11月份: a month without its year is of the year just named
            frame = frame._replace(year=period.year, firm=True)
        if not mention.compared and not mention.reach and period.known:
            frame = frame._replace(period=period)


def _mention(phrase: Phrase, period: Period, frame: Frame) -> Mention:
    form, part = phrase.form, phrase.part
    own = "Y" in phrase.values or "YY" in phrase.values
    year = form.year or ("Y" if form.covers not in _WITHOUT_YEAR else "")
    covers = part.covers if part else form.covers
    relative = not own and year[:1] == "Y"
    return Mention(
        phrase.start,
        phrase.end,
        period,
        phrase.compared,
        own,
        relative,
        (relative and not frame.firm) or (not own and year[:1] == "D" and not frame.dated),
        (part.reach if part else "") or form.reach,
        _each(period, covers, "ends" in phrase.values),
        covers == "day" and not period.point,
    )


_WITHOUT_YEAR = frozenset(
    [
        "plan",
        "plan_since",
        "within",
        "window",
        "year_to",
        "months_to",
        "between",
        "into_next",
        "years",
        "since",
        "school",
        "heating",
        "fiscal",
    ]
)


def resolve(phrase: Phrase, frame: Frame) -> Period | None:
    """The days that a phrase stands for; None where there are none."""
    form, part = phrase.form, phrase.part
    try:
        year = _year_of(phrase, frame)
        period = _COVERS[(part or form).covers](year, _Numbers(phrase.values), frame)
        today = frame.day.isoformat() if frame.day and phrase.until and not (form.year or phrase.year) else ""
        if period and today and period.end > today:
            # 截至12月21日, told in January
            period = period.in_year(int(today[:4]) - (period.end[4:] > today[4:]))
    except (ValueError, KeyError):
        return None
    if period is None:
        return None
    own = part or form
    ends = own.point or (phrase.until and own.covers in ("day", "month", "months", "quarter", "quarters"))
    return period.at_end() if ends else period


def _year_of(phrase: Phrase, frame: Frame) -> int:
    """The year of a phrase: as printed, or counted from that of the passage or of the document."""
    if phrase.year:
        return phrase.year
    if "YY" in phrase.values:
        return 2000 + int(phrase.values["YY"])
    form = phrase.form
    if form.year:
        passage = frame.period.year if frame.period and form.reach else frame.year
        return (passage if form.year[0] == "Y" or not frame.day else frame.day.year) + int(form.year[1:] or 0)
    if not frame.firm and frame.day and form.covers in _PARTS:
        return _latest(form.covers, _Numbers(phrase.values), frame.day)
    return frame.year


_PARTS = ("half1", "half2", "quarter", "quarters", "month", "months", "day")


def _latest(covers: str, numbers: _Numbers, day: date) -> int:
    """The year in which this part of a year was over last; a month or day may be running."""
    period = _COVERS[covers](day.year, numbers, Frame(day.year))
    begun = period is not None and (period.start if covers in ("month", "day") else period.end) <= day.isoformat()
    return day.year if begun else day.year - 1


class _Numbers(dict[str, str]):
    """The numbers that a phrase prints, by the names of their places in its pattern."""

    def count(self, name: str, default: int = 0) -> int:
        return _number(self[name]) if name in self else default


def _number(text: str) -> int:
    """A number in digits or in Chinese numerals up to 99."""
    if text.isdecimal():
        return int(text)
    if _TEN not in text:
        return _NUMERALS[text]
    tens, ones = text.split(_TEN)
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def _year(text: str) -> int:
    """A year in digits or in numerals that stand for them."""
    if text.isdecimal():
        return int(text)
    return int("".join(c if c.isdecimal() else str(_NUMERALS[c]) for c in text))


def _days(first: date, last: date) -> Period:
    return Period(first.isoformat(), last.isoformat())


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(year: int, first: int, last: int) -> Period | None:
    return _days(date(year, first, 1), _end(year, last)) if first <= last else None


def years(first: int, last: int) -> Period:
    """Whole years."""
    return Period(f"{first:04d}-01-01", f"{last:04d}-12-31")


# What no document tells of.
NOT_KNOWN = years(1, 1)


def _moved(day: str, year: int) -> str:
    """The same day of another year; the last of February stays that."""
    moved = f"{year:04d}{day[4:]}"
    return moved if day[5:] not in ("02-28", "02-29") else _end(year, 2).isoformat()


def _second_year(year: int, n: _Numbers, default: int) -> int:
    if "Y2" in n:
        return _year(n["Y2"])
    return year - year % 100 + int(n["YY2"]) if "YY2" in n else default


def _years(year: int, n: _Numbers, frame: Frame) -> Period | None:
    last = _second_year(year, n, year)
    return years(year, last) if year < last < year + 100 else None


def _between(year: int, n: _Numbers, frame: Frame) -> Period | None:
    first = date(year, n.count("M", 1), n.count("D", 1))
    month = n.count("M2", 12)
    later = year + ("M2" in n and month < first.month)
    until = _second_year(year, n, later)
    last = date(until, month, n.count("D2")) if "D2" in n else _end(until, month)
    return _days(first, last) if first < last else None


def _into_next(year: int, n: _Numbers, frame: Frame) -> Period:
    return _days(date(year, n.count("M"), 1), _end(year + 1, n.count("M2")))


def _since(year: int, n: _Numbers, frame: Frame) -> Period:
    """From a year on until a month, or until now: the end of what the passage is about, or the day of the document in
    its own year.
    """
    first = date(year, n.count("M", 1), 1).isoformat()
    if "M2" in n:
        return Period(first, _end(_second_year(year, n, frame.year), n.count("M2")).isoformat())
    if frame.day is None or year != frame.day.year or frame.day.month == 12:
        return Period(first, f"{max(year, frame.year):04d}-12-31")
    now = frame.period
    running = now is not None and now.year == year and first <= now.end < frame.day.isoformat()
    return Period(first, now.end if running and now else frame.day.isoformat())


def _plan(year: int, n: _Numbers, frame: Frame) -> Period:
    """The five years of a plan: of the tenth from 2001, of the eleventh from 2006."""
    first = _FIRST_PLAN + 5 * (_number(n["P"]) - 10)
    return years(first, first + 4)


def _plan_since(year: int, n: _Numbers, frame: Frame) -> Period:
    """From the first year of a plan up to the year that the passage is about, if that is one of it."""
    plan = _plan(year, n, frame)
    return years(plan.first_year, min(plan.year, max(frame.year, plan.first_year)))


def _within(year: int, n: _Numbers, frame: Frame) -> Period | None:
    """So many years, where the figures around cover just as many: those of a plan."""
    now = frame.period
    return now if now and now.whole_years and now.year - now.first_year + 1 == n.count("N") > 1 else None


def _window(year: int, n: _Numbers, frame: Frame) -> Period | None:
    """So many years up to now: whole years, up to the year before in a report that looks back early in a year."""
    count, now = n.count("N"), frame.period
    if not 2 <= count <= 70:
        return None
    if now and now.whole_years and now.year - now.first_year + 1 == count:
        return now
    late = frame.day is not None and frame.day.month > frame.season and frame.day.year >= frame.year
    before = frame.day.year - 1 if frame.day and frame.dated else frame.year
    last = frame.day.year if late and frame.day else min(frame.year, before)
    return years(last - count + (0 if late else 1), last)


def _year_to(year: int, n: _Numbers, frame: Frame) -> Period:
    last = date(year, n.count("M"), n.count("D"))
    return _days(date.fromisoformat(_moved(last.isoformat(), year - 1)) + timedelta(1), last)


def _months_to(year: int, n: _Numbers, frame: Frame) -> Period | None:
    last = date(year, n.count("M"), n.count("D"))
    before = year * 12 + last.month - 1 - n.count("N")
    length = calendar.monthrange(before // 12, before % 12 + 1)[1]
    whole = last == _end(year, last.month)
    return _days(date(before // 12, before % 12 + 1, length if whole else min(last.day, length)) + timedelta(1), last)


def _school(year: int, n: _Numbers, frame: Frame) -> Period:
    return _days(date(year, 9, 1), date(year + 1, 8, 31))


def _heating(year: int, n: _Numbers, frame: Frame) -> Period:
    return _days(date(year, 11, 1), date(_second_year(year, n, year + 1), 3, 31))


def _fiscal(year: int, n: _Numbers, frame: Frame) -> Period:
    """A business year; of one that spans two years and whose last day no words tell, nothing is known."""
    last = _second_year(year, n, year)
    if frame.fiscal is None:
        return years(year, year) if last == year else NOT_KNOWN
    return _year_to(last, _Numbers(M=str(frame.fiscal[0]), D=str(frame.fiscal[1])), frame)


def _same(year: int, n: _Numbers, frame: Frame) -> Period:
    return frame.period.in_year(year) if frame.period and frame.period.one_year else years(year, year)


def _quarters(year: int, n: _Numbers, frame: Frame) -> Period | None:
    first, last = (n.count("Q"), n.count("Q2")) if "Q2" in n else (1, n.count("Q"))
    return _months(year, 3 * first - 2, 3 * last)


def _quarter(year: int, n: _Numbers, frame: Frame) -> Period | None:
    return _months(year, 3 * n.count("Q", 1) - 2, 3 * n.count("Q", 1))


def _several_months(year: int, n: _Numbers, frame: Frame) -> Period | None:
    first, last = (n.count("M"), n.count("M2")) if "M2" in n else (1, n.count("N"))
    return _months(year, first, last)


_COVERS: dict[str, Callable[[int, _Numbers, Frame], Period | None]] = {
    "year": lambda year, n, frame: years(year, year),
    "years": _years,
    "between": _between,
    "into_next": _into_next,
    "since": _since,
    "plan": _plan,
    "plan_since": _plan_since,
    "within": _within,
    "window": _window,
    "year_to": _year_to,
    "months_to": _months_to,
    "school": _school,
    "heating": _heating,
    "fiscal": _fiscal,
    "same": _same,
    "start": lambda year, n, frame: _days(*[date(year, 1, 1)] * 2),
    "by_month": lambda year, n, frame: frame.period or years(year, year),
    "by_quarter": lambda year, n, frame: frame.period or years(year, year),
    "half1": lambda year, n, frame: _months(year, 1, 6),
    "half2": lambda year, n, frame: _months(year, 7, 12),
    "quarter": _quarter,
    "quarters": _quarters,
    "month": lambda year, n, frame: _months(year, n.count("M"), n.count("M")),
    "months": _several_months,
    "day": lambda year, n, frame: _days(*[date(year, n.count("M"), n.count("D"))] * 2),
}

# The length in months of what figures told in order are of, in a stretch of several.
_STEPS = dict.fromkeys(("years", "window", "within", "plan", "plan_since"), 12) | {
    "quarters": 3,
    "by_quarter": 3,
    "by_month": 1,
    "months": 1,
}


def _each(period: Period, covers: str, ends: bool) -> tuple[Period, ...]:
    """The years, quarters or months that a stretch is made of; with `ends` the states at their ends."""
    step = _STEPS.get(covers)
    if step is None or period.point:
        return (period,)
    first = period.first_year * 12 + int(period.start[5:7]) - 1
    after = period.year * 12 + int(period.end[5:7])
    starts = [divmod(month, 12) for month in range(first, after + 1, step)]
    pieces = [_days(date(y, m + 1, 1), date(y2, m2 + 1, 1) - timedelta(1)) for (y, m), (y2, m2) in pairwise(starts)]
    return tuple(piece.at_end() if ends else piece for piece in pieces)
