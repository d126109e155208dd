"""Claims by column, each column encoded once and shared by all rules."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from checker.amounts import AMOUNTS, bases
from checker.check.fields import DATE_FIELDS, NUMBER_FIELDS
from checker.check.spans import Bools, Floats, Span, figures
from checker.columns import Ints, Texts, combine
from checker.places import filed, parents, printed
from checker.units import Units, units

# What tells one sentence, and one figure whatever it is of, from others.
SENTENCE = ("document", "passage")
# The sentences in front of a claim and behind it that belong to its context, and its own.
_AROUND = range(-2, 3)
FIGURE = ("value", "unit")
# Figures of one sentence that agree in these are called the same.
NAMED = ("metric", "period", "modality", "place", "scope", "whole", "basis", "base")


class Cells:
    """Some rows of a table as plain values, for wording; None is unknown."""

    def __init__(self, table: Table, rows: Ints):
        self.table, self.rows = table, np.unique(rows)
        self.place = {int(row): i for i, row in enumerate(self.rows)}
        self.claims = table.claims.iloc[self.rows]
        self._columns: dict[str, list[Any]] = {}

    def __call__(self, field: str, row: int) -> Any:
        if field not in self._columns:
            self._columns[field] = self._column(field)
        return self._columns[field][self.place[row]]

    def _column(self, field: str) -> list[Any]:
        if field in ("year", "first_year", "days", "rivals", "plans"):
            return [None if np.isnan(x) else int(x) for x in self.table.number(field)[self.rows]]
        if field in ("period", "year_before") or field in DATE_FIELDS:
            column = self.table.text(field)
            return [None if code < 0 else str(column.values[code]) for code in column.codes[self.rows]]
        if field not in self.claims:
            return [None] * len(self.rows)
        return [None if pd.isna(value) else value for value in self.claims[field].tolist()]


class Table:
    """A table of claims, sorted by date, document and order, so that nothing depends on how its rows came.

    Their amounts are in the base units of their dimensions; what is printed is had from `cells`.

    A document goes by its title before its path: which of several claims stands for the others, and so the fingerprint
    of a finding, is not to change with the name of a file.
    """

    def __init__(self, claims: pd.DataFrame, known: Units | None = None):
        self.units = known or units()
        id, path, identity, dates = (
            _factorize(claims[name])[0] for name in ("id", "document", "document_identity", "document_date")
        )
        order = np.lexsort((id, claims["order"].to_numpy(), path, identity, dates))
        self.claims = claims.iloc[order]
        self.size = len(claims)
        self._texts: dict[str, Texts] = {}
        self._numbers: dict[str, Floats] = {}
        self._codes: dict[str, Ints] = {}
        self._span: Span | None = None
        self._bases: tuple[Texts, Floats] | None = None
        self._together: dict[tuple[str, ...], Ints] = {}
        self.memo: dict[str, tuple[Ints, Ints, Ints]] = {}

    def text(self, field: str) -> Texts:
        """A column of texts, or a date as text."""
        if field not in self._texts:
            self._texts[field] = self._encode(field)
        return self._texts[field]

    def number(self, field: str) -> Floats:
        """A column of numbers, a date as its day number; NaN is unknown."""
        if field not in self._numbers:
            self._numbers[field] = self._measure(field)
        return self._numbers[field]

    def figures(self) -> Span:
        """The intervals of the claims."""
        if self._span is None:
            printed = self.claims["number_to"].isna().to_numpy() if "number_to" in self.claims else True
            exact = self.text("qualifier")
            self._span = figures(
                self.number("low"),
                self.number("high"),
                self.flag("low_open"),
                self.flag("high_open"),
                self.number("value"),
                self.number("step"),
                printed & np.isin(exact.codes, [i for i, value in enumerate(exact.values) if value == "exact"]),
            )
        return self._span

    def flag(self, field: str) -> Bools:
        return self.claims[field].to_numpy(dtype=bool)

    def codes(self, field: str) -> Ints:
        """A number for each value of any field, -1 where it is unknown."""
        if field not in self._codes:
            if field in NUMBER_FIELDS:
                self._codes[field] = pd.factorize(self.number(field))[0].astype(np.int64)
            elif field in ("low_open", "high_open"):
                self._codes[field] = self.flag(field).astype(np.int64)
            else:
                self._codes[field] = self.text(field).codes
        return self._codes[field]

    def together(self, fields: tuple[str, ...]) -> Ints:
        """A number for each combination of values that these fields have."""
        if fields not in self._together:
            self._together[fields] = combine([self.codes(field) for field in fields])
        return self._together[fields]

    def shared_codes(self, left: str, right: str) -> tuple[Ints, Ints]:
        """Codes of two fields that are equal where their values are."""
        if left == right:
            return self.codes(left), self.codes(right)
        a, b = self.text(left), self.text(right)
        both, _ = pd.factorize(np.concatenate([a.values, b.values]))
        both = np.append(both.astype(np.int64), -1)
        shift = np.where(b.codes < 0, -1, b.codes + len(a.values))
        return both[a.codes], both[shift]

    def cells(self, rows: Ints) -> Cells:
        """These rows, to read one by one."""
        return Cells(self, rows)

    def _encode(self, field: str) -> Texts:
        if field == "period":
            start, end = self.text("period_start"), self.text("period_end")
            pairs = combine([start.codes, end.codes], unknown=True)
            return _derived(pairs, lambda i: f"{start.values[start.codes[i]]}/{end.values[end.codes[i]]}")
        if field == "year_before":
            period = self.text("period")
            return Texts(period.codes, np.array([_year_before(value) for value in period.values], dtype=object))
        if field in _DERIVED:
            source, derive = _DERIVED[field]
            return _mapped(self.text(source), derive)
        if field in ("base_start", "base_end"):
            base = self.text("base")
            part = 0 if field == "base_start" else -1
            return Texts(base.codes, np.array([str(value).split("/")[part] for value in base.values], dtype=object))
        if field == "unit":
            return self.bases()[0]
        if field == "context":
            return self._context()
        return self._printed(field)

    def _context(self) -> Texts:
        """The sentences around each claim that state figures, and what tells versions of figures apart there."""
        passages = pd.DataFrame(
            {"document": self.claims["document"], "passage": self.claims["passage"], "text": self.claims["sentence"]}
        )
        passages["basis"] = self.claims["basis"].fillna("") if "basis" in self.claims else ""
        each = passages.drop_duplicates()
        grouped = (each["text"] + " " + each["basis"]).groupby([each["document"], each["passage"]]).agg(" ".join)
        said = grouped.to_dict()
        near = [
            " ".join(said.get((document, passage + step), "") for step in _AROUND)
            for document, passage in zip(passages["document"], passages["passage"], strict=True)
        ]
        codes, values = pd.factorize(np.array(near, dtype=object))
        return Texts(codes.astype(np.int64), np.asarray(values, dtype=object))

    def bases(self) -> tuple[Texts, Floats]:
        """Of each claim the base unit of its dimension, and how many of it one of its own unit is."""
        if self._bases is None:
            self._bases = bases(self._printed("unit"), self._printed("dimension"), self.units)
        return self._bases

    def _printed(self, field: str) -> Texts:
        if field not in self.claims:
            return Texts(np.full(self.size, -1), np.array([], dtype=object))
        codes, values = pd.factorize(self.claims[field])
        return Texts(codes.astype(np.int64, copy=False), np.asarray(values, dtype=object))

    def _measure(self, field: str) -> Floats:
        if field in DATE_FIELDS:
            column = self.text(field)
            days = np.array([_day(value) for value in column.values] + [np.nan])
            return days[column.codes]
        if field == "days":
            return self.number("period_end") - self.number("period_start") + 1
        if field in ("year", "first_year"):
            column = self.text("period_end" if field == "year" else "period_start")
            years = np.array(
                [float(value[:4]) if value[:4].isdigit() else np.nan for value in column.values] + [np.nan]
            )
            return years[column.codes]
        if field == "rivals":
            return self._rivals()
        if field == "plans":
            return self._plans()
        amount = self.claims[field].to_numpy(dtype=float, na_value=np.nan)
        return amount * self.bases()[1] if field in AMOUNTS else amount

    def _rivals(self) -> Floats:
        """How many other figures a sentence gives for a fact, or for what it calls by one name."""
        fact = np.where(self.codes("fact") < 0, self.size + np.arange(self.size), self.codes("fact"))
        return np.maximum(self._others([fact]), self._others([self.codes(field) for field in NAMED]))

    def _plans(self) -> Floats:
        """How many figures a sentence gives for what was planned of a series."""
        stated = combine([self.together(SENTENCE), *(self.codes(field) for field in ("series", "attribute", "unit"))])
        modality = self.text("modality")
        planned = modality.are(lambda modality: modality == "target")
        return np.bincount(stated, planned, minlength=len(stated))[stated].astype(np.float64)

    def _others(self, same: list[Ints]) -> Floats:
        stated = combine([self.together(SENTENCE), self.codes("attribute"), self.codes("unit"), *same])
        one_each = np.unique(np.stack([stated, self.codes("value")]), axis=1)[0]
        return np.bincount(one_each, minlength=int(stated.max(initial=0)) + 1)[stated].astype(np.float64) - 1


def bundle(unit: Ints, member: Ints) -> Ints:
    """For each row a number for the set of members that its unit has: equal where the sets are."""
    order = np.lexsort((member, unit))
    units, members = unit[order], member[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (units[1:] != units[:-1]) | (members[1:] != members[:-1])
    units, members = units[first], members[first]
    starts = np.flatnonzero(np.append(True, units[1:] != units[:-1])) if len(units) else np.array([], dtype=np.int64)
    sizes = np.diff(np.append(starts, len(units)))
    numbers = members[starts].astype(np.int64)
    known: dict[tuple[int, ...], int] = {}
    base = int(member.max(initial=-1)) + 1
    for i in np.flatnonzero(sizes > 1):
        content = tuple(members[starts[i] : starts[i] + sizes[i]].tolist())
        numbers[i] = base + known.setdefault(content, len(known))
    return numbers[np.searchsorted(units[starts], unit)]


def _factorize(column: pd.Series[Any]) -> tuple[Ints, Any]:
    codes, values = pd.factorize(column, sort=True)
    return codes.astype(np.int64), values


def _derived(codes: Ints, wording: Any) -> Texts:
    """Texts built once for each distinct code."""
    numbers, values = pd.factorize(np.where(codes < 0, -1, codes))
    first = np.full(len(values), -1)
    first[numbers[::-1]] = np.arange(len(codes))[::-1]
    words = [wording(first[k]) if value >= 0 else "" for k, value in enumerate(values)]
    return Texts(np.where(codes < 0, -1, numbers).astype(np.int64), np.array(words, dtype=object))


def _mapped(column: Texts, derive: Callable[[str], str | None]) -> Texts:
    """What a function makes of each value of a column; None is unknown."""
    codes, values = pd.factorize(np.array([derive(value) for value in column.values], dtype=object))
    return Texts(np.append(codes.astype(np.int64), -1)[column.codes], np.asarray(values, dtype=object))


def _around(place: str) -> str | None:
    """The name of the place that one lies directly in."""
    found = filed(place)
    return next((printed(outer) for outer in parents(found)), None) if found else None


def _year_around(period: str) -> str | None:
    """The calendar year that a month, a quarter or a half of it lies in."""
    return f"{period[:4]}-01-01/{period[:4]}-12-31" if _months(period) else None


def _months(period: str) -> str | None:
    """How many months a month, a quarter or a half of a calendar year has."""
    try:
        start, end = map(date.fromisoformat, period.split("/"))
    except ValueError:
        return None
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    return str(months) if whole and months in (1, 3, 6) and start.month % months == 1 % months else None


# What a set of the parts of a place or of a year goes by: the field it is derived from, and how.
_DERIVED: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "around": ("place", _around),
    "year_around": ("period", _year_around),
    "months": ("period", _months),
}


def _year_before(period: str) -> str:
    """The same days a year earlier; what ends with February still does."""
    return "/".join(_earlier(day) for day in period.split("/"))


def _earlier(day: str) -> str:
    try:
        given = date.fromisoformat(day)
        year = given.year - 1
        if (given.month, given.day) in ((2, 28), (2, 29)) and (given + timedelta(days=1)).month == 3:
            return f"{year:04}-02-{monthrange(year, 2)[1]}"
        return f"{year:04}{day[4:]}"
    except ValueError:
        return ""


def _day(value: str) -> float:
    try:
        return float(date.fromisoformat(value).toordinal())
    except ValueError:
        return np.nan
