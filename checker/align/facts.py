"""Series to facts: which claims of a series state one and the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from checker.align.figures import Figure, agree, significant, slip, twice, value_level
from checker.align.weights import agreed, outcome, setting, weights
from checker.columns import Bools, Ints, Texts, combine, first_of_each, join, largest
from checker.model import Claim, Fact


class Sorted(NamedTuple):
    """The fact of each claim, and the one it may state instead, where its document has a figure that ranks first."""

    fact: Texts
    possible: Texts


def facts(table: pd.DataFrame, texts: Mapping[str, Texts]) -> Sorted:
    """The fact of each claim: its series in one period, plans apart from outcomes.

    One claim of a document matches at most one of another. Where a document gives several figures for what looks like
    one fact, those that other documents state alike are it, and so are those a slip of the pen away from these (one
    digit changed, dropped, doubled, or two swapped), or else those that rank first in the document. The rest stand
    alone: they are possibly the fact, and possibly something else.
    """
    fact = join([texts["series"], _when(texts)])
    value, said = table["value"].to_numpy(), combine([fact.codes, texts["document"].codes])
    unlike = -largest(-value, said) < largest(value, said)
    suspects = np.flatnonzero(np.isin(fact.codes, fact.codes[unlike]))
    groups: dict[int, list[Figure]] = defaultdict(list)
    for code, figure in zip(fact.codes[suspects].tolist(), figures(table, texts, suspects, unlike), strict=True):
        groups[code].append(figure)
    others = {figure.id for group in groups.values() for figure in _others(group)}
    alone = table["id"].isin(others).to_numpy()
    return Sorted(set_apart(fact, alone, table["id"]), fact.where(alone))


def figures(table: pd.DataFrame, texts: Mapping[str, Texts], rows: Ints, doubtful: Bools) -> list[Figure]:
    """What these rows print."""
    columns = [table[name].iloc[rows].tolist() for name in Figure._fields[:7]]
    exact = texts["qualifier"].are(lambda qualifier: qualifier in ("", "exact"))[rows].tolist()
    part = texts["part"].are(bool)[rows].tolist()
    known = texts["concept"].are(bool)[rows].tolist()
    return [Figure(*row) for row in zip(*columns, exact, part, known, doubtful[rows].tolist(), strict=True)]


def _when(texts: Mapping[str, Texts]) -> Texts:
    kind = texts["modality"].map(lambda modality: "target" if modality == "target" else "actual")
    period = join([texts["period_start"], texts["period_end"]], "/")
    return join([period, texts["base"], kind])


def meet(table: pd.DataFrame, texts: Mapping[str, Texts], bare: Bools) -> Texts:
    """The series of each claim, those of a bare head in the first one of another document that its figure meets.

    A bare head without its owner (投入资金) says too little by its words alone. Where each document gives one figure
    for it, those meet whose figures make it possible: equal, or one slip of the pen apart. The rest stand alone.
    """
    rows = np.flatnonzero(bare)
    group = combine([texts["series"].at(rows).codes, _when(texts).at(rows).codes])
    said = combine([group, texts["document"].codes[rows]])
    value = table["value"].to_numpy()[rows]
    several = -largest(-value, said) < largest(value, said)
    documents = np.bincount(group[first_of_each(said)], minlength=group.max(initial=-1) + 1)
    fit = np.flatnonzero((documents[group] > 1) & ~np.isin(group, group[several]))
    members: dict[int, list[Figure]] = defaultdict(list)
    for code, figure in zip(
        group[fit].tolist(), figures(table, texts, rows[fit], np.zeros(len(table), dtype=bool)), strict=True
    ):
        members[code].append(figure)
    first: dict[str, str] = {}
    for alike in members.values():
        leader, *others = sorted(alike, key=lambda figure: figure.id)
        first |= {f.id: leader.id for f in (leader, *others) if f is leader or _possible(leader, f)}
    own = pd.Series([first.get(id, id) for id in table["id"].iloc[rows]], dtype=object)
    return _named(texts["series"], rows, own)


def _possible(a: Figure, b: Figure) -> bool:
    """Whether two figures for one bare head are possibly the same fact."""
    return outcome(agreed() + weights("metric")["bare"] + weights("value")[value_level(a, b)]) != "different"


def set_apart(texts: Texts, rows: Bools, ids: pd.Series[str]) -> Texts:
    """The column with a text of its own for each of these rows: its text and its id."""
    return _named(texts, np.flatnonzero(rows), ids[rows])


def _named(texts: Texts, rows: Ints, names: pd.Series[str]) -> Texts:
    """The column with a name behind the text of each of these rows."""
    own = texts.values[texts.codes[rows]] + "|" + names.to_numpy(dtype=object)
    numbers, distinct = pd.factorize(own)
    codes = texts.codes.copy()
    codes[rows] = len(texts.values) + numbers
    return Texts(codes, np.concatenate([texts.values, distinct]))


def _others(figures: list[Figure]) -> list[Figure]:
    """Of the figures of documents that give several, those that do not state the fact."""
    doubtful = [figure for figure in figures if figure.doubtful]
    firm = {figure.document for figure in doubtful if figure.exact}
    # 突破300 agrees with too much to tell which is meant, where its document gives an exact figure as well.
    telling = [figure for figure in doubtful if figure.exact or figure.document not in firm]
    meant = [f for f in telling if any(agree(f, other) for other in figures if other.document != f.document)]
    anchors = meant + [figure for figure in figures if not figure.doubtful]
    if not anchors:
        # Of an indicator there is one figure, so that shorter ones tell a slip as well.
        least = {known: setting("figures", "of_indicators" if known else "long") for known in (True, False)}
        anchors = [figure for figure in doubtful if len(significant(figure)) > least[figure.known]]
    meant += [f for f in telling if f not in meant and any(slip(f, anchor) for anchor in anchors)]
    told = {figure.document for figure in meant}
    documents: dict[str, list[Figure]] = defaultdict(list)
    for figure in doubtful:
        documents[figure.document].append(figure)
    meant += [f for document, mine in documents.items() if document not in told for f in _first(mine)]
    return [f for f in doubtful if f not in meant]


def _first(figures: list[Figure]) -> list[Figure]:
    """Of several figures of one document, those that rank first and agree with one another; none where they do not.

    The whole ranks before a part of it, exact before 突破, and what is printed twice alike before what is printed once.
    """
    rank = {f: (f.part, not f.exact, not any(f is not other and twice(f, other) for other in figures)) for f in figures}
    best = min(rank.values())
    first = [figure for figure, place in rank.items() if place == best]
    return first if all(twice(first[0], other) for other in first) else []


def list_facts(members: pd.Series[str], claims: Mapping[str, Claim]) -> tuple[Fact, ...]:
    """The facts in order of period, metric and first claim; `members` gives the fact of each claim by its id."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for id, name in members.items():
        groups[name].append(claims[str(id)])
    ordered = [sorted(group, key=_position) for group in groups.values()]
    ordered.sort(key=lambda group: (group[0].period_end or "", group[0].metric, _position(group[0])))
    return tuple(_fact(f"F{i:04d}", group) for i, group in enumerate(ordered, 1))


def _position(claim: Claim) -> tuple[str, int]:
    return claim.document, claim.start


def _fact(id: str, claims: Iterable[Claim]) -> Fact:
    claims = tuple(claims)
    first = claims[0]
    return Fact(
        id=id,
        metric=first.metric,
        concept=first.concept,
        attribute=first.attribute,
        unit=first.unit,
        place=first.place,
        scope=first.scope,
        period_start=first.period_start,
        period_end=first.period_end,
        claims=tuple(claim.id for claim in claims),
    )
