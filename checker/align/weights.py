"""The comparisons of alignment with their levels and weights, as rules/vocabulary/alignment.yaml gives them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from checker.vocabulary import words


def weights(comparison: str) -> Mapping[str, float]:
    """The weight of each level of a comparison."""
    found: Mapping[str, float] = words("alignment")["comparisons"][comparison]
    return found


def setting(group: str, name: str) -> float:
    """One of the bounds that the levels go by."""
    bound: float = words("alignment")[group][name]
    return bound


def prior() -> float:
    """The weight before anything is compared."""
    weight: float = words("alignment")["prior"]
    return weight


def outcome(score: float) -> str:
    """What a sum of weights amounts to."""
    least = words("alignment")["outcomes"]
    return next((name for name in ("same", "possible") if score >= least[name]), "different")


def agreed() -> float:
    """The sum for two figures whose place, period and all but the metric agree, without what else tells."""
    return prior() + weights("subject")["same"] + weights("period")["same"]


@cache
def needed() -> float:
    """The weight that makes two such figures the same."""
    return float(words("alignment")["outcomes"]["same"]) - agreed()
