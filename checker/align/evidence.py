"""Why two claims are taken for the same fact: reasons with weights that add up to the score."""

from __future__ import annotations

import pandas as pd

from checker.align.phrases import normalise
from checker.model import Claim, Evidence, Match

SAME, POSSIBLE = 0.75, 0.5


def explain(left: Claim, right: Claim, table: pd.DataFrame) -> Match:
    """The evidence for two claims, its sum and the outcome: same from 0.75, possible from 0.5, different below."""
    rows = [_metric(left, right), *_circumstances(left, right), *_testimony(left, right, table)]
    score = round(min(1.0, sum(row.weight for row in rows)), 3)
    outcome = "same" if score >= SAME else "possible" if score >= POSSIBLE else "different"
    return Match(left.id, right.id, score, outcome, tuple(rows))


def _metric(left: Claim, right: Claim) -> Evidence:
    from rapidfuzz import fuzz

    if left.concept and left.concept == right.concept:
        return Evidence("concept", left.metric, right.metric, 0.5)
    alike = fuzz.ratio(normalise(left.metric), normalise(right.metric)) / 100
    return Evidence("metric", left.metric, right.metric, round(0.5 * alike, 3))


def _circumstances(left: Claim, right: Claim) -> list[Evidence]:
    rows = []
    for what, weight in (("period", 0.2), ("place", 0.1), ("scope", 0.1)):
        a, b = _shown(left, what), _shown(right, what)
        rows.append(Evidence(what, a, b, weight if a == b else 0.0))
    return rows


def _shown(claim: Claim, what: str) -> str:
    return f"{claim.period_start}/{claim.period_end}" if what == "period" else str(getattr(claim, what))


def _testimony(left: Claim, right: Claim, table: pd.DataFrame) -> list[Evidence]:
    """Claims beside both that state one series: each testifies, at most two count."""
    mine, theirs = (_beside(claim, table) for claim in (left, right))
    shared = [(a, b) for a in mine.itertuples() for b in theirs.itertuples() if a.series == b.series]
    return [Evidence("neighbour", f"{a.metric} {a.text}", f"{b.metric} {b.text}", 0.1) for a, b in shared[:2]]


def _beside(claim: Claim, table: pd.DataFrame) -> pd.DataFrame:
    near = (table["document"] == claim.document) & (table["order"] - claim.order).abs().between(1, 3)
    return table[near]
