"""Claims to facts: which figures of different documents state the same thing, and the evidence for saying so.

A claim's series is what it measures (metric, place, scope, unit) over all periods; its fact is the series in one
period. Distinct phrases are compared, never claims with claims; where phrases alone leave doubt, neighbours testify:
parallel passages that agree around two figures make them the same fact too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from checker.align.comparisons import REACH, Placed, explain
from checker.align.facts import facts, list_facts, meet
from checker.align.phrases import Phrases, core, is_bare, normalise
from checker.align.phrases import phrases as phrases_of
from checker.align.subjects import COMPANY, subjects
from checker.align.testimony import testify
from checker.amounts import bases, in_base
from checker.columns import Bools, Texts, combine, encode, join, largest
from checker.metrics import Metrics, metrics
from checker.model import Claim, Document, Fact, Match, frame
from checker.units import units
from checker.vocabulary import Vocabulary, words

__all__ = ["Alignment", "align", "align_table"]

# The columns of texts that alignment goes by.
TEXTS = (
    *("document", "metric", "concept", "dimension", "attribute", "place", "level", "owner", "basis", "whole"),
    *("period_start", "period_end", "base", "modality", "unit", "number", "qualifier", "organisation"),
)


@dataclass(frozen=True)
class Alignment:
    """Claims sorted into facts.

    `table` has a row a claim: its fields, and series, fact, measure, key (its phrase), about (the place or company it
    speaks of), possible (the fact it may state instead, where its document has a figure that ranks first), of its
    document the title, document_date, document_kind, document_identity and organisation, and what the vocabulary says
    of its concept: kind, price_level, price_growth, growth_basis, total, population.
    `claims` holds them by id, `lines` those of each document in order, with their series.
    """

    table: pd.DataFrame
    facts: tuple[Fact, ...]
    claims: Mapping[str, Claim]
    lines: Mapping[str, Sequence[Placed]]
    vocabulary: Vocabulary | None = None

    def match(self, left: str, right: str) -> Match:
        """The evidence for two claims (by id) stating the same thing."""
        a, b = (self._placed[id] for id in (left, right))
        return explain(a, b, self._beside(a.claim), self._beside(b.claim), self.vocabulary)

    @cached_property
    def _placed(self) -> Mapping[str, Placed]:
        return {placed.claim.id: placed for line in self.lines.values() for placed in line}

    def _beside(self, claim: Claim) -> list[Placed]:
        line = self.lines[claim.document]
        return [*line[max(0, claim.order - REACH) : claim.order], *line[claim.order + 1 : claim.order + 1 + REACH]]


def _identity(document: Document) -> str:
    """What a document remains when it is moved, or a line is put in: its title and date, or else its text."""
    dated = document.date.isoformat() if document.date else ""
    return f"{document.title} {dated}" if document.title else document.digest


def _organisation(claim: Claim, document: Document) -> str:
    """The company a claim speaks of: that of its document, unless its text names a place."""
    placed = any(how.slot == "place" and how.how in ("stated", "carried") for how in claim.how)
    return "" if placed or claim.place not in ("", document.place) else document.organisation


def align(claims: Sequence[Claim], documents: Sequence[Document], vocabulary: Vocabulary | None = None) -> Alignment:
    """Sort claims into series and facts, by the shipped vocabulary or one with what a project adds."""
    table = frame(claims, Claim)
    dates = {d.path: d.date.isoformat() if d.date else None for d in documents}
    table["document_date"] = table["document"].map(dates)
    table["title"] = table["document"].map({d.path: d.title for d in documents})
    table["document_kind"] = table["document"].map({d.path: d.kind or None for d in documents})
    table["document_identity"] = table["document"].map({d.path: _identity(d) for d in documents})
    about = {d.path: d for d in documents}
    table["organisation"] = [_organisation(claim, about[claim.document]) for claim in claims]
    table = align_table(table, vocabulary)
    by_id = {claim.id: claim for claim in claims}
    lines: dict[str, list[Placed]] = {}
    others = table["possible"].notna()
    for placed in map(Placed, claims, table["about"], table["series"], others):
        lines.setdefault(placed.claim.document, []).append(placed)
    return Alignment(table, list_facts(table.set_index("id")["fact"], by_id), by_id, lines, vocabulary)


def align_table(table: pd.DataFrame, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """The table of claims with what `align` adds to each: what is known of its concept, and where it belongs.

    Figures of different places are never compared, and neither are phrases: what one place's reports say has no say in
    how those of another are aligned, and a place can be aligned by itself.
    """
    texts = {name: encode(table[name] if name in table else _unsaid(table)) for name in TEXTS}
    for name in ("period_start", "period_end", "base"):
        texts[name] = texts[name].filled()
    shared = texts["attribute"].are(lambda attribute: attribute == "share")
    texts["whole"] = texts["whole"].where(shared).filled().map(normalise)
    texts["phrase"] = _phrases(texts["metric"].map(normalise), texts["concept"])
    texts["unit"], factor = bases(texts["unit"], texts["dimension"], units(vocabulary))
    amounts = in_base(table, factor)
    del factor
    texts["about"] = subjects(amounts, texts)
    texts["key"] = _keys(texts, phrases_of(vocabulary))
    texts["owner_key"] = texts["owner"].map(lambda owner: core(normalise(owner)) if owner else "")
    texts["part"] = _part(table, metrics(vocabulary))
    texts["currency"] = _currency(table, texts)
    bare = _bare(texts)
    # Claims of one phrase, unit, subject, level, owner and basis measure the same thing.
    parts = ("basis", "owner_key", "level", "about", "key", "attribute", "dimension", "whole", "currency")
    texts["series"] = join([texts[part] for part in parts])
    texts["series"] = meet(amounts, texts, bare)
    for name in ("metric", "owner", "place", "organisation"):  # a million claims take 8 MB a column
        del texts[name]
    texts["series"] = testify(amounts, texts, phrases_of(vocabulary))
    for name in ("number", "unit", "whole", "currency"):
        del texts[name]
    texts["fact"], texts["possible"] = facts(amounts, texts)
    texts["measure"] = _measure(amounts, texts, bare)
    names = ("key", "owner_key", "about", "series", "fact", "possible", "measure")
    added = {name: texts[name].rows() for name in names}
    concept = texts["concept"]
    del texts, amounts  # of much memory, and what follows takes as much again
    added |= _known(concept, metrics(vocabulary))
    return table.assign(**{name: pd.Series(rows, table.index, object, copy=False) for name, rows in added.items()})


def _unsaid(table: pd.DataFrame) -> pd.Series[Any]:
    """A column of empty texts."""
    return pd.Series([""] * len(table), table.index, dtype=object)


def _part(table: pd.DataFrame, known: Metrics) -> Texts:
    """Marks the claims that are said to be part of something narrower than what their document is about."""
    if "part_of" not in table:
        return encode(_unsaid(table))
    parents = table["part_of"].dropna()
    wholes = table.loc[table["id"].isin(set(parents)), ["id", "metric"]].set_index("id")["metric"]
    narrower = {id for id, metric in wholes.items() if known.is_narrower(metric)}
    return encode(table["part_of"].map(lambda id: "part" if id in narrower else ""))


def _currency(table: pd.DataFrame, texts: Mapping[str, Texts]) -> Texts:
    """For growth the foreign money of the level it stands beside, where that is given in no other."""
    dimension, attribute = texts["dimension"], texts["attribute"]
    names = ["", *words("alignment")["currencies"]["foreign"]]
    codes = np.zeros(len(table), dtype=np.int64)
    if "passage" in table:
        beside = combine([texts["document"].codes, table["passage"].to_numpy(dtype=np.int64), texts["phrase"].codes])
        level = attribute.are(lambda one: one == "level")
        growth = attribute.are(lambda one: one == "growth")
        home = words("alignment")["currencies"]["home"]
        for i, money in reversed(list(enumerate([home, *names[1:]]))):
            said = np.isin(beside, beside[level & dimension.are(money.__eq__)])
            codes[growth & said] = i
    return Texts(codes, np.array(names, dtype=object))


def _phrases(words: Texts, concept: Texts) -> Texts:
    """What each claim's metric goes by: its concept, or else its words."""
    known = concept.codes >= 0
    both = Texts(np.where(known, len(words.values) + concept.codes, words.codes), words.values)
    return both.recode(np.concatenate([words.values, concept.values]))


