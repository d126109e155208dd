"""The outcome that a text measures against a planned amount right behind it."""

from __future__ import annotations

from collections.abc import Sequence

from checker.extract.modality import TARGET, Modality
from checker.extract.parts import Relations
from checker.model import Claim

Spans = Sequence[tuple[int, int] | None]

# What has a target: an amount, and a percentage that is no share of another.
_AIMED = ("level", "growth", "rate", "share")
# What may be said of an outcome before its plan: 建成16万亩，增长5%，完成15万亩的年度任务.
_BETWEEN = ("growth", "change", "share", "multiple")


def targets(text: str, claims: Sequence[Claim], spans: Spans, words: Modality, found: Relations) -> None:
    """For a planned amount or percentage that an outcome is said to reach, or to miss, that outcome."""
    for i, claim in enumerate(claims):
        if claim.modality != TARGET or claim.attribute not in _AIMED or not i:
            continue
        before, here = spans[i - 1], spans[i]
        if before is None or here is None or not words.measured.fullmatch(text, before[1], here[0]):
            continue
        said = _outcome(claims, i)
        if said is not None and _comparable(claims[said], claim):
            found.subject[i] = said


def _outcome(claims: Sequence[Claim], i: int) -> int | None:
    """The last figure of a sentence in front of its plan that is of the kind of the plan, or may be its outcome."""
    plan = claims[i]
    for k in range(i - 1, -1, -1):
        if claims[k].passage != plan.passage:
            return None
        if claims[k].attribute == plan.attribute or claims[k].attribute not in _BETWEEN:
            return k
    return None


def _comparable(outcome: Claim, plan: Claim) -> bool:
    """Whether two amounts of one sentence are of one unit and period, one of them done."""
    return (
        outcome.attribute == plan.attribute
        and outcome.modality != TARGET
        and (outcome.passage, outcome.unit) == (plan.passage, plan.unit)
        and (outcome.period_start, outcome.period_end) == (plan.period_start, plan.period_end)
    )
