"""Claims to facts: which figures of different documents state the same thing, and the evidence for saying so.

A claim's series is what it measures (metric, place, scope, unit) over all periods; its fact is the series in one
period. Distinct phrases are compared, never claims with claims; where phrases alone leave doubt, neighbours testify:
parallel passages that agree around two figures make them the same fact too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from checker.align.evidence import REACH, Placed, explain
from checker.align.figures import LONG, Figure, agree, significant, slip
from checker.align.phrases import core, is_bare, leaders, normalise
from checker.align.testimony import testify
from checker.model import Claim, Document, Fact, Match, frame

__all__ = ["Alignment", "align"]


@dataclass(frozen=True)
class Alignment:
    """Claims sorted into facts.

    `table` has a row a claim: its fields, and series, fact, key (its phrase), document_date and document_digest.
    `claims` holds them by id, `lines` those of each document in order, with their series.
    """

    table: pd.DataFrame
    facts: tuple[Fact, ...]
    claims: Mapping[str, Claim]
    lines: Mapping[str, Sequence[Placed]]

    def match(self, left: str, right: str) -> Match:
        """The evidence for two claims (by id) stating the same thing."""
        a, b = self.claims[left], self.claims[right]
        return explain(a, b, self._beside(a), self._beside(b))

    def _beside(self, claim: Claim) -> list[Placed]:
        line = self.lines[claim.document]
        return [*line[max(0, claim.order - REACH) : claim.order], *line[claim.order + 1 : claim.order + 1 + REACH]]


def align(claims: Sequence[Claim], documents: Iterable[Document]) -> Alignment:
    """Sort claims into series and facts."""
    table = frame(claims, Claim)
    dates = {d.path: d.date.isoformat() if d.date else None for d in documents}
    digests = {d.path: d.digest for d in documents}
    table["document_date"] = table["document"].map(dates)
    table["document_digest"] = table["document"].map(digests)
    if table.empty:
        return Alignment(table.assign(key=[], series=[], fact=[]), (), {}, {})
    table["key"] = _keys(table)
    table["owner_key"] = table["owner"].map(lambda owner: core(normalise(owner)) if owner else "")
    table["series"] = _series(table)
    table["series"] = testify(table)
    table["fact"] = _facts(table)
    by_id = {claim.id: claim for claim in claims}
    lines: dict[str, list[Placed]] = {}
    for claim, series in zip(claims, table["series"], strict=False):
        lines.setdefault(claim.document, []).append((claim, series))
    return Alignment(table, _list_facts(table, by_id), by_id, lines)


def _keys(table: pd.DataFrame) -> pd.Series:
    """The phrase that stands for each claim's metric: its concept, or the leader of its words within its block."""
    phrase = table["metric"].map(normalise).where(table["concept"].isna(), table["concept"])
    block = table["dimension"] + "/" + table["attribute"]
    known = table["concept"].notna()
    key = phrase.copy()
    for _, rows in table[~known].groupby(block[~known], sort=True):
        counts = phrase[rows.index].value_counts()
        ordered = sorted(counts.index, key=lambda p: (-counts[p], p))
        leader = leaders(ordered)
        key[rows.index] = phrase[rows.index].map(leader)
    return key


def _series(table: pd.DataFrame) -> pd.Series:
    """Claims of one phrase, unit, place, level, owner and basis measure the same thing."""
    parts = ["dimension", "attribute", "key", "place", "level", "owner_key", "basis"]
    whole = table["whole"].fillna("").map(normalise).where(table["attribute"] == "share", "")
    series = table[parts].assign(whole=whole).agg("|".join, axis=1)
    # A bare head without its owner (投入资金, 增速) says too little: only what stands beside it can tell what it is.
    bare = (table["key"].str.len() < 2) | (table["metric"].map(is_bare) & (table["owner"] == ""))
    return series.mask(bare, series + "|" + table["id"])


def _facts(table: pd.DataFrame) -> pd.Series:
    """The series in one period, plans apart from outcomes.

    One claim of a document matches at most one of another. Where a document gives several figures for what looks like
    one fact, those that other documents state alike are it, and so are those a slip of the pen away from these (one
    digit changed, dropped, doubled, or two swapped); the rest are something else, and stand alone.
    """
    kind = table["modality"].map(lambda modality: "target" if modality == "target" else "actual")
    base = table["base"].fillna("")
    period = table["period_start"].fillna("") + "/" + table["period_end"].fillna("")
    fact = table["series"] + "|" + period + "|" + base + "|" + kind
    unlike = table.assign(fact=fact).groupby(["fact", "document"])["value"].transform("nunique") > 1
    for name, rows in table[fact.isin(fact[unlike])].groupby(fact, sort=True):
        alone = set(rows.index[unlike[rows.index]]) - _meant(rows, unlike)
        for i in alone:
            fact[i] = f"{name}|{table.at[i, 'id']}"
    return fact


def _meant(rows: pd.DataFrame, unlike: pd.Series) -> set[Hashable]:
    """Of the rows of documents that give several figures, those that state the fact the other rows state."""
    items = [Figure(r.Index, r.document, r.value, r.low, r.high, r.step, r.number) for r in rows.itertuples()]
    doubtful = [item for item in items if unlike[item.row]]
    meant = {
        item.row: item
        for item in doubtful
        if any(agree(item, other) for other in items if other.document != item.document)
    }
    anchors = [*meant.values(), *(item for item in items if not unlike[item.row])]
    if not anchors:
        anchors = [item for item in doubtful if len(significant(item)) > LONG]
    return set(meant) | {item.row for item in doubtful for other in anchors if slip(item, other)}


def _list_facts(table: pd.DataFrame, claims: Mapping[str, Claim]) -> tuple[Fact, ...]:
    order = {id: (claims[id].document, claims[id].start) for id in claims}
    facts = []
    for _, ids in table.groupby("fact", sort=False)["id"]:
        members = sorted(ids, key=lambda id: order[id])
        first = claims[members[0]]
        facts.append((members, first))
    facts.sort(key=lambda item: (item[1].period_end or "", item[1].metric, order[item[0][0]]))
    return tuple(
        Fact(
            f"F{i:04d}",
            c.metric,
            c.concept,
            c.attribute,
            c.unit,
            c.place,
            c.scope,
            c.period_start,
            c.period_end,
            tuple(members),
        )
        for i, (members, c) in enumerate(facts, 1)
    )
