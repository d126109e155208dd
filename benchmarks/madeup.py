"""A made-up collection of any size from a seed, built by column: its claims as alignment hands them to the rules.

Places publish reports each year. A report prints fifteen sentences of four figures, each after a pattern: a level with
its growth and share, a level with its change and multiple, an estimate and the next target, totals of a window, months,
a streak, parts of a whole. Reports of one place and year print the same figures to different digits, but for `off` of
them, which differ.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

SENTENCES = 15
FIGURES = 4
REPORTS_A_YEAR = 8
FIRST_YEAR, YEARS = 2012, 12
METRICS = 300


class Figure(NamedTuple):
    """One figure of a pattern: of the metric so many after that of the sentence, so many years from the report's.

    A part counts from 1; 0 is the whole.
    """

    attribute: str
    metric: int = 0
    years: int = 0
    modality: str = "actual"
    window: str = "year"
    part: int = 0


PATTERNS = (
    (Figure("level"), Figure("growth"), Figure("share"), Figure("level", years=-1)),
    (Figure("level"), Figure("change"), Figure("multiple"), Figure("level", 1)),
    (
        Figure("level", modality="estimate"),
        Figure("growth", modality="estimate"),
        Figure("level", 0, 1, "target"),
        Figure("growth", 0, 1, "target"),
    ),
    tuple(Figure("level", k, window="five years") for k in range(FIGURES)),
    tuple(Figure("level", k, window="months") for k in range(FIGURES)),
    (Figure("level"), Figure("streak"), Figure("rank"), Figure("rate")),
    (Figure("level"), *(Figure("level", part=k) for k in (1, 2, 3))),
)
PARTS = (("", 1.0), ("甲类", 0.5), ("乙类", 0.3), ("丙类", 0.2))
FREQUENCY = (0.3, 0.2, 0.12, 0.1, 0.1, 0.08, 0.1)
UNITS = {"growth": "%", "share": "%", "rate": "%", "multiple": "倍", "streak": "年", "rank": "位"}
DECIMALS = {"growth": 1, "share": 2, "rate": 2, "multiple": 2, "streak": 0, "rank": 0}
# The unit a level is printed in, the base unit, its dimension and how many of the base unit it is.
SCALES = (
    ("亿元", "元", "money", 1e8),
    ("万元", "元", "money", 1e4),
    ("人", "人", "people", 1.0),
    ("家", "家", "count", 1.0),
)


def claims(size: int, vocabulary: list[dict[str, Any]], seed: int = 1, off: float = 0.005) -> pd.DataFrame:
    """So many claims; the more frequent metrics are of the `vocabulary`, the entries of metrics.yaml."""
    rng = np.random.default_rng(seed)
    reports = -(-size // (SENTENCES * FIGURES))
    places = max(2, reports // (REPORTS_A_YEAR * YEARS))
    row = np.arange(size)
    sentence, slot = np.divmod(row, FIGURES)
    report = sentence // SENTENCES
    of_report = {"place": rng.integers(0, places, reports), "year": rng.integers(0, YEARS, reports)}
    moved_on = rng.random(reports) < 0.5
    place, year = of_report["place"][report], of_report["year"][report]

    # The figure of the pattern that each claim is.
    pattern = rng.choice(len(PATTERNS), -(-size // FIGURES), p=FREQUENCY)[sentence]
    kinds = [figure for figures in PATTERNS for figure in figures]
    kind = pattern * FIGURES + slot
    spread = (np.arange(-(-size // FIGURES)) % SENTENCES + rng.random(-(-size // FIGURES))) / SENTENCES
    metric = (METRICS * spread**2).astype(np.int64)[sentence]
    metric = (metric + np.array([figure.metric for figure in kinds])[kind]) % METRICS
    attribute = np.array([figure.attribute for figure in kinds], dtype=object)[kind]
    modality = np.array([figure.modality for figure in kinds], dtype=object)[kind]
    window = np.array([figure.window for figure in kinds], dtype=object)[kind]
    part = np.array([figure.part for figure in kinds])[kind]
    at = year + np.array([figure.years for figure in kinds])[kind] + 5

    # What is true, by place, metric and year, and what is printed of it.
    grown = 1 + np.round(rng.normal(0.06, 0.05, (places, METRICS, YEARS + 6)), 3)
    level = rng.lognormal(4, 1.2, (places, METRICS, 1)) * grown.cumprod(axis=2)
    share = rng.uniform(1, 95, (places, METRICS))[place, metric]
    now, before, base = (level[place, metric, at - back] for back in (0, 1, 5))
    months = np.where(moved_on, 11, 6)[report]
    five_years = level.cumsum(axis=2)[place, metric, at] - level.cumsum(axis=2)[place, metric, at - 5]
    # A passage that is printed again moves on in some of its figures.
    five_years = np.where(moved_on[report] & (rng.random(size) < 0.5), five_years * 1.04, five_years)
    number = np.select(
        [
            attribute == "growth",
            attribute == "share",
            attribute == "multiple",
            attribute == "streak",
            attribute == "rank",
            attribute == "rate",
            attribute == "change",
            window == "five years",
            window == "months",
        ],
        [
            (now / before - 1) * 100,
            share,
            now / base,
            at + 1 + metric % 7,
            1 + metric % 20,
            80 + share / 5,
            now - before,
            five_years,
            now * months / 12.5,
        ],
        now * np.array([weight for _, weight in PARTS])[part],
    )
    # A slip is mostly a digit or two, at times a figure ten times as large; a fall may come to be more than there was.
    slip = np.where(rng.random(size) < 0.8, rng.uniform(1.02, 1.3, size), 10)
    slip = np.where((attribute == "growth") & (rng.random(size) < 0.2), -40, slip)
    number = np.where(rng.random(size) < off, number * slip, number)
    scale = metric % len(SCALES)
    decimals = np.select([attribute == name for name in DECIMALS], list(DECIMALS.values()), 1 + (report + metric) % 2)
    decimals = np.where(~np.isin(attribute, list(DECIMALS)) & (scale >= 2), 0, decimals)
    number = np.round(number, 2)
    for places_after in (0, 1):
        number = np.where(decimals == places_after, np.round(number, places_after), number)

    own_unit = [attribute == name for name in UNITS]
    unit = np.select(own_unit, list(UNITS.values()), np.array([s[1] for s in SCALES], dtype=object)[scale])
    dimension = np.select(own_unit, list(UNITS), np.array([s[2] for s in SCALES], dtype=object)[scale])
    shown = np.select(own_unit, list(UNITS.values()), np.array([s[0] for s in SCALES], dtype=object)[scale])
    factor = np.select(own_unit, [1.0] * len(UNITS), np.array([s[3] for s in SCALES])[scale])
    step = factor * 10.0**-decimals
    digits = np.array([f"{x:.{d}f}" for x, d in zip(number.tolist(), decimals.tolist(), strict=True)], dtype=object)
    text = digits + shown

    years = np.array([str(FIRST_YEAR - 5 + k) for k in range(YEARS + 6)], dtype=object)
    moved = moved_on[report]
    starts = np.where(window == "five years", years[at - 4], years[at])
    start = starts + np.where((window == "five years") & moved, "-09-01", "-01-01").astype(object)
    month_end = np.where(moved, "-11-30", "-06-30").astype(object)
    end = years[at] + np.where(window == "months", month_end, "-12-31").astype(object)
    end = np.where((window == "five years") & moved, years[np.minimum(at + 1, YEARS + 5)] + "-09-30", end)

    known = (vocabulary * METRICS)[: METRICS // 3]
    names = [entry["id"] for entry in known] + [f"指标{k}" for k in range(len(known), METRICS)]
    titles = np.array(names, dtype=object)
    concepts = np.array([entry["id"] for entry in known] + [None] * (METRICS - len(known)), dtype=object)
    prices = [entry.get("price", {}) for entry in known] + [{}] * (METRICS - len(known))
    town = np.array([f"县{k}" for k in range(places)], dtype=object)[place]
    phrase = titles[metric] + np.array([name for name, _ in PARTS], dtype=object)[part]
    sentences = _sentences(town, phrase, text)
    basis_of_base = (attribute == "multiple") & (window == "year")
    based = np.where(basis_of_base, years[at - 5] + "-01-01/" + years[at - 5] + "-12-31", None)
    series = dimension + "|" + attribute + "|" + phrase + "|" + town + "||"
    target = np.where(modality == "target", "target", "actual").astype(object)
    names_of_reports = np.array([f"{k % 97:02d}/报告{k}.txt" for k in range(reports)], dtype=object)
    days = rng.integers(1, 29, reports)
    dates = [f"{FIRST_YEAR + y + 1}-0{1 + d % 3}-{d:02d}" for y, d in zip(of_report["year"], days, strict=True)]
    document, order = names_of_reports[report], row % (SENTENCES * FIGURES)
    columns: dict[str, Any] = {
        "id": document + "#" + order.astype(str).astype(object),
        "document": document,
        "line": order // FIGURES + 3,
        "column": slot * 9 + 1,
        "start": order * 12,
        "end": order * 12 + 8,
        "number": digits,
        "number_to": np.full(size, None),
        "text": text,
        "value": number * factor,
        "low": number * factor - step / 2,
        "high": number * factor + step / 2,
        "low_open": np.zeros(size, dtype=bool),
        "high_open": np.zeros(size, dtype=bool),
        "step": step,
        "unit": unit,
        "dimension": dimension,
        "qualifier": np.where(rng.random(size) < 0.95, "exact", "about").astype(object),
        "metric": phrase,
        "concept": np.where(part > 0, None, concepts[metric]),
        "attribute": attribute,
        "period_start": start,
        "period_end": end,
        "modality": modality,
        "place": town,
        "scope": np.full(size, "", dtype=object),
        "sentence": sentences[sentence],
        "level": np.full(size, "", dtype=object),
        "owner": np.full(size, "", dtype=object),
        "whole": np.where(part > 0, titles[metric], None),
        "base": based,
        "basis": np.full(size, "", dtype=object),
        "line_to": np.full(size, None),
        "order": order,
        "passage": order // FIGURES,
        "document_date": np.array(dates, dtype=object)[report],
        "title": names_of_reports[report],
        "document_digest": np.array([f"{k:064x}" for k in range(reports)], dtype=object)[report],
        "kind": np.array([entry["kind"] for entry in known] + [None] * (METRICS - len(known)), dtype=object)[metric],
        "price_level": np.array([price.get("level") for price in prices], dtype=object)[metric],
        "price_growth": np.array([price.get("growth") for price in prices], dtype=object)[metric],
        "growth_basis": np.full(size, None),
        "series": series,
        "fact": series + start + "/" + end + "|" + np.where(based == None, "", based).astype(object) + "|" + target,  # noqa: E711
        "measure": phrase + "|" + town + "||",
    }
    return pd.DataFrame(columns)


def _sentences(town: Any, phrase: Any, text: Any) -> Any:
    """What stands around the four figures of each sentence."""
    parts = phrase + text
    ends = range(0, len(parts), FIGURES)
    return np.array([f"{town[i]}{'，'.join(parts[i : i + FIGURES])}。" for i in ends], dtype=object)
