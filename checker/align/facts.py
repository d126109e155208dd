"""Series to facts: which claims of a series state one and the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from checker.align.figures import LONG, Figure, agree, significant, slip
from checker.columns import Bools, Texts, combine, join, largest
from checker.model import Claim, Fact


def facts(table: pd.DataFrame, texts: Mapping[str, Texts]) -> Texts:
    """The fact of each claim: its series in one period, plans apart from outcomes.

    One claim of a document matches at most one of another. Where a document gives several figures for what looks like
    one fact, those that other documents state alike are it, and so are those a slip of the pen away from these (one
    digit changed, dropped, doubled, or two swapped); the rest are something else, and stand alone.
    """
    kind = texts["modality"].map(lambda modality: "target" if modality == "target" else "actual")
    period = join([texts["period_start"], texts["period_end"]], "/")
    fact = join([texts["series"], join([period, texts["base"], kind])])
    value, said = table["value"].to_numpy(), combine([fact.codes, texts["document"].codes])
    unlike = -largest(-value, said) < largest(value, said)
    suspects = np.flatnonzero(np.isin(fact.codes, fact.codes[unlike]))
    groups: dict[int, list[Figure]] = defaultdict(list)
    columns = [table[name].iloc[suspects].tolist() for name in Figure._fields[:-1]]
    for code, *row in zip(fact.codes[suspects].tolist(), *columns, unlike[suspects].tolist(), strict=True):
        groups[code].append(Figure(*row))
    alone = {figure.id for group in groups.values() for figure in _others(group)}
    return set_apart(fact, table["id"].isin(alone).to_numpy(), table["id"])


def set_apart(texts: Texts, rows: Bools, ids: pd.Series[str]) -> Texts:
    """The column with a text of its own for each of these rows: its text and its id."""
    own = texts.values[texts.codes[rows]] + "|" + ids[rows].to_numpy(dtype=object)
    codes = texts.codes.copy()
    codes[rows] = len(texts.values) + np.arange(len(own))
    return Texts(codes, np.concatenate([texts.values, own]))


def _others(figures: list[Figure]) -> list[Figure]:
    """Of the figures of documents that give several, those that do not state the fact the others state."""
    doubtful = [figure for figure in figures if figure.doubtful]
    meant = [f for f in doubtful if any(agree(f, other) for other in figures if other.document != f.document)]
    anchors = meant + [figure for figure in figures if not figure.doubtful]
    if not anchors:
        anchors = [figure for figure in doubtful if len(significant(figure)) > LONG]
    return [f for f in doubtful if f not in meant and not any(slip(f, anchor) for anchor in anchors)]


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