def _keys(texts: Mapping[str, Texts], phrases: Phrases) -> Texts:
    """The phrase that stands for each claim's metric: its concept, or the leader of its words within its block."""
    codes, values = texts["phrase"]
    free = np.flatnonzero(texts["concept"].codes < 0)
    block = combine([texts[name].codes[free] for name in ("dimension", "attribute", "about")])
    each, member, count = np.unique(block * len(values) + codes[free], return_inverse=True, return_counts=True)
    block, phrase = np.divmod(each, max(1, len(values)))
    order = np.lexsort((np.argsort(np.argsort(values))[phrase], -count, block))
    leader = np.empty_like(phrase)
    leader[order] = phrase[order][phrases.leaders(values[phrase[order]], block[order])]
    keys = codes.copy()
    keys[free] = leader[member]
    return Texts(keys, values)


def _bare(texts: Mapping[str, Texts]) -> Bools:
    """A bare head without its owner (投入资金) says too little: only what stands beside it can tell what it is.

    Of a company it says enough, and so does an indicator of the vocabulary.
    """
    unowned = texts["metric"].are(is_bare) & texts["owner"].are(lambda owner: owner == "")
    bare: Bools = unowned | texts["key"].are(lambda key: len(key) < 2)
    return bare & (texts["concept"].codes < 0) & ~texts["about"].are(lambda about: about.startswith(COMPANY))


