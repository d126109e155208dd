"""Let neighbours testify: series whose phrases are only related are one, where passages around them run parallel.

Work starts from what is known: two claims of one series in two documents are an anchor, and only the claims beside an
anchor, or two that print the same figure, are compared. So the cost follows the anchors, not the pairs of claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from checker.align.phrases import contrasting, is_bare, related

# How far apart, in claims, a neighbour may stand.
REACH = 4
# ... and how much farther from it in one document than in the other.
SHIFT = 2
# What a pair of series needs to be taken for one: related phrases (up to 1.2), and testimony.
ENOUGH = 1.5
EQUAL_FIGURE, EQUAL_ANCHOR, ANCHOR, MOST = 0.5, 0.7, 0.35, 1.4
# Two that print the same figure are compared where it has this many digits: 3078 tells more than 5.
TELLING_DIGITS = 3
# A series stated by more documents than this is known well enough by its words.
COMMON = 12
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """What testimony needs of a claim."""

    id: str
    document: str
    order: int
    series: str
    block: tuple[str, ...]
    key: str
    owner: str
    concept: str
    value: float
    unit: str
    start: str
    end: str
    target: bool
    digits: int


def testify(table: pd.DataFrame) -> pd.Series:
    """The series of each claim after related series that parallel passages confirm have become one."""
    rows = _rows(table)
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while name in parent:
            name = parent[name]
        return name

    beside = _beside(rows)
    for _ in range(ROUNDS):
        votes: dict[tuple[str, str], float] = {}
        for (x, y), weight in _testimonies(rows, beside, root):
            pair = (min(root(x.series), root(y.series)), max(root(x.series), root(y.series)))
            votes[pair] = max(votes.get(pair, 0.0), min(weight, MOST) + _relation(x, y))
        for (a, b), weight in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
            a, b = root(a), root(b)
            if a != b and weight >= ENOUGH and not _clash([row for row in rows if root(row.series) in (a, b)], a, root):
                parent[max(a, b)] = min(a, b)
    return table["series"].map(root)


def _rows(table: pd.DataFrame) -> list[_Row]:
    table = table.sort_values(["document", "order"], kind="stable")
    block = zip(*(table[name].tolist() for name in ("dimension", "attribute", "place", "level", "basis")), strict=True)
    digits = table["number"].str.rstrip("0").str.count(r"\d")
    columns = [
        table["id"],
        table["document"],
        table["order"],
        table["series"],
        pd.Series(list(block), index=table.index),
        table["key"],
        table["owner_key"],
        table["concept"].fillna(""),
        table["value"],
        table["unit"],
        table["period_start"].fillna(""),
        table["period_end"].fillna(""),
        table["modality"] == "target",
        digits,
    ]
    return [_Row(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _beside(rows: list[_Row]) -> dict[str, list[_Row]]:
    """The claims around each claim, by its id."""
    around: dict[str, list[_Row]] = {}
    for i, row in enumerate(rows):
        near = rows[max(0, i - REACH) : i] + rows[i + 1 : i + 1 + REACH]
        around[row.id] = [other for other in near if other.document == row.document]
    return around


Root = Callable[[str], str]


def _testimonies(
    rows: list[_Row], beside: dict[str, list[_Row]], root: Root
) -> Iterator[tuple[tuple[_Row, _Row], float]]:
    """Pairs of claims that may state the same thing, each with what its neighbours testify."""
    votes: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    pairs: dict[tuple[str, str], tuple[_Row, _Row]] = {}
    for a, b in _anchors(rows, root):
        weight = EQUAL_ANCHOR if a.value == b.value and a.unit == b.unit else ANCHOR
        for x in beside[a.id]:
            for y in beside[b.id]:
                if _parallel(x.order - a.order, y.order - b.order) and _comparable(x, y, root):
                    known = votes[x.id, y.id]
                    known[root(a.series)] = max(weight, known.get(root(a.series), 0.0))
                    pairs[x.id, y.id] = (x, y)
    for x, y in _equals(rows, root):
        pairs[x.id, y.id] = (x, y)
    for key, (x, y) in pairs.items():
        same = EQUAL_FIGURE if x.value == y.value and x.unit == y.unit and x.digits >= 2 else 0.0
        yield (x, y), same + sum(votes[key].values())


def _parallel(left: int, right: int) -> bool:
    """Whether two claims stand on the same side of an anchor, about as far from it: passages that repeat keep order."""
    return left * right > 0 and abs(left - right) <= SHIFT


def _anchors(rows: list[_Row], root: Root) -> Iterator[tuple[_Row, _Row]]:
    """Two claims of one series in two documents whose periods overlap."""
    by_series: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_series[root(row.series)].append(row)
    for members in by_series.values():
        if 2 <= len({row.document for row in members}) <= COMMON and len(members) <= 4 * COMMON:
            for a, b in combinations(members, 2):
                if a.document != b.document and _overlap(a, b):
                    yield a, b


def _equals(rows: list[_Row], root: Root) -> Iterator[tuple[_Row, _Row]]:
    """Two claims of different documents and series that print the same telling figure."""
    by_figure: dict[tuple[object, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        if row.digits >= TELLING_DIGITS - 1 and len(str(int(abs(row.value)))) >= TELLING_DIGITS:
            by_figure[row.block, row.value, row.unit].append(row)
    for members in by_figure.values():
        if len({row.document for row in members}) > 1 and len(members) <= COMMON:
            for x, y in combinations(members, 2):
                if _comparable(x, y, root):
                    yield x, y


def _comparable(x: _Row, y: _Row, root: Root) -> bool:
    """Whether two claims could be of one series: same block, overlapping periods, not two concepts."""
    return (
        x.document != y.document
        and x.block == y.block
        and root(x.series) != root(y.series)
        and not (x.concept and y.concept)
        and _overlap(x, y)
    )


def _overlap(x: _Row, y: _Row) -> bool:
    return bool(x.end and y.end) and x.start <= y.end and y.start <= x.end


def _relation(x: _Row, y: _Row) -> float:
    """How related the phrases of two claims are: their metrics, and what they belong to."""
    if x.key == y.key:
        if bool(x.owner) != bool(y.owner):
            return 0.2
        if x.owner == y.owner:
            return 0.4 if is_bare(x.key) and not x.owner else 0.9
        return 0.9 if related(x.owner, y.owner) > 0.8 else 0.0
    return related(x.key, y.key)


def _clash(rows: list[_Row], series: str, root: Root) -> bool:
    """Whether these rows cannot be one series: contrasting phrases, or two figures of one document for one period."""
    keys = [{row.key for row in rows if (root(row.series) == series) is side} for side in (True, False)]
    if any(contrasting(a, b) for a in keys[0] for b in keys[1]):
        return True
    figures: dict[tuple[str, str, str, bool], set[float]] = defaultdict(set)
    for row in rows:
        figures[row.document, row.start, row.end, row.target].add(row.value)
    return any(len(values) > 1 for values in figures.values())
