"""One metric over time: what other periods the documents tell of, as a table and a plot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from checker.model import Claim, Fact
from checker.report.numbers import figure
from checker.report.view import modality
from checker.review.material import Material, series_of
from checker.wording import period

# So many periods before and after the one in question, and figures of one.
PERIODS, FIGURES = 8, 4


class Point(NamedTuple):
    """A figure of a series in the plot: where it stands, in percent of width and height."""

    x: str
    y: str
    period: str
    printed: str
    current: bool
    actual: bool


class Period(NamedTuple):
    """The figures for one metric in one period."""

    period: str
    fact: str
    current: bool
    figures: list[tuple[str, str, int]]


class Series(NamedTuple):
    """One metric over time: a table, and a plot of the periods that are as long as the one in question."""

    periods: list[Period]
    points: list[Point]
    lines: list[tuple[Point, Point]]
    more: int


def series(material: Material, fact: Fact, lang: str) -> Series | None:
    """The periods around a fact in which the same metric is stated; nothing where there is no other."""
    facts = material.series[series_of(fact)]
    by_period: dict[tuple[str | None, str | None], list[Fact]] = {}
    for one in facts:
        by_period.setdefault((one.period_start, one.period_end), []).append(one)
    if len(by_period) < 2:
        return None
    here = list(by_period).index((fact.period_start, fact.period_end))
    spans = list(by_period)[max(0, here - PERIODS) : here + PERIODS + 1]
    periods, plotted = [], []
    for span in spans:
        claims = [material.claims[id] for one in by_period[span] for id in one.claims]
        told: dict[tuple[str, str], int] = {}
        for claim in claims:
            key = figure(claim, lang), modality(claim, lang)
            told[key] = told.get(key, 0) + 1
        current = span == (fact.period_start, fact.period_end)
        figures = [(figure, status, count) for (figure, status), count in list(told.items())[:FIGURES]]
        periods.append(Period(period(*span, lang), by_period[span][0].id, current, figures))
        if _months(span) == _months((fact.period_start, fact.period_end)) is not None:
            plotted.append(_Plotted(date.fromisoformat(span[1] or ""), period(*span, lang), current, claims))
    points, lines = _plot(plotted, lang)
    return Series(periods, points, lines, len(by_period) - len(spans))


class _Plotted(NamedTuple):
    end: date
    period: str
    current: bool
    claims: Sequence[Claim]


def _months(span: tuple[str | None, str | None]) -> int | None:
    """About how long a period is."""
    try:
        start, end = (date.fromisoformat(part or "") for part in span)
    except ValueError:
        return None
    return (end.year - start.year) * 12 + end.month - start.month


def _plot(plotted: Sequence[_Plotted], lang: str) -> tuple[list[Point], list[tuple[Point, Point]]]:
    """Every figure as a point, and lines between the first outcomes of the periods."""
    if len(plotted) < 2:
        return [], []
    values = [float(claim.value) for one in plotted for claim in one.claims]
    low, high = min(values), max(values)
    first, last = plotted[0].end, plotted[-1].end
    points, line = [], []
    for one in plotted:
        x = f"{4 + 92 * (one.end - first).days / ((last - first).days or 1):.2f}%"
        drawn = []
        for claim in {claim.value: claim for claim in reversed(one.claims)}.values():
            y = f"{88 - 76 * (float(claim.value) - low) / ((high - low) or 1.0):.2f}%"
            drawn.append(Point(x, y, one.period, figure(claim, lang), one.current, claim.modality == "actual"))
        points += drawn
        line.append(next((point for point in drawn if point.actual), drawn[0]))
    return points, list(pairwise(line))
