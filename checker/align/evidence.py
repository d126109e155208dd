"""Why two claims are taken for the same fact: reasons with weights that add up to the score."""

from __future__ import annotations

from collections.abc import Sequence

from checker.align.phrases import normalise
from checker.model import Claim, Evidence, Match

SAME, POSSIBLE = 0.75, 0.5
# How far apart, in claims, a witness may stand.
REACH = 3


# A claim with the series it belongs to.
Placed = tuple[Claim, str]


def explain(left: Claim, right: Claim, beside_left: Sequence[Placed], beside_right: Sequence[Placed]) -> Match:
    """The evidence for two claims, its sum and the outcome: same from 0.75, possible from 0.5, different below.

    `beside_left` and `beside_right` are the claims around each, with their series.
    """
    rows = [_metric(left, right), *_circumstances(left, right), *_testimony(beside_left, beside_right)]
    score = round(sum(row.weight for row in rows), 3)
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
    for what, weight in (("period", 0.1), ("place", 0.1), ("scope", 0.1)):
        a, b = _shown(left, what), _shown(right, what)
        rows.append(Evidence(what, a, b, weight if a == b else 0.0))
    return rows


def _shown(claim: Claim, what: str) -> str:
    return f"{claim.period_start}/{claim.period_end}" if what == "period" else str(getattr(claim, what))


def _testimony(mine: Sequence[Placed], theirs: Sequence[Placed]) -> list[Evidence]:
    """Claims beside both that are of one series: each testifies, at most two count."""
    shared = [(a, b) for a, series in mine for b, other in theirs if series == other]
    return [Evidence("neighbour", f"{a.metric} {a.text}", f"{b.metric} {b.text}", 0.1) for a, b in shared[:2]]
