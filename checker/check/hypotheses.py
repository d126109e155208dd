"""Which slips would account for a binding that does not hold: each is tried against the rule itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, islice
from typing import NamedTuple

import numpy as np

from checker.amounts import factor_within
from checker.check.evaluate import View, holds, supposing
from checker.check.expression import names
from checker.check.rules import Rule, compares
from checker.check.slips import SLIPS, Printed, plain, slips, taken_apart, written
from checker.check.spans import Bools, Floats, Span, printed_figures, take
from checker.check.table import Cells
from checker.model import Hypothesis

# A finding names so many hypotheses at most.
MOST = 3
# One digit of so many figures or more could be another: that says nothing of any of them.
MANY = 3
# In a sum of more parts than this some part can have any slip, so only the other figures are tried.
MOST_PARTS = 30
# So many figures are tried at once, which bounds the memory.
BATCH = 100_000


class Trial(NamedTuple):
    """A binding with another figure for one claim of one variable; the lower the rank, the more plausible."""

    binding: int
    variable: str
    row: int
    rank: int
    id: str
    title: dict[str, str]
    text: str
    value: float
    step: float
    apart: float


def hypotheses(rule: Rule, view: View, cells: Cells, bindings: Sequence[int]) -> dict[int, tuple[Hypothesis, ...]]:
    """The hypotheses for these bindings, each satisfying the rule, most plausible first."""
    # Beside 约 or 以上 almost anything fits.
    exact = np.logical_and.reduce([~np.isnan(view.span(name).step) for name in _compared(rule)], initial=True)
    bindings = [binding for binding in bindings if np.broadcast_to(exact, view.size)[binding]]
    trials = chain(_supposed(rule, view, cells, bindings), _slipped(rule, view, cells, bindings))
    fitting: dict[int, list[Trial]] = {}
    while batch := list(islice(trials, BATCH)):
        for trial in _fitting(rule, view, batch):
            fitting.setdefault(trial.binding, []).append(trial)
    return {
        binding: tuple(
            Hypothesis(one.id, one.title, cells("id", one.row), plain(cells("text", one.row)), one.text)
            for one in _telling(found, len(view.rows) == 2 and not view.sets)[:MOST]
        )
        for binding, found in fitting.items()
    }


def _compared(rule: Rule) -> list[str]:
    """The variables whose figures must agree, in the order of the rule."""
    used = names(rule.holds)
    return [variable.name for variable in rule.variables if variable.name in used]


def _supposed(rule: Rule, view: View, cells: Cells, bindings: Sequence[int]) -> Iterator[Trial]:
    """What the suppositions of the rule make of the figures."""
    for one in rule.hypotheses:
        span = supposing(view, one.variable, one.were).span(one.variable)
        for binding in bindings:
            row, value = int(view.rows[one.variable][binding]), float(span.value[binding])
            figure = _taken_apart(cells, row)
            if figure is None or not math.isfinite(value) or value * cells("value", row) <= 0:
                continue
            by = _factor(cells, row)
            value, step = value / by, float(span.step[binding]) / by
            digits = round(abs(Decimal(repr(value))) / figure.scale, len(figure.digits.partition(".")[2]))
            text = written(figure, f"{digits:f}")
            if text != plain(cells("text", row)):
                yield Trial(binding, one.variable, row, -1, one.id, one.title, text, value * by, step * by, 0.0)


def _slipped(rule: Rule, view: View, cells: Cells, bindings: Sequence[int]) -> Iterator[Trial]:
    """The slips of every exact figure that the rule compares."""
    if not compares(rule):
        return
    ranks = {kind: rank for rank, kind in enumerate(SLIPS)}
    for binding in bindings:
        for name in _compared(rule):
            number = int(view.rows[name][binding])
            rows = view.sets[name].members[number].tolist() if name in view.sets else [number]
            for row in rows if len(rows) <= MOST_PARTS else ():
                figure = _taken_apart(cells, row)
                for slip in slips(figure, cells("dimension", row)) if figure else ():
                    sign, by = math.copysign(1.0, cells("value", row)), _factor(cells, row)
                    amounts = (sign * float(slip.value) * by, float(slip.step) * by, float(slip.apart) * by)
                    yield Trial(binding, name, row, ranks[slip.kind], slip.kind, SLIPS[slip.kind], slip.text, *amounts)


def _taken_apart(cells: Cells, row: int) -> Printed | None:
    return taken_apart(*(cells(field, row) for field in ("text", "number", "value", "step")))


def _factor(cells: Cells, row: int) -> float:
    """How much one unit of a claim is in the base unit, in which figures are compared."""
    return factor_within(cells("unit", row) or "", cells("dimension", row) or "", cells.table.units)


def _fitting(rule: Rule, view: View, trials: list[Trial]) -> list[Trial]:
    """The trials with which the rule holds, without those where it would hold about as well with many a figure."""
    apart = np.array([trial.apart for trial in trials])
    besides = _fit(rule, view, trials, apart) | _fit(rule, view, trials, -apart)
    fit = _fit(rule, view, trials) & ~(besides & (apart > 0))
    return [trials[i] for i in np.flatnonzero(fit)]


def _fit(rule: Rule, view: View, trials: list[Trial], by: Floats | float = 0.0) -> Bools:
    """Whether the rule holds with the figures that are tried, moved by so much."""
    at = np.array([trial.binding for trial in trials])
    row = np.array([trial.row for trial in trials])
    name = np.array([trial.variable for trial in trials])
    new = printed_figures(np.array([trial.value for trial in trials]) + by, np.array([trial.step for trial in trials]))
    old = take(view.table.figures(), row)
    tried = View(view.table, {name: rows[at] for name, rows in view.rows.items()}, view.sets)
    given = {}
    for variable in {trial.variable for trial in trials}:
        span = tried.span(variable)
        other = _exchanged(span, old, new) if variable in view.sets else new
        given[variable] = Span(*(np.where(name == variable, a, b) for a, b in zip(other, span, strict=True)))
    return holds(rule.holds, replace(tried, given=given)).yes


def _exchanged(total: Span, old: Span, new: Span) -> Span:
    """A sum with another figure for one of its terms."""
    return total._replace(
        low=total.low - old.low + new.low,
        high=total.high - old.high + new.high,
        value=total.value - old.value + new.value,
        slack=total.slack + old.slack + new.slack,
    )


def _telling(found: list[Trial], pair: bool) -> list[Trial]:
    """The trials of the most plausible kind that says something; of two figures compared, each has its own.

    Where a figure could be several others by one kind of slip it is none of them, and where a digit of almost any
    figure could be another, neither.
    """
    texts: dict[tuple[int, str], set[str]] = {}
    for one in found:
        texts.setdefault((one.row, one.id), set()).add(one.text)
    single = [one for one in found if len(texts[one.row, one.id]) == 1]
    best: dict[int, int] = {}
    for one in single:
        at = one.row if pair else -1
        best[at] = min(one.rank, best.get(at, one.rank))
    likely = sorted((one for one in single if one.rank == best[one.row if pair else -1]), key=lambda one: one.rank)
    return [] if likely and likely[0].id == "changed" and len(likely) >= MANY else likely
