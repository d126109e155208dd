"""The value of an expression over many bindings at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from checker.check.expression import Node
from checker.check.neighbours import equal_neighbours, quoted
from checker.check.slips import plain
from checker.check.spans import (
    Span,
    Truth,
    absolute,
    add,
    beside,
    compound,
    divide,
    doublings,
    equal,
    greatest,
    least,
    less,
    multiply,
    negative,
    points,
    printed_figures,
    rounded,
    subtract,
    take,
    totals,
    truncated,
)
from checker.check.table import Table
from checker.columns import Ints, Texts


@dataclass(frozen=True)
class Gathered:
    """The sets a variable binds: the sum and count of each, its rows, and one row that stands for it."""

    total: Span
    count: Ints
    members: list[Ints]
    rows: Ints


def both(some: Gathered, more: Gathered) -> Gathered:
    """Sets and further ones, numbered on."""
    total = Span(*(np.concatenate(pair) for pair in zip(some.total, more.total, strict=True)))
    count, rows = np.concatenate([some.count, more.count]), np.concatenate([some.rows, more.rows])
    return Gathered(total, count, some.members + more.members, rows)


@dataclass(frozen=True)
class View:
    """Bindings, one a row: for each variable the row of its claim, or the number of its set.

    `given` holds the intervals of variables, or the sums of sets, that are not to be read as printed; `figures` are the
    intervals of all claims, where these are not.
    """

    table: Table
    rows: Mapping[str, Ints]
    sets: Mapping[str, Gathered]
    given: Mapping[str, Span] = field(default_factory=dict)
    figures: Span | None = None

    @property
    def size(self) -> int:
        return len(next(iter(self.rows.values())))

    def claim_rows(self, name: str) -> Ints:
        return self.sets[name].rows[self.rows[name]] if name in self.sets else self.rows[name]

    def span(self, name: str) -> Span:
        """The figures of a variable, or the sums of its sets."""
        if name in self.given:
            return self.given[name]
        return take(self.sets[name].total if name in self.sets else self.printed(), self.rows[name])

    def printed(self) -> Span:
        """The figures of all claims."""
        return self.table.figures() if self.figures is None else self.figures

    def over(self, name: str, function: Callable[[Span, Ints], Span]) -> Span:
        """What a function over stretches of figures makes of the members of each set; unknown where it has none."""
        sets, (numbers, inverse) = self.sets[name], np.unique(self.rows[name], return_inverse=True)
        members = [sets.members[number] if sets.count[number] else sets.rows[[number]] for number in numbers]
        starts = np.cumsum([0, *map(len, members[:-1])])
        made = function(take(self.printed(), np.concatenate(members)), starts)
        return take(made._replace(value=np.where(sets.count[numbers] > 0, made.value, np.nan)), inverse)


def cut_off(view: View) -> View:
    """The same bindings with every exact figure read as cut off."""
    cut = replace(view, figures=truncated(view.table.figures()), given={})
    given = {
        name: cut.over(name, totals) if name in view.sets else take(cut.printed(), cut.rows[name]) for name in view.rows
    }
    return replace(cut, given=given)


def supposing(view: View, name: str, were: Node) -> View:
    """The same bindings, one variable being what an expression makes of it, to as many digits as printed."""
    step = view.span(name).step
    with np.errstate(invalid="ignore"):
        value = np.round(figure(were, view).value / step) * step
    return replace(view, given={name: printed_figures(np.where(np.isfinite(value), value, np.nan), step)})


def holds(node: Node, view: View) -> Truth:
    """Where a test is true and where it is false; it is neither where a field it needs is unknown."""
    answer = _test(node, view)
    shape = (view.size,)
    return Truth(np.broadcast_to(answer.yes, shape), np.broadcast_to(answer.no, shape))


def _test(node: Node, view: View) -> Truth:
    if node.op in ("and", "or"):
        first, *rest = (_test(arg, view) for arg in node.args)
        for other in rest:
            first = first & other if node.op == "and" else first | other
        return first
    if node.op == "not":
        return ~_test(node.args[0], view)
    if node.op == "known":
        known = _is_known(node.args[0], view)
        return Truth(known, ~known)
    if node.op in ("in", "not in"):
        answer = _among(_text(node.args[0], view), node.items)
        return ~answer if node.op == "not in" else answer
    if node.op == "has":
        return _containing(_text(node.args[0], view), node.items)
    if node.op == "quotes":
        said = quoted(view.table, *(view.rows[arg.name] for arg in node.args))
        return Truth(said, ~said)
    if node.op == "given":
        given, answer = (_test(arg, view) for arg in node.args)
        return Truth(answer.yes & given.yes, answer.no & given.yes)
    left, right = node.args
    if "text" in (left.kind, right.kind):
        answer = _same_text(left, right, view)
        return ~answer if node.op == "!=" else answer
    return _compare(node.op, figure(left, view), figure(right, view))


def _compare(sign: str, a: Span, b: Span) -> Truth:
    if sign in ("==", "!="):
        return equal(a, b) if sign == "==" else ~equal(a, b)
    if sign in ("<", ">="):
        return less(a, b) if sign == "<" else ~less(a, b)
    return less(b, a) if sign == ">" else ~less(b, a)


def figure(node: Node, view: View) -> Span:
    """The intervals that a number, a date or an interval expression yields."""
    if node.op in ("number", "date", "amount"):
        return points(node.value)
    if node.op == "interval":
        return view.span(node.name)
    if node.op == "field":
        return points(view.table.number(node.field)[view.claim_rows(node.name)])
    if node.op == "measure":
        return points(equal_neighbours(view.table, view.rows["a"], view.rows["b"]))
    if node.op in ("sum", "count"):
        name = node.args[0].name
        return view.span(name) if node.op == "sum" else points(view.sets[name].count[view.rows[name]])
    if node.op in ("min", "max"):
        extreme = least if node.op == "min" else greatest
        if node.args[0].op == "set":
            return view.over(node.args[0].name, extreme)
        return extreme(*beside([figure(arg, view) for arg in node.args]))
    if node.op == "round":
        return rounded(figure(node.args[0], view), int(figure(node.args[1], view).value))
    values = [figure(arg, view) for arg in node.args]
    if node.op == "percent":
        return divide(values[0], points(100.0))
    if node.op == "compound":
        return compound(*values)
    if node.op in ("neg", "abs", "doublings"):
        return {"neg": negative, "abs": absolute, "doublings": doublings}[node.op](values[0])
    return {"+": add, "-": subtract, "*": multiply, "/": divide}[node.op](*values)


def _text(node: Node, view: View) -> Texts:
    return view.table.text(node.field).at(view.claim_rows(node.name))


def _is_known(node: Node, view: View) -> Any:
    if node.kind == "text":
        return _text(node, view).codes >= 0
    return ~np.isnan(view.table.number(node.field)[view.claim_rows(node.name)])


def _among(column: Texts, items: tuple[str, ...]) -> Truth:
    allowed = np.array([value in items for value in column.values] + [False])
    yes, known = allowed[column.codes], column.codes >= 0
    return Truth(yes & known, ~yes & known)


def _containing(column: Texts, items: tuple[str, ...]) -> Truth:
    """Whether a text holds one of these words, whatever its layout."""
    codes, inverse = np.unique(column.codes, return_inverse=True)
    found = [code >= 0 and any(item in plain(column.values[code]) for item in items) for code in codes]
    yes, known = np.array(found, dtype=bool)[inverse], column.codes >= 0
    return Truth(yes & known, ~yes & known)


def _same_text(left: Node, right: Node, view: View) -> Truth:
    if left.op == "text":
        left, right = right, left
    if left.op == "text":
        same = np.array(left.items == right.items)
        return Truth(same, ~same)
    if right.op == "text":
        return _among(_text(left, view), right.items)
    a, b = view.table.shared_codes(left.field, right.field)
    x, y = a[view.claim_rows(left.name)], b[view.claim_rows(right.name)]
    known = (x >= 0) & (y >= 0)
    return Truth((x == y) & known, (x != y) & known)
