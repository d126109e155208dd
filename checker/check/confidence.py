"""How likely a finding is right: marks of a slip against marks of a misreading, weighed by what people found of others.

A difference is a slip of the text or a misreading of ours, and both have tell-tale marks. Each mark of a finding has a
weight, its rule has one, and their sum is the log odds of the finding being right (logistic regression). Weights and
names of marks are data, rules/vocabulary/confidence.yaml; benchmarks/confidence.py fits them on findings that people
have read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from checker.check.slips import plain
from checker.metrics import Metrics, metrics
from checker.model import LEVELS, SUSPECTED, Claim, Document, Finding, Mark, severity_rank
from checker.vocabulary import CONFIDENCE, Vocabulary, shipped

# Figures of fewer significant digits are too often alike by chance.
TELLING = 3
# So many claims of a finding are looked at.
MOST = 12
# Two figures are near where they are so far apart, as a share of the larger, and far where more.
NEAR, FAR = 0.02, 0.3
# So many findings of one rule over the same documents are many.
MANY, VERY_MANY = 3, 10
# So many parts of a sum are many, and a sentence of so many characters is long.
PARTS, LONG = 6, 250
# Evidence of so many bits that two figures state one fact is strong.
STRONG = 10
# Figures of so many digits are not alike by chance.
LONG_FIGURE = 6
# So many of the figures that stand so near agree where all that is around agrees.
BESIDE, AGREEING = 3, 2
# A sentence of more figures is crowded.
CROWDED = 6
# A sentence shares so much of its words with another of which it is a repetition, and a clause with one worded alike.
PARALLEL, ALIKE = 75, 85
_CLAUSE_BREAK = re.compile("[，,；;。：:、\n]")
_ORDER = ("stated", "carried", "document", "assumed")
_DIGITS = ("swapped", "doubled", "added", "dropped", "changed")


class Printed(NamedTuple):
    """What documents print besides the figures of a finding: each amount, the very words, how many figures a
    sentence has, and the figures by their order.
    """

    amounts: Mapping[tuple[str, Decimal, str], int]
    texts: Mapping[tuple[str, str], int]
    passages: Mapping[tuple[str, int], int]
    lines: Mapping[tuple[str, int], Claim]


class Case(NamedTuple):
    """A finding with its claims, what else their documents print, and how many of its kind there are for these."""

    finding: Finding
    claims: Sequence[Claim]
    printed: Printed
    periods: Mapping[str, tuple[str | None, str | None]]
    peers: int

    @property
    def pair(self) -> bool:
        return self.finding.difference is not None and len(self.claims) > 1

    def worst(self, slot: str) -> str:
        """How the least known of these slots was filled."""
        hows = [how.how for claim in self.claims for how in claim.how if how.slot == slot]
        return max(hows, key=_ORDER.index, default="stated")

    def slips(self) -> list[str]:
        return [hypothesis.id for hypothesis in self.finding.hypotheses]


def weigh(
    findings: Iterable[Finding],
    claims: Mapping[str, Claim],
    documents: Sequence[Document],
    thresholds: Mapping[str, float] | None = None,
    vocabulary: Vocabulary | None = None,
) -> list[Finding]:
    """Each finding with its confidence, the marks that make it up, and the level that follows, most important first.

    `thresholds` say from which confidence on a finding is of a level; those left out are those of the vocabulary, as
    are the weights.
    """
    model, known = (vocabulary or shipped())[CONFIDENCE], metrics(vocabulary)
    least = {**model["thresholds"], **(thresholds or {})}
    cases = look(findings, claims, documents)
    rated = [rate(case.finding, sorted(marks(case)), least, model) for case in cases]
    rated = [replace(one, importance=importance(one, case, known)) for one, case in zip(rated, cases, strict=True)]
    return sorted(rated, key=lambda finding: (-finding.importance, finding.fingerprint))


def look(findings: Iterable[Finding], claims: Mapping[str, Claim], documents: Sequence[Document]) -> list[Case]:
    """What there is to see of each finding."""
    findings = list(findings)
    bound = {claims[id].document for finding in findings for id in finding.claims[:MOST]}
    within = [claim for claim in claims.values() if claim.document in bound]
    printed = Printed(
        Counter((claim.document, claim.value, claim.unit) for claim in within),
        Counter((claim.document, plain(claim.text)) for claim in within),
        Counter((claim.document, claim.passage) for claim in within),
        {(claim.document, claim.order): claim for claim in within},
    )
    periods = {document.path: (document.period_start, document.period_end) for document in documents}
    kinds = Counter(_kind(finding, claims) for finding in findings)
    return [
        Case(finding, [claims[id] for id in finding.claims[:MOST]], printed, periods, kinds[_kind(finding, claims)])
        for finding in findings
    ]


def rate(finding: Finding, found: Sequence[str], thresholds: Mapping[str, float], model: Mapping[str, Any]) -> Finding:
    """A finding with its confidence and level by its rule and these marks."""
    known = {mark["id"]: mark for mark in model["marks"]}
    shown = tuple(Mark(id, known[id]["title"], known[id]["weight"]) for id in found if id in known)
    odds = model["rules"].get(finding.rule, model["other_rules"]) + sum(mark.weight for mark in shown)
    confidence = round(1 / (1 + math.exp(-odds)), 3)
    return replace(finding, confidence=confidence, marks=shown, level=level(finding, confidence, thresholds))


def importance(finding: Finding, case: Case, known: Metrics) -> float:
    """How much a reader would miss a finding: confidence first, then the indicator, then how far apart figures are."""
    weight = max((known.weight_of(claim.concept) for claim in case.claims[:2]), default=0)
    steps = max((claim.step for claim in case.claims[:2]), default=Decimal(0))
    apart = float(finding.difference / steps) if finding.difference and steps > 0 else 0.0
    found = (finding.confidence or 0.0) + _WEIGHT * weight + _STEPS * min(3.0, math.log10(1 + apart))
    return round(found + _ITSELF * (not _across(case)), 3)


# What a step of the weight of an indicator, tenfold difference, and a contradiction in one document add to confidence.
_WEIGHT, _STEPS, _ITSELF = 0.25, 0.05, 0.1


def level(finding: Finding, confidence: float, thresholds: Mapping[str, float]) -> str:
    """The level that a rule and a confidence make: the milder of the two; what is explained is no error."""
    by_confidence = next((name for name in LEVELS if confidence >= thresholds[name]), SUSPECTED)
    by_verdict = "warning" if finding.verdict == "explained" else "error"
    return max(finding.severity, by_verdict, by_confidence, key=severity_rank)


def marks(case: Case) -> set[str]:
    """The marks that a finding bears; figures of one sentence are of one thing, time and place, whatever it is."""
    found = {name for name, bears in MARKS.items() if bears(case)}
    if "one-sentence" in found:
        return found
    return found | {f"{slot}-{how}" for slot, hows in _SLOTS.items() if (how := case.worst(slot)) in hows}


# Which ways of filling a slot tell something: most outcomes are not said to be any, and most figures are of no tier.
_SLOTS = {
    "metric": ("carried", "document", "assumed"),
    "period": ("carried", "document", "assumed"),
    "modality": ("carried", "document"),
    "tier": ("carried", "assumed"),
}


def _kind(finding: Finding, claims: Mapping[str, Claim]) -> tuple[str, ...]:
    return finding.rule, *sorted({claims[id].document for id in finding.claims[:MOST]})


def _significant(claim: Claim) -> int:
    return len(re.sub(r"\D", "", claim.number).strip("0"))


def _digit_slip(case: Case) -> bool:
    return any(id in _DIGITS for id in case.slips()) and min(map(_significant, case.claims[:2])) >= TELLING + 1


def _short_slip(case: Case) -> bool:
    return any(id in _DIGITS for id in case.slips()) and min(map(_significant, case.claims[:2])) <= TELLING


def _long_alike(case: Case) -> bool:
    """Whether two figures compared have so many digits alike, but for one slip, that this can be no chance."""
    from rapidfuzz.distance import OSA

    if not case.pair or min(map(_significant, case.claims[:2])) < LONG_FIGURE:
        return False
    a, b = (re.sub(r"\D", "", claim.number) for claim in case.claims[:2])
    return a != b and OSA.distance(a, b, score_cutoff=1) <= 1


def _corrected_elsewhere(case: Case) -> bool:
    """Whether another figure in the same texts is what a slip would have made of this one."""
    own = Counter((claim.document, plain(claim.text)) for claim in case.claims)
    return any(
        case.printed.texts.get((claim.document, hypothesis.corrected), 0) > own[claim.document, hypothesis.corrected]
        for hypothesis in case.finding.hypotheses
        for claim in case.claims
        if sum(map(str.isdigit, hypothesis.corrected)) >= TELLING
    )


def _fits_elsewhere(case: Case) -> bool:
    """Whether the document of one figure prints the other one too, of something else."""
    if not case.pair:
        return False
    a, b = case.claims[:2]
    return any(
        _significant(one) >= TELLING
        and case.printed.amounts.get((other.document, one.value, one.unit), 0) > (one.document == other.document)
        for one, other in ((a, b), (b, a))
    )


def _parallel(case: Case) -> bool:
    from rapidfuzz import fuzz

    if not case.pair or (case.claims[0].passage == case.claims[1].passage and not _across(case)):
        return False
    return fuzz.ratio(case.claims[0].sentence, case.claims[1].sentence) >= PARALLEL


def _same_words(case: Case) -> bool:
    """Whether the clauses of two figures say the same of them, however the sentences go on."""
    from rapidfuzz import fuzz

    if not case.pair:
        return False
    a, b = (_clause(claim) for claim in case.claims[:2])
    return fuzz.ratio(a, b) >= ALIKE


def _clause(claim: Claim) -> str:
    """The words of the clause that a figure stands in, without the figure and other digits."""
    before, _, behind = claim.sentence.partition(claim.text)
    return re.sub(r"\d", "", _CLAUSE_BREAK.split(before)[-1] + _CLAUSE_BREAK.split(behind)[0])


def _neighbours(case: Case) -> bool:
    """Whether the figures around two are the same in both documents."""
    if not case.pair or not _across(case):
        return False
    a, b = (
        {
            (beside.value, beside.unit)
            for step in range(-BESIDE, BESIDE + 1)
            if step and (beside := case.printed.lines.get((claim.document, claim.order + step)))
        }
        for claim in case.claims[:2]
    )
    return len(a & b) >= AGREEING


def _across(case: Case) -> bool:
    return len({claim.document for claim in case.claims}) > 1


def _other_report(case: Case) -> bool:
    """Whether its documents report on different periods."""
    return len({case.periods.get(claim.document) for claim in case.claims}) > 1


# Whether a finding bears each mark.
MARKS: dict[str, Callable[[Case], bool]] = {
    "digit-slip": _digit_slip,
    "short-digit-slip": _short_slip,
    "long-alike": _long_alike,
    "unit-slip": lambda case: any(id in ("unit", "point") for id in case.slips()),
    "other-hypothesis": lambda case: any(id not in (*_DIGITS, "unit", "point") for id in case.slips()),
    "corrected-elsewhere": _corrected_elsewhere,
    "fits-elsewhere": _fits_elsewhere,
    "near": lambda case: case.pair and (case.finding.relative or 0) <= NEAR,
    "far": lambda case: case.pair and (case.finding.relative or 0) > FAR,
    "short-figure": lambda case: min(map(_significant, case.claims[:2]), default=0) < TELLING,
    "neighbours": _neighbours,
    "possible": lambda case: any(match.outcome != "same" for match in case.finding.matches),
    "strong": lambda case: any(match.score >= STRONG for match in case.finding.matches),
    "other-words": lambda case: case.pair and len({claim.metric for claim in case.claims[:2]}) > 1,
    "all-stated": lambda case: {case.worst(slot) for slot in ("metric", "period")} == {"stated"},
    "only-one": lambda case: case.peers == 1,
    "crowded": lambda case: max(case.printed.passages[c.document, c.passage] for c in case.claims[:2]) > CROWDED,
    "known-metric": lambda case: all(claim.concept for claim in case.claims[:2]),
    "across-documents": _across,
    "one-sentence": lambda case: not _across(case) and len({claim.passage for claim in case.claims}) == 1,
    "parallel": lambda case: _parallel(case) and not _other_report(case),
    "same-words": _same_words,
    "template": lambda case: _parallel(case) and _other_report(case),
    "cells": lambda case: any(claim.reading == "cell" for claim in case.claims),
    "several-readings": lambda case: any(claim.passed for claim in case.claims),
    "many": lambda case: MANY <= case.peers < VERY_MANY,
    "very-many": lambda case: case.peers >= VERY_MANY,
    "many-parts": lambda case: len(case.claims) > PARTS,
    "long-sentence": lambda case: max(len(claim.sentence) for claim in case.claims) > LONG,
    "no-place": lambda case: not all(claim.place for claim in case.claims),
    "no-period": lambda case: not all(claim.period_start for claim in case.claims),
    "inexact": lambda case: any(claim.qualifier != "exact" for claim in case.claims),
    "explained": lambda case: case.finding.verdict == "explained",
}
