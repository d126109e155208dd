"""How two claims compare, comparison by comparison: the weights that decide, and that people are shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from checker.align.figures import Figure, value_level
from checker.align.phrases import Phrases, core, normalise, phrases
from checker.align.subjects import named
from checker.align.weights import outcome, prior, weights
from checker.amounts import factor_within
from checker.model import Claim, Evidence, Match
from checker.units import Units, units
from checker.vocabulary import Vocabulary, words

# How far apart, in claims, a witness may stand.
REACH = 4


class Placed(NamedTuple):
    """A claim with what alignment made of it: its subject, its series, and whether it is one of several figures."""

    claim: Claim
    subject: str
    series: str
    other: bool


def explain(
    left: Placed,
    right: Placed,
    beside_left: Sequence[Placed],
    beside_right: Sequence[Placed],
    vocabulary: Vocabulary | None = None,
) -> Match:
    """The evidence for two claims, its sum and what that amounts to.

    `beside_left` and `beside_right` are the claims around each.
    """
    a, b = left.claim, right.claim
    metric = Evidence(*_metric(a, b, phrases(vocabulary)))
    rows = [
        Evidence("prior", "", "", prior()),
        metric,
        *_circumstances(left, right, vocabulary),
        *_testimony(beside_left, beside_right),
    ]
    score = round(sum(row.weight for row in rows), 3)
    return Match(a.id, b.id, score, outcome(score), tuple(rows))


def _metric(a: Claim, b: Claim, phrases: Phrases) -> tuple[str, str, str, float]:
    if a.concept and a.concept == b.concept:
        return "concept", a.metric, b.metric, weights("metric")["concept"]
    names = (normalise(claim.concept or claim.metric) for claim in (a, b))
    return "metric", a.metric, b.metric, weights("metric")[phrases.likeness(*names)]


def _circumstances(left: Placed, right: Placed, vocabulary: Vocabulary | None) -> list[Evidence]:
    """All else that is compared; what agrees and tells nothing by it is left out."""
    a, b = left.claim, right.claim
    rank = "other" if left.other or right.other else "first"
    compared = [
        ("subject", named(left.subject), named(right.subject), _subject(left, right)),
        ("tier", a.level, b.level, _same(a.level, b.level)),
        ("owner", a.owner, b.owner, _owner(a.owner, b.owner, phrases(vocabulary))),
        ("account", *(" ".join(sorted(account_of(c.metric))) for c in (a, b)), _account(a.metric, b.metric)),
        ("attribute", a.attribute, b.attribute, _same(a.attribute, b.attribute)),
        ("basis", a.basis, b.basis, _same(a.basis, b.basis)),
        ("whole", a.whole or "", b.whole or "", _whole(a, b)),
        ("period", *(f"{c.period_start}/{c.period_end}" for c in (a, b)), _period(a, b)),
        ("modality", a.modality, b.modality, _modality(a.modality, b.modality)),
        ("value", a.text, b.text, _value(a, b, units(vocabulary))),
        ("rank", a.text, b.text, rank),
    ]
    # One thing in two periods, or planned and done: a rule holds these against each other on purpose.
    across = ("period", "modality") if left.series == right.series else ()
    return [
        Evidence(what, mine, theirs, weights(what)[level])
        for what, mine, theirs, level in compared
        if weights(what)[level] and not (what in across and mine != theirs)
    ]


def _same(left: str, right: str) -> str:
    return "same" if left == right else "different"


def _subject(left: Placed, right: Placed) -> str:
    if left.subject != right.subject and not (named(left.subject) and named(right.subject)):
        return "unknown"
    return _same(left.subject, right.subject)


def _owner(left: str, right: str, phrases: Phrases) -> str:
    a, b = (core(normalise(owner)) if owner else "" for owner in (left, right))
    if a == b:
        return "same"
    if not (a and b):
        return "one_alone"
    return "alike" if weights("metric")[phrases.likeness(a, b)] >= weights("metric")["core"] else "different"


@cache
def _accounts() -> dict[str, str]:
    budgets = words("relational")["budget_parts"]["budgets"]
    return {name: account for account, others in budgets.items() for name in (account, *others)}


@cache
def account_of(metric: str) -> frozenset[str]:
    """The budgets that the name of a metric says it is of."""
    return frozenset(account for name, account in _accounts().items() if name in metric)


def _account(left: str, right: str) -> str:
    a, b = account_of(left), account_of(right)
    return "same" if a == b else "different" if a and b and not a & b else "one_alone"


def _whole(a: Claim, b: Claim) -> str:
    share = a.attribute == b.attribute == "share"
    return _same(*(normalise(claim.whole or "") for claim in (a, b))) if share else "same"


def _period(a: Claim, b: Claim) -> str:
    if (a.period_start, a.period_end, a.base) == (b.period_start, b.period_end, b.base):
        return "same"
    if None in (a.period_start, a.period_end, b.period_start, b.period_end):
        return "apart"
    overlap = str(a.period_start) <= str(b.period_end) and str(b.period_start) <= str(a.period_end)
    return "overlapping" if overlap else "apart"


def _modality(left: str, right: str) -> str:
    if left == right:
        return "same"
    return "different" if "target" in (left, right) else "estimate"


def _value(a: Claim, b: Claim, units: Units) -> str:
    return value_level(_figure(a, units), _figure(b, units)) if a.dimension == b.dimension else "far"


def _figure(claim: Claim, units: Units) -> Figure:
    factor = factor_within(claim.unit, claim.dimension, units)
    low, high = (float("nan") if end is None else float(end) * factor for end in (claim.low, claim.high))
    value, step = float(claim.value) * factor, float(claim.step) * factor
    return Figure(claim.id, claim.document, value, low, high, step, claim.number)


def _testimony(mine: Sequence[Placed], theirs: Sequence[Placed]) -> list[Evidence]:
    """Claims beside both that are of one series: each testifies once, and together up to the most that counts."""
    rows: list[Evidence] = []
    attests, left = weights("neighbours"), weights("neighbours")["most"]
    heard: set[str] = set()
    for a in mine:
        b = next((one for one in theirs if one.series == a.series and a.series not in heard), None)
        if b is None or left <= 0:
            continue
        heard.add(a.series)
        weight = min(left, attests["equal" if a.claim.value == b.claim.value else "unequal"])
        left = round(left - weight, 3)
        rows.append(
            Evidence("neighbour", f"{a.claim.metric} {a.claim.text}", f"{b.claim.metric} {b.claim.text}", weight)
        )
    return rows
