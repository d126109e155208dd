"""A number in the text and what it was read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.model import Interval

# Longer numbers are none that anybody measured.
MAX_DIGITS = 25
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(slots=True)
class Token:
    """A number in the flat text. `start`..`end` is the quantity, unit and all; `reason` is set where it is no claim.

    `first` and `last` delimit the printed digits, `before` and `after` the quantity with its qualifiers. `step` is one
    unit in the last digit, `significant` in the last that is no trailing zero, `scaled` the factor of 万 and 亿. `high`
    is the other end of a printed range or of a pair of neighbours (两三家), printed at `to`;
    `implied` marks a unit that only the noun behind tells, `signed` a number with its sign;
    `label` is where the label in front ends that gives the unit in brackets.
    """

    start: int
    end: int
    first: int
    last: int
    value: Decimal = ZERO
    step: Decimal = ZERO
    significant: Decimal = ZERO
    unit: str | None = None
    dimension: str = ""
    qualifier: str = "exact"
    qualified: str = ""
    kind: str = ""
    reason: str = ""
    high: Decimal | None = None
    to: tuple[int, int] | None = None
    before: int = 0
    after: int = 0
    implied: bool = False
    signed: bool = False
    label: int | None = None
    scaled: Decimal = ONE


def reject(token: Token, reason: str, end: int = 0) -> Token:
    """The token as a number that states no quantity, for this reason."""
    token.kind, token.reason = "rejected", reason
    token.end = max(token.end, end)
    return token


def scale(token: Token, by: Decimal) -> None:
    """Make the token state so many times its amount."""
    token.value *= by
    token.step *= by
    token.significant *= by
    token.scaled *= by
    if token.high is not None:
        token.high *= by


def interval(token: Token, modality: str, qualifiers: Mapping[str, Any]) -> tuple[str, Interval]:
    """The qualifier of a quantity and the numbers it stands for, as rules/vocabulary/qualifiers.yaml says."""
    if token.high is not None:
        return token.qualifier, Interval(min(token.value, token.high), max(token.value, token.high))
    qualifier = token.qualifier
    if modality == "target" and token.qualified in qualifiers["at_least"]["after_target"]:
        qualifier = "at_least"
    entry: dict[str, Any] = qualifiers[qualifier]
    high = entry["high"]
    if qualifier == "over" and token.qualified in entry["inside"]:
        high = entry["high_inside"]
    step = token.step if qualifier == "exact" else token.significant
    low_end, high_end = _end(token, entry["low"], step), _end(token, high, step)
    if low_end is not None and high_end is not None and low_end > high_end:
        low_end, high_end = high_end, low_end
    return qualifier, Interval(
        low_end, high_end, bool((entry["low"] or {}).get("open")), bool((high or {}).get("open"))
    )


def _end(token: Token, rule: dict[str, Any] | None, step: Decimal) -> Decimal | None:
    if rule is None:
        return None
    return token.value * Decimal(str(rule["times"])) + step * Decimal(str(rule["steps"]))