def _measure(table: pd.DataFrame, texts: Mapping[str, Texts], bare: Bools) -> Texts:
    """What is measured, whichever way it is put: a level, its growth, its change and its multiple have one measure.

    It goes by the concept, or by the very words: phrases that are only alike may not be one thing. It is unknown
    where a document gives several figures for what looks like one, since nobody can say which is meant.
    """
    measure = join([texts[part] for part in ("phrase", "about", "level", "owner_key")])
    parts = ("document", "attribute", "dimension", "basis", "period_start", "period_end", "base")
    planned = texts["modality"].are(lambda modality: modality == "target")
    same = combine([measure.codes, planned.astype(np.int64), *(texts[part].codes for part in parts)])
    low = largest(table["low"].fillna(-math.inf).to_numpy(), same)
    high = -largest(-table["high"].fillna(math.inf).to_numpy(), same)
    return Texts(np.where(bare | (low > high), -1, measure.codes), measure.values)


def _known(concept: Texts, known: Metrics) -> dict[str, Any]:
    """What the vocabulary says of each claim's concept; None where it says nothing."""
    said: dict[str, Callable[[str], str | None]] = {
        "kind": known.kind_of,
        "price_level": lambda concept: known.prices_of(concept)[0],
        "price_growth": lambda concept: known.prices_of(concept)[1],
        "growth_basis": known.growth_basis_of,
        "total": lambda concept: known.per_head_of(concept)[0],
        "population": lambda concept: known.per_head_of(concept)[1],
        "dividend": lambda concept: known.ratio_of(concept)[0],
        "divisor": lambda concept: known.ratio_of(concept)[1],
        "minuend": lambda concept: known.balance_of(concept)[0],
        "subtrahend": lambda concept: known.balance_of(concept)[1],
    }
    return {name: concept.map(says).rows() for name, says in said.items()}
