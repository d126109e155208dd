"""Claims to facts: which figures of different documents state the same thing, and the evidence for saying so.

A claim's series is what it measures (metric, place, scope, unit) over all periods; its fact is the series in one
period. Distinct phrases are compared, never claims with claims; where phrases alone leave doubt, neighbours testify:
parallel passages that agree around two figures make them the same fact too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from checker.align.evidence import REACH, Placed, explain
from checker.align.facts import facts, list_facts
from checker.align.phrases import core, is_bare, leaders, normalise
from checker.align.testimony import testify
from checker.extract.names import growth_basis_of, kind_of, per_head_of, prices_of
from checker.model import Claim, Document, Fact, Match, frame

__all__ = ["Alignment", "align"]


@dataclass(frozen=True)
class Alignment:
    """Claims sorted into facts.

    `table` has a row a claim: its fields, and series, fact, measure, key (its phrase), of its document the title,
    document_date and document_digest, and what the vocabulary says of its concept: kind, price_level, price_growth,
    growth_basis, total, population.
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


def align(claims: Sequence[Claim], documents: Sequence[Document]) -> Alignment:
    """Sort claims into series and facts."""
    table = frame(claims, Claim)
    dates = {d.path: d.date.isoformat() if d.date else None for d in documents}
    digests = {d.path: d.digest for d in documents}
    table["document_date"] = table["document"].map(dates)
    table["title"] = table["document"].map({d.path: d.title for d in documents})
    table["document_digest"] = table["document"].map(digests)
    for name, known in _known(table["concept"]).items():
        table[name] = known
    if table.empty:
        return Alignment(table.assign(key=[], series=[], fact=[], measure=[]), (), {}, {})
    table["key"] = _keys(table)
    table["owner_key"] = table["owner"].map(lambda owner: core(normalise(owner)) if owner else "")
    table["series"] = _series(table)
    table["series"] = testify(table)
    table["fact"] = facts(table)
    table["measure"] = _measure(table)
    by_id = {claim.id: claim for claim in claims}
    lines: dict[str, list[Placed]] = {}
    for claim, series in zip(claims, table["series"], strict=False):
        lines.setdefault(claim.document, []).append((claim, series))
    return Alignment(table, list_facts(table.set_index("id")["fact"], by_id), by_id, lines)


def _keys(table: pd.DataFrame) -> pd.Series:
    """The phrase that stands for each claim's metric: its concept, or the leader of its words within its block.

    Figures of different places are never compared, so phrases are not either: what one place's reports say has no say
    in how those of another are aligned, and a place can be aligned by itself.
    """
    phrase = table["metric"].map(normalise).where(table["concept"].isna(), table["concept"])
    block = table["dimension"] + "/" + table["attribute"] + "/" + table["place"]
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
    series = whole
    for part in parts:
        series = table[part] + "|" + series
    return series.mask(_bare(table), series + "|" + table["id"])


def _bare(table: pd.DataFrame) -> pd.Series[bool]:
    """A bare head without its owner (投入资金) says too little: only what stands beside it can tell what it is."""
    bare: pd.Series[bool] = (table["key"].str.len() < 2) | (table["metric"].map(is_bare) & (table["owner"] == ""))
    return bare


def _measure(table: pd.DataFrame) -> pd.Series[str]:
    """What is measured, whichever way it is put: a level, its growth, its change and its multiple have one measure.

    It goes by the concept, or by the very words: phrases that are only alike may not be one thing. It is unknown (None)
    where a document gives several figures for what looks like one, since nobody can say which is meant.
    """
    phrase = table["metric"].map(normalise).where(table["concept"].isna(), table["concept"])
    measure: pd.Series[str] = phrase + "|" + table["place"] + "|" + table["level"] + "|" + table["owner_key"]
    parts = ["document", "attribute", "dimension", "basis", "period_start", "period_end", "base"]
    same = [measure, table["modality"] == "target", *(table[part].fillna("") for part in parts)]
    low = table["low"].fillna(-math.inf).groupby(same).transform("max")
    high = table["high"].fillna(math.inf).groupby(same).transform("min")
    return measure.mask(_bare(table) | (low > high), None)


def _known(concepts: pd.Series[str]) -> dict[str, pd.Series[str]]:
    """What the vocabulary says of each claim's concept; None where it says nothing."""
    distinct = concepts.dropna().unique()
    said = {
        "kind": {concept: kind_of(concept) for concept in distinct},
        "price_level": {concept: prices_of(concept)[0] for concept in distinct},
        "price_growth": {concept: prices_of(concept)[1] for concept in distinct},
        "growth_basis": {concept: growth_basis_of(concept) for concept in distinct},
        "total": {concept: per_head_of(concept)[0] for concept in distinct},
        "population": {concept: per_head_of(concept)[1] for concept in distinct},
    }
    return {name: concepts.map(known).astype(object) for name, known in said.items()}
