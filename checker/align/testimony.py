"""Let neighbours testify: series whose phrases are only related are one, where passages around them run parallel.

Work starts from what is known: two claims of one series in two documents are an anchor, and only the claims beside an
anchor, or two that print the same figure, are compared. So the cost follows the anchors, not the pairs of claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from checker.align.phrases import Phrases, is_bare
from checker.align.weights import needed, setting, weights
from checker.columns import Bools, Floats, Ints, Texts, combine, first_of_each

# How far apart, in claims, a neighbour may stand.
REACH = 4
# ... and how much farther from it in one document than in the other.
SHIFT = 2
# Two that print the same figure are compared where it has this many digits: 3078 tells more than 5.
TELLING_DIGITS = 3
# A series stated by more documents than this is known well enough by its words.
COMMON = 12
ROUNDS = 2


class _Rows(NamedTuple):
    """What testimony needs of each claim, document after document; equal codes stand for equal values.

    `figure` is the value in its unit, `cell` the document, period and modality; `start` and `end` ascend with the days,
    and where the end is unknown the start lies behind all ends: such a period overlaps none.
    `precise` figures have more than one digit, `known` metrics are of the vocabulary.
    """

    document: Ints
    order: Ints
    series: Ints
    block: Ints
    key: Ints
    owner: Ints
    known: Bools
    value: Floats
    figure: Ints
    precise: Bools
    start: Ints
    end: Ints
    cell: Ints


def testify(table: pd.DataFrame, texts: Mapping[str, Texts], phrases: Phrases) -> Texts:
    """The series of each claim after related series that parallel passages confirm have become one."""
    series, keys, owners = (texts[name] for name in ("series", "key", "owner_key"))
    rows = _rows(table, texts)
    equal = _equals(rows)
    became = np.arange(len(series.values))
    for _ in range(ROUNDS):
        candidates = _candidates(rows, equal, series.values, keys.values, owners.values, phrases)
        step = _unite(rows, candidates, series.values, keys.values, phrases)
        rows, became = rows._replace(series=step[rows.series]), step[became]
    return Texts(became[series.codes], series.values)


def _rows(table: pd.DataFrame, texts: Mapping[str, Texts]) -> _Rows:
    codes = {name: text.codes for name, text in texts.items()}
    starts, ends = texts["period_start"].values, texts["period_end"].values
    days, known = pd.factorize(np.concatenate([[""], starts, ends]), sort=True)
    start, end = days[1 + codes["period_start"]], days[1 + len(starts) + codes["period_end"]]
    value, precise = table["value"].to_numpy(), setting("figures", "telling")
    target = texts["modality"].are(lambda modality: modality == "target").astype(np.int64)
    rows = _Rows(
        document=codes["document"],
        order=table["order"].to_numpy(),
        series=codes["series"],
        block=combine([codes[name] for name in ("dimension", "attribute", "about", "level", "basis", "currency")]),
        key=codes["key"],
        owner=codes["owner_key"],
        known=codes["concept"] >= 0,
        value=value,
        figure=combine([pd.factorize(value)[0], codes["unit"]]),
        precise=texts["number"].are(lambda number: _digits(number) >= precise),
        start=np.where(end > 0, start, len(known)),
        end=end,
        cell=combine([codes[name] for name in ("document", "period_start", "period_end")] + [target]),
    )
    # Documents of one subject lie together, and so in memory does what is compared.
    subject = codes["about"][first_of_each(rows.document)]
    by_document = np.lexsort((rows.order, rows.document, subject[rows.document]))
    return _Rows._make(column[by_document] for column in rows)


def _digits(number: str) -> int:
    """How many digits a number is printed with, zeros at its end left out."""
    return sum(map(str.isdecimal, number.rstrip("0")))


def _candidates(
    rows: _Rows, equal: tuple[Ints, Ints], names: Any, keys: Any, owners: Any, phrases: Phrases
) -> list[tuple[int, int]]:
    """Pairs of series that testimony and their phrases take for one, the best attested first."""
    x, y, votes = _testimonies(rows, *equal)
    pairs = combine([column[side] for side in (x, y) for column in (rows.key, rows.owner)])
    first = first_of_each(pairs)
    weight = votes + _relation(rows, x[first], y[first], keys, owners, phrases)[pairs]
    enough = weight >= needed()
    best: dict[tuple[int, int], float] = {}
    for left, right, w in zip(rows.series[x[enough]], rows.series[y[enough]], weight[enough], strict=True):
        pair = (left, right) if names[left] < names[right] else (right, left)
        best[pair] = max(best.get(pair, 0.0), w)
    return sorted(best, key=lambda pair: (-best[pair], names[pair[0]], names[pair[1]]))


def _testimonies(rows: _Rows, x: Ints, y: Ints) -> tuple[Ints, Ints, Floats]:
    """Pairs of claims that may state the same thing, each with what its neighbours and its own figures testify."""
    keep = _comparable(rows, x, y)
    alone = (x[keep], y[keep], np.full(len(keep), -1), np.zeros(len(keep)))  # no neighbour has a vote
    x, y, anchor, weight = (np.concatenate(column) for column in zip(*_votes(rows), alone, strict=True))
    # The anchors of one series have one vote between them, the weightiest.
    pair = x * len(rows.series) + y
    order = np.lexsort((-weight, anchor, pair))
    x, y, pair, anchor, weight = (column[order] for column in (x, y, pair, anchor, weight))
    other = _changes(pair)
    voter = other | _changes(anchor)
    # Rounded, the sum is the same in whichever order it was taken.
    votes = np.bincount((np.cumsum(other) - 1)[voter], weight[voter]).round(6)
    x, y = x[other], y[other]
    equal = np.where((rows.figure[x] == rows.figure[y]) & rows.precise[x], weights("value")["equal"], 0.0)
    return x, y, np.minimum(equal + votes, weights("neighbours")["most"])


def _changes(*columns: Any) -> Bools:
    """Where a row is not as the one before."""
    changes = np.ones(len(columns[0]), dtype=bool)
    changes[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return changes


def _votes(rows: _Rows) -> Iterator[tuple[Ints, Ints, Ints, Floats]]:
    """Claims beside an anchor, on the same side of it and about as far from it: passages that repeat keep order.

    An anchor is two claims of one series in two documents whose periods overlap.
    """
    a, b = _pairs(rows, np.arange(len(rows.series)), rows.series, 4 * COMMON)
    attests = weights("neighbours")
    weight = np.where(rows.figure[a] == rows.figure[b], attests["equal"], attests["unequal"])
    for side in (-1, 1):
        steps = range(side, side * (REACH + 1), side)
        mine, theirs = ([_beside(rows, one, step) for step in steps] for one in (a, b))
        for (left, block), (right, other) in product(mine, theirs):
            beside = np.flatnonzero((block == other) & (block >= 0))
            x, y, i, j = left[beside], right[beside], a[beside], b[beside]
            far, near = rows.order[x] - rows.order[i], rows.order[y] - rows.order[j]
            keep = np.flatnonzero((far * near > 0) & (np.abs(far - near) <= SHIFT))
            keep = keep[_comparable(rows, x[keep], y[keep])]
            yield x[keep], y[keep], rows.series[i[keep]], weight[beside[keep]]


def _beside(rows: _Rows, claims: Ints, step: int) -> tuple[Ints, Ints]:
    """The row so many steps from each claim, and its block; -1 where the document ends before."""
    row = np.clip(claims + step, 0, len(rows.series) - 1)
    inside = (row == claims + step) & (rows.document[row] == rows.document[claims])
    return row, np.where(inside, rows.block[row], -1)


def _equals(rows: _Rows) -> tuple[Ints, Ints]:
    """Two claims of different documents that print the same telling figure."""
    telling = np.flatnonzero(rows.precise & (np.abs(rows.value) >= 10 ** (TELLING_DIGITS - 1)))
    return _pairs(rows, telling, combine([rows.block, rows.figure]), COMMON)


def _pairs(rows: _Rows, among: Ints, group: Ints, most: int) -> tuple[Ints, Ints]:
    """Any two of these claims in a group, of two documents and with overlapping periods, the first document first.

    A group counts that has two documents or more, no more than COMMON, and no more claims than `most`.
    """
    group, among = np.divmod(np.sort(group[among] * len(group) + among), max(1, len(group)))
    group = np.cumsum(_changes(group)) - 1
    documents = np.bincount(group[_changes(group, rows.document[among])])
    fit = (documents >= 2) & (documents <= COMMON) & (np.bincount(group) <= most)
    among, group = among[fit[group]], group[fit[group]]
    left, right, at = [], [], np.arange(len(among))
    for step in range(1, most):
        at = at[: np.searchsorted(at, len(among) - step)]
        at = at[group[at] == group[at + step]]
        a, b = among[at], among[at + step]
        keep = np.flatnonzero(rows.document[a] != rows.document[b])
        keep = keep[_overlap(rows, a[keep], b[keep])]
        left.append(a[keep])
        right.append(b[keep])
    # In the order of the rows, and so in memory.
    return np.divmod(np.sort(np.concatenate(left) * len(rows.order) + np.concatenate(right)), max(1, len(rows.order)))


def _comparable(rows: _Rows, x: Ints, y: Ints) -> Ints:
    """Which pairs of claims could be of one series: one block, two documents, overlapping periods, not two concepts."""
    pairs = np.flatnonzero(rows.series[x] != rows.series[y])  # first what most of them fail
    x, y = x[pairs], y[pairs]
    fit = _overlap(rows, x, y) & (rows.document[x] != rows.document[y]) & (rows.block[x] == rows.block[y])
    return pairs[np.flatnonzero(fit & ~(rows.known[x] & rows.known[y]))]


def _overlap(rows: _Rows, x: Ints, y: Ints) -> Bools:
    """Whether the periods of two claims share a day."""
    overlap: Bools = (rows.start[x] <= rows.end[y]) & (rows.start[y] <= rows.end[x])
    return overlap


def _relation(rows: _Rows, x: Ints, y: Ints, keys: Any, owners: Any, phrases: Phrases) -> Floats:
    """How related the phrases of two claims are: their metrics, or, of one metric, what they belong to."""
    key, owner, other = rows.key[x], rows.owner[x], rows.owner[y]
    alike = key == rows.key[y]
    weight = np.where(alike, 0.0, weights("metric")["unlike"])
    for pairs, side, names in ((np.flatnonzero(~alike), rows.key, keys), (np.flatnonzero(alike), rows.owner, owners)):
        weight[pairs] = phrases.related(names[side[x[pairs]]], names[side[y[pairs]]])
    metric, owned, unowned = weights("metric"), weights("owner"), owners == ""
    near = np.where(weight >= metric["core"], owned["alike"], owned["different"])
    whose = np.where(unowned[owner] != unowned[other], owned["one_alone"], near)
    # Where words and owner agree, the whole of a share parts two series, or that a bare head says too little.
    equal = np.flatnonzero(alike & (owner == other))
    whose[equal] = weights("whole")["different"]
    weight[alike] = metric["exact"] + whose[alike]
    weight[[i for i in equal.tolist() if unowned[owner[i]] and is_bare(keys[key[i]])]] = metric["bare"]
    return weight


def _unite(rows: _Rows, candidates: list[tuple[int, int]], names: Any, keys: Any, phrases: Phrases) -> Ints:
    """For each series the one it becomes, the first by name, where those that unite can be one."""
    parent: dict[int, int] = {}

    def root(series: int) -> int:
        while series in parent:
            series = parent[series]
        return series

    order = np.argsort(rows.series, kind="stable")
    ends = np.searchsorted(rows.series[order], np.arange(len(names) + 1))
    members: dict[int, Ints] = {}
    for pair in candidates:
        a, b = sorted(map(root, pair), key=lambda series: str(names[series]))
        if a == b:
            continue
        mine, theirs = (members.get(one, order[ends[one] : ends[one + 1]]) for one in (a, b))
        if not _clash(rows, mine, theirs, keys, phrases):
            parent[b], members[a] = a, np.concatenate([mine, theirs])
    became = np.arange(len(names))
    for series in parent:
        became[series] = root(series)
    return became


def _clash(rows: _Rows, mine: Ints, theirs: Ints, keys: Any, phrases: Phrases) -> bool:
    """Whether these rows cannot be one series: contrasting phrases, or two figures of one document for one period."""
    a, b = (set(keys[rows.key[side]]) for side in (mine, theirs))
    if any(phrases.contrasting(left, right) for left, right in product(a, b)):
        return True
    both = np.concatenate([mine, theirs])
    cell, value = rows.cell[both], rows.value[both]
    order = np.lexsort((value, cell))
    return bool((~_changes(cell[order]) & _changes(value[order])).any())
