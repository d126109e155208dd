"""A made-up collection of any size from a seed, built by column: its claims as alignment hands them to the rules.

Places publish reports each year. A report prints fifteen sentences of four figures, each after a pattern: a level with
its growth and share, a level with its change and multiple, an estimate and the next target, totals of a window, months,
a streak, parts of a whole. Reports of one place and year print the same figures to different digits, but for `off` of
them, which differ.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

SENTENCES = 15
FIGURES = 4
REPORTS_A_YEAR = 8
FIRST_YEAR, YEARS = 2012, 12
METRICS = 300
# Years before the first report in which figures are known: those of a multiple's base and of a window.
BEFORE = 5


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

WORDS = (
    ("", "新建", "农村", "城镇", "重点", "规模以上", "民营", "高新", "老旧", "省级"),
    (
        "小区",
        "企业",
        "学校",
        "公路",
        "水库",
        "医院",
        "园区",
        "林地",
        "污水",
        "粮食",
        "蔬菜",
        "旅游",
        "物流",
        "光伏",
        "养老",
    ),
    ("建设", "改造", "管护", "服务", "生产", "流通", "保障", "处理"),
    ("投资", "面积", "数量", "总额", "补助资金"),
)
# How a phrase is put in other words.
CHANGES: tuple[Callable[[str, np.random.Generator], str], ...] = (
    lambda phrase, rng: phrase,
    lambda phrase, rng: "累计完成" + phrase,
    lambda phrase, rng: phrase[:-2] + "的" + phrase[-2:],
    lambda phrase, rng: phrase + "数",
    lambda phrase, rng: "全市" + phrase,
    lambda phrase, rng: phrase[2:],
    lambda phrase, rng: _changed(phrase, "工业综合新型", rng),
)


def claims(size: int, vocabulary: list[dict[str, Any]], seed: int = 1, off: float = 0.005) -> pd.DataFrame:
    """So many claims; the more frequent metrics are of the `vocabulary`, the entries of metrics.yaml."""
    rng = np.random.default_rng(seed)
    drawn = _drawn(size, rng)
    number, decimals = _printed(drawn, rng, off)
    known = (vocabulary * METRICS)[: METRICS // 3]
    unknown = METRICS - len(known)
    words = np.array([entry["id"] for entry in known] + [f"指标{k}" for k in range(unknown)], dtype=object)
    prices = [entry.get("price", {}) for entry in known]

    def of_metric(values: list[Any]) -> Any:
        """What the vocabulary says of the metric of each claim."""
        return np.array(values + [None] * unknown, dtype=object)[drawn["metric"]]

    attribute, part, order = (drawn[name].to_numpy() for name in ("attribute", "part", "order"))
    shown, unit, dimension, factor = _units(drawn)
    digits = np.array([f"{x:.{d}f}" for x, d in zip(number.tolist(), decimals.tolist(), strict=True)], dtype=object)
    start, end, base = _periods(drawn)
    report = drawn["report"].to_numpy()
    files = np.array([f"{k % 97:02d}/报告{k}.txt" for k in range(report[-1] + 1)], dtype=object)
    digests = np.array([f"{k:064x}" for k in range(report[-1] + 1)], dtype=object)
    place = np.array([f"县{k}" for k in range(drawn["place"].max() + 1)], dtype=object)[drawn["place"]]
    phrase = words[drawn["metric"]] + np.array([name for name, _ in PARTS], dtype=object)[part]
    series = dimension + "|" + attribute + "|" + phrase + "|" + place + "||"
    kind = np.where(drawn["modality"] == "target", "|target", "|actual").astype(object)
    value, half = number * factor, factor * 10.0**-decimals / 2
    columns: dict[str, Any] = {
        "id": files[report] + "#" + order.astype(str).astype(object),
        "document": files[report],
        "line": order // FIGURES + 3,
        "column": order % FIGURES * 9 + 1,
        "start": order * 12,
        "end": order * 12 + 8,
        "number": digits,
        "number_to": None,
        "text": digits + shown,
        "value": value,
        "low": value - half,
        "high": value + half,
        "low_open": False,
        "high_open": False,
        "step": 2 * half,
        "unit": unit,
        "dimension": dimension,
        "qualifier": np.where(rng.random(size) < 0.95, "exact", "about").astype(object),
        "metric": phrase,
        "concept": np.where(part > 0, None, of_metric([entry["id"] for entry in known])),
        "attribute": attribute,
        "period_start": start,
        "period_end": end,
        "modality": drawn["modality"],
        "place": place,
        "scope": "",
        "sentence": _sentences(place, phrase, digits + shown),
        "level": "",
        "owner": "",
        "whole": np.where(part > 0, words[drawn["metric"]], None),
        "base": np.where(base == "", None, base),
        "basis": "",
        "line_to": None,
        "order": order,
        "passage": order // FIGURES,
        "document_date": drawn["date"],
        "title": files[report],
        "document_identity": digests[report],
        "kind": of_metric([entry["kind"] for entry in known]),
        "price_level": of_metric([price.get("level") for price in prices]),
        "price_growth": of_metric([price.get("growth") for price in prices]),
        "growth_basis": None,
        "series": series,
        "fact": series + start + "/" + end + "|" + base + kind,
        "measure": phrase + "|" + place + "||",
    }
    return pd.DataFrame(columns, index=range(size))


def reworded(claims: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """The claims as they are before alignment: what the vocabulary does not know goes by other words in each report.

    Each place has its own choice of some thousand phrases, and a third of the claims puts one of them a little
    differently: a word in front or behind, one left out, a character in place of another.
    """
    rng = np.random.default_rng(seed)
    phrases = np.array([[change(phrase, rng) for change in CHANGES] for phrase in _phrases()], dtype=object)
    metric, place = (pd.factorize(claims[name])[0] for name in ("metric", "place"))
    change = np.where(rng.random(len(claims)) < 0.33, rng.integers(1, len(CHANGES), len(claims)), 0)
    words = phrases[(metric * 31 + place * 7919) % len(phrases), change]
    unaligned = claims.drop(
        columns=["series", "fact", "measure", "kind", "price_level", "price_growth", "growth_basis"]
    )
    return unaligned.assign(metric=np.where(claims["concept"].isna(), words, claims["metric"]))


def _changed(phrase: str, others: str, rng: np.random.Generator) -> str:
    """The phrase with one character in place of another."""
    at = rng.integers(len(phrase))
    return phrase[:at] + others[rng.integers(len(others))] + phrase[at + 1 :]


def _phrases() -> list[str]:
    return ["".join(words) for words in product(*WORDS)]


def _drawn(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Which report each claim stands in, and which figure of a pattern it is; `at` is its year, counted from BEFORE."""
    sentences = -(-size // FIGURES)
    reports = -(-sentences // SENTENCES)
    sentence, slot = np.divmod(np.arange(size), FIGURES)
    report = sentence // SENTENCES
    place = rng.integers(0, max(2, reports // (REPORTS_A_YEAR * YEARS)), reports)
    year = rng.integers(0, YEARS, reports)
    days = rng.integers(1, 29, reports)
    dates = [f"{FIRST_YEAR + y + 1}-0{1 + d % 3}-{d:02d}" for y, d in zip(year, days, strict=True)]
    figures = pd.DataFrame([figure for pattern in PATTERNS for figure in pattern])
    kind = rng.choice(len(PATTERNS), sentences, p=FREQUENCY)[sentence] * FIGURES + slot
    drawn = figures.astype({"attribute": object, "modality": object, "window": object}).iloc[kind]
    # A report names no metric twice, if it can be helped, and some metrics are in most reports.
    spread = (np.arange(sentences) % SENTENCES + rng.random(sentences)) / SENTENCES
    metric = (METRICS * spread**2).astype(np.int64)[sentence] + drawn["metric"].to_numpy()
    return drawn.reset_index(drop=True).assign(
        report=report,
        order=np.arange(size) % (SENTENCES * FIGURES),
        metric=metric % METRICS,
        place=place[report],
        at=year[report] + drawn["years"].to_numpy() + BEFORE,
        date=np.array(dates, dtype=object)[report],
        moved_on=(rng.random(reports) < 0.5)[report],
    )


def _printed(drawn: pd.DataFrame, rng: np.random.Generator, off: float) -> tuple[Any, Any]:
    """The number each claim prints, and to how many decimals: what is true of the place and year, but for the slips."""
    attribute, window, metric, at = (drawn[name].to_numpy() for name in ("attribute", "window", "metric", "at"))
    size, place = len(drawn), drawn["place"].to_numpy()
    shape = (int(place.max()) + 1, METRICS)
    grown = 1 + np.round(rng.normal(0.06, 0.05, (*shape, BEFORE + YEARS + 1)), 3)
    level = rng.lognormal(4, 1.2, (*shape, 1)) * grown.cumprod(axis=2)
    now, before, base = (level[place, metric, at - back] for back in (0, 1, BEFORE))
    total = level.cumsum(axis=2)
    five_years = total[place, metric, at] - total[place, metric, at - BEFORE]
    # A passage that is printed again moves on in some of its figures.
    five_years *= np.where(drawn["moved_on"] & (rng.random(size) < 0.5), 1.04, 1)
    share = rng.uniform(1, 95, shape)[place, metric]
    true = {
        "growth": (now / before - 1) * 100,
        "share": share,
        "multiple": now / base,
        "streak": at + 1 + metric % 7,
        "rank": 1 + metric % 20,
        "rate": 80 + share / 5,
        "change": now - before,
        "five years": five_years,
        "months": now * np.where(drawn["moved_on"], 11, 6) / 12.5,
    }
    whole = now * np.array([weight for _, weight in PARTS])[drawn["part"]]
    number = np.select([(attribute == name) | (window == name) for name in true], list(true.values()), whole)
    # A slip is mostly a digit or two, at times a figure ten times as large; a fall may come to be more than there was.
    slip = np.where(rng.random(size) < 0.8, rng.uniform(1.02, 1.3, size), 10)
    slip = np.where((attribute == "growth") & (rng.random(size) < 0.2), -40, slip)
    number = np.where(rng.random(size) < off, number * slip, number)
    some = np.where(metric % len(SCALES) < 2, 1 + (drawn["report"] + metric) % 2, 0)
    decimals = np.select([attribute == name for name in DECIMALS], list(DECIMALS.values()), some)
    return np.select(
        [decimals == 0, decimals == 1], [np.round(number), np.round(number, 1)], np.round(number, 2)
    ), decimals


def _units(drawn: pd.DataFrame) -> tuple[Any, ...]:
    """The unit as printed, the base unit, its dimension, and how much it is in the base unit."""
    units = [*SCALES, *((unit, unit, name, 1.0) for name, unit in UNITS.items())]
    own = [drawn["attribute"] == name for name in UNITS]
    number = np.select(own, range(len(SCALES), len(units)), drawn["metric"] % len(SCALES))
    shown, base, dimension, factor = (np.array(column, dtype=object)[number] for column in zip(*units, strict=True))
    return shown, base, dimension, factor.astype(float)


def _periods(drawn: pd.DataFrame) -> tuple[Any, Any, Any]:
    """First and last day, and both of the year that a multiple is measured against."""
    window, at, moved_on = (drawn[name].to_numpy() for name in ("window", "at", "moved_on"))
    years = np.array([str(FIRST_YEAR - BEFORE + k) for k in range(BEFORE + YEARS + 2)], dtype=object)
    long, months = window == "five years", window == "months"
    start = years[np.where(long, at - BEFORE + 1, at)] + np.where(long & moved_on, "-09-01", "-01-01").astype(object)
    last = np.select([months & moved_on, months, long & moved_on], ["-11-30", "-06-30", "-09-30"], "-12-31")
    end = years[np.where(long & moved_on, at + 1, at)] + last.astype(object)
    then = years[at - BEFORE]
    return start, end, np.where(drawn["attribute"] == "multiple", then + "-01-01/" + then + "-12-31", "").astype(object)


def _sentences(place: Any, phrase: Any, text: Any) -> Any:
    """For each claim what stands around it: the figures of its sentence."""
    parts = phrase + text
    starts = range(0, len(parts), FIGURES)
    sentences = [f"{place[i]}{'，'.join(parts[i : i + FIGURES])}。" for i in starts]
    return np.array(sentences, dtype=object)[np.arange(len(parts)) // FIGURES]
